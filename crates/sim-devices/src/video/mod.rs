//! The simulated camera's picture: a drawn patient room, seen through a lens that really moves.
//!
//! 1920×1080 at 30 frames a second. The camera's pose comes from `camera`; this module knows
//! nothing of VISCA.

pub mod hand;
mod layer;
mod living;
mod picture;
mod sample;
mod scene;
mod stage;
pub mod y4m;

use crate::Clock;
use crate::camera::Camera;
use crate::lock;
use living::Calendar;
pub use scene::LoadSceneError;
use scene::Scene;
use stage::Stage;
use std::io;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use y4m::{FRAME_BYTES, FRAME_HEADER, FRAMES_PER_SECOND, Screen};

/// The patient room that comes with the simulation.
pub const ROOM: &[u8] = include_bytes!("../../../../assets/simulated-room/room.svg");

/// Films a scene for the life of the process. Returns as soon as the scene is understood; it is
/// drawn meanwhile, and the first frame comes a second or two later.
pub fn film(
    svg: &[u8],
    camera: Arc<Mutex<Camera>>,
    screen: Arc<Screen>,
    clock: Clock,
) -> Result<(), FilmError> {
    let scene = Scene::load(svg)?;
    thread::Builder::new().name("film".into()).spawn(move || {
        let mut stage = Stage::set(&scene);
        drop(scene);
        let calendar = Calendar::local();
        let mut reel = Reel::default();
        roll(&screen, || {
            let now = clock.now();
            let pose = lock(&camera).look(now);
            let changed = stage.update(pose, &calendar.moment(now));
            reel.frame(&stage, changed)
        });
    })?;
    Ok(())
}

/// Shows a frame as often as the video has one, while somebody watches. Never returns.
fn roll(screen: &Screen, mut frame: impl FnMut() -> Arc<Vec<u8>>) {
    let mut due = Instant::now();
    loop {
        due += Duration::from_secs(1) / FRAMES_PER_SECOND;
        match due.checked_duration_since(Instant::now()) {
            Some(rest) => thread::sleep(rest),
            // Frames that a busy machine missed are not made up for.
            None => due = Instant::now(),
        }
        if screen.is_watched() {
            screen.show(frame());
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum FilmError {
    #[error(transparent)]
    Scene(#[from] LoadSceneError),
    #[error("no thread for the video: {0}")]
    Thread(#[from] io::Error),
}

/// Buffers that take turns: a client may still be sending the last one or two.
#[derive(Default)]
struct Reel {
    frames: Vec<Arc<Vec<u8>>>,
    newest: Option<Arc<Vec<u8>>>,
}

/// The newest, one in each hand of two slow clients, one to write.
const BUFFERS: usize = 4;

impl Reel {
    fn frame(&mut self, stage: &Stage, changed: bool) -> Arc<Vec<u8>> {
        match &self.newest {
            Some(newest) if !changed => newest.clone(),
            _ => self.copy(stage.frame()),
        }
    }

    fn copy(&mut self, planes: &[u8]) -> Arc<Vec<u8>> {
        self.newest = None;
        let free = self.frames.iter().position(|frame| Arc::strong_count(frame) == 1);
        let mut frame = free.map_or_else(Self::blank, |at| self.frames.swap_remove(at));
        match Arc::get_mut(&mut frame) {
            Some(bytes) => bytes[FRAME_HEADER.len()..].copy_from_slice(planes),
            None => frame = Arc::new([FRAME_HEADER, planes].concat()),
        }
        if self.frames.len() < BUFFERS {
            self.frames.push(frame.clone());
        }
        self.newest = Some(frame.clone());
        frame
    }

    fn blank() -> Arc<Vec<u8>> {
        Arc::new([FRAME_HEADER, &vec![0; FRAME_BYTES]].concat())
    }
}
