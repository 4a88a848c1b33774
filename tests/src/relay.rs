//! The network between cart and hub, with a plug that can be pulled.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Result;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// Listens on loopback and passes on; while cut, it drops what is open and refuses what is new.
pub struct Relay {
    address: SocketAddr,
    plugged: Arc<watch::Sender<bool>>,
    task: JoinHandle<()>,
}

impl Relay {
    /// # Errors
    /// No port to listen on.
    pub async fn start(target: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let plugged = Arc::new(watch::Sender::new(true));
        let task = tokio::spawn(accept(listener, target, Arc::clone(&plugged)));
        Ok(Self { address, plugged, task })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn cut(&self) {
        self.plugged.send_replace(false);
    }

    pub fn restore(&self) {
        self.plugged.send_replace(true);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, target: SocketAddr, plugged: Arc<watch::Sender<bool>>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let mut plug = plugged.subscribe();
        if !*plug.borrow() {
            continue;
        }
        tokio::spawn(async move {
            let Ok(mut far) = TcpStream::connect(target).await else { return };
            tokio::select! {
                // Either end closing is an ordinary end of a connection.
                _ = copy_bidirectional(&mut near, &mut far) => {}
                _ = plug.wait_for(|plugged| !plugged) => {}
            }
        });
    }
}
