//! The cart's daemon with its configuration.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command as Program,
};

use anyhow::{Context as _, Result, ensure};
use tokio::net::UnixStream;
use vault::{CartVault, VaultKey};

use crate::{
    place,
    process::Process,
    wait::{seconds, until},
};

pub const CART: &str = "cart-7";
pub const NURSE: &str = "1001";
pub const NURSE_NAME: &str = "Amara Diallo";
pub const PIN: &str = "2468";

pub struct Cart {
    folder: PathBuf,
    logs: PathBuf,
    /// Ed25519 public key in hexadecimal, for the hub's enrolment.
    pub public_key: String,
    daemon: Option<Process>,
}

impl Cart {
    /// Makes the cart's keys; it is not started yet, because the hub must know it first.
    ///
    /// # Errors
    /// A command of `cartd` fails.
    pub fn prepare(folder: &Path, logs: &Path) -> Result<Self> {
        place::private(folder)?;
        let identity = folder.join("identity");
        let mut create = Program::new(place::program("cartd")?);
        let public_key = place::tell(create.args(["identity", "create"]).arg(identity), "")?;
        let mut create = Program::new(place::program("cartd")?);
        place::tell(create.args(["key", "create"]).arg(folder.join("key")), "")?;
        let (folder, logs) = (folder.to_owned(), logs.to_owned());
        Ok(Self { folder, logs, public_key: public_key.trim().to_owned(), daemon: None })
    }

    /// Writes the configuration and adds the nurse. `devices`: the id, the driver and the link of each.
    ///
    /// # Errors
    /// `cartd` refuses.
    pub fn configure(&self, hub: SocketAddr, devices: &[(&str, &str, &str)]) -> Result<()> {
        let folder = self.folder.display();
        let socket = self.socket();
        let mut text = format!(
            "name = \"{CART}\"\ndata = \"{folder}/data\"\nkey = \"{folder}/key\"\n\
             identity = \"{folder}/identity\"\nhub = \"http://{hub}\"\nsocket = \"{}\"\n",
            socket.display()
        );
        for (id, driver, link) in devices {
            text +=
                &format!("\n[[device]]\nid = \"{id}\"\ndriver = \"{driver}\"\nlink = \"{link}\"\n");
        }
        fs::write(self.config(), text)?;
        let mut add = Program::new(place::program("cartd")?);
        add.args(["nurse", "--config"]).arg(self.config()).args(["add", NURSE, NURSE_NAME]);
        place::tell(&mut add, PIN).map(drop)
    }

    /// Starts the daemon, for the first time or again, and waits until its socket answers.
    ///
    /// # Errors
    /// It does not answer within 15 s.
    pub async fn run(&mut self) -> Result<()> {
        self.begin()?;
        self.answers().await
    }

    /// Starts the daemon and waits for nothing.
    ///
    /// # Errors
    /// The program is missing.
    pub fn begin(&mut self) -> Result<()> {
        self.begin_with(|_| Ok(()))
    }

    /// [`Cart::begin`], with something changed in how it is started.
    ///
    /// # Errors
    /// As there, or of the change.
    pub fn begin_with(&mut self, change: impl FnOnce(&mut Program) -> Result<()>) -> Result<()> {
        let mut command = self.command()?;
        change(&mut command)?;
        self.daemon = Some(Process::start("cartd", &mut command, &self.logs)?);
        Ok(())
    }

    /// In which words it ended by itself; it is not running any more then.
    pub fn ended(&mut self) -> Option<String> {
        let words = self.daemon.as_mut()?.ended();
        if words.is_some() {
            self.daemon = None;
        }
        words
    }

    /// What starts the daemon.
    ///
    /// # Errors
    /// The program is missing.
    pub fn command(&self) -> Result<Program> {
        let mut command = Program::new(place::program("cartd")?);
        command.args(["run", "--config"]).arg(self.config());
        Ok(command)
    }

    /// Waits until the daemon that was begun answers.
    ///
    /// # Errors
    /// It does not within 15 s, or none was begun.
    pub async fn answers(&mut self) -> Result<()> {
        let socket = self.socket();
        let daemon = self.daemon.as_mut().context("cartd was not started")?;
        until("cartd answers", seconds(15), || {
            let (ended, connection) = (daemon.ended(), UnixStream::connect(socket.clone()));
            async move {
                ensure!(ended.is_none(), "{}", ended.unwrap_or_default());
                Ok(connection.await.ok())
            }
        })
        .await
        .map(drop)
    }

    /// As a crash does.
    ///
    /// # Errors
    /// The process is not ours to end.
    pub fn kill(&mut self) -> Result<()> {
        self.daemon.take().map_or(Ok(()), |mut daemon| daemon.kill())
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.join("cartd.sock")
    }

    /// The folder of its record.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Its record, which the daemon may have open as well.
    ///
    /// # Errors
    /// It does not open.
    pub fn vault(&self) -> Result<CartVault> {
        let key = VaultKey::from_file(&self.folder.join("key"))?;
        Ok(CartVault::open(&self.data(), &key)?)
    }

    /// Every byte that the cart has on its disk.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn disk(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for file in fs::read_dir(self.folder.join("data"))? {
            let path = file?.path();
            if path.is_file() {
                bytes.extend(fs::read(path)?);
            }
        }
        Ok(bytes)
    }

    fn config(&self) -> PathBuf {
        self.folder.join("cart.toml")
    }
}
