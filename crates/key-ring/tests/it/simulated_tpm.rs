//! A TPM of its own for each test: swtpm on two free ports of the loopback, with its state in a folder.

use std::{
    net::TcpListener,
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use key_ring::{Machine, Tpm};
use tempfile::TempDir;

/// A loaded machine starts a program in seconds.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct SimulatedTpm {
    process: Child,
    port: u16,
    _state: TempDir,
}

impl SimulatedTpm {
    /// Another one each time: its seeds are random. Somebody may take the ports in between: then others are tried.
    pub fn start() -> Self {
        let until = Instant::now() + PATIENCE;
        loop {
            let mut tpm = Self::begin();
            while tpm.process.try_wait().unwrap().is_none() {
                if tpm.tool("tpm2_pcrread", &["-Q", "sha256:7"]).status.success() {
                    return tpm;
                }
                assert!(Instant::now() < until, "swtpm does not answer");
                sleep(Duration::from_millis(20));
            }
            assert!(Instant::now() < until, "swtpm does not start");
        }
    }

    fn begin() -> Self {
        let state = tempfile::tempdir().unwrap();
        let port = two_free_ports();
        let address = |port: u16| format!("type=tcp,bindaddr=127.0.0.1,port={port}");
        let process = Command::new("swtpm")
            .args(["socket", "--tpm2", "--flags", "not-need-init,startup-clear"])
            .args(["--tpmstate", &format!("dir={}", state.path().display())])
            .args(["--server", &address(port), "--ctrl", &address(port + 1)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("swtpm is installed by `cargo xtask test`");
        Self { process, port, _state: state }
    }

    pub fn tcti(&self) -> String {
        format!("swtpm:host=127.0.0.1,port={}", self.port)
    }

    pub fn machine(&self) -> Machine {
        Machine::Tpm(Tpm::new(self.tcti(), vec![7]))
    }

    /// As a changed Secure Boot setting does at the next start.
    pub fn change_firmware(&self) {
        let measured = format!("7:sha256={}", "5a".repeat(32));
        let extended = self.tool("tpm2_pcrextend", &[&measured]);
        assert!(extended.status.success(), "{extended:?}");
    }

    fn tool(&self, program: &str, arguments: &[&str]) -> Output {
        let mut tool = Command::new(program);
        tool.args(arguments).env("TPM2TOOLS_TCTI", self.tcti());
        tool.output().expect("tpm2-tools are installed by `cargo xtask test`")
    }
}

/// The port of control is the one after that of the commands.
fn two_free_ports() -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}

impl Drop for SimulatedTpm {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
