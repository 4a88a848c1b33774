//! Makes the socket, checks each peer, bounds how many there are.

use std::{
    fs, io,
    os::unix::fs::{PermissionsExt, chown},
    os::unix::net::UnixStream as BlockingStream,
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use tokio::{
    net::{UnixListener, UnixStream},
    sync::Semaphore,
};

use super::{Admission, ClientId};

/// A kiosk, its successor while the old connection is found dead, some observers; on the other
/// socket, some terminals of a technician.
const MAX_CLIENTS: usize = 8;
/// Owner and group may connect.
const SOCKET_MODE: u32 = 0o660;
/// When the process has no file descriptor left, trying again at once would fill the log.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(200);

/// The socket, not yet served. Removes its file at the end.
#[derive(Debug)]
pub struct Listener {
    socket: UnixListener,
    path: PathBuf,
    admission: Admission,
}

/// Takes over the path of a dead `cartd`, never of a living one.
pub fn listen(path: &Path, admission: Admission) -> anyhow::Result<Listener> {
    let what = || format!("could not make the socket {}", path.display());
    match BlockingStream::connect(path) {
        Ok(_) => bail!("another cartd is running on {}", path.display()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            fs::remove_file(path).with_context(what)?;
        }
        Err(error) => return Err(error).with_context(what),
    }
    let socket = UnixListener::bind(path).with_context(what)?;
    chown(path, None, admission.group().map(|group| group.as_raw())).with_context(what)?;
    fs::set_permissions(path, fs::Permissions::from_mode(SOCKET_MODE)).with_context(what)?;
    Ok(Listener { socket, path: path.to_owned(), admission })
}

impl Listener {
    /// Gives each client a task of its own, until `end`.
    pub async fn serve<Served>(
        self,
        end: impl Future<Output = ()>,
        client: impl Fn(ClientId, UnixStream) -> Served,
    ) where
        Served: Future<Output = ()> + Send + 'static,
    {
        let places = Arc::new(Semaphore::new(MAX_CLIENTS));
        let mut end = pin!(end);
        let mut next = 0;
        loop {
            let stream = tokio::select! {
                () = &mut end => return,
                accepted = self.accept() => accepted,
            };
            let Some(stream) = stream else { continue };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                tracing::warn!(MAX_CLIENTS, "Turned a client away: too many are connected");
                continue;
            };
            next += 1;
            let served = client(ClientId(next), stream);
            tokio::spawn(async move {
                served.await;
                drop(place);
            });
        }
    }

    async fn accept(&self) -> Option<UnixStream> {
        let accepted = match self.socket.accept().await {
            Ok((stream, _)) => stream.peer_cred().map(|peer| (stream, peer)),
            Err(error) => Err(error),
        };
        match accepted {
            Ok((stream, peer)) if self.admission.admits(&peer) => Some(stream),
            Ok((_, peer)) => {
                tracing::warn!(uid = peer.uid(), "Turned away a user who may not connect");
                None
            }
            Err(error) => {
                tracing::warn!(%error, "Could not take a connection");
                tokio::time::sleep(PAUSE_AFTER_ERROR).await;
                None
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(%error, "Could not remove the socket");
        }
    }
}
