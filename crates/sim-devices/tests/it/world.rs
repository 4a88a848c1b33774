//! A running simulation, and how a host opens what it offers.

use sim_devices::control::say;
use sim_devices::rig::{Rig, Setup};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Dark on the left, bright on the right: where the camera looks can be measured.
const SCENE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="3840" height="2160">
    <rect width="3840" height="2160" fill="#000"/>
    <rect x="1920" width="1920" height="2160" fill="#fff"/></svg>"##;

/// Far above what anything here takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct World {
    directory: tempfile::TempDir,
    _rig: Rig,
}

impl World {
    pub fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let scene = directory.path().join("scene.svg");
        std::fs::write(&scene, SCENE).unwrap();
        let setup = Setup {
            directory: directory.path().to_owned(),
            scene: Some(scene),
            ..Setup::default()
        };
        Self { _rig: Rig::start(&setup).unwrap(), directory }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn say(&self, line: &str) -> String {
        say(self.path(), line).unwrap()
    }

    pub fn open(&self, port: &str) -> File {
        let mut options = OpenOptions::new();
        // Without NONBLOCK a test of a silent device would wait for ever.
        options.read(true).write(true).custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
        options.open(self.path().join(port)).unwrap()
    }

    pub fn address(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.path().join("sim.json")).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&text).unwrap();
        ready[name].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    pub fn datagrams(&self, name: &str) -> UdpSocket {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect(self.address(name)).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket
    }

    pub fn connect(&self, name: &str) -> TcpStream {
        let stream = TcpStream::connect(self.address(name)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }
}

/// Reads until `count` bytes came, or gives what came within the patience.
pub fn read(port: &mut File, count: usize) -> Vec<u8> {
    let start = Instant::now();
    let mut bytes = Vec::new();
    while bytes.len() < count && start.elapsed() < PATIENCE {
        let mut buffer = [0; 256];
        match port.read(&mut buffer[..(count - bytes.len()).min(256)]) {
            Ok(0) => break,
            Ok(length) => bytes.extend_from_slice(&buffer[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => sleep(Duration::from_millis(2)),
            Err(_) => break,
        }
    }
    bytes
}

pub fn ask(port: &mut File, request: &[u8], length: usize) -> Vec<u8> {
    port.write_all(request).unwrap();
    read(port, length)
}

pub fn until(what: &str, mut happens: impl FnMut() -> bool) {
    let start = Instant::now();
    while !happens() {
        assert!(start.elapsed() < PATIENCE, "waited in vain until {what}");
        sleep(Duration::from_millis(5));
    }
}
