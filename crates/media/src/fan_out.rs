//! Hands what the encoders make to every viewer.
//!
//! Knows no WebRTC: a viewer is a few places to push to, each with a gate.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use crate::{encoder::Codec, gate::Gate, scene::Scene, timeline::in_running_time, track::Track};

/// Pieces that may wait for a viewer's network thread. More means that it hangs.
const WAITING_PIECES: u64 = 8;

#[derive(Default)]
pub(crate) struct FanOut {
    viewers: Mutex<Vec<Arc<Viewer>>>,
    wanted: AtomicBool,
    /// The physician listens to the stethoscope.
    listening: AtomicBool,
    /// Somebody looks through an exam camera.
    examined: AtomicBool,
}

/// One peer connection, as the encoders see it.
pub(crate) struct Viewer {
    /// The format of its pictures.
    pub(crate) codec: Codec,
    pub(crate) room: PictureOutlet,
    /// `None`: the cart has no exam camera.
    pub(crate) exam: Option<PictureOutlet>,
    pub(crate) sound: Outlet,
    /// `None`: the cart has none.
    pub(crate) stethoscope: Option<Outlet>,
}

pub(crate) struct PictureOutlet {
    pub(crate) outlet: Outlet,
    /// Called when pictures had to be left out, so that only a key frame helps.
    pub(crate) fell_behind: Box<dyn Fn() + Send + Sync>,
}

pub(crate) struct Outlet {
    pub(crate) source: gst_app::AppSrc,
    pub(crate) gate: Arc<Gate>,
}

impl FanOut {
    pub(crate) fn add(&self, viewer: Arc<Viewer>) {
        self.viewers().push(viewer);
        self.wanted.store(true, Ordering::Release);
    }

    pub(crate) fn remove(&self, viewer: &Arc<Viewer>) {
        let mut viewers = self.viewers();
        viewers.retain(|known| !Arc::ptr_eq(known, viewer));
        self.wanted.store(!viewers.is_empty(), Ordering::Release);
    }

    /// Without viewers nothing needs to be scaled or encoded.
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Acquire)
    }

    /// Whether somebody sees such pictures in this format.
    pub(crate) fn wants_picture(&self, scene: Scene, codec: Codec) -> bool {
        let is_shown = scene == Scene::Room || self.is_examined();
        is_shown && self.is_wanted() && self.viewers().iter().any(|viewer| viewer.codec == codec)
    }

    pub(crate) fn is_examined(&self) -> bool {
        self.examined.load(Ordering::Acquire)
    }

    /// What is seen through an exam camera next has nothing to do with what was seen before.
    pub(crate) fn set_examined(&self, examined: bool) {
        for exam in self.viewers().iter().filter_map(|viewer| viewer.exam.as_ref()) {
            exam.outlet.gate.wait_for_key();
        }
        self.examined.store(examined, Ordering::Release);
    }

    /// Whether somebody needs this sound. The stethoscope's takes 128 kb/s of a network that the picture may need,
    /// so it goes out while somebody listens, and once to a new viewer, for its format.
    pub(crate) fn wants(&self, track: Track) -> bool {
        let is_new = |viewer: &Arc<Viewer>| {
            viewer.stethoscope.as_ref().is_some_and(|outlet| outlet.gate.is_new())
        };
        match track {
            Track::Room => self.is_wanted(),
            Track::Stethoscope if self.listening.load(Ordering::Acquire) => self.is_wanted(),
            Track::Stethoscope => self.viewers().iter().any(is_new),
        }
    }

    pub(crate) fn set_listening(&self, listening: bool) {
        self.listening.store(listening, Ordering::Release);
    }

    pub(crate) fn picture(&self, scene: Scene, codec: Codec, unit: &gst::Sample) {
        let Some(unit) = for_viewers(unit) else { return };
        let key = unit.buffer().is_some_and(|b| !b.flags().contains(gst::BufferFlags::DELTA_UNIT));
        for viewer in self.everybody().iter().filter(|viewer| viewer.codec == codec) {
            match scene {
                Scene::Room => {
                    viewer.room.take(&unit, key);
                    viewer.prime_exam(&unit, key);
                }
                // One that was being encoded when the camera was put down is of no use any more.
                Scene::Exam if !self.is_examined() => {}
                Scene::Exam => viewer.exam.iter().for_each(|exam| exam.take(&unit, key)),
            }
        }
    }

    pub(crate) fn sound(&self, track: Track, packet: &gst::Sample) {
        let Some(packet) = for_viewers(packet) else { return };
        for viewer in self.everybody() {
            let outlet = match track {
                Track::Room => Some(&viewer.sound),
                Track::Stethoscope => viewer.stethoscope.as_ref(),
            };
            if let Some(outlet) = outlet.filter(|outlet| !outlet.is_stuck())
                && outlet.gate.admits(true)
            {
                outlet.push(&packet);
            }
        }
    }

    /// A copy, so that nothing is locked while a viewer is served.
    fn everybody(&self) -> Vec<Arc<Viewer>> {
        self.viewers().clone()
    }

    fn viewers(&self) -> MutexGuard<'_, Vec<Arc<Viewer>>> {
        self.viewers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Viewer {
    /// Before anything is examined the exam's line needs a format for the offer, and that is the room's. The piece is dropped
    /// before the network: see [`Gate`].
    fn prime_exam(&self, unit: &gst::Sample, key: bool) {
        if let Some(exam) = self.exam.as_ref().filter(|exam| exam.outlet.gate.is_new()) {
            exam.take(unit, key);
        }
    }
}

impl PictureOutlet {
    fn take(&self, unit: &gst::Sample, key: bool) {
        if self.outlet.is_stuck() {
            self.outlet.gate.wait_for_key();
            (self.fell_behind)();
        } else if self.outlet.gate.admits(key) {
            self.outlet.push(unit);
        }
    }
}

impl Outlet {
    fn is_stuck(&self) -> bool {
        self.source.current_level_buffers() >= WAITING_PIECES
    }

    fn push(&self, sample: &gst::Sample) {
        if let Err(error) = self.source.push_sample(sample) {
            tracing::trace!(%error, "A viewer is about to close");
        }
    }
}

fn for_viewers(sample: &gst::Sample) -> Option<gst::Sample> {
    let buffer = in_running_time(sample)?;
    let builder = gst::Sample::builder().buffer(&buffer);
    Some(builder.caps(&sample.caps()?.to_owned()).build())
}
