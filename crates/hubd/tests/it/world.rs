//! A hub with an EHR, a physician and a cart; the hub is the real program.

use std::{
    future::Future,
    io::{BufRead as _, BufReader, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Once,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use upstream::hub::{HubAddress, HubClient, Identity};
use vault::{Commit, HubVault, SealedEntry, VaultKey};

use serde_json::Value;
use sim_ehr::{Ehr, Rules, TRANSACTIONS};

use crate::browser::Browser;

pub const CART: &str = "cart-3-east";
pub const PASSWORD: &str = "far-away-and-here";

pub struct World {
    pub ehr: Ehr,
    pub folder: TempDir,
    pub base: String,
    ehr_address: String,
    hub: Option<Child>,
    identity: Vec<u8>,
}

impl World {
    pub async fn start() -> Self {
        Self::with_ehr(&TRANSACTIONS).await
    }

    pub async fn with_ehr(rules: &'static Rules) -> Self {
        Self::configured(rules, "").await
    }

    /// `config` is what the EHR's configuration says besides a short settle window.
    pub async fn configured(rules: &'static Rules, config: &str) -> Self {
        provide_tls();
        let listen = ([127, 0, 0, 1], 0).into();
        let (ehr, ehr_address) = Ehr::start(rules, listen).await.unwrap();
        ehr.book("okafor", "100234", "Okafor", "Shortness of breath");
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let identity = Identity::generate().unwrap();
        let base = format!("http://127.0.0.1:{port}");
        let mut world = Self { ehr, folder, base, ehr_address, hub: None, identity };
        let config = format!("[delivery]\nsettle_seconds = 1\n{config}");
        std::fs::write(world.folder.path().join("ehr.toml"), config).unwrap();
        let key = world.folder.path().join("key");
        hubd(&["key", "create", key.to_str().unwrap()], "").unwrap();
        world.add_physician("weiss");
        world.enrol(CART, &world.public_key());
        world.run();
        world
    }

    pub fn add_physician(&self, name: &str) {
        let display_name = format!("Dr. {name}");
        let words = ["physician", "add", name, "--display-name", &display_name];
        hubd(&self.with_record(&words), PASSWORD).unwrap();
    }

    pub fn enrol(&self, name: &str, public_key: &str) {
        hubd(&self.with_record(&["cart", "enrol", name, public_key]), "").unwrap();
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn run(&mut self) {
        let listen = self.base.replacen("http://", "", 1);
        let config = self.folder.path().join("ehr.toml");
        let words = [
            ["serve", "--listen", &listen, "--ehr", &self.ehr_address].as_slice(),
            &["--ehr-config", config.to_str().unwrap(), "--public-url", &self.base],
        ]
        .concat();
        let mut hub = command(&self.with_record(&words));
        let relays = self.folder.path().join("turn.toml");
        if relays.exists() {
            hub.arg("--turn-config").arg(relays);
        }
        let mut hub = hub.spawn().unwrap();
        let mut lines = BufReader::new(hub.stdout.take().unwrap()).lines();
        let ready = lines.next().expect("the hub starts").unwrap();
        assert!(ready.starts_with("Hub ready at "), "{ready}");
        self.hub = Some(hub);
    }

    /// A hub that gives out a relay, and allows no other way.
    pub async fn with_relay(url: &str) -> Self {
        let mut world = Self::start().await;
        world.kill();
        let secret = world.folder.path().join("turn-secret");
        std::fs::write(&secret, "north").unwrap();
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
        let config = format!(
            "[turn]\nurls = [\"{url}\"]\nsecret_file = \"turn-secret\"\nrelay_only = true\n"
        );
        std::fs::write(world.folder.path().join("turn.toml"), config).unwrap();
        world.run();
        world
    }

    /// As a crash does.
    pub fn kill(&mut self) {
        let mut hub = self.hub.take().unwrap();
        hub.kill().unwrap();
        hub.wait().unwrap();
    }

    /// As systemd does. Returns how it ended, and how long that took.
    pub fn stop(&mut self) -> (std::process::ExitStatus, Duration) {
        let mut hub = self.hub.take().unwrap();
        let started = Instant::now();
        let kill = Command::new("kill").args(["-TERM", &hub.id().to_string()]).status().unwrap();
        assert!(kill.success());
        (hub.wait().unwrap(), started.elapsed())
    }

    /// Puts an entry into the record, as another program on the hub's machine may.
    pub fn keeps(&self, entry: clinical::Entry) {
        let key = VaultKey::from_file(&self.folder.path().join("key")).unwrap();
        let vault = HubVault::open(&self.data(), &key).unwrap();
        vault.commit(Commit::of(SealedEntry::seal(entry))).unwrap();
    }

    /// One of the administrator's commands on this record. Returns what it printed.
    pub fn administers(&self, words: &[&str]) -> String {
        let output = command(&self.with_record(words)).output().unwrap();
        assert!(output.status.success(), "{words:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Waits until the EHR has so many.
    pub async fn ehr_has(&self, kind: &str, count: usize) -> Vec<Value> {
        eventually(&format!("{count} × {kind} in the EHR"), Duration::from_secs(20), async || {
            Some(self.ehr.all(kind)).filter(|all| all.len() == count)
        })
        .await
    }

    pub fn cart(&self) -> HubClient {
        self.client(CART, &self.identity)
    }

    /// Another enrolled cart with a key of its own.
    pub fn other_cart(&self, name: &str) -> HubClient {
        let identity = Identity::generate().unwrap();
        self.enrol(name, &Identity::from_pkcs8(&identity).unwrap().public_key());
        self.client(name, &identity)
    }

    pub fn client(&self, name: &str, identity: &[u8]) -> HubClient {
        let address = HubAddress::parse(&self.base).unwrap();
        HubClient::new(address, name.to_owned(), Identity::from_pkcs8(identity).unwrap()).unwrap()
    }

    pub fn identity(&self) -> &[u8] {
        &self.identity
    }

    pub async fn browser(&self, physician: &str) -> Browser {
        Browser::signed_in(&self.base, physician).await
    }

    /// Whether `hubd audit …` ended well, and what it printed.
    pub fn audit(&self, words: &[&str]) -> (bool, String) {
        let words = self.with_record(&[&["audit"], words].concat());
        let output = command(&words).stderr(Stdio::inherit()).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }

    fn public_key(&self) -> String {
        Identity::from_pkcs8(&self.identity).unwrap().public_key()
    }

    fn with_record(&self, words: &[&str]) -> Vec<String> {
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let record = ["--data".into(), path(&self.data()), "--key-file".into()];
        let key = path(&self.folder.path().join("key"));
        words.iter().map(|word| (*word).to_owned()).chain(record).chain([key]).collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(mut hub) = self.hub.take() {
            hub.kill().unwrap();
            hub.wait().unwrap();
        }
    }
}

/// What reqwest of the tests encrypts with.
pub fn provide_tls() {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
}

fn command(words: &[impl AsRef<std::ffi::OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hubd"));
    command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// One of the administrator's commands. `Err`: what it said.
pub fn hubd(words: &[impl AsRef<std::ffi::OsStr>], input: &str) -> Result<(), String> {
    let mut hubd = command(words).stderr(Stdio::piped()).spawn().unwrap();
    hubd.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = hubd.wait_with_output().unwrap();
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8(output.stderr).unwrap())
}

/// Asks again until there is an answer.
pub async fn eventually<T, F>(what: &str, within: Duration, mut ask: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let until = Instant::now() + within;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < until, "not within {within:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
