//! The configuration file: TOML, read once at start. docs/field/cart-config.md explains it to technicians.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use clinical::DeviceId;
use encounter::SpaceSteps;
use serde::Deserialize;

use crate::core::Keeping;

/// Of a TPM in a PC (TCG PC Client Platform TPM Profile, section 4.6).
const PCRS: u8 = 24;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The cart's name, as the hub enrolled it.
    pub name: String,
    /// Folder of the record; it belongs to `cartd` alone.
    #[serde(default = "default_data")]
    pub data: PathBuf,
    /// A file that is the key of the record, where there is no key ring.
    #[serde(skip)]
    pub key: PathBuf,
    #[serde(rename = "key")]
    key_given: Option<PathBuf>,
    /// Where the key of the record is wrapped, and what of this machine opens it.
    pub key_ring: Option<KeyRingConfig>,
    /// The key that the cart proves itself to the hub with.
    #[serde(default = "default_identity")]
    pub identity: PathBuf,
    /// Address of the hub.
    pub hub: String,
    /// Where kiosks connect.
    #[serde(default = "default_socket")]
    pub socket: PathBuf,
    /// Whose members may connect, beside the user that runs `cartd`.
    pub socket_group: Option<String>,
    /// Whose members may use the technician's tool, beside root and the user that runs `cartd`.
    pub technician_group: Option<String>,
    /// The nurse is signed out after this many seconds without a touch; a call keeps awake.
    #[serde(default = "default_idle_lock_s")]
    pub idle_lock_s: u32,
    /// How long what is in the EHR stays on the cart.
    #[serde(default = "default_retention_days")]
    pub retention_days: u32,
    /// What is held back of the disk for what must always be saved, in MiB.
    #[serde(default = "default_ballast_mib")]
    pub ballast_mib: u32,
    /// From how many per cent of the disk on somebody is told, no recording is begun, no picture is taken.
    #[serde(default = "default_disk_percent")]
    pub disk_percent: [u8; 3],
    /// The UPS that the cart runs on, where Network UPS Tools know it. Without it, UPower is asked.
    pub ups: Option<UpsConfig>,
    #[serde(default, rename = "device")]
    pub devices: Vec<DeviceConfig>,
}

/// The wraps of the record's key: to the TPM, or to a passphrase where `passphrase_file` is given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRingConfig {
    /// `None`: beside the record.
    pub file: Option<PathBuf>,
    /// As tpm2-tools name a TPM.
    #[serde(default = "default_tcti")]
    pub tcti: String,
    /// What has to be measured as it was for the TPM to give the key back.
    #[serde(default = "default_pcrs")]
    pub pcrs: Vec<u8>,
    /// For a machine without TPM.
    pub passphrase_file: Option<PathBuf>,
}

/// One device of the cart: its name here, who speaks to it, and where it is plugged in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceConfig {
    pub id: DeviceId,
    pub driver: String,
    pub link: String,
    /// The file with the user and the password that the device knows the cart by.
    pub login: Option<PathBuf>,
}

/// Where `upsd` of Network UPS Tools is, and which of its UPSs is the cart's.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpsConfig {
    /// `host:port`.
    pub host: String,
    /// `None`: the only one that it has.
    pub name: Option<String>,
}

fn default_data() -> PathBuf {
    "/var/lib/bedside".into()
}

fn default_key() -> PathBuf {
    "vault.key".into()
}

/// Through the kernel's resource manager, so that others may use the TPM beside it.
fn default_tcti() -> String {
    "device:/dev/tpmrm0".into()
}

/// The state of Secure Boot (TCG PC Client Platform Firmware Profile, section 3.3.4): it stays when a kernel or a firmware
/// is updated, and changes when somebody starts what is not signed.
fn default_pcrs() -> Vec<u8> {
    vec![7]
}

fn default_identity() -> PathBuf {
    "cart.key".into()
}

fn default_socket() -> PathBuf {
    "/run/bedside/cartd.sock".into()
}

/// 45 CFR 164.312(a)(2)(iii) asks for automatic logoff; five minutes is what hospitals set.
fn default_idle_lock_s() -> u32 {
    300
}

/// Longer than any stay in which somebody asks what was measured at the beginning.
fn default_retention_days() -> u32 {
    30
}

/// Some hundred thousand readings, and a log that was never carried over.
fn default_ballast_mib() -> u32 {
    512
}

fn default_disk_percent() -> [u8; 3] {
    let SpaceSteps { warn, no_video, no_media } = SpaceSteps::default();
    [warn, no_video, no_media]
}

impl Config {
    pub fn keeping(&self) -> Keeping {
        let ballast = u64::from(self.ballast_mib) * 1024 * 1024;
        let [warn, no_video, no_media] = self.disk_percent;
        let steps = SpaceSteps { warn, no_video, no_media };
        Keeping { ballast, retention_days: self.retention_days, steps }
    }

