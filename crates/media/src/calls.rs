//! The one thread that owns the peer connections: carries out what `call::PeerLife` decides.
//!
//! Everybody else sends it orders and news and waits for nothing.

mod order;
mod signals;

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use call::{PeerEffect, PeerInput, PeerLife};
use clinical::{CallId, Timestamp};
use gst_webrtc::WebRTCPeerConnectionState as Connection;
use hub_api::{CartOnChannel, Relays, Signal};

use crate::{
    MediaEvent,
    encoder::Codec,
    generation::generation_now,
    network::Network,
    peer::{Peer, PeerNews, Workshop},
    requirements,
};
pub(crate) use order::Order;

const TICK: Duration = Duration::from_millis(100);
/// A spare is built when the call has settled, so that it takes no time from the first picture.
const SETTLED_AFTER: Duration = Duration::from_secs(3);

pub(crate) struct Calls {
    workshop: Workshop,
    started: Instant,
    life: PeerLife,
    /// Of the next peer's pictures.
    codec: Codec,
    call: Option<CallId>,
    relays: Relays,
    /// At most the one that carries the call and the one that is to replace it.
    peers: Vec<Peer>,
    spare: Option<Peer>,
    up_since: Option<Instant>,
    /// It was up, and is not at the moment.
    is_away: bool,
    network: Network,
    last_number: u64,
    closing: Vec<JoinHandle<()>>,
}

impl Calls {
    pub(crate) fn new(workshop: Workshop) -> Self {
        Self {
            codec: workshop.room.best(),
            workshop,
            started: Instant::now(),
            life: PeerLife::after(generation_now()),
            call: None,
            relays: Relays::default(),
            peers: Vec::new(),
            spare: None,
            up_since: None,
            is_away: false,
            network: Network::now(),
            last_number: 0,
            closing: Vec::new(),
        }
    }

