//! The live link: connects, says what is going on, passes messages both ways, and begins anew when it breaks.

use std::{convert::Infallible, error::Error, sync::Arc};

use clinical::CallId;
use hub_api::{CartToHub, EncounterSummary, HubToCart};
use tokio::{
    sync::{mpsc, watch},
    time::{Duration, timeout},
};
use upstream::hub::{HubClient, HubSocket, SocketError};

use super::backoff::Backoff;

/// The hub greets at once; what does not is no hub of ours.
const WELCOME_WITHIN: Duration = Duration::from_secs(5);

/// What the core hears from the link.
pub enum FromHub {
    /// The hub has been told the status.
    Connected,
    Message(HubToCart),
    Away,
}

/// What is going on at the cart: the first thing that every connection tells.
#[derive(Clone, Default, PartialEq)]
pub struct HubStatus {
    pub encounter: Option<EncounterSummary>,
    pub call: Option<CallId>,
}

impl HubStatus {
    pub fn message(self) -> CartToHub {
        CartToHub::Status { version: hub_api::VERSION, encounter: self.encounter, call: self.call }
    }
}

#[derive(Debug, thiserror::Error)]
enum LinkError {
    #[error(transparent)]
    Socket(#[from] SocketError),
    #[error("the hub did not greet")]
    NoWelcome,
    #[error("the hub speaks version {theirs}, this cart speaks {ours}", ours = hub_api::VERSION)]
    OtherVersion { theirs: u32 },
    #[error("the core has ended")]
    CoreEnded,
}

/// Runs until the core has ended.
pub async fn keep_linked(
    client: Arc<HubClient>,
    status: watch::Receiver<HubStatus>,
    mut to_hub: mpsc::Receiver<CartToHub>,
    core: mpsc::Sender<FromHub>,
) {
    let mut backoff = Backoff::new();
    loop {
        let broke = match greet(&client, &status).await {
            Err(error) => error,
            Ok(socket) => {
                backoff.reset();
                let Err(error) = talk(socket, &mut to_hub, &core).await;
                if core.send(FromHub::Away).await.is_err() {
                    return;
                }
                error
            }
        };
        if matches!(broke, LinkError::CoreEnded) {
            return;
        }
        let wait = backoff.next();
        tracing::info!(error = &broke as &dyn Error, ?wait, "No link with the hub");
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = core.closed() => return,
        }
    }
}

/// Status first, then the hub's greeting: after it both know what is going on.
async fn greet(
    client: &HubClient,
    status: &watch::Receiver<HubStatus>,
) -> Result<HubSocket, LinkError> {
    let mut socket = client.connect().await?;
    let now = status.borrow().clone();
    socket.send(&now.message()).await?;
    match timeout(WELCOME_WITHIN, socket.receive()).await {
        Ok(Ok(HubToCart::Welcome { version: hub_api::VERSION, .. })) => Ok(socket),
        Ok(Ok(HubToCart::Welcome { version, .. })) => {
            Err(LinkError::OtherVersion { theirs: version })
        }
        Ok(Ok(_)) | Err(_) => Err(LinkError::NoWelcome),
        Ok(Err(error)) => Err(error.into()),
    }
}

async fn talk(
    mut socket: HubSocket,
    to_hub: &mut mpsc::Receiver<CartToHub>,
    core: &mpsc::Sender<FromHub>,
) -> Result<Infallible, LinkError> {
    // Said to a connection that is gone; the status has told what still counts of it.
    while to_hub.try_recv().is_ok() {}
    tell(core, FromHub::Connected).await?;
    loop {
        tokio::select! {
            received = socket.receive() => tell(core, FromHub::Message(received?)).await?,
            message = to_hub.recv() => {
                let message = message.ok_or(LinkError::CoreEnded)?;
                match socket.send(&message).await {
                    Err(SocketError::TooLong) => tracing::warn!("A message for the hub was too long"),
                    sent => sent?,
                }
            }
        }
    }
}

async fn tell(core: &mpsc::Sender<FromHub>, message: FromHub) -> Result<(), LinkError> {
    core.send(message).await.map_err(|_| LinkError::CoreEnded)
}
