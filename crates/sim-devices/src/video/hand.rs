//! A camera that a hand holds to the body: one drawing, a little larger than the frame, that is never quite still.

use super::layer::{Layer, Shot};
use super::scene::{Area, Scene};
use super::y4m::{FRAME_BYTES, HEIGHT, Screen, WIDTH};
use super::{FilmError, Reel, roll};
use crate::Clock;
use std::f64::consts::TAU;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// The right eardrum that comes with the simulation.
pub const EAR: &[u8] = include_bytes!("../../../../assets/simulated-room/ear.svg");

/// Times a second, across and down: two that meet rarely, so that no two frames in a row are alike.
const TREMBLES: (f64, f64) = (0.31, 0.47);

/// Films as long as the process lives, while somebody watches. The drawing's size is one frame and what the hand trembles.
pub fn hold(svg: &[u8], screen: Arc<Screen>, clock: Clock) -> Result<(), FilmError> {
    let scene = Scene::load(svg)?;
    thread::Builder::new().name("hand".into()).spawn(move || {
        let whole = scene.whole();
        let drawing = Layer::new(whole, 1.0, scene.picture());
        drop(scene);
        let (mut planes, mut reel) = (vec![0; FRAME_BYTES], Reel::default());
        roll(&screen, || {
            drawing.paint(&mut planes, &shot(whole, clock.now()));
            reel.copy(&planes)
        });
    })?;
    Ok(())
}

fn shot(whole: Area, at: Duration) -> Shot {
    let swing = |length: f64, frame: usize, times: f64| {
        (length - frame as f64) / 2.0 * (1.0 + (TAU * times * at.as_secs_f64()).sin())
    };
    let (across, down) = TREMBLES;
    Shot {
        left: swing(whole.width, WIDTH, across),
        top: swing(whole.height, HEIGHT, down),
        step: 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::video::y4m::FRAMES_PER_SECOND;

    #[test]
    fn the_frame_stays_within_the_drawing_and_is_never_still() {
        let whole = Scene::load(EAR).unwrap().whole();
        let frame = Duration::from_secs(1) / FRAMES_PER_SECOND;
        let shots: Vec<_> = (0..600).map(|number| shot(whole, frame * number)).collect();
        for Shot { left, top, .. } in &shots {
            assert!((0.0..=whole.width - WIDTH as f64).contains(left), "{left}");
            assert!((0.0..=whole.height - HEIGHT as f64).contains(top), "{top}");
        }
        assert!(shots.windows(2).all(|two| two[0] != two[1]));
    }
}