    pub(crate) fn run(mut self, orders: &Receiver<Order>) {
        requirements::load();
        let mut ticked = Instant::now();
        loop {
            match orders.recv_timeout(TICK) {
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(order) => self.carry_out(order),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if ticked.elapsed() >= TICK {
                ticked = Instant::now();
                self.tick();
            }
        }
        self.leave();
        for closing in self.closing.drain(..) {
            if closing.join().is_err() {
                tracing::error!("Closing a peer panicked");
            }
        }
    }

    fn carry_out(&mut self, order: Order) {
        match order {
            Order::Prepare => self.prepare(),
            Order::Join(call, relays) => self.join(call, relays),
            Order::Signal(call, signal) if self.call == Some(call) => self.signal(signal),
            Order::Signal(..) => tracing::debug!("Ignored a signal of another call"),
            Order::Leave => self.leave(),
            Order::Say(message) => self.say(&message),
            Order::News(number, news) => self.news(number, news),
            Order::Stop => {}
        }
    }

    fn prepare(&mut self) {
        if self.spare.is_none() {
            self.spare = self.build();
        }
    }

    fn join(&mut self, call: CallId, relays: Relays) {
        self.relays = relays;
        if self.call != Some(call) {
            if self.call.is_some() {
                self.leave();
            }
            self.call = Some(call);
        }
        self.live(PeerInput::Join);
    }

    fn leave(&mut self) {
        self.live(PeerInput::Leave);
        if let Some(spare) = self.spare.take() {
            self.close(spare);
        }
        // Another browser may take the next call.
        self.codec = self.workshop.room.best();
        self.call = None;
        self.up_since = None;
        self.is_away = false;
        self.workshop.remote.forget(self.last_number);
    }

    fn tick(&mut self) {
        self.closing.retain(|closing| !closing.is_finished());
        let listened = self.peers.iter_mut().map(|peer| (peer.number(), peer.listen()));
        let news: Vec<_> = listened.filter_map(|(number, news)| Some((number, news?))).collect();
        for (number, news) in news {
            self.news(number, news);
        }
        let moved = self.network.has_changed();
        if self.call.is_some() {
            if moved {
                tracing::info!("This machine has another address now");
                self.live(PeerInput::WantOffer);
            }
            self.live(PeerInput::Tick);
        }
        // What was shown and is no more needs one attempt after the other.
        if self.is_away || self.up_since.is_some_and(|since| since.elapsed() > SETTLED_AFTER) {
            self.prepare();
        }
    }

    fn say(&self, message: &CartOnChannel) {
        // During a swap both are open at the browser; the newest is the one that stays.
        if !self.peers.iter().rev().any(|peer| peer.say(message)) {
            tracing::debug!("Nobody listens on the data channel");
        }
    }

    fn news(&mut self, number: u64, news: PeerNews) {
        if self.spare.as_ref().is_some_and(|spare| spare.number() == number) {
            return self.news_of_spare(news);
        }
        let Some(peer) = self.peers.iter_mut().find(|peer| peer.number() == number) else { return };
        let Some(generation) = peer.generation() else { return };
        match news {
            PeerNews::OfferMade(offer) => {
                let signal = peer.keep_offer(offer);
                self.send(signal);
            }
            PeerNews::Candidate { mline, candidate } => {
                self.send(Some(Signal::Ice { generation, mline, candidate }));
            }
            PeerNews::IceConnected => self.live(PeerInput::IceConnected { generation }),
            PeerNews::Connection(state) => self.connection(generation, state),
            PeerNews::Failed(reason) => {
                tracing::warn!(generation, reason, "A peer connection failed");
                self.live(PeerInput::Failed { generation });
            }
        }
    }

    fn news_of_spare(&mut self, news: PeerNews) {
        match (news, &mut self.spare) {
            (PeerNews::OfferMade(offer), Some(spare)) => {
                let signal = spare.keep_offer(offer);
                self.send(signal);
            }
            (PeerNews::Failed(reason), _) => {
                tracing::warn!(reason, "A spare peer connection failed");
                if let Some(spare) = self.spare.take() {
                    self.close(spare);
                }
            }
            // It has no connection yet that could say anything else.
            _ => {}
        }
    }

    fn connection(&mut self, generation: u32, state: Connection) {
        tracing::debug!(generation, ?state, "Peer connection");
        match state {
            Connection::Connected => self.live(PeerInput::Connected { generation }),
            Connection::Disconnected => self.live(PeerInput::Disconnected { generation }),
            Connection::Failed | Connection::Closed => self.live(PeerInput::Failed { generation }),
            _ => {}
        }
    }

    fn live(&mut self, input: PeerInput) {
        let elapsed = self.started.elapsed().as_millis();
        let now = Timestamp::from_millis(i64::try_from(elapsed).unwrap_or(i64::MAX));
        for effect in self.life.handle(input, now) {
            match effect {
                PeerEffect::MakeOffer { generation } => self.offer(generation),
                PeerEffect::Close { generation } => self.close_generation(generation),
                PeerEffect::Up => self.tell_up(),
                PeerEffect::Down => self.tell_down(),
            }
        }
    }

    fn offer(&mut self, generation: u32) {
        let peer = self.spare.take().or_else(|| self.build());
        // Without a peer the rules see an offer without an answer, and ask again.
        if let Some(mut peer) = peer {
            let signal = peer.call_up(generation, &self.relays);
            self.peers.push(peer);
            self.send(signal);
        }
    }

    fn build(&mut self) -> Option<Peer> {
        self.last_number += 1;
        Peer::build(self.last_number, &self.workshop, self.codec)
            .inspect_err(|error| tracing::error!(%error, "Could not build a peer connection"))
            .ok()
    }

    fn close_generation(&mut self, generation: u32) {
        let at = self.peers.iter().position(|peer| peer.generation() == Some(generation));
        if let Some(at) = at {
            let peer = self.peers.remove(at);
            self.close(peer);
        }
    }

    /// In a thread of its own: webrtcbin waits for its network threads.
    fn close(&mut self, peer: Peer) {
        self.closing.push(std::thread::spawn(move || peer.close()));
    }

    fn tell_up(&mut self) {
        self.up_since = Some(Instant::now());
        self.is_away = false;
        if let Some(call) = self.call {
            (self.workshop.events)(MediaEvent::Connected { call });
        }
    }

    fn tell_down(&mut self) {
        self.up_since = None;
        self.is_away = true;
        if let Some(call) = self.call {
            (self.workshop.events)(MediaEvent::PeerLost { call });
        }
    }

    fn send(&self, signal: Option<Signal>) {
        if let (Some(call), Some(signal)) = (self.call, signal) {
            (self.workshop.events)(MediaEvent::Signal { call, signal });
        }
    }

    fn generation(&mut self, generation: u32) -> Option<&mut Peer> {
        self.peers.iter_mut().find(|peer| peer.generation() == Some(generation))
    }
}
