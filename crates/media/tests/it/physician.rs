//! The physician's browser, played by a webrtcbin that answers one offer.

use std::sync::{Arc, Mutex, mpsc::Sender};

use gst::prelude::*;
use gst_webrtc::{
    WebRTCDataChannel, WebRTCPeerConnectionState, WebRTCSDPType, WebRTCSessionDescription,
};
use hub_api::Signal;

use crate::{
    dates::age_by_reports,
    room::{clock_ms, read_clock},
    world::Happening,
};

/// What the physician sees, hears and is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    Connection(u32, WebRTCPeerConnectionState),
    /// A picture came over the network: whether it is a key frame.
    Arrived {
        key: bool,
    },
    /// A packet of a picture came that is so many milliseconds old, by what the cart reports.
    Dated {
        age: i64,
    },
    /// A picture was shown: the clock in it, its brightness in the middle, its size.
    Shown {
        /// Of the second picture's line.
        exam: bool,
        generation: u32,
        clock: Option<u32>,
        at: u32,
        middle: u8,
        width: u32,
        height: u32,
    },
    /// 20 ms or so of sound: its loudest sample.
    Heard {
        stethoscope: bool,
        peak: i16,
    },
    Message(String),
}

pub struct Physician {
    pub generation: u32,
    pipeline: gst::Pipeline,
    webrtc: gst::Element,
    channel: Arc<Mutex<Option<WebRTCDataChannel>>>,
    happen: Sender<Happening>,
}

/// What the physician's own camera shows, and how large.
pub const OWN_COLOUR: (u8, u8, u8) = (0, 0, 255);
pub const OWN_SIZE: (u32, u32) = (320, 180);

/// The payload types of an exam camera, in H.264 and VP8.
const EXAM: [i32; 2] = [104, 98];

/// The setter takes the level out of the caps: webrtcbin would answer with it, and refuse the
/// offer when the cart's level is another one. Browsers allow both sides their own.
const H264: &str = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 threads=1 \
    ! video/x-h264,profile=constrained-baseline ! rtph264pay config-interval=-1 \
    ! capssetter join=false replace=true caps=application/x-rtp,media=video,encoding-name=H264,clock-rate=90000,payload=102";

const VP8: &str = "vp8enc deadline=1 keyframe-max-dist=15 ! rtpvp8pay \
    ! application/x-rtp,media=video,encoding-name=VP8,clock-rate=90000,payload=96";

/// In the format of the offer, as browsers that know both.
fn sends(offer: &str) -> String {
    let picture = if offer.contains("H264/90000") { H264 } else { VP8 };
    format!(
        "webrtcbin name=w bundle-policy=max-bundle latency=0 \
        videotestsrc is-live=true pattern=blue ! video/x-raw,width=320,height=180,framerate=15/1 \
        ! videoconvert ! video/x-raw,format=I420 ! {picture} ! w. \
        audiotestsrc is-live=true volume=0.5 ! audio/x-raw,rate=48000,channels=1 ! opusenc \
        ! rtpopuspay ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! w."
    )
}

impl Physician {
    pub fn answer(generation: u32, offer: &str, happen: Sender<Happening>) -> Self {
        let pipeline =
            gst::parse::launch(&sends(offer)).unwrap().downcast::<gst::Pipeline>().unwrap();
        let webrtc = pipeline.by_name("w").unwrap();
        let physician = Self { generation, pipeline, webrtc, channel: Arc::default(), happen };
        physician.listen();
        physician.pipeline.set_state(gst::State::Playing).unwrap();
        let sdp = gst_sdp::SDPMessage::parse_buffer(offer.as_bytes()).unwrap();
        let offer = WebRTCSessionDescription::new(WebRTCSDPType::Offer, sdp);
        let (webrtc, happen) = (physician.webrtc.clone(), physician.happen.clone());
        let promise = gst::Promise::with_change_func(move |_| answer(generation, webrtc, happen));
        physician.webrtc.emit_by_name::<()>("set-remote-description", &[&offer, &promise]);
        physician
    }

    pub fn candidate(&self, mline: u32, candidate: &str) {
        self.webrtc.emit_by_name::<()>("add-ice-candidate", &[&mline, &candidate]);
    }

    pub fn say(&self, text: &str) {
        self.channel.lock().unwrap().as_ref().unwrap().send_string_full(Some(text)).unwrap();
    }

    fn listen(&self) {
        let (generation, happen) = (self.generation, self.happen.clone());
        self.webrtc.connect("on-ice-candidate", false, move |values| {
            let (mline, candidate) = (values[1].get().unwrap(), values[2].get().unwrap());
            signal(&happen, Signal::Ice { generation, mline, candidate });
            None
        });
        let happen = self.happen.clone();
        self.webrtc.connect_notify(Some("connection-state"), move |webrtc, _| {
            let state = webrtc.property("connection-state");
            tell(&happen, Seen::Connection(generation, state));
        });
        let (happen, kept) = (self.happen.clone(), Arc::clone(&self.channel));
        self.webrtc.connect("on-data-channel", false, move |values| {
            let channel: WebRTCDataChannel = values[1].get().unwrap();
            let happen = happen.clone();
            channel.connect_on_message_string(move |_, text| {
                tell(&happen, Seen::Message(text.unwrap().to_owned()));
            });
            *kept.lock().unwrap() = Some(channel);
            None
        });
        let (happen, pipeline) = (self.happen.clone(), self.pipeline.downgrade());
        self.webrtc.connect_pad_added(move |webrtc, stream| {
            if let (gst::PadDirection::Src, Some(pipeline)) =
                (stream.direction(), pipeline.upgrade())
            {
                date(webrtc, stream, happen.clone());
                take_in(generation, &pipeline, stream, happen.clone());
            }
        });
    }
}

