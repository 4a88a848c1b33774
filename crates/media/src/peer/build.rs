//! Builds a peer's pipeline, in the order of calls that webrtcbin needs.

use std::sync::Arc;

use gst::prelude::*;
use gst_webrtc::{WebRTCDataChannel, WebRTCRTPTransceiver};

use super::{
    Peer, PeerNews, WHAT, Workshop, channel, departure, feedback, negotiate, playout, receive,
};
use crate::{
    encoder::{Codec, VideoEncoder},
    fan_out::{Outlet, Viewer},
    gate::Gate,
    pilot::Pilot,
    pipeline::{BuildError, element, gate, launch, pad},
};

pub(super) fn build(
    number: u64,
    workshop: &Workshop,
    encoder: &Arc<VideoEncoder>,
) -> Result<Peer, BuildError> {
    let pipeline = launch(WHAT, &description(workshop, encoder.codec()))?;
    let peer = assemble(number, workshop, encoder, &pipeline);
    if peer.is_err() {
        crate::pipeline::retire(WHAT, &pipeline);
    }
    peer
}

/// The stethoscope's sound has its own line and stream: a browser plays it as it comes, in step with nothing.
const STETHOSCOPE: &str = "appsrc name=stethoscope is-live=true format=time max-buffers=16 \
     leaky-type=upstream ! rtpopuspay \
     ! application/x-rtp,media=audio,encoding-name=OPUS,payload=99 ! webrtc.sink_2";

/// Picture first: it is mline 0, the room's sound mline 1, the stethoscope's mline 2.
fn description(workshop: &Workshop, codec: Codec) -> String {
    let stethoscope = if workshop.has_stethoscope { STETHOSCOPE } else { "" };
    format!(
        "webrtcbin name=webrtc bundle-policy=max-bundle latency=40 \
         appsrc name=picture is-live=true format=time max-buffers=16 leaky-type=upstream \
         ! {} ! {},{} ! webrtc.sink_0 \
         appsrc name=sound is-live=true format=time max-buffers=16 leaky-type=upstream \
         ! rtpopuspay ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! webrtc.sink_1 {stethoscope}",
        codec.pay(),
        codec.rtp_caps(),
        playout::RTP_CAPS
    )
}

fn assemble(
    number: u64,
    workshop: &Workshop,
    encoder: &Arc<VideoEncoder>,
    pipeline: &gst::Pipeline,
) -> Result<Peer, BuildError> {
    workshop.timeline.govern(pipeline);
    let webrtc: gst::Element = element(pipeline, WHAT, "webrtc")?;
    let tell = negotiate::teller(number, workshop);
    watch_bus(pipeline, Arc::clone(&tell));
    repair_pictures_only(&webrtc)?;
    playout::date_by_capture(&webrtc)?;
    let pilot = Arc::new(Pilot::new());
    let payloader: gst::Element = element(pipeline, WHAT, "pay")?;
    departure::see_off(&pad(&payloader, WHAT, "src")?, Arc::clone(&pilot), Arc::clone(encoder));
    feedback::follow(&webrtc, Arc::clone(&pilot), Arc::clone(encoder));
    let viewer = Arc::new(viewer(workshop, encoder, pipeline, &webrtc)?);
    negotiate::offer_once(&webrtc, Arc::clone(&tell));
    negotiate::tell_candidates(&webrtc, Arc::clone(&tell));
    negotiate::tell_connection(&webrtc, tell, opener(encoder, &viewer, &pilot));
    receive::take_in(&webrtc, pipeline, number, Arc::clone(&workshop.remote));

    set_state(pipeline, &webrtc, workshop.has_stethoscope)?;
    let channel = open_channel(&webrtc)?;
    channel::listen(&channel, Arc::clone(&workshop.events));
    // Only now may pieces come: the first ones make webrtcbin ask for its offer.
    workshop.fan_out.add(Arc::clone(&viewer));
    encoder.need_key_frame();
    Ok(Peer {
        number,
        pipeline: pipeline.clone(),
        webrtc,
        viewer,
        fan_out: Arc::clone(&workshop.fan_out),
        encoder: Arc::clone(encoder),
        pilot,
        channel,
        is_silent: false,
        generation: None,
        offer: None,
        candidates: 0,
    })
}

/// Browsers refuse an offer with RTX on sound; for the picture it repairs what is lost.
fn repair_pictures_only(webrtc: &gst::Element) -> Result<(), BuildError> {
    let transceiver: Option<WebRTCRTPTransceiver> =
        webrtc.emit_by_name("get-transceiver", &[&0i32]);
    let missing = BuildError::Missing { what: WHAT, element: "transceiver" };
    transceiver.ok_or(missing)?.set_property("do-nack", true);
    Ok(())
}

