//! The hub, with one physician and one cart enrolled as an administrator would.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, ensure};

use crate::{
    browser::free_port,
    place,
    process::Process,
    wait::{seconds, until},
};

pub const PHYSICIAN: &str = "lindqvist";
pub const PHYSICIAN_NAME: &str = "Dr. Maja Lindqvist";
pub const PASSWORD: &str = "far-away-and-here";

pub struct Hub {
    folder: PathBuf,
    logs: PathBuf,
    ehr: String,
    address: SocketAddr,
    server: Option<Process>,
}

impl Hub {
    /// Makes the hub's key, data and accounts in `folder`, and starts it.
    ///
    /// # Errors
    /// A command of `hubd` fails, or it does not start.
    pub async fn start(folder: &Path, logs: &Path, ehr: &str, cart: (&str, &str)) -> Result<Self> {
        place::private(folder)?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let (folder, logs) = (folder.to_owned(), logs.to_owned());
        let mut hub = Self { folder, logs, ehr: ehr.to_owned(), address, server: None };
        let key = hub.folder.join("key");
        place::tell(Command::new(place::program("hubd")?).args(["key", "create"]).arg(key), "")?;
        let add = ["physician", "add", PHYSICIAN, "--display-name", PHYSICIAN_NAME];
        place::tell(&mut hub.command(&add)?, PASSWORD)?;
        place::tell(&mut hub.command(&["cart", "enrol", cart.0, cart.1])?, "")?;
        hub.run().await?;
        Ok(hub)
    }

    /// Starts the server, for the first time or again.
    ///
    /// # Errors
    /// It does not answer within 15 s.
    pub async fn run(&mut self) -> Result<()> {
        let (listen, public) = (self.address.to_string(), self.page());
        // The EHR of the stage takes nothing late: a lost answer need not cost two minutes.
        let config = self.folder.join("ehr.toml");
        std::fs::write(&config, "[delivery]\nsettle_seconds = 1\n")?;
        let mut command = Command::new(place::program("hubd")?);
        command
            .args(["serve", "--listen", &listen, "--ehr", &self.ehr, "--public-url", &public])
            .arg("--ehr-config")
            .arg(config)
            .arg("--data")
            .arg(self.folder.join("data"))
            .arg("--key-file")
            .arg(self.folder.join("key"));
        let mut server = Process::start("hubd", &mut command, &self.logs)?;
        let health = format!("{public}healthz");
        until("the hub starts", seconds(15), || {
            let (ended, request) = (server.ended(), reqwest::get(health.clone()));
            async move {
                ensure!(ended.is_none(), "{}", ended.unwrap_or_default());
                Ok(request.await.ok().filter(|answer| answer.status().is_success()))
            }
        })
        .await?;
        self.server = Some(server);
        Ok(())
    }

    /// The address of the physicians' page.
    pub fn page(&self) -> String {
        format!("http://{}/", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// As a crash does.
    ///
    /// # Errors
    /// It was not running.
    pub fn kill(&mut self) -> Result<()> {
        self.server.take().map_or(Ok(()), |mut server| server.kill())
    }

    fn command(&self, words: &[&str]) -> Result<Command> {
        let mut command = Command::new(place::program("hubd")?);
        command.args(words).arg("--data").arg(self.folder.join("data"));
        command.arg("--key-file").arg(self.folder.join("key"));
        Ok(command)
    }
}
