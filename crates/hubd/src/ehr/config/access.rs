//! The section `[access]`: how this hub signs in to the EHR, and whom it trusts.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use upstream::ehr::{
    Algorithm, Authorities, ClientCertificate, EhrAccess, Proof, Secret, SecretPlace, SignIn,
    SigningKey,
};
use vault::read_private_file;

use crate::{clock, ehr::key_set::KeySet};

/// An RSA key of 4096 bits in PEM has 3.3 KiB, a chain of certificates seldom more than 20.
const LONGEST_FILE: u64 = 256 * 1024;

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccessSection {
    kind: Kind,
    client_id: Option<String>,
    token_endpoint: Option<String>,
    scopes: Vec<String>,
    /// Of a token of its own, so that an EHR that does not grant them stops no delivery.
    chart_scopes: Vec<String>,
    key_file: Option<PathBuf>,
    key_id: Option<String>,
    algorithm: Option<AlgorithmName>,
    /// Keys that sign nothing: the older ones, and the next.
    published_keys: Vec<PublishedKey>,
    key_set_url: Option<String>,
    client_secret_file: Option<PathBuf>,
    client_secret_in: Option<Place>,
    trust_unstated_scopes: Option<bool>,
    client_certificate_file: Option<PathBuf>,
    client_certificate_key_file: Option<PathBuf>,
    ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    #[default]
    None,
    BackendServices,
    ClientCredentials,
}

#[derive(Clone, Copy, Deserialize)]
enum AlgorithmName {
    #[serde(rename = "RS384")]
    Rs384,
    #[serde(rename = "ES384")]
    Es384,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    Basic,
    Post,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishedKey {
    file: PathBuf,
    id: Option<String>,
}

/// The section with the files that it names.
pub struct Access {
    pub ehr: EhrAccess,
    /// The public keys, where there are some.
    pub key_set: Option<KeySet>,
    /// What assertions are signed with.
    pub algorithm: Option<Algorithm>,
}

impl AccessSection {
    /// # Errors
    /// Something is missing, does not belong to the kind, or a file cannot be used.
    pub fn resolve(&self, folder: &Path) -> Result<Access> {
        self.check_kind()?;
        let keys = self.keys(folder)?;
        let algorithm = keys.first().map(|key| key.algorithm());
        let key_set = (!keys.is_empty()).then(|| KeySet::of(&keys)).transpose()?;
        let ehr = EhrAccess {
            sign_in: self.sign_in(folder, keys.into_iter().next())?,
            certificate: self.certificate(folder)?,
            authorities: self.authorities(folder)?,
            clock: Arc::new(clock::now),
        };
        Ok(Access { ehr, key_set, algorithm })
    }

    /// The way to what physicians read of a chart, where it is asked for by scopes of its own.
    ///
    /// # Errors
    /// As for the section itself.
    pub fn resolve_chart(&self, folder: &Path) -> Result<Option<EhrAccess>> {
        if self.chart_scopes.is_empty() {
            return Ok(None);
        }
        let chart = Self { scopes: self.chart_scopes.clone(), ..self.clone() };
        Ok(Some(chart.resolve(folder)?.ehr))
    }

    /// What would be ignored was meant for something.
    fn check_kind(&self) -> Result<()> {
        let of_both = [
            ("client_id", self.client_id.is_some()),
            ("token_endpoint", self.token_endpoint.is_some()),
            ("scopes", !self.scopes.is_empty()),
            ("chart_scopes", !self.chart_scopes.is_empty()),
        ];
        let of_keys = [
            ("key_file", self.key_file.is_some()),
            ("key_id", self.key_id.is_some()),
            ("algorithm", self.algorithm.is_some()),
            ("published_keys", !self.published_keys.is_empty()),
            ("key_set_url", self.key_set_url.is_some()),
        ];
        let of_secrets = [
            ("client_secret_file", self.client_secret_file.is_some()),
            ("client_secret_in", self.client_secret_in.is_some()),
            ("trust_unstated_scopes", self.trust_unstated_scopes.is_some()),
        ];
        let (kind, wrong): (&str, Vec<_>) = match self.kind {
            Kind::None => ("none", [&of_both[..], &of_keys, &of_secrets].concat()),
            Kind::BackendServices => ("backend-services", of_secrets.to_vec()),
            Kind::ClientCredentials => ("client-credentials", of_keys.to_vec()),
        };
        if let Some((name, _)) = wrong.iter().find(|(_, is_given)| *is_given) {
            bail!("[access]: `{name}` has no meaning with kind = \"{kind}\"");
        }
        ensure!(
            self.client_certificate_file.is_some() == self.client_certificate_key_file.is_some(),
            "[access]: `client_certificate_file` and `client_certificate_key_file` go together"
        );
        Ok(())
    }

