//! The socket to `cartd`: connects, connects again, and carries frames both ways.
//!
//! Nothing waits here for a better time: what cannot be sent now is refused, because the state
//! after a reconnect may be another one. Knows no page.

use std::{
    io::{self, Read, Write},
    net::Shutdown,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use cart_api::{Command, Frame, FrameError, HEADER_BYTES, Header, Request, Response, VERSION};

/// A call sets up with some dozens of signals in a burst; more waiting means `cartd` does not read.
const WAITING_FRAMES: usize = 128;
const FIRST_RETRY: Duration = Duration::from_millis(100);
/// A nurse waits no longer than this for a `cartd` that is back.
const LAST_RETRY: Duration = Duration::from_secs(2);

pub enum FromDaemon {
    Said(Response),
    /// The connection is gone, or could not be made.
    Lost,
}

#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("cartd cannot be reached")]
    NotConnected,
    #[error("cartd does not read")]
    NotRead,
    #[error("the request does not fit into a frame")]
    Frame(#[from] FrameError),
}

#[derive(Debug, thiserror::Error)]
enum LinkError {
    #[error("could not connect to {}", socket.display())]
    Connect { socket: PathBuf, source: io::Error },
    #[error("could not read from cartd")]
    Read(#[source] io::Error),
    #[error("cartd sent a message that this screen does not take")]
    TooLong(#[source] FrameError),
    #[error("could not start a thread")]
    Thread(#[source] io::Error),
    #[error("could not greet cartd")]
    Greet(#[source] FrameError),
}

type Outbox = Arc<Mutex<Option<SyncSender<Frame>>>>;

/// The way to `cartd`.
pub struct Link {
    outbox: Outbox,
}

/// Starts connecting. `tell` is called on the link's own thread, in the order of what arrives; it
/// may block, then `cartd` is not read.
///
/// # Errors
/// The system gives no thread.
pub fn open(socket: PathBuf, tell: impl Fn(FromDaemon) + Send + 'static) -> io::Result<Link> {
    let outbox = Outbox::default();
    let link = Link { outbox: Arc::clone(&outbox) };
    thread::Builder::new().name("cartd-link".into()).spawn(move || {
        let mut pause = FIRST_RETRY;
        loop {
            let heard = std::cell::Cell::new(false);
            let said = |response| {
                heard.set(true);
                tell(FromDaemon::Said(response));
            };
            if let Err(error) = run(&socket, &outbox, said) {
                tracing::info!(error = &error as &dyn std::error::Error, "No connection to cartd");
            }
            tell(FromDaemon::Lost);
            pause = if heard.get() { FIRST_RETRY } else { (pause * 2).min(LAST_RETRY) };
            thread::sleep(pause);
        }
    })?;
    Ok(link)
}

impl Link {
    /// # Errors
    /// It was not sent and will not be.
    pub fn send(&self, request: &Request, blob: Vec<u8>) -> Result<(), SendError> {
        let frame = Frame::new(request, blob)?;
        let outbox = lock(&self.outbox);
        let outbox = outbox.as_ref().ok_or(SendError::NotConnected)?;
        outbox.try_send(frame).map_err(|_| SendError::NotRead)
    }
}

/// One connection, from its greeting to its end.
fn run(socket: &Path, outbox: &Outbox, said: impl Fn(Response)) -> Result<(), LinkError> {
    let connect = |source| LinkError::Connect { socket: socket.to_owned(), source };
    let stream = UnixStream::connect(socket).map_err(connect)?;
    let (sender, receiver) = sync_channel(WAITING_FRAMES);
    let hello =
        Request { number: 0, encounter: None, command: Command::Hello { version: VERSION } };
    sender
        .try_send(Frame::new(&hello, Vec::new()).map_err(LinkError::Greet)?)
        .expect("an empty channel takes a frame");
    let to_daemon = stream.try_clone().map_err(LinkError::Read)?;
    let writer = thread::Builder::new()
        .name("cartd-writer".into())
        .spawn(move || write_all(to_daemon, &receiver))
        .map_err(LinkError::Thread)?;
    *lock(outbox) = Some(sender);
    let end = read_all(&stream, said);
    // Without a sender the writer comes to its end.
    *lock(outbox) = None;
    if let Err(error) = stream.shutdown(Shutdown::Both) {
        tracing::debug!(%error, "The socket was closed already");
    }
    writer.join().expect("the writer does not panic");
    end
}

fn write_all(mut stream: UnixStream, frames: &Receiver<Frame>) {
    for frame in frames {
        if let Err(error) = stream.write_all(&frame.to_bytes()) {
            // The reader sees the same end and connects again.
            tracing::debug!(%error, "cartd takes nothing any more");
            return;
        }
    }
}

fn read_all(mut stream: &UnixStream, said: impl Fn(Response)) -> Result<(), LinkError> {
    loop {
        let mut header = [0; HEADER_BYTES];
        stream.read_exact(&mut header).map_err(LinkError::Read)?;
        let header = Header::read(header).map_err(LinkError::TooLong)?;
        let mut frame =
            Frame { json: vec![0; header.json as usize], blob: vec![0; header.blob as usize] };
        stream.read_exact(&mut frame.json).map_err(LinkError::Read)?;
        stream.read_exact(&mut frame.blob).map_err(LinkError::Read)?;
        match frame.message() {
            Ok(response) => said(response),
            // Not a reason to lose what goes well: the next state is whole again.
            Err(error) => tracing::warn!(%error, "cartd said something unknown"),
        }
    }
}

fn lock(outbox: &Outbox) -> MutexGuard<'_, Option<SyncSender<Frame>>> {
    // Nothing can panic while it is held; a poisoned lock still guards a whole value.
    outbox.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
