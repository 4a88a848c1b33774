//! The cart's daemon with its configuration, and an observer on its socket as a technician's tool is one.

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command as Program,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use cart_api::{
    CartState, Command, Frame, HEADER_BYTES, Header, Identifier, Request, Response, SignInState,
    VERSION,
};
use clinical::Patient;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
};

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

    /// The folder of its record, and the file of the record's key.
    pub fn record(&self) -> (PathBuf, PathBuf) {
        (self.folder.join("data"), self.folder.join("key"))
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

/// Reads along what `cartd` tells every kiosk, and can ask as one.
pub struct Observer {
    state: watch::Receiver<Option<Arc<CartState>>>,
    asks: OwnedWriteHalf,
    asked: u64,
    task: JoinHandle<()>,
}

impl Observer {
    /// # Errors
    /// `cartd` does not take the connection.
    pub async fn connect(socket: &Path) -> Result<Self> {
        let (reader, asks) = UnixStream::connect(socket).await?.into_split();
        let (sender, state) = watch::channel(None);
        let task = tokio::spawn(async move {
            // Ends with the connection; whoever waits for a state then hears that it ended.
            if let Err(error) = read(reader, &sender).await
                && !sender.is_closed()
                && !is_end(&error)
            {
                eprintln!("the observer of cartd ended: {error:#}");
            }
        });
        let mut observer = Self { state, asks, asked: 0, task };
        observer.ask(Command::Hello { version: VERSION }).await?;
        Ok(observer)
    }

    /// [`Observer::connect`], as soon as `cartd` is there.
    ///
    /// # Errors
    /// It is not within 15 s.
    pub async fn connect_soon(socket: &Path) -> Result<Self> {
        let connect = || async { Ok(Self::connect(socket).await.ok()) };
        until("cartd takes a kiosk", seconds(15), connect).await
    }

    /// What comes of it is in the state; where `cartd` refuses it, the observer ends.
    ///
    /// # Errors
    /// `cartd` is gone.
    pub async fn ask(&mut self, command: Command) -> Result<()> {
        self.asked += 1;
        let seen = self.state.borrow().clone();
        let encounter = seen.and_then(|state| state.encounter.as_ref().map(|of| of.id));
        let request = Request { number: self.asked, encounter, command };
        Ok(self.asks.write_all(&Frame::new(&request, Vec::new())?.to_bytes()).await?)
    }

    /// # Errors
    /// The nurse is not signed in within 15 s.
    pub async fn sign_in(&mut self) -> Result<()> {
        self.ask(Command::SignIn { nurse: NURSE.into(), pin: PIN.into() }).await?;
        let signed_in = |state: &SignInState| matches!(state, SignInState::SignedIn { .. });
        self.sees("the nurse", seconds(15), |state| signed_in(&state.sign_in).then_some(())).await
    }

    /// # Errors
    /// There is no visit within 15 s.
    pub async fn open(&mut self, patient: Patient) -> Result<()> {
        let confirmed = vec![Identifier::Name, Identifier::BirthDate];
        self.ask(Command::OpenEncounter { patient, confirmed }).await?;
        self.sees("the visit", seconds(15), |state| state.encounter.as_ref().map(drop)).await
    }

    /// Waits until the cart's state holds what `look` looks for.
    ///
    /// # Errors
    /// It does not within `limit`.
    pub async fn sees<T>(
        &self,
        what: &str,
        limit: Duration,
        mut look: impl FnMut(&CartState) -> Option<T>,
    ) -> Result<T> {
        let mut state = self.state.clone();
        let mut found = None;
        let seen = state.wait_for(|state| {
            found = state.as_deref().and_then(&mut look);
            found.is_some()
        });
        match tokio::time::timeout(limit, seen).await {
            Ok(Ok(_)) => found.context("what was seen is kept"),
            Ok(Err(_)) => bail!("cartd ended before {what}"),
            Err(_) => bail!("waited {} s in vain: {what}", limit.as_secs()),
        }
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The daemon closed the connection, or died.
fn is_end(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    matches!(kind, Some(io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset))
}

async fn read(
    mut reader: OwnedReadHalf,
    sender: &watch::Sender<Option<Arc<CartState>>>,
) -> Result<()> {
    loop {
        let mut header = [0; HEADER_BYTES];
        reader.read_exact(&mut header).await?;
        let header = Header::read(header)?;
        let mut frame =
            Frame { json: vec![0; header.json as usize], blob: vec![0; header.blob as usize] };
        reader.read_exact(&mut frame.json).await?;
        reader.read_exact(&mut frame.blob).await?;
        match frame.message()? {
            Response::State(state) => drop(sender.send_replace(Some(Arc::new(*state)))),
            Response::Refused { refusal, .. } => bail!("cartd refuses: {refusal:?}"),
            Response::Done { .. } | Response::Signal { .. } => {}
        }
    }
}