impl Drop for Physician {
    fn drop(&mut self) {
        self.pipeline.set_state(gst::State::Null).unwrap();
    }
}

fn answer(generation: u32, webrtc: gst::Element, happen: Sender<Happening>) {
    let (asked, told) = (webrtc.clone(), happen);
    let promise = gst::Promise::with_change_func(move |reply| {
        let answer: WebRTCSessionDescription = reply.unwrap().unwrap().get("answer").unwrap();
        asked.emit_by_name::<()>("set-local-description", &[&answer, &None::<gst::Promise>]);
        signal(&told, Signal::Answer { generation, sdp: answer.sdp().as_text().unwrap() });
    });
    webrtc.emit_by_name::<()>("create-answer", &[&None::<gst::Structure>, &promise]);
}

fn take_in(
    generation: u32,
    pipeline: &gst::Pipeline,
    stream: &gst::Pad,
    happen: Sender<Happening>,
) {
    let caps = stream.current_caps().unwrap();
    let encoding: String = caps.structure(0).unwrap().get("encoding-name").unwrap();
    let payload: i32 = caps.structure(0).unwrap().get("payload").unwrap();
    let (stethoscope, exam) = (payload == 99, EXAM.contains(&payload));
    let decoder = match encoding.as_str() {
        "H264" => "rtph264depay ! h264parse ! identity name=arrive ! avdec_h264 max-threads=1",
        "VP8" => "rtpvp8depay ! identity name=arrive ! vp8dec",
        _ => "rtpopusdepay ! opusdec",
    };
    let raw = match encoding.as_str() {
        "OPUS" => "audio/x-raw,format=S16LE",
        _ => "videoconvert ! video/x-raw,format=GRAY8",
    };
    let description = format!("queue ! {decoder} ! {raw} ! appsink name=out sync=false");
    let bin = gst::parse::bin_from_description(&description, true).unwrap();
    if let Some(arrive) = bin.by_name("arrive") {
        let happen = happen.clone();
        arrive.static_pad("src").unwrap().add_probe(gst::PadProbeType::BUFFER, move |_, info| {
            let key = !info.buffer().unwrap().flags().contains(gst::BufferFlags::DELTA_UNIT);
            tell(&happen, Seen::Arrived { key });
            gst::PadProbeReturn::Ok
        });
    }
    let sink = bin.by_name("out").unwrap().downcast::<gst_app::AppSink>().unwrap();
    let callbacks = gst_app::AppSinkCallbacks::builder().new_sample(move |sink| {
        let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
        let is_picture = sample.caps().unwrap().structure(0).unwrap().name() == "video/x-raw";
        tell(
            &happen,
            if is_picture { look(generation, exam, &sample) } else { hear(stethoscope, &sample) },
        );
        Ok(gst::FlowSuccess::Ok)
    });
    sink.set_callbacks(callbacks.build());
    pipeline.add(&bin).unwrap();
    bin.sync_state_with_parent().unwrap();
    stream.link(&bin.static_pad("sink").unwrap()).unwrap();
}

/// Of pictures only.
fn date(webrtc: &gst::Element, stream: &gst::Pad, happen: Sender<Happening>) {
    let webrtc = webrtc.downgrade();
    stream.add_probe(gst::PadProbeType::BUFFER, move |stream, info| {
        let caps = stream.current_caps().unwrap();
        let is_picture = caps.structure(0).unwrap().get("media") == Ok("video");
        if let (true, Some(webrtc), Some(packet)) = (is_picture, webrtc.upgrade(), info.buffer())
            && let Some(age) = age_by_reports(&webrtc, packet)
        {
            tell(&happen, Seen::Dated { age });
        }
        gst::PadProbeReturn::Ok
    });
}

fn look(generation: u32, exam: bool, sample: &gst::Sample) -> Seen {
    let info = gst_video::VideoInfo::from_caps(sample.caps().unwrap()).unwrap();
    let map = sample.buffer().unwrap().map_readable().unwrap();
    let (width, stride) = (info.width() as usize, info.stride()[0] as usize);
    Seen::Shown {
        exam,
        generation,
        clock: read_clock(&map, width, stride),
        at: clock_ms(),
        middle: map[stride * (info.height() as usize / 2) + width / 2],
        width: info.width(),
        height: info.height(),
    }
}

fn hear(stethoscope: bool, sample: &gst::Sample) -> Seen {
    let map = sample.buffer().unwrap().map_readable().unwrap();
    let (samples, _) = map.as_chunks::<2>();
    let peak = samples.iter().map(|s| i16::from_le_bytes(*s).saturating_abs()).max();
    Seen::Heard { stethoscope, peak: peak.unwrap_or(0) }
}

/// After the end of a test nobody listens, and that is fine.
fn tell(happen: &Sender<Happening>, seen: Seen) {
    happen.send(Happening::Seen(seen)).unwrap_or(());
}

fn signal(happen: &Sender<Happening>, signal: Signal) {
    happen.send(Happening::FromBrowser(signal)).unwrap_or(());
}
