//! A real image archive: Orthanc with its DICOMweb plugin, from Debian, with a folder of its own.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tempfile::TempDir;

/// What to do when it cannot be had; a test is never skipped for it.
const NEEDED: &str = "needs orthanc and orthanc-dicomweb (`cargo xtask test` installs them)";
const PROGRAM: &str = "/usr/sbin/Orthanc";
const PLUGIN: &str = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
const USER: &str = "hub";
/// Another program may take a port between its choice and its use.
const TRIES: usize = 5;

/// As long as this lives.
pub struct Orthanc {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Orthanc {
    pub const PASSWORD: &str = "one of a test";

    /// Returns when it answers. Its user is `hub`.
    ///
    /// # Errors
    /// It is not installed, or does not start.
    pub fn start() -> io::Result<Self> {
        if !Path::new(PLUGIN).exists() {
            return Err(io::Error::other(NEEDED));
        }
        for _ in 0..TRIES {
            if let Some(started) = Self::try_start()? {
                return Ok(started);
            }
        }
        Err(io::Error::other("Orthanc does not start"))
    }

    /// `None`: it ended, as when its port is taken.
    fn try_start() -> io::Result<Option<Self>> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let folder = TempDir::new()?;
        let configuration = folder.path().join("orthanc.json");
        fs::write(&configuration, configured(port, folder.path()))?;
        let log = fs::File::create(folder.path().join("log"))?;
        let mut program = Command::new(PROGRAM);
        let child = program.arg(configuration).stdout(Stdio::null()).stderr(log).spawn()?;
        let mut own = Self { child, port, _folder: folder };
        while own.child.try_wait()?.is_none() {
            // It asks who is there.
            if own.get("/system", "").is_ok_and(|answer| answer.contains(" 401 ")) {
                return Ok(Some(own));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(None)
    }

    /// How many files it says it has.
    ///
    /// # Errors
    /// It does not answer.
    pub fn instances(&self) -> io::Result<u64> {
        let proof = STANDARD.encode(format!("{USER}:{}", Self::PASSWORD));
        let answer = self.get("/statistics", &format!("Authorization: Basic {proof}\r\n"))?;
        let strange = || io::Error::other(format!("Orthanc answers {answer}"));
        let (_, body) = answer.split_once("\r\n\r\n").ok_or_else(strange)?;
        let said: serde_json::Value = serde_json::from_str(body)?;
        said["CountInstances"].as_u64().ok_or_else(strange)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The root of its DICOMweb services.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}/dicom-web", self.port)
    }

    /// With the lines before the body.
    fn get(&self, path: &str, header: &str) -> io::Result<String> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port))?;
        connection.write_all(format!("GET {path} HTTP/1.0\r\n{header}\r\n").as_bytes())?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Orthanc {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Version 1.10 listens at every address: it answers this machine only, and speaks no DIMSE.
fn configured(port: u16, folder: &Path) -> String {
    let (folder, password) = (folder.display(), Orthanc::PASSWORD);
    format!(
        r#"{{
            "StorageDirectory": "{folder}", "IndexDirectory": "{folder}", "TemporaryDirectory": "{folder}",
            "Plugins": ["{PLUGIN}"],
            "DicomServerEnabled": false,
            "HttpPort": {port}, "RemoteAccessAllowed": false,
            "AuthenticationEnabled": true, "RegisteredUsers": {{"{USER}": "{password}"}},
            "DicomWeb": {{"Enable": true, "Root": "/dicom-web/"}}
        }}"#
    )
}
