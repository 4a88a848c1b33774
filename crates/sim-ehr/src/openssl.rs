//! A real TLS server, OpenSSL's own: what it turns away is turned away by rules that are not ours.

use std::{
    io::{self, BufRead as _, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

/// `openssl s_server` on a free port of this machine; ends with this.
pub struct OpensslServer {
    child: Child,
    port: u16,
}

impl OpensslServer {
    /// Returns when it listens. Names of files in `options` count from `folder`, and so do the files
    /// that it serves with `-HTTP`.
    ///
    /// # Errors
    /// OpenSSL is not installed, or does not take the options.
    pub fn start(folder: &Path, options: &[&str]) -> io::Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut child = Command::new("openssl")
            .arg("s_server")
            .args(options)
            .args(["-accept", &format!("127.0.0.1:{port}")])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("it has no output"))?;
        let mut lines = BufReader::new(output).lines();
        if !lines.any(|line| line.is_ok_and(|line| line.starts_with("ACCEPT"))) {
            return Err(io::Error::other("openssl s_server ended before it listened"));
        }
        // Read to the end: a server whose output nobody takes stands still.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, port })
    }

    /// The address of a FHIR server there.
    pub fn base(&self) -> String {
        format!("https://localhost:{}/fhir", self.port)
    }
}

impl Drop for OpensslServer {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
