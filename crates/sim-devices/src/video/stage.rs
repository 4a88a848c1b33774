//! The frame: the scene, its sharp details and its living parts, as the camera sees them.
//!
//! Paints only what changed: everything when the camera moved, otherwise the parts that moved.

use super::layer::{Layer, Shot};
use super::living::{Living, Moment, inhabitants};
use super::picture::Picture;
use super::scene::{Area, Scene};
use super::y4m::{FRAME_BYTES, HEIGHT, WIDTH};
use crate::camera::mechanism::{PAN_RANGE, Pose, TILT_RANGE};
use std::thread;

/// How much of the scene's width the widest view shows.
const WIDEST: f64 = 0.375;
/// Pixels per unit for what must be readable at full zoom.
const DETAIL_SCALE: f64 = 3.0;
const BLACK: u8 = 16;
const GREY: u8 = 128;

pub struct Stage {
    whole: Area,
    scene: Layer,
    details: Vec<Layer>,
    living: Vec<Box<dyn Living>>,
    frame: Vec<u8>,
    shown: Option<Option<Pose>>,
}

impl Stage {
    /// Draws the scene on two threads; takes a second or two.
    pub fn set(scene: &Scene) -> Self {
        let whole = scene.whole();
        let (picture, details) = thread::scope(|scope| {
            let details = scope.spawn(|| details(scene));
            let picture = scene.picture();
            (picture, details.join().expect("drawing does not panic"))
        });
        Self {
            whole,
            scene: Layer::new(whole, 1.0, picture),
            details,
            living: inhabitants(scene),
            frame: vec![BLACK; FRAME_BYTES],
            shown: None,
        }
    }

    /// Brings the frame up to date; `None` is a camera that is switched off. Says whether the
    /// frame changed.
    pub fn update(&mut self, pose: Option<Pose>, moment: &Moment) -> bool {
        let moved = self.shown != Some(pose);
        self.shown = Some(pose);
        let Some(pose) = pose else {
            if moved {
                self.black_out();
            }
            return moved;
        };
        let shot = self.shot(pose);
        if moved {
            self.scene.paint(&mut self.frame, &shot);
            let sharper = |detail: &&Layer| detail.is_sharper(shot.step);
            for detail in self.details.iter().filter(sharper).filter(|d| shot.shows(d.area())) {
                detail.paint(&mut self.frame, &shot);
            }
        }
        let mut changed = moved;
        for part in self.living.iter_mut().filter(|part| shot.shows(part.layer().area())) {
            if part.refresh(moment) || moved {
                part.layer().paint(&mut self.frame, &shot);
                changed = true;
            }
        }
        changed
    }

    /// The three planes, `FRAME_BYTES` in all.
    pub fn frame(&self) -> &[u8] {
        &self.frame
    }

    fn black_out(&mut self) {
        self.frame[..WIDTH * HEIGHT].fill(BLACK);
        self.frame[WIDTH * HEIGHT..].fill(GREY);
    }

    /// At the ends of the camera's range, the widest view ends where the scene ends.
    fn shot(&self, pose: Pose) -> Shot {
        let Area { width, height, .. } = self.whole;
        let aspect = WIDTH as f64 / HEIGHT as f64;
        let widest = (WIDEST * width).min(0.9 * height * aspect);
        // One unit of the scene stays in reserve for rounding.
        let travel = |length: f64, view: f64| (length - view) / 2.0 - 1.0;
        let x = width / 2.0 + pose.pan / PAN_RANGE * travel(width, widest);
        let y = height / 2.0 - pose.tilt / TILT_RANGE * travel(height, widest / aspect);
        let step = widest / pose.zoom / WIDTH as f64;
        Shot { left: x - step * WIDTH as f64 / 2.0, top: y - step * HEIGHT as f64 / 2.0, step }
    }
}

fn details(scene: &Scene) -> Vec<Layer> {
    let sharp = |area: Area| {
        let picture = Picture::from_pixmap(&scene.pixels(area, DETAIL_SCALE));
        Layer::new(area, DETAIL_SCALE, picture)
    };
    scene.areas_with_prefix("detail-").into_iter().map(sharp).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::video::living::Calendar;
    use std::time::Duration;

    /// A scene that is bright on its right half.
    const HALVES: &[u8] = br##"<svg xmlns="http://www.w3.org/2000/svg" width="3840" height="2160">
        <rect width="3840" height="2160" fill="#000"/>
        <rect x="1920" width="1920" height="2160" fill="#fff"/></svg>"##;

    fn brightness(pan: f64, zoom: f64) -> f64 {
        let mut stage = Stage::set(&Scene::load(HALVES).unwrap());
        let moment = Calendar::local().moment(Duration::ZERO);
        assert!(stage.update(Some(Pose { pan, tilt: 0.0, zoom }), &moment));
        let luma = &stage.frame()[..WIDTH * HEIGHT];
        luma.iter().map(|y| f64::from(*y)).sum::<f64>() / luma.len() as f64
    }

    #[test]
    fn panning_right_shows_the_right_of_the_scene() {
        assert!((brightness(0.0, 1.0) - 125.5).abs() < 1.0);
        assert!((brightness(PAN_RANGE, 1.0) - 235.0).abs() < 0.01);
        assert!((brightness(-PAN_RANGE, 1.0) - 16.0).abs() < 0.01);
        // A little to the right at full zoom, the edge in the middle is out of view.
        assert!((brightness(10.0, 8.0) - 235.0).abs() < 0.01);
    }

    #[test]
    fn a_still_view_of_a_still_scene_is_not_painted_again() {
        let mut stage = Stage::set(&Scene::load(HALVES).unwrap());
        let moment = Calendar::local().moment(Duration::ZERO);
        let pose = Some(Pose { pan: 0.0, tilt: 0.0, zoom: 1.0 });
        assert!(stage.update(pose, &moment));
        assert!(!stage.update(pose, &moment));
        assert!(stage.update(None, &moment));
        assert_eq!(stage.frame()[0], BLACK);
    }
}
