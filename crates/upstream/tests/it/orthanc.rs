//! An image archive: Orthanc with its DICOMweb plugin, from Debian, with a folder of its own.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;
use upstream::stow::{Access, StowClient, StowOptions};

/// What to do when a peer cannot be had; a test is never skipped for it.
const NEEDED: &str = "needs orthanc and orthanc-dicomweb (`cargo xtask test` installs them)";
const PLUGIN: &str = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
pub const PASSWORD: &str = "one of a test";
/// Another program may take a port between its choice and its use.
const TRIES: usize = 5;

/// As long as this lives.
pub struct Orthanc {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Orthanc {
    pub fn start() -> Self {
        assert!(Path::new(PLUGIN).exists(), "{NEEDED}");
        (0..TRIES).find_map(|_| Self::try_start()).expect("Orthanc starts")
    }

    /// `None`: it ended, as when its port is taken.
    fn try_start() -> Option<Self> {
        let port = free_port();
        let folder = TempDir::new().unwrap();
        let configuration = folder.path().join("orthanc.json");
        fs::write(&configuration, configured(port, folder.path())).unwrap();
        let mut program = Command::new("/usr/sbin/Orthanc");
        let log = fs::File::create(folder.path().join("log")).unwrap();
        program.arg(configuration).stdout(Stdio::null()).stderr(log);
        let child = program.spawn().expect(NEEDED);
        let mut own = Self { child, port, _folder: folder };
        while own.child.try_wait().unwrap().is_none() {
            if own.answers() {
                return Some(own);
            }
            thread::sleep(Duration::from_millis(20));
        }
        None
    }

    fn answers(&self) -> bool {
        let Ok(mut connection) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        let asked = connection.write_all(b"GET /system HTTP/1.0\r\n\r\n");
        let mut answer = String::new();
        // It asks who is there.
        asked.is_ok() && connection.read_to_string(&mut answer).is_ok() && answer.contains(" 401 ")
    }

    /// How many files it says it has.
    pub async fn instances(&self) -> u64 {
        let address = format!("http://127.0.0.1:{}/statistics", self.port);
        let asked = reqwest::Client::new().get(address).basic_auth("hub", Some(PASSWORD));
        let said: serde_json::Value = asked.send().await.unwrap().json().await.unwrap();
        said["CountInstances"].as_u64().unwrap()
    }

    pub fn base(&self) -> String {
        base(self.port)
    }

    pub fn client(&self) -> StowClient {
        client_of(self.base(), PASSWORD)
    }

    pub fn client_with(&self, password: &str) -> StowClient {
        client(self.port, password)
    }

    /// Takes one request whole and gets it answered, and then hangs up without passing on a byte of the answer.
    pub fn client_that_loses_an_answer(&self) -> StowClient {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, behind) = (listener.local_addr().unwrap().port(), self.port);
        thread::spawn(move || {
            let (asking, _) = listener.accept().unwrap();
            let mut answering = TcpStream::connect(("127.0.0.1", behind)).unwrap();
            let mut there = answering.try_clone().unwrap();
            let mut from = asking.try_clone().unwrap();
            // It ends when the asking one hangs up, below.
            thread::spawn(move || std::io::copy(&mut from, &mut there));
            answering.read_exact(&mut [0]).unwrap();
            asking.shutdown(Shutdown::Both).unwrap();
        });
        client(port, PASSWORD)
    }
}

impl Drop for Orthanc {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub fn client(port: u16, password: &str) -> StowClient {
    client_of(base(port), password)
}

fn client_of(base: String, password: &str) -> StowClient {
    let access = Access::Basic { user: "hub".into(), password: password.into() };
    StowClient::new(StowOptions { base, access }).unwrap()
}

fn base(port: u16) -> String {
    format!("http://127.0.0.1:{port}/dicom-web")
}

/// One that nobody listens at.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Version 1.10 listens at every address: it answers this machine only, and speaks no DIMSE.
fn configured(port: u16, folder: &Path) -> String {
    let folder = folder.display();
    format!(
        r#"{{
            "StorageDirectory": "{folder}", "IndexDirectory": "{folder}", "TemporaryDirectory": "{folder}",
            "Plugins": ["{PLUGIN}"],
            "DicomServerEnabled": false,
            "HttpPort": {port}, "RemoteAccessAllowed": false,
            "AuthenticationEnabled": true, "RegisteredUsers": {{"hub": "{PASSWORD}"}},
            "DicomWeb": {{"Enable": true, "Root": "/dicom-web/"}}
        }}"#
    )
}