fn viewer(
    workshop: &Workshop,
    encoder: &Arc<VideoEncoder>,
    pipeline: &gst::Pipeline,
    webrtc: &gst::Element,
) -> Result<Viewer, BuildError> {
    let behind = Arc::clone(encoder);
    let stethoscope = workshop
        .has_stethoscope
        .then(|| outlet(pipeline, webrtc, "stethoscope", "sink_2"))
        .transpose()?;
    let viewer = Viewer {
        codec: encoder.codec(),
        stethoscope,
        picture: outlet(pipeline, webrtc, "picture", "sink_0")?,
        sound: outlet(pipeline, webrtc, "sound", "sink_1")?,
        fell_behind: Box::new(move || behind.wish_key_frame()),
    };
    let encoder = Arc::clone(encoder);
    pad(&viewer.picture.source, WHAT, "src")?.add_probe(
        gst::PadProbeType::EVENT_UPSTREAM,
        move |_, info| {
            // The browser's picture is damaged (PLI or FIR). The wish goes to the shared encoder.
            if info.event().is_some_and(|event| gst_video::ForceKeyUnitEvent::is(event)) {
                encoder.wish_key_frame();
            }
            gst::PadProbeReturn::Ok
        },
    );
    Ok(viewer)
}

fn outlet(
    pipeline: &gst::Pipeline,
    webrtc: &gst::Element,
    source: &'static str,
    sink: &'static str,
) -> Result<Outlet, BuildError> {
    let outlet = Outlet { source: element(pipeline, WHAT, source)?, gate: Arc::new(Gate::new()) };
    let held = Arc::clone(&outlet.gate);
    gate(&pad(webrtc, WHAT, sink)?, move || held.lets_through());
    Ok(outlet)
}

/// Called when the connection stands.
fn opener(
    encoder: &Arc<VideoEncoder>,
    viewer: &Arc<Viewer>,
    pilot: &Arc<Pilot>,
) -> impl Fn() + Send + Sync + 'static {
    let (encoder, viewer) = (Arc::clone(encoder), Arc::downgrade(viewer));
    let pilot = Arc::downgrade(pilot);
    move || {
        if let Some(viewer) = viewer.upgrade() {
            viewer.sound.gate.open();
            if let Some(stethoscope) = &viewer.stethoscope {
                stethoscope.gate.open();
            }
            if let Some(pilot) = pilot.upgrade() {
                encoder.steered_by(&pilot);
            }
            viewer.picture.gate.open();
            encoder.need_key_frame();
        }
    }
}

/// A stream that shares its id with sound is delayed by the browser until the lips fit, by 20 to
/// 100 ms. A physician who turns the camera needs the picture now, so each has an id of its own.
fn set_state(
    pipeline: &gst::Pipeline,
    webrtc: &gst::Element,
    has_stethoscope: bool,
) -> Result<(), BuildError> {
    let refused = |attempt| {
        move |error: gst::StateChangeError| BuildError::Refused {
            what: WHAT,
            attempt,
            source: gst::glib::bool_error!("{error}"),
        }
    };
    webrtc.set_state(gst::State::Ready).map_err(refused("get ready"))?;
    pad(webrtc, WHAT, "sink_0")?.set_property("msid", "room-video");
    pad(webrtc, WHAT, "sink_1")?.set_property("msid", "room-sound");
    if has_stethoscope {
        pad(webrtc, WHAT, "sink_2")?.set_property("msid", "stethoscope");
    }
    pipeline.set_state(gst::State::Playing).map_err(refused("play"))?;
    Ok(())
}

fn open_channel(webrtc: &gst::Element) -> Result<WebRTCDataChannel, BuildError> {
    let channel: Option<WebRTCDataChannel> =
        webrtc.emit_by_name("create-data-channel", &[&"ctl", &None::<gst::Structure>]);
    channel.ok_or(BuildError::Missing { what: WHAT, element: "data channel" })
}

fn watch_bus(pipeline: &gst::Pipeline, tell: negotiate::Teller) {
    let Some(bus) = pipeline.bus() else { return };
    bus.set_sync_handler(move |_, message| {
        if let gst::MessageView::Error(error) = message.view() {
            tell(PeerNews::Failed(error.error().to_string()));
        }
        gst::BusSyncReply::Drop
    });
}
