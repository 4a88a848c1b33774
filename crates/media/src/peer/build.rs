//! Builds a peer's pipeline, in the order of calls that webrtcbin needs.

use std::sync::Arc;

use gst::prelude::*;
use gst_webrtc::{WebRTCDataChannel, WebRTCRTPTransceiver};

use super::{
    Peer, PeerNews, WHAT, Workshop, channel, departure, feedback, negotiate, playout, receive,
};
use crate::{
    encoder::{Codec, VideoEncoder},
    fan_out::{Outlet, PictureOutlet, Viewer},
    gate::Gate,
    pilot::Pilot,
    pipeline::{BuildError, element, gate, launch, pad},
    scene::Scene,
};

pub(super) fn build(number: u64, workshop: &Workshop, codec: Codec) -> Result<Peer, BuildError> {
    let lines = Lines::of(workshop, codec);
    let pipeline = launch(WHAT, &lines.description())?;
    let peer = assemble(number, workshop, &lines, &pipeline);
    if peer.is_err() {
        crate::pipeline::retire(WHAT, &pipeline);
    }
    peer
}

/// What a peer sends, in the order of its offer: picture, sound, then what this cart has besides.
struct Lines {
    codec: Codec,
    room: Arc<VideoEncoder>,
    has_stethoscope: bool,
    exam: Option<Arc<VideoEncoder>>,
}

const SOUND: &str = "is-live=true format=time max-buffers=16 leaky-type=upstream ! rtpopuspay \
     ! application/x-rtp,media=audio,encoding-name=OPUS";

impl Lines {
    fn of(workshop: &Workshop, codec: Codec) -> Self {
        Self {
            codec,
            room: Arc::clone(workshop.room.of(codec)),
            has_stethoscope: workshop.has_stethoscope,
            exam: workshop.exam.as_ref().map(|encoders| Arc::clone(encoders.of(codec))),
        }
    }

    fn pictures(&self) -> impl Iterator<Item = (Scene, &Arc<VideoEncoder>)> {
        let exam = self.exam.iter().map(|encoder| (Scene::Exam, encoder));
        [(Scene::Room, &self.room)].into_iter().chain(exam)
    }

    /// Pad and line of webrtcbin.
    fn number(&self, scene: Scene) -> i32 {
        match scene {
            Scene::Room => 0,
            Scene::Exam => 2 + i32::from(self.has_stethoscope),
        }
    }

    fn sink(&self, scene: Scene) -> String {
        format!("sink_{}", self.number(scene))
    }

    /// The stethoscope's sound has its own line and stream: a browser plays it as it comes, in step with nothing.
    fn description(&self) -> String {
        let stethoscope = if self.has_stethoscope {
            format!("appsrc name=stethoscope {SOUND},payload=99 ! webrtc.sink_2")
        } else {
            String::new()
        };
        let exam = if self.exam.is_some() { self.picture(Scene::Exam) } else { String::new() };
        format!(
            "webrtcbin name=webrtc bundle-policy=max-bundle latency=40 {} \
             appsrc name=sound {SOUND},payload=97 ! webrtc.sink_1 {stethoscope} {exam}",
            self.picture(Scene::Room)
        )
    }

    fn picture(&self, scene: Scene) -> String {
        format!(
            "appsrc name={} is-live=true format=time max-buffers=16 leaky-type=upstream ! {} ! webrtc.{}",
            scene.outlet(),
            scene.pay(self.codec, playout::RTP_CAPS),
            self.sink(scene)
        )
    }
}

fn assemble(
    number: u64,
    workshop: &Workshop,
    lines: &Lines,
    pipeline: &gst::Pipeline,
) -> Result<Peer, BuildError> {
    workshop.timeline.govern(pipeline);
    let webrtc: gst::Element = element(pipeline, WHAT, "webrtc")?;
    let tell = negotiate::teller(number, workshop);
    watch_bus(pipeline, Arc::clone(&tell));
    playout::date_by_capture(&webrtc)?;
    let encoders = lines.pictures().map(|(_, encoder)| encoder);
    let pilot = Arc::new(Pilot::new(&workshop.fan_out, encoders));
    for (scene, _) in lines.pictures() {
        repair(&webrtc, lines.number(scene))?;
        let payloader: gst::Element = element(pipeline, WHAT, scene.payloader())?;
        departure::see_off(&pad(&payloader, WHAT, "src")?, Arc::clone(&pilot), lines.codec);
    }
    let repaired = lines.pictures().map(|(scene, _)| scene.payload_type(lines.codec)).collect();
    feedback::follow(&webrtc, Arc::clone(&pilot), repaired);
    let viewer = Arc::new(viewer(lines, pipeline, &webrtc)?);
    negotiate::offer_once(&webrtc, Arc::clone(&tell));
    negotiate::tell_candidates(&webrtc, Arc::clone(&tell));
    negotiate::tell_connection(&webrtc, tell, opener(lines, &viewer, &pilot));
    receive::take_in(&webrtc, pipeline, number, Arc::clone(&workshop.remote));

    set_state(pipeline, &webrtc, lines)?;
    let channel = open_channel(&webrtc)?;
    channel::listen(&channel, Arc::clone(&workshop.events));
    // Only now may pieces come: the first ones make webrtcbin ask for its offer.
    workshop.fan_out.add(Arc::clone(&viewer));
    lines.room.need_key_frame();
    Ok(Peer {
        number,
        codec: lines.codec,
        pipeline: pipeline.clone(),
        webrtc,
        viewer,
        fan_out: Arc::clone(&workshop.fan_out),
        pilot,
        channel,
        is_silent: false,
        generation: None,
        offer: None,
        candidates: 0,
    })
}

