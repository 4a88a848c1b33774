//! What leaves the core: the state to all kiosks, answers to one, messages to the hub. Never waits for anybody.

use std::collections::HashMap;

use cart_api::{CartState, Frame, Response};
use clinical::{EncounterId, Monitoring};
use hub_api::CartToHub;
use tokio::sync::{mpsc, watch};

use crate::{
    hub::HubStatus,
    kiosk::{ClientId, StateFrame},
};

pub struct Outgoing {
    kiosks: HashMap<ClientId, mpsc::Sender<Response>>,
    /// After the state that they speak of.
    answers: Vec<(ClientId, Response)>,
    state: watch::Sender<StateFrame>,
    told: Option<CartState>,
    status: watch::Sender<HubStatus>,
    hub: mpsc::Sender<CartToHub>,
    /// As the hub was told it by this connection.
    monitoring: Option<(EncounterId, Monitoring)>,
}

impl Outgoing {
    pub fn new(
        state: watch::Sender<StateFrame>,
        status: watch::Sender<HubStatus>,
        hub: mpsc::Sender<CartToHub>,
    ) -> Self {
        let (kiosks, answers) = (HashMap::new(), Vec::new());
        Self { kiosks, answers, state, told: None, status, hub, monitoring: None }
    }

    pub fn joined(&mut self, client: ClientId, answers: mpsc::Sender<Response>) {
        self.kiosks.insert(client, answers);
    }

    pub fn left(&mut self, client: ClientId) {
        self.kiosks.remove(&client);
    }

    pub fn answer(&mut self, client: ClientId, answer: Response) {
        self.answers.push((client, answer));
    }

    /// A signal is for the kiosk that has the peer connection; observers leave it alone.
    pub fn tell_all_kiosks(&mut self, message: &Response) {
        let clients: Vec<_> = self.kiosks.keys().copied().collect();
        self.answers.extend(clients.into_iter().map(|client| (client, message.clone())));
    }

    /// Dropped when the link does not take it: it is found dead by its heartbeat then, and the next
    /// connection begins with the status.
    pub fn to_hub(&self, message: CartToHub) {
        if self.hub.try_send(message).is_err() {
            tracing::warn!("The link with the hub took no message");
        }
    }

    /// Only what has changed since the hub was told it.
    pub fn monitoring(&mut self, encounter: EncounterId, monitoring: Monitoring) {
        let told = Some((encounter, monitoring.clone()));
        if self.monitoring != told {
            self.monitoring = told;
            let monitoring = Box::new(monitoring);
            self.to_hub(CartToHub::Monitoring { encounter, monitoring });
        }
    }

    /// A new connection knows nothing of it.
    pub fn forget_monitoring(&mut self) {
        self.monitoring = None;
    }

    /// What the next connection with the hub begins with. `true`: it is another than before.
    pub fn status(&self, status: HubStatus) -> bool {
        self.status.send_if_modified(|told| {
            let changed = *told != status;
            *told = status;
            changed
        })
    }

    /// The state first, so that an answer never speaks of what the screen does not show yet.
    pub fn flush(&mut self, state: CartState) {
        if self.told.as_ref() != Some(&state) {
            self.tell(state);
        }
        for (client, answer) in std::mem::take(&mut self.answers) {
            let Some(kiosk) = self.kiosks.get(&client) else { continue };
            if kiosk.try_send(answer).is_err() {
                // Letting go of its sender ends its connection.
                tracing::warn!(?client, "A kiosk does not read its answers");
                self.kiosks.remove(&client);
            }
        }
    }

    fn tell(&mut self, state: CartState) {
        match Frame::new(&Response::State(Box::new(state.clone())), Vec::new()) {
            Ok(frame) => drop(self.state.send_replace(frame.to_bytes().into())),
            Err(error) => tracing::error!(%error, "The state does not fit on the socket"),
        }
        self.told = Some(state);
    }
}