    /// Beside that of the kiosks, because who watches devices need not see patients.
    pub fn technician_socket(&self) -> PathBuf {
        self.socket.with_file_name("technician.sock")
    }

    pub fn ring_file(&self, ring: &KeyRingConfig) -> PathBuf {
        ring.file.clone().unwrap_or_else(|| self.data.join("key-ring.json"))
    }

    pub fn load(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("could not read the configuration {}", file.display()))?;
        let mut config: Self = toml::from_str(&text)
            .with_context(|| format!("the configuration {} is not usable", file.display()))?;
        config.check()?;
        let keys = env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        let keys = keys.as_deref().or(file.parent()).unwrap_or(Path::new("."));
        // An absolute path stays as it is.
        config.key = keys.join(config.key_given.clone().unwrap_or_else(default_key));
        config.identity = keys.join(&config.identity);
        if let Some(file) = config.key_ring.as_mut().and_then(|ring| ring.passphrase_file.as_mut())
        {
            *file = keys.join(&*file);
        }
        for login in config.devices.iter_mut().filter_map(|device| device.login.as_mut()) {
            *login = keys.join(&*login);
        }
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(!self.name.trim().is_empty(), "`name` is empty: give the name that the hub knows");
        ensure!(self.idle_lock_s > 0, "`idle_lock_s` is 0: nobody could stay signed in");
        ensure!(
            self.retention_days > 0,
            "`retention_days` is 0: what was measured today has to stay on the cart"
        );
        ensure!(
            self.disk_percent.is_sorted() && self.disk_percent[2] <= 100,
            "`disk_percent` needs three rising numbers up to 100, such as [70, 80, 90]"
        );
        if let Some(ring) = &self.key_ring {
            ensure!(
                self.key_given.is_none(),
                "`key` and [key_ring] are two ways to the record's key: remove one of them"
            );
            let is_usable = !ring.pcrs.is_empty() && ring.pcrs.iter().all(|pcr| *pcr < PCRS);
            ensure!(is_usable, "`pcrs` needs numbers below {PCRS}, such as [7]");
        }
        for (at, device) in self.devices.iter().enumerate() {
            let twice = self.devices[..at].iter().any(|other| other.id == device.id);
            ensure!(!twice, "two devices are called `{}`: each needs its own id", device.id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> anyhow::Result<Config> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("cartd.toml");
        fs::write(&file, text)?;
        Config::load(&file)
    }

    #[test]
    fn two_lines_are_enough() {
        let config = load("name = 'w3'\nhub = 'https://hub.example'").unwrap();
        assert_eq!(config.data, Path::new("/var/lib/bedside"));
        assert_eq!(config.idle_lock_s, 300);
        let Keeping { ballast, retention_days, steps } = config.keeping();
        assert_eq!((ballast, retention_days), (512 * 1024 * 1024, 30));
        assert_eq!(steps, SpaceSteps { warn: 70, no_video: 80, no_media: 90 });
        assert!(config.key.is_absolute() && config.key.ends_with("vault.key"));
    }

    #[test]
    fn the_login_of_a_device_is_looked_for_beside_the_keys() {
        let camera = "id = 'camera'\ndriver = 'onvif'\nlink = 'http://cam'\nlogin = 'cam.login'";
        let config = load(&format!("name = 'w3'\nhub = ''\n[[device]]\n{camera}")).unwrap();
        let login = config.devices[0].login.as_deref().unwrap();
        assert_eq!(login.parent(), config.key.parent());
        assert!(login.is_absolute() && login.ends_with("cam.login"));
    }

    #[test]
    fn a_misspelt_key_is_named() {
        let error = load("name = 'w3'\nhub = ''\nidentiti = 'x'").unwrap_err();
        assert!(format!("{error:#}").contains("identiti"), "{error:#}");
    }

    #[test]
    fn what_nobody_can_mean_is_refused_by_name() {
        for (line, name) in [
            ("retention_days = 0", "retention_days"),
            ("key = 'vault.key'\n[key_ring]", "remove one"),
            ("[key_ring]\npcrs = []", "pcrs"),
            ("[key_ring]\npcrs = [24]", "pcrs"),
            ("disk_percent = [70, 60, 90]", "disk_percent"),
            ("disk_percent = [70, 80, 101]", "disk_percent"),
        ] {
            let error = load(&format!("name = 'w3'\nhub = ''\n{line}")).unwrap_err();
            assert!(error.to_string().contains(name), "{error:#}");
        }
    }

    #[test]
    fn two_devices_of_one_name_are_refused() {
        let device = "[[device]]\nid = 'cuff'\ndriver = 'x'\nlink = 'serial:/dev/x'\n";
        let error = load(&format!("name = 'w3'\nhub = ''\n{device}{device}")).unwrap_err();
        assert!(error.to_string().contains("`cuff`"), "{error:#}");
    }
}