/// Browsers refuse an offer with RTX on sound; for a picture it repairs what is lost.
fn repair(webrtc: &gst::Element, line: i32) -> Result<(), BuildError> {
    let transceiver: Option<WebRTCRTPTransceiver> =
        webrtc.emit_by_name("get-transceiver", &[&line]);
    let missing = BuildError::Missing { what: WHAT, element: "transceiver" };
    transceiver.ok_or(missing)?.set_property("do-nack", true);
    Ok(())
}

fn viewer(
    lines: &Lines,
    pipeline: &gst::Pipeline,
    webrtc: &gst::Element,
) -> Result<Viewer, BuildError> {
    let stethoscope = lines
        .has_stethoscope
        .then(|| outlet(pipeline, webrtc, "stethoscope", "sink_2"))
        .transpose()?;
    let picture = |scene: Scene, encoder: &Arc<VideoEncoder>| {
        let outlet = outlet(pipeline, webrtc, scene.outlet(), &lines.sink(scene))?;
        picture_outlet(outlet, encoder)
    };
    let exam = lines.exam.as_ref().map(|encoder| picture(Scene::Exam, encoder)).transpose()?;
    Ok(Viewer {
        codec: lines.codec,
        room: picture(Scene::Room, &lines.room)?,
        exam,
        sound: outlet(pipeline, webrtc, "sound", "sink_1")?,
        stethoscope,
    })
}

fn picture_outlet(
    outlet: Outlet,
    encoder: &Arc<VideoEncoder>,
) -> Result<PictureOutlet, BuildError> {
    let (damaged, behind) = (Arc::clone(encoder), Arc::clone(encoder));
    pad(&outlet.source, WHAT, "src")?.add_probe(
        gst::PadProbeType::EVENT_UPSTREAM,
        move |_, info| {
            // The browser's picture is damaged (PLI or FIR). The wish goes to the shared encoder.
            if info.event().is_some_and(|event| gst_video::ForceKeyUnitEvent::is(event)) {
                damaged.wish_key_frame();
            }
            gst::PadProbeReturn::Ok
        },
    );
    Ok(PictureOutlet { outlet, fell_behind: Box::new(move || behind.wish_key_frame()) })
}

fn outlet(
    pipeline: &gst::Pipeline,
    webrtc: &gst::Element,
    source: &'static str,
    sink: &str,
) -> Result<Outlet, BuildError> {
    let outlet = Outlet { source: element(pipeline, WHAT, source)?, gate: Arc::new(Gate::new()) };
    let held = Arc::clone(&outlet.gate);
    gate(&line(webrtc, sink)?, move || held.lets_through());
    Ok(outlet)
}

/// Of webrtcbin, by its number.
fn line(webrtc: &gst::Element, sink: &str) -> Result<gst::Pad, BuildError> {
    webrtc.static_pad(sink).ok_or(BuildError::Missing { what: WHAT, element: "line" })
}

/// Called when the connection stands.
fn opener(
    lines: &Lines,
    viewer: &Arc<Viewer>,
    pilot: &Arc<Pilot>,
) -> impl Fn() + Send + Sync + 'static {
    let (viewer, pilot) = (Arc::downgrade(viewer), Arc::downgrade(pilot));
    let encoders: Vec<_> = lines.pictures().map(|(_, encoder)| Arc::clone(encoder)).collect();
    move || {
        let (Some(viewer), Some(pilot)) = (viewer.upgrade(), pilot.upgrade()) else { return };
        viewer.sound.gate.open();
        if let Some(stethoscope) = &viewer.stethoscope {
            stethoscope.gate.open();
        }
        let before = encoders.first().and_then(|room| room.at_the_helm());
        pilot.begin(before.as_deref());
        for picture in [Some(&viewer.room), viewer.exam.as_ref()].into_iter().flatten() {
            picture.outlet.gate.open();
        }
        for encoder in &encoders {
            encoder.need_key_frame();
        }
    }
}

/// A stream that shares its id with sound is delayed by the browser until the lips fit, by 20 to
/// 100 ms. A physician who turns the camera needs the picture now, so each has an id of its own.
fn set_state(
    pipeline: &gst::Pipeline,
    webrtc: &gst::Element,
    lines: &Lines,
) -> Result<(), BuildError> {
    let refused = |attempt| {
        move |error: gst::StateChangeError| BuildError::Refused {
            what: WHAT,
            attempt,
            source: gst::glib::bool_error!("{error}"),
        }
    };
    webrtc.set_state(gst::State::Ready).map_err(refused("get ready"))?;
    for (scene, _) in lines.pictures() {
        line(webrtc, &lines.sink(scene))?.set_property("msid", scene.msid());
    }
    line(webrtc, "sink_1")?.set_property("msid", "room-sound");
    if lines.has_stethoscope {
        line(webrtc, "sink_2")?.set_property("msid", "stethoscope");
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
