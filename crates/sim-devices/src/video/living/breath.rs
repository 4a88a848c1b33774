//! The patient's chest rises and sinks under the blanket.

use super::{Living, Moment};
use crate::video::layer::Layer;
use crate::video::picture::{Picture, Plane};
use crate::video::scene::{Area, Scene};
use std::f64::consts::{PI, TAU};
use std::time::Duration;

/// The blanket has no fine detail, and every pixel is moved ten times a second.
const SCALE: f64 = 1.0;
const BREATHS_PER_SECOND: f64 = 14.0 / 60.0;
/// How far the middle of the chest moves, in units of the scene.
const RISE: f64 = 7.0;
const FRAME_TIME: Duration = Duration::from_millis(100);

pub struct Breath {
    area: Area,
    at_rest: Picture,
    layer: Layer,
    drawn: u128,
}

impl Breath {
    pub fn in_scene(scene: &Scene) -> Option<Self> {
        let area = scene.area_of("chest")?;
        let at_rest = Picture::from_pixmap(&scene.pixels(area, SCALE));
        let layer = Layer::new(area, SCALE, at_rest.clone());
        Some(Self { area, at_rest, layer, drawn: u128::MAX })
    }
}

impl Living for Breath {
    fn layer(&self) -> &Layer {
        &self.layer
    }

    fn refresh(&mut self, moment: &Moment) -> bool {
        let number = moment.since_start.as_millis() / FRAME_TIME.as_millis();
        if number == self.drawn {
            return false;
        }
        self.drawn = number;
        let rise = RISE * lung(moment.since_start.as_secs_f64() * BREATHS_PER_SECOND);
        let mut picture = Picture { planes: self.at_rest.planes.each_ref().map(|_| empty()) };
        for (index, plane) in self.at_rest.planes.iter().enumerate() {
            let pixels = if index == 0 { rise * SCALE } else { rise * SCALE / 2.0 };
            picture.planes[index] = lifted(plane, pixels);
        }
        self.layer = Layer::new(self.area, SCALE, picture);
        true
    }
}

/// 0 to 1: in a little faster than out, as people at rest breathe.
fn lung(breaths: f64) -> f64 {
    let phase = breaths.fract();
    let (share, length) = if phase < 0.42 { (phase, 0.42) } else { (1.0 - phase, 0.58) };
    (1.0 - (PI * share / length).cos()) / 2.0
}

fn empty() -> Plane {
    Plane { width: 0, height: 0, bytes: Vec::new() }
}

/// The plane with its middle moved up; the edges stay, so that no seam shows.
fn lifted(plane: &Plane, pixels: f64) -> Plane {
    let across: Vec<i32> =
        (0..plane.width).map(|x| (pixels * 256.0 * window(x, plane.width)) as i32).collect();
    let mut bytes = Vec::with_capacity(plane.bytes.len());
    let bottom = plane.height as i32 - 1;
    for y in 0..plane.height {
        let weight = (window(y, plane.height) * 256.0) as i32;
        for (x, lift) in across.iter().enumerate() {
            let v = (y as i32 * 256 + ((lift * weight) >> 8)).clamp(0, bottom * 256 - 1);
            let at = (v >> 8) as usize * plane.width + x;
            let (above, below) =
                (i32::from(plane.bytes[at]), i32::from(plane.bytes[at + plane.width]));
            bytes.push((above + (((below - above) * (v & 0xFF)) >> 8)) as u8);
        }
    }
    Plane { width: plane.width, height: plane.height, bytes }
}

/// A smooth hill over `0..length`, zero at both ends.
fn window(at: usize, length: usize) -> f64 {
    (1.0 - (TAU * (at as f64 + 0.5) / length as f64).cos()) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_moves_and_the_edges_stay() {
        let bytes = (0..40).flat_map(|y| [y * 5; 20]).collect();
        let plane = Plane { width: 20, height: 40, bytes };
        let moved = lifted(&plane, 4.0);
        assert_eq!(moved.row(0), plane.row(0));
        assert!(moved.row(39)[10].abs_diff(plane.row(39)[10]) <= 1);
        assert!(moved.row(20)[10] > plane.row(20)[10] + 15);
        assert!(moved.row(20)[0].abs_diff(plane.row(20)[0]) <= 1);
    }

    #[test]
    fn a_breath_goes_in_and_out() {
        assert!(lung(0.0) < 0.01 && lung(0.42) > 0.99 && lung(0.99) < 0.01);
    }
}
