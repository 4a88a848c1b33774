//! Each packet of a picture as it leaves: marked, told to the rules of the rate, and kept apart from the next.
//!
//! A picture is a burst of packets. A narrow network takes some milliseconds for each, and its queue may be so short that
//! it loses the burst's end; so there they follow each other at the pace of the network, and arrive no later by it.

use std::{
    ops::ControlFlow,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use gst::prelude::*;
use rate_control::Input;

use super::{key_picture, playout};
use crate::{encoder::Codec, pilot::Pilot};

struct Departure {
    pilot: Arc<Pilot>,
    codec: Codec,
    /// Of the picture that leaves now: all its packets have the same.
    timestamp: Mutex<Option<u32>>,
    hold: Mutex<Hold>,
}

/// How long the browser holds pictures, and since when.
struct Hold {
    now: Duration,
    since: Instant,
}

/// Each change shows as a short stop or a leap, so there are few.
const BETWEEN_CHANGES: Duration = Duration::from_secs(1);
const WORTH_A_CHANGE: Duration = Duration::from_millis(20);

/// Sees off everything that leaves this pad.
pub(super) fn see_off(payloader: &gst::Pad, pilot: Arc<Pilot>, codec: Codec) {
    let departure = Departure {
        pilot,
        codec,
        timestamp: Mutex::default(),
        hold: Mutex::new(Hold { now: Duration::ZERO, since: Instant::now() }),
    };
    let mask = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
    payloader.add_probe(mask, move |pad, info| {
        match &mut info.data {
            Some(gst::PadProbeData::Buffer(packet)) => departure.leave(packet),
            Some(gst::PadProbeData::BufferList(packets)) if departure.pilot.is_paced() => {
                // One by one, each through here again.
                let sent = packets.iter_owned().try_for_each(|packet| pad.push(packet).map(drop));
                // `Drop` would free the list a second time: the binding has taken it out already.
                drop(info.data.take());
                info.flow_res = sent.map(|()| gst::FlowSuccess::Ok);
                return gst::PadProbeReturn::Handled;
            }
            Some(gst::PadProbeData::BufferList(packets)) => {
                packets.make_mut().foreach_mut(|mut packet, _| {
                    departure.leave(&mut packet);
                    ControlFlow::Continue(Some(packet))
                });
            }
            _ => {}
        }
        gst::PadProbeReturn::Ok
    });
}

impl Departure {
    fn leave(&self, packet: &mut gst::Buffer) {
        let Some(marked) = playout::mark(packet, self.hold()) else { return };
        let mut timestamp = self.timestamp.lock().unwrap_or_else(PoisonError::into_inner);
        let begins = timestamp.replace(marked.timestamp) != Some(marked.timestamp);
        drop(timestamp);
        if begins && key_picture::begins(self.codec, packet) {
            let (ssrc, rtp) = (marked.ssrc, marked.number);
            self.pilot.handle(Input::KeyPicture { ssrc, rtp });
        }
        self.pilot.wait_for_turn(marked.bytes);
        self.pilot.handle(Input::Sent { bytes: marked.bytes });
    }

    fn hold(&self) -> Duration {
        let wanted = self.pilot.hold();
        let mut hold = self.hold.lock().unwrap_or_else(PoisonError::into_inner);
        let differs = wanted.abs_diff(hold.now) >= WORTH_A_CHANGE;
        if differs && hold.since.elapsed() >= BETWEEN_CHANGES {
            *hold = Hold { now: wanted, since: Instant::now() };
        }
        hold.now
    }
}
