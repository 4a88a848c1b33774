//! oidc-provider with a FHIR address behind it, and a hub that is registered there.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// As `tests/oidc/server.mjs` has it: each of its characters is another in a form.
pub const SECRET: &str = "p+q&r=%~ with a space";

/// Ends with what started it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A site: a folder for the hub's files, the address that it will have, and the EHR.
pub struct Site {
    folder: TempDir,
    pub hub: String,
    pub ehr: String,
    _server: Running,
}

/// A hub that serves.
pub struct Serving(#[expect(dead_code, reason = "ends the hub when it is dropped")] Running);

impl Site {
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let hub = format!("http://127.0.0.1:{port}");
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oidc");
        let packages = place.join("node_modules");
        assert!(packages.is_dir(), "npm's packages are missing: run `cargo xtask test` once");
        let mut command = Command::new("node");
        command.args(["server.mjs", "--jwks", &format!("{hub}/.well-known/jwks.json")]);
        let mut server = command
            .current_dir(place)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is installed");
        let lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let server = Running(server);
        let mut lines = lines.map_while(Result::ok);
        let ehr = lines
            .find_map(|line| line.strip_prefix("EHR ready at ").map(str::to_owned))
            .expect("the EHR starts");
        // It goes on saying things, and would stop where nobody reads them.
        std::thread::spawn(move || lines.for_each(drop));
        Self { folder: tempfile::tempdir().unwrap(), hub, ehr, _server: server }
    }

    /// A file of the hub that only it can read.
    pub fn private(&self, name: &str, content: &str) -> PathBuf {
        let file = self.folder.path().join(name);
        fs::write(&file, content).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        file
    }

    /// A new private key, by OpenSSL: `kind` is what `openssl genpkey` takes.
    pub fn key(&self, name: &str, kind: &[&str]) {
        let file = self.private(name, "");
        let mut openssl = Command::new("openssl");
        openssl.arg("genpkey").args(kind).arg("-out").arg(&file);
        let output = openssl.output().expect("openssl is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs the hub with this `[access]`.
    pub fn serve(&self, access: &str) -> Serving {
        let key = self.folder.path().join("record.key");
        if !key.exists() {
            crate::world::hubd(&["key", "create", key.to_str().unwrap()], "").unwrap();
        }
        let mut hub = self.hubd(access, &["serve", "--ehr", &self.ehr, "--public-url", &self.hub]);
        hub.args(["--listen", self.hub.strip_prefix("http://").unwrap()]);
        hub.arg("--data").arg(self.folder.path().join("data")).arg("--key-file").arg(key);
        let mut hub = hub.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let ready = BufReader::new(hub.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        assert!(ready.starts_with("Hub ready at "), "{ready}");
        Serving(Running(hub))
    }

    /// What `hubd ehr check` says with this `[access]`, and whether everything works.
    pub fn check(&self, access: &str) -> (String, bool) {
        said(self.hubd(access, &["ehr", "check", "--ehr", &self.ehr]).output().unwrap())
    }

    /// What `hubd ehr jwks` says with this `[access]`.
    pub fn jwks(&self, access: &str) -> (String, bool) {
        said(self.hubd(access, &["ehr", "jwks"]).output().unwrap())
    }

    fn hubd(&self, access: &str, words: &[&str]) -> Command {
        let config = self.private("ehr.toml", &format!("[access]\n{access}"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_hubd"));
        command.args(words).arg("--ehr-config").arg(config);
        command
    }

    /// `/$seen` counts tokens and reads, `/$end` ends all tokens.
    pub async fn ask(&self, what: &str) -> Value {
        let address = self.ehr.replace("/fhir", what);
        reqwest::get(address).await.unwrap().json().await.unwrap()
    }
}

fn said(output: Output) -> (String, bool) {
    let both = [output.stdout, output.stderr].concat();
    (String::from_utf8(both).unwrap(), output.status.success())
}