    /// The signing one first.
    fn keys(&self, folder: &Path) -> Result<Vec<Arc<SigningKey>>> {
        if self.kind != Kind::BackendServices {
            return Ok(Vec::new());
        }
        let file = needed("key_file", self.key_file.as_ref())?;
        let mut keys = vec![read_key(&folder.join(file), self.key_id.as_ref())?];
        if let Some(name) = self.algorithm {
            let algorithm = keys[0].algorithm();
            let is_meant = match name {
                AlgorithmName::Rs384 => algorithm == Algorithm::Rs384,
                AlgorithmName::Es384 => algorithm == Algorithm::Es384,
            };
            ensure!(
                is_meant,
                "[access]: the key in `key_file` signs with {}, not as `algorithm` says",
                algorithm.name()
            );
        }
        for key in &self.published_keys {
            keys.push(read_key(&folder.join(&key.file), key.id.as_ref())?);
        }
        Ok(keys)
    }

    fn sign_in(&self, folder: &Path, key: Option<Arc<SigningKey>>) -> Result<Option<SignIn>> {
        let proof = match (self.kind, key) {
            (Kind::None, _) => return Ok(None),
            (Kind::BackendServices | Kind::ClientCredentials, Some(key)) => {
                // SMART asks for a scope in every request for a token.
                ensure!(!self.scopes.is_empty(), "[access]: `scopes` is missing");
                Proof::Key { key, key_set_url: self.key_set_url.clone() }
            }
            (Kind::BackendServices | Kind::ClientCredentials, None) => self.secret(folder)?,
        };
        Ok(Some(SignIn {
            client_id: needed("client_id", self.client_id.as_ref())?.clone(),
            token_endpoint: self.token_endpoint.clone(),
            scopes: self.scopes.clone(),
            proof,
        }))
    }

    fn secret(&self, folder: &Path) -> Result<Proof> {
        let file = folder.join(needed("client_secret_file", self.client_secret_file.as_ref())?);
        let content = read_private_file(&file, LONGEST_FILE)?;
        let text =
            std::str::from_utf8(&content).ok().map(|text| text.trim_end_matches(['\r', '\n']));
        let text = text.filter(|text| !text.is_empty());
        let text = text.with_context(|| format!("{} holds no secret", file.display()))?;
        Ok(Proof::Secret {
            secret: Secret::new(text),
            place: match self.client_secret_in.unwrap_or(Place::Basic) {
                Place::Basic => SecretPlace::Basic,
                Place::Post => SecretPlace::Post,
            },
            trusts_silence: self.trust_unstated_scopes.unwrap_or(false),
        })
    }

    fn certificate(&self, folder: &Path) -> Result<Option<ClientCertificate>> {
        let (Some(chain), Some(key)) =
            (&self.client_certificate_file, &self.client_certificate_key_file)
        else {
            return Ok(None);
        };
        let chain = folder.join(chain);
        let words = || format!("{} cannot be used", chain.display());
        let pem = fs::read(&chain).with_context(words)?;
        let key = read_private_file(&folder.join(key), LONGEST_FILE)?;
        Ok(Some(ClientCertificate::from_pem(&pem, &key).with_context(words)?))
    }

    fn authorities(&self, folder: &Path) -> Result<Authorities> {
        let Some(file) = &self.ca_file else { return Ok(Authorities::default()) };
        let file = folder.join(file);
        let words = || format!("{} cannot be used", file.display());
        let pem = fs::read(&file).with_context(words)?;
        Authorities::from_pem(&pem).with_context(words)
    }
}

fn needed<'a, T>(name: &str, value: Option<&'a T>) -> Result<&'a T> {
    value.with_context(|| format!("[access]: `{name}` is missing"))
}

fn read_key(file: &Path, id: Option<&String>) -> Result<Arc<SigningKey>> {
    let pem = read_private_file(file, LONGEST_FILE)?;
    let key = SigningKey::from_pem(&pem, id.cloned())
        .with_context(|| format!("{} cannot sign", file.display()))?;
    Ok(Arc::new(key))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn scopes(of: &EhrAccess) -> &[String] {
        &of.sign_in.as_ref().unwrap().scopes
    }

    #[test]
    fn charts_are_asked_for_by_scopes_of_their_own_so_that_delivery_needs_none_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        fs::write(&secret, "s").unwrap();
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
        let common = "kind = \"client-credentials\"\nclient_id = \"hub\"\n\
            client_secret_file = \"secret\"\nscopes = [\"system/Patient.rs\"]\n";
        let section: AccessSection = toml::from_str(common).unwrap();
        assert!(section.resolve_chart(folder.path()).unwrap().is_none());
        let more = format!("{common}chart_scopes = [\"system/Condition.rs\"]\n");
        let section: AccessSection = toml::from_str(&more).unwrap();
        let delivery = section.resolve(folder.path()).unwrap().ehr;
        let chart = section.resolve_chart(folder.path()).unwrap().unwrap();
        assert_eq!(scopes(&delivery), ["system/Patient.rs"]);
        assert_eq!(scopes(&chart), ["system/Condition.rs"]);
        let alone: AccessSection =
            toml::from_str("chart_scopes = [\"system/Condition.rs\"]").unwrap();
        assert!(alone.resolve(folder.path()).is_err(), "without a sign-in it means nothing");
    }
}
