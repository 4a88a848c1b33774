//! An encoder of one picture, for all viewers of its format.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use gst::prelude::*;
use rate_control::{Input, Standing, WantsIdr};

use super::{
    Codec, Inlet,
    helm::Helm,
    key_wish::KeyWish,
    scale::{self, SCALE},
};
use crate::{
    fan_out::FanOut,
    keeper::{Kept, Pulse},
    pilot::Pilot,
    pipeline::{BuildError, each_sample, element, launch, pad},
    scene::Scene,
    timeline::{Timeline, stamp},
};

pub(crate) struct VideoEncoder {
    scene: Scene,
    codec: Codec,
    timeline: Timeline,
    fan_out: Arc<FanOut>,
    inlet: Inlet,
    key_wish: Mutex<KeyWish>,
    helm: Helm,
    standing: Mutex<Standing>,
    running: Mutex<Option<Running>>,
}

/// What is told to the pipeline while it runs.
#[derive(Clone)]
struct Running {
    encoder: gst::Element,
    /// Where a key frame is asked for: the encoder's output, against the stream.
    ask: gst::Pad,
    size: gst::Element,
}

impl VideoEncoder {
    pub(crate) fn new(
        scene: Scene,
        codec: Codec,
        timeline: Timeline,
        fan_out: Arc<FanOut>,
    ) -> Self {
        Self {
            scene,
            codec,
            timeline,
            fan_out,
            inlet: Inlet::default(),
            key_wish: Mutex::default(),
            helm: Helm::default(),
            standing: Mutex::default(),
            running: Mutex::default(),
        }
    }

    pub(crate) fn codec(&self) -> Codec {
        self.codec
    }

    /// Whether there is anybody to encode for.
    pub(crate) fn is_wanted(&self) -> bool {
        self.fan_out.wants_picture(self.scene, self.codec)
    }

    /// Takes a raw picture that was captured just now.
    pub(crate) fn take(&self, sample: &gst::Sample) {
        if !self.is_wanted() {
            return;
        }
        if let Some(pilot) = self.helm.at() {
            pilot.handle(Input::Tick);
        }
        let standing = *self.standing();
        let (Some(mut buffer), Some(caps)) = (sample.buffer_owned(), sample.caps()) else { return };
        let Some(running) = self.running().clone().filter(|_| standing.open) else { return };
        scale::set(&running.size, caps, standing.size);
        stamp(&mut buffer, self.timeline.now());
        if self.key_wish().take(Instant::now()) {
            ask_for_key_frame(&running.ask);
        }
        self.inlet.push(buffer, caps);
    }

    /// Whose network decides; `None`: nobody is connected.
    pub(crate) fn at_the_helm(&self) -> Option<Arc<Pilot>> {
        self.helm.at()
    }

    /// From now on this viewer's network decides.
    pub(crate) fn steered_by(&self, pilot: &Arc<Pilot>) {
        self.helm.take(pilot);
        self.stand(pilot.standing(self.scene));
    }

    /// The viewer is gone.
    pub(crate) fn steered_no_more_by(&self, pilot: &Arc<Pilot>) {
        self.helm.leave(pilot);
        self.stand(self.helm.at().map(|next| next.standing(self.scene)).unwrap_or_default());
    }

    /// Something happened on the way to this viewer.
    pub(crate) fn follow(&self, pilot: &Arc<Pilot>, wants: WantsIdr) {
        if self.helm.at().is_some_and(|at| Arc::ptr_eq(&at, pilot)) {
            self.stand(pilot.standing(self.scene));
            if wants.0 {
                self.need_key_frame();
            }
        }
    }

    fn stand(&self, new: Standing) {
        let old = std::mem::replace(&mut *self.standing(), new);
        if new.size != old.size || new.open != old.open {
            tracing::debug!(scene = ?self.scene, ?new, "The network decides");
        }
        if let Some(running) = self.running().clone().filter(|_| new.rate != old.rate) {
            self.codec.set_rate(&running.encoder, new.rate);
        }
    }

    /// A viewer's picture is damaged.
    pub(crate) fn wish_key_frame(&self) {
        self.key_wish().soon();
    }

    /// A viewer has no picture.
    pub(crate) fn need_key_frame(&self) {
        self.key_wish().at_once();
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key_wish(&self) -> MutexGuard<'_, KeyWish> {
        self.key_wish.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ask_for_key_frame(pad: &gst::Pad) {
    let event = gst_video::UpstreamForceKeyUnitEvent::builder().all_headers(true).build();
    if !pad.send_event(event) {
        // The encoder is about to stop or to start, and starts with a key frame.
        tracing::debug!("The encoder took no wish for a key frame");
    }
}

impl Kept for VideoEncoder {
    fn what(&self) -> &'static str {
        self.scene.encoder()
    }

    fn build(&self, _pulse: &Arc<Pulse>) -> Result<gst::Pipeline, BuildError> {
        let what = self.what();
        // Two waiting pictures are 66 ms; an encoder that is slower must skip, not queue.
        let description = format!(
            "appsrc name=in is-live=true format=time max-buffers=2 leaky-type=downstream \
             {SCALE} ! {} ! appsink name=out sync=false async=false enable-last-sample=false",
            self.codec.encode()
        );
        let pipeline = launch(what, &description)?;
        self.timeline.govern(&pipeline);
        let encoder: gst::Element = element(&pipeline, what, "encoder")?;
        self.codec.set_rate(&encoder, self.standing().rate);
        let ask = pad(&encoder, what, "src")?;
        *self.running() = Some(Running { encoder, ask, size: element(&pipeline, what, "size")? });
        let (fan_out, scene, codec) = (Arc::clone(&self.fan_out), self.scene, self.codec);
        each_sample(&element(&pipeline, what, "out")?, move |unit| {
            fan_out.picture(scene, codec, unit)
        });
        self.inlet.connect(element(&pipeline, what, "in")?);
        Ok(pipeline)
    }

    fn must_beat(&self) -> bool {
        false
    }

    fn lost(&self) {}

    fn back(&self) {
        self.need_key_frame();
    }
}
