//! The technician's socket: which devices there are, how their links fare, what they say now; and the disk.
//!
//! Knows no patient and nothing that stands in the record: it sees what devices say before anybody decides
//! whose it is, and whether the audit is whole. Who repairs a cart need not see who lies beside it, so this
//! is not the kiosks' socket.

mod bench;
mod client;
mod health;

use cart_api::{TechnicianAnswer, TechnicianRequest};
use clinical::{DeviceId, Timestamp};
use device_links::DeviceEvent;
use tokio::sync::mpsc;

use crate::kiosk::{ClientId, Listener};

pub use bench::Bench;

/// Some seconds of a few streaming devices.
const MAX_WAITING: usize = 256;

/// What the socket tells the bench.
pub enum FromTechnician {
    Joined {
        client: ClientId,
        answers: mpsc::Sender<TechnicianAnswer>,
    },
    Asked {
        client: ClientId,
        request: TechnicianRequest,
    },
    /// A request of another version, as far as its number could be read.
    NotUnderstood {
        client: ClientId,
        number: u64,
    },
    Left {
        client: ClientId,
    },
}

/// What a device's link told the core.
pub struct Saw {
    device: DeviceId,
    at: Timestamp,
    event: DeviceEvent,
}

/// Where the bench listens to the devices. A bench that is behind misses something: it never holds
/// up a reading.
#[derive(Clone)]
pub struct Tap(mpsc::Sender<Saw>);

impl Tap {
    pub fn new() -> (Self, mpsc::Receiver<Saw>) {
        let (tap, tapped) = mpsc::channel(MAX_WAITING);
        (Self(tap), tapped)
    }

    pub fn saw(&self, device: &DeviceId, at: Timestamp, event: &DeviceEvent) {
        let saw = Saw { device: device.clone(), at, event: event.clone() };
        if self.0.try_send(saw).is_err() {
            tracing::debug!(%device, "The technician's bench missed something");
        }
    }
}

/// Serves technicians until the bench is gone.
pub async fn serve(listener: Listener, bench: mpsc::Sender<FromTechnician>) {
    let serve = |client, stream| client::serve(client, stream, bench.clone());
    listener.serve(bench.closed(), serve).await;
}
