//! The hub, with one physician and one cart enrolled as an administrator would.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use vault::{HubVault, VaultKey};

use crate::{
    browser::free_port,
    place,
    process::Process,
    wait::{seconds, until},
};

pub const PHYSICIAN: &str = "lindqvist";
pub const PHYSICIAN_NAME: &str = "Dr. Maja Lindqvist";
pub const PASSWORD: &str = "far-away-and-here";

/// The EHR of the stage takes nothing late: a lost answer need not cost two minutes.
pub const SETTLES_SOON: &str = "[delivery]\nsettle_seconds = 1\n";

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
        let mut hub = Self::prepare(folder, logs, ehr, SETTLES_SOON, cart)?;
        hub.run().await?;
        Ok(hub)
    }

    /// Without starting it. `config`: what the site settles with its EHR.
    ///
    /// # Errors
    /// A command of `hubd` fails.
    pub fn prepare(
        folder: &Path,
        logs: &Path,
        ehr: &str,
        config: &str,
        cart: (&str, &str),
    ) -> Result<Self> {
        place::private(folder)?;
        std::fs::write(folder.join("ehr.toml"), config)?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let (folder, logs) = (folder.to_owned(), logs.to_owned());
        let hub = Self { folder, logs, ehr: ehr.to_owned(), address, server: None };
        let key = hub.folder.join("key");
        place::tell(Command::new(place::program("hubd")?).args(["key", "create"]).arg(key), "")?;
        let add = ["physician", "add", PHYSICIAN, "--display-name", PHYSICIAN_NAME];
        place::tell(&mut hub.command(&add)?, PASSWORD)?;
        place::tell(&mut hub.command(&["cart", "enrol", cart.0, cart.1])?, "")?;
        Ok(hub)
    }

    /// Starts the server, for the first time or again.
    ///
    /// # Errors
    /// It does not answer within 15 s.
    pub async fn run(&mut self) -> Result<()> {
        self.begin()?;
        self.answers().await
    }

    /// Starts the server and waits for nothing.
    ///
    /// # Errors
    /// The program is missing.
    pub fn begin(&mut self) -> Result<()> {
        self.begin_with(|_| Ok(()))
    }

    /// [`Hub::begin`], with something changed in how it is started.
    ///
    /// # Errors
    /// As there, or of the change.
    pub fn begin_with(&mut self, change: impl FnOnce(&mut Command) -> Result<()>) -> Result<()> {
        let (listen, public) = (self.address.to_string(), self.page());
        let mut command = Command::new(place::program("hubd")?);
        command
            .args(["serve", "--listen", &listen, "--ehr", &self.ehr, "--public-url", &public])
            .arg("--ehr-config")
            .arg(self.folder.join("ehr.toml"))
            .arg("--data")
            .arg(self.folder.join("data"))
            .arg("--key-file")
            .arg(self.folder.join("key"));
        change(&mut command)?;
        self.server = Some(Process::start("hubd", &mut command, &self.logs)?);
        Ok(())
    }

    /// In which words it ended by itself; it is not running any more then.
    pub fn ended(&mut self) -> Option<String> {
        let words = self.server.as_mut()?.ended();
        if words.is_some() {
            self.server = None;
        }
        words
    }

    /// Waits until the server that was begun answers.
    ///
    /// # Errors
    /// It does not within 15 s, or none was begun.
    pub async fn answers(&mut self) -> Result<()> {
        let health = format!("{}healthz", self.page());
        let server = self.server.as_mut().context("the hub was not started")?;
        until("the hub starts", seconds(15), || {
            let (ended, request) = (server.ended(), reqwest::get(health.clone()));
            async move {
                ensure!(ended.is_none(), "{}", ended.unwrap_or_default());
                Ok(request.await.ok().filter(|answer| answer.status().is_success()))
            }
        })
        .await
        .map(drop)
    }

    /// The address of the physicians' page.
    pub fn page(&self) -> String {
        format!("http://{}/", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// # Errors
    /// It is not running.
    pub fn pid(&self) -> Result<u32> {
        Ok(self.server.as_ref().context("the hub was not started")?.pid())
    }

    /// As a crash does.
    ///
    /// # Errors
    /// It was not running.
    pub fn kill(&mut self) -> Result<()> {
        self.server.take().map_or(Ok(()), |mut server| server.kill())
    }

    /// Its record, which the server may have open as well.
    ///
    /// # Errors
    /// It does not open.
    pub fn vault(&self) -> Result<HubVault> {
        let key = VaultKey::from_file(&self.folder.join("key"))?;
        Ok(HubVault::open(&self.folder.join("data"), &key)?)
    }

    /// What waits for a person, as the administrator's command lists it.
    ///
    /// # Errors
    /// The command fails.
    pub fn waiting_for_a_person(&self) -> Result<String> {
        place::tell(&mut self.command(&["outbox", "list"])?, "")
    }

    fn command(&self, words: &[&str]) -> Result<Command> {
        let mut command = Command::new(place::program("hubd")?);
        command.args(words).arg("--data").arg(self.folder.join("data"));
        command.arg("--key-file").arg(self.folder.join("key"));
        Ok(command)
    }
}
