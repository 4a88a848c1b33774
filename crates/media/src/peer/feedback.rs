//! What the physician's browser says of the packets that it got, and what it asks for again.
//!
//! Both come from webrtcbin as events against the stream, through the one element that it lets us put into its way
//! (`request-aux-sender`): transport-wide congestion control (draft-holmer-rmcat-transport-wide-cc-extensions-01)
//! and generic NACK (RFC 4585, section 6.2.1).

use std::{sync::Arc, time::Duration};

use gst::{glib, prelude::*};
use gst_rtp::RTPBuffer;
use rate_control::{Input, Report, Retransmission};

use crate::pilot::Pilot;

/// Must come before webrtcbin has anything to send.
/// `pictures` are the payload types of what is repaired.
pub(super) fn follow(webrtc: &gst::Element, pilot: Arc<Pilot>, pictures: Vec<u8>) {
    webrtc.connect("request-aux-sender", false, move |_| {
        let listener = gst::ElementFactory::make("identity").property("silent", true).build();
        if let Ok(listener) = &listener {
            listen(listener, &pilot, &pictures);
        }
        // webrtcbin goes on without the element, and the rate then stays as it is.
        Some(listener.ok().to_value())
    });
}

fn listen(listener: &gst::Element, pilot: &Arc<Pilot>, pictures: &[u8]) {
    let (Some(out), Some(sink)) = (listener.static_pad("src"), listener.static_pad("sink")) else {
        return;
    };
    repeat(&out, &sink, pilot, pictures.to_vec());
    let pilot = Arc::clone(pilot);
    let sink = sink.downgrade();
    out.add_probe(gst::PadProbeType::EVENT_UPSTREAM, move |_, info| {
        let Some(event) = info.event() else { return gst::PadProbeReturn::Ok };
        let Some(told) = event.structure() else { return gst::PadProbeReturn::Ok };
        match told.name().as_str() {
            "RTPTWCCPackets" => {
                pilot.handle(Input::Feedback(&reports(told)));
                gst::PadProbeReturn::Ok
            }
            "GstRTPRetransmissionRequest" => {
                if answer(told, &pilot) == Some(Retransmission::Swallow) {
                    drop(info.data.take());
                    return gst::PadProbeReturn::Handled;
                }
                if let Some(sink) = sink.upgrade() {
                    // Nobody upstream who takes it: the original, which follows, meets the same.
                    sink.push_event(gst::event::CustomUpstream::new(told.to_owned()));
                }
                gst::PadProbeReturn::Ok
            }
            _ => gst::PadProbeReturn::Ok,
        }
    });
}

/// `None`: it does not say what it asks for.
fn answer(request: &gst::StructureRef, pilot: &Pilot) -> Option<Retransmission> {
    let ssrc = request.get::<u32>("ssrc").ok()?;
    let rtp = request.get::<u32>("seqnum").ok().and_then(|seq| u16::try_from(seq).ok())?;
    Some(pilot.retransmission(ssrc, rtp))
}

/// Asks for each packet of a picture as it leaves, while that is worth it: what is asked for comes as RFC 4588 has it.
fn repeat(out: &gst::Pad, sink: &gst::Pad, pilot: &Arc<Pilot>, pictures: Vec<u8>) {
    let (pilot, sink) = (Arc::clone(pilot), sink.downgrade());
    let mask = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
    out.add_probe(mask, move |_, info| {
        let Some(sink) = sink.upgrade().filter(|_| pilot.repeats()) else {
            return gst::PadProbeReturn::Ok;
        };
        let ask = |packet: &gst::BufferRef| {
            if let Some(request) = request_for(packet, &pictures) {
                sink.push_event(gst::event::CustomUpstream::new(request));
            }
        };
        match &info.data {
            Some(gst::PadProbeData::Buffer(packet)) => ask(packet),
            Some(gst::PadProbeData::BufferList(packets)) => packets.iter().for_each(ask),
            _ => {}
        }
        gst::PadProbeReturn::Ok
    });
}

/// As webrtcbin makes it of a browser's request; `None` for sound, and for what is a repetition already.
fn request_for(packet: &gst::BufferRef, pictures: &[u8]) -> Option<gst::Structure> {
    let rtp = RTPBuffer::from_buffer_readable(packet).ok()?;
    pictures.contains(&rtp.payload_type()).then(|| {
        gst::Structure::builder("GstRTPRetransmissionRequest")
            .field("seqnum", u32::from(rtp.seq()))
            .field("ssrc", rtp.ssrc())
            .build()
    })
}

fn reports(told: &gst::StructureRef) -> Vec<Report> {
    let Ok(packets) = told.get::<glib::ValueArray>("packets") else { return Vec::new() };
    let packets = packets.iter().filter_map(|value| value.get::<gst::Structure>().ok());
    packets.filter_map(|packet| report(&packet)).collect()
}

/// `None`: it is not known when it was sent.
fn report(packet: &gst::StructureRef) -> Option<Report> {
    let time = |name| {
        let time = packet.get::<gst::ClockTime>(name).ok()?;
        Some(Duration::from_nanos(time.nseconds()))
    };
    let is_lost = packet.get::<bool>("lost").unwrap_or(false);
    Some(Report {
        sent: time("local-ts")?,
        received: time("remote-ts").filter(|_| !is_lost),
        size: packet.get::<u32>("size").ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_packet_has_no_time_of_arrival() {
        gst::init().unwrap();
        let ms = gst::ClockTime::from_mseconds;
        let packet = |lost: bool| {
            gst::Structure::builder("RTPTWCCPacket")
                .field("seqnum", 7u32)
                .field("local-ts", ms(10))
                .field("remote-ts", ms(25))
                .field("size", 1_100u32)
                .field("lost", lost)
                .build()
        };
        let sent = Duration::from_millis(10);
        let got = Report { sent, received: Some(Duration::from_millis(25)), size: 1_100 };
        assert_eq!(report(&packet(false)), Some(got));
        assert_eq!(report(&packet(true)), Some(Report { received: None, ..got }));
        let unknown = gst::Structure::builder("RTPTWCCPacket").field("seqnum", 8u32).build();
        assert_eq!(report(&unknown), None);
    }
}
