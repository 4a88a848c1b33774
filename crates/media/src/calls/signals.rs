//! What the browser signals, and what becomes of it.

use call::PeerInput;
use hub_api::Signal;

use super::Calls;
use crate::{encoder::Codec, peer::Peer};

impl Calls {
    pub(super) fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::Answer { generation, sdp } => self.answered(generation, &sdp),
            Signal::Ice { generation, mline, candidate } => {
                if let Some(peer) = self.generation(generation) {
                    peer.add_candidate(mline, &candidate);
                }
            }
            Signal::Shown { generation } => self.live(PeerInput::Shown { generation }),
            Signal::WantOffer => self.live(PeerInput::WantOffer),
            Signal::Offer { .. } => tracing::warn!("A browser made an offer; only carts do"),
        }
    }

    fn answered(&mut self, generation: u32, sdp: &str) {
        let workshop = self.workshop.clone();
        let Some(peer) = self.generation(generation) else {
            tracing::debug!(generation, "Ignored an old answer");
            return;
        };
        if Peer::is_refused_by(sdp) {
            let refused = peer.codec();
            if let Some(other) = workshop.room.instead_of(refused) {
                return self.offer_pictures_in(other);
            }
            tracing::warn!(generation, "The browser takes no picture of ours");
        }
        match peer.answer(sdp, &workshop) {
            true => self.live(PeerInput::Answered { generation }),
            false => tracing::warn!(generation, "An answer cannot be read"),
        }
    }

    /// webrtcbin needs the format of what it sends before it can offer, so another format is another peer.
    fn offer_pictures_in(&mut self, codec: Codec) {
        tracing::info!("The browser does not know the format of our picture: offering another");
        self.codec = codec;
        if let Some(spare) = self.spare.take() {
            self.close(spare);
        }
        self.prepare();
        self.live(PeerInput::WantOffer);
    }
}
