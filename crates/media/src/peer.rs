//! One peer connection to one physician's browser: a webrtcbin with what it sends and receives.
//!
//! Made, primed with the stream's format and offered long before a physician is there; only then
//! does it take a generation and send the offer. Knows no call and no rule about when to make or
//! close one: `call::PeerLife` decides, `calls` drives.

mod build;
mod channel;
mod departure;
mod feedback;
mod key_picture;
mod negotiate;
mod playout;
mod receive;
mod relay;

use std::{
    sync::{Arc, mpsc::SyncSender},
    time::Duration,
};

use gst::prelude::*;
use gst_webrtc::{WebRTCDataChannel, WebRTCPeerConnectionState, WebRTCSessionDescription};
use hub_api::{CartOnChannel, Relays, Signal};

use crate::{
    calls::Order,
    encoder::{Codec, VideoEncoders},
    fan_out::{FanOut, Viewer},
    pilot::Pilot,
    pipeline::{BuildError, retire},
    remote::Remote,
    studio::Events,
    timeline::Timeline,
};

const WHAT: &str = "peer";
/// A browser on a laptop with a VPN and two networks offers some 20.
const MOST_CANDIDATES: u32 = 100;

/// Reports come within 250 ms on a narrow network, and wait in its queue.
const SILENT_AFTER: Duration = Duration::from_millis(500);

/// What every peer is built with.
#[derive(Clone)]
pub(crate) struct Workshop {
    pub(crate) timeline: Timeline,
    pub(crate) room: Arc<VideoEncoders>,
    /// `None`: the cart has no exam camera, and the physician is offered none.
    pub(crate) exam: Option<Arc<VideoEncoders>>,
    /// Whether the physician is offered its sound.
    pub(crate) has_stethoscope: bool,
    pub(crate) fan_out: Arc<FanOut>,
    pub(crate) remote: Arc<Remote>,
    pub(crate) events: Events,
    pub(crate) news: SyncSender<Order>,
}

/// What a peer tells from webrtcbin's threads.
pub(crate) enum PeerNews {
    OfferMade(WebRTCSessionDescription),
    Candidate { mline: u32, candidate: String },
    IceConnected,
    Connection(WebRTCPeerConnectionState),
    Failed(String),
}

pub(crate) struct Peer {
    number: u64,
    codec: Codec,
    pipeline: gst::Pipeline,
    webrtc: gst::Element,
    viewer: Arc<Viewer>,
    fan_out: Arc<FanOut>,
    pilot: Arc<Pilot>,
    channel: WebRTCDataChannel,
    /// Nothing is heard of the browser, and that was told.
    is_silent: bool,
    generation: Option<u32>,
    offer: Option<WebRTCSessionDescription>,
    candidates: u32,
}

impl Peer {
    /// Built and playing; its offer comes as news within a second. Takes some 100 ms.
    /// Its pictures have this format.
    pub(crate) fn build(
        number: u64,
        workshop: &Workshop,
        codec: Codec,
    ) -> Result<Self, BuildError> {
        build::build(number, workshop, codec)
    }

    /// Unique in this program and rising.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Of its pictures.
    pub(crate) fn codec(&self) -> Codec {
        self.codec
    }

    /// `None` while it is a spare.
    pub(crate) fn generation(&self) -> Option<u32> {
        self.generation
    }

    /// It is needed now. Returns the offer if it is made already. The relays are in time: nothing is
    /// gathered before the offer is sent.
    pub(crate) fn call_up(&mut self, generation: u32, relays: &Relays) -> Option<Signal> {
        relay::hand_over(&self.webrtc, relays);
        self.generation = Some(generation);
        self.send_offer()
    }

    /// Its offer is made. Returns it if it is needed already.
    pub(crate) fn keep_offer(&mut self, offer: WebRTCSessionDescription) -> Option<Signal> {
        self.offer = Some(offer);
        self.send_offer()
    }

    /// Candidates are gathered from here on, so that they fit the network of this moment.
    fn send_offer(&mut self) -> Option<Signal> {
        let generation = self.generation?;
        let offer = self.offer.take()?;
        match offer.sdp().as_text() {
            Ok(sdp) => {
                negotiate::set_local(&self.webrtc, &offer);
                Some(Signal::Offer { generation, sdp })
            }
            Err(error) => {
                tracing::error!(%error, "An offer of ours cannot be written");
                None
            }
        }
    }

    /// Whether this answer has no place for our picture: its format is none of the browser's.
    pub(crate) fn is_refused_by(sdp: &str) -> bool {
        negotiate::has_no_picture(sdp)
    }

    /// Takes in the browser's answer. Tells whether it could be read.
    pub(crate) fn answer(&self, sdp: &str, workshop: &Workshop) -> bool {
        negotiate::set_remote(&self.webrtc, sdp, negotiate::teller(self.number, workshop))
    }

    pub(crate) fn add_candidate(&mut self, mline: u32, candidate: &str) {
        self.candidates += 1;
        // An empty one only says that there are no more.
        if !candidate.is_empty() && self.candidates <= MOST_CANDIDATES {
            self.webrtc.emit_by_name::<()>("add-ice-candidate", &[&mline, &candidate]);
        }
    }

    /// The network may be away long before ICE finds out, which asks every few seconds only; the browser's reports
    /// come several times a second. `None`: as before.
    pub(crate) fn listen(&mut self) -> Option<PeerNews> {
        let is_silent = self.pilot.silence() > SILENT_AFTER;
        if is_silent == std::mem::replace(&mut self.is_silent, is_silent) {
            return None;
        }
        let (away, there) =
            (WebRTCPeerConnectionState::Disconnected, WebRTCPeerConnectionState::Connected);
        Some(PeerNews::Connection(if is_silent { away } else { there }))
    }

    /// Tells whether the channel was open.
    pub(crate) fn say(&self, message: &CartOnChannel) -> bool {
        channel::say(&self.channel, message)
    }

    /// Takes it out of service. Waits for webrtcbin's threads, so not for a thread in a hurry.
    pub(crate) fn close(self) {
        self.fan_out.remove(&self.viewer);
        self.pilot.end();
        retire(WHAT, &self.pipeline);
    }
}
