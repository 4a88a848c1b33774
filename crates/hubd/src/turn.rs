//! Short-lived credentials for the hospital's relays (TURN, RFC 8656), for one call each.
//!
//! Section `[turn]` of the file of `--turn-config`, described in docs/integrators/relays.md.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hub_api::{IceServer, Relays};
use ring::hmac;
use serde::Deserialize;
use vault::read_private_file;

use crate::auth::secret::{NoRandomness, hexadecimal, random_bytes};

/// Far above what anybody makes for a secret.
const LONGEST_SECRET: u64 = 4096;
/// Seconds. No consult lasts longer, and what breaks after its credential's end does not come back through the relay.
const LIFETIME: u64 = 12 * 60 * 60;
/// Seconds. Shorter than a long consult, and a change of the access point would end it.
const SHORTEST_LIFETIME: u64 = 60 * 60;
/// A browser warns above five servers and gathers the more slowly.
const MOST_URLS: usize = 4;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TurnFile {
    turn: TurnSection,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TurnSection {
    urls: Vec<String>,
    secret_file: std::path::PathBuf,
    /// Seconds.
    #[serde(default = "lifetime")]
    lifetime: u64,
    #[serde(default)]
    relay_only: bool,
}

fn lifetime() -> u64 {
    LIFETIME
}

/// The relays, and the secret that this hub shares with them.
pub struct Turn {
    urls: Vec<String>,
    secret: hmac::Key,
    lifetime: u64,
    relay_only: bool,
}

impl Turn {
    /// # Errors
    /// The file or the secret cannot be read, or holds something that no relay would take.
    pub fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("could not read {}", file.display()))?;
        let TurnFile { turn } = toml::from_str(&text)
            .with_context(|| format!("{} is not as it should be", file.display()))?;
        check(&turn)?;
        let secret_file = file.parent().unwrap_or(Path::new("")).join(&turn.secret_file);
        let secret = read_private_file(&secret_file, LONGEST_SECRET)?;
        let secret = secret.trim_ascii_end();
        ensure!(!secret.is_empty(), "{} holds no secret", secret_file.display());
        Ok(Self {
            urls: turn.urls,
            secret: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret),
            lifetime: turn.lifetime,
            relay_only: turn.relay_only,
        })
    }

    /// For one side of one call, from `now` on (seconds of Unix time).
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn relays(&self, now: u64) -> Result<Relays, NoRandomness> {
        let id = hexadecimal(&random_bytes::<8>()?);
        let username = format!("{}:{id}", now.saturating_add(self.lifetime));
        let credential = credential(&self.secret, &username);
        let server = IceServer { urls: self.urls.clone(), username, credential };
        Ok(Relays { servers: vec![server], only: self.relay_only })
    }
}

/// As coturn's `use-auth-secret` checks it (draft-uberti-behave-turn-rest-00, section 2.2). SHA-1 is what the
/// convention says; HMAC does not rest on what is broken in it.
fn credential(secret: &hmac::Key, username: &str) -> String {
    STANDARD.encode(hmac::sign(secret, username.as_bytes()))
}

fn check(turn: &TurnSection) -> Result<()> {
    let count = turn.urls.len();
    ensure!((1..=MOST_URLS).contains(&count), "[turn]: `urls` needs 1 to {MOST_URLS} addresses");
    for url in &turn.urls {
        let rest = url.strip_prefix("turn:").or_else(|| url.strip_prefix("turns:"));
        ensure!(
            rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?'])),
            "[turn]: `{url}` is no address of a relay; write turn:host:3478?transport=udp, \
             turn:host:3478?transport=tcp or turns:host:5349"
        );
    }
    ensure!(
        turn.urls.iter().any(|url| url.starts_with("turn:")),
        "[turn]: a cart speaks no TLS with a relay; name one as turn:host:3478?transport=udp or tcp too"
    );
    ensure!(
        turn.lifetime >= SHORTEST_LIFETIME,
        "[turn]: `lifetime` is in seconds and at least {SHORTEST_LIFETIME}: a call that breaks after it does not come back"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn read(section: &str, mode: u32) -> Result<Turn> {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        fs::write(&secret, "north\n").unwrap();
        fs::set_permissions(&secret, fs::Permissions::from_mode(mode)).unwrap();
        let file = folder.path().join("turn.toml");
        fs::write(&file, format!("[turn]\nsecret_file = \"secret\"\n{section}")).unwrap();
        Turn::read(&file)
    }

    /// Made by `openssl dgst -sha1 -hmac north -binary | base64`; coturn takes it in the tests of media.
    #[test]
    fn a_credential_is_the_one_that_the_relay_computes() {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"north");
        assert_eq!(credential(&key, "2147000000:bedside"), "2QNPoDELobEE1+7l0UEXp8TcPO8=");
    }

    #[test]
    fn each_side_gets_a_name_of_its_own_that_ends_with_the_lifetime() {
        let turn = read("urls = [\"turn:r.example:3478?transport=udp\"]\nrelay_only = true", 0o600);
        let turn = turn.unwrap();
        let (one, other) = (turn.relays(1000).unwrap(), turn.relays(1000).unwrap());
        assert!(one.only);
        assert!(one.servers[0].username.starts_with("44200:"), "{}", one.servers[0].username);
        assert_ne!(one.servers[0].username, other.servers[0].username);
        assert_eq!(
            one.servers[0].credential,
            credential(&turn.secret, &one.servers[0].username),
            "the secret's end of line is no part of it"
        );
    }

    #[test]
    fn what_no_relay_would_take_is_refused_at_the_start() {
        let good = "urls = [\"turn:r.example:3478\", \"turns:r.example:5349\"]";
        assert!(read(good, 0o600).is_ok());
        assert!(read(good, 0o644).is_err(), "others can read the secret");
        for wrong in [
            "urls = []",
            "urls = [\"stun:r.example\"]",
            "urls = [\"turn:\"]",
            "urls = [\"turn://r.example\"]",
            "urls = [\"turns:r.example\"]",
            "urls = [\"turn:r.example\"]\nlifetime = 60",
            "urls = [\"turn:r.example\"]\nsecret = \"x\"",
        ] {
            assert!(read(wrong, 0o600).is_err(), "{wrong}");
        }
    }
}
