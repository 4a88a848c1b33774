//! Somebody on the socket of the cart's daemon, as a kiosk is.

use std::{io, path::Path, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, bail};
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
    cart::{NURSE, PIN},
    wait::{seconds, until},
};

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
