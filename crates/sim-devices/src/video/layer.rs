//! A picture that lies somewhere in the scene, and how the camera sees it.

use super::picture::Picture;
use super::sample::{Ruler, paint};
use super::scene::Area;
use super::y4m::{HEIGHT, WIDTH};

/// What the camera sees: the scene's place in the frame's upper left corner, and the scene's units
/// from one pixel of the frame to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shot {
    pub left: f64,
    pub top: f64,
    pub step: f64,
}

impl Shot {
    /// Whether any of the area is in the frame.
    pub fn shows(&self, area: &Area) -> bool {
        let (right, bottom) =
            (self.left + self.step * WIDTH as f64, self.top + self.step * HEIGHT as f64);
        area.x < right
            && area.x + area.width > self.left
            && area.y < bottom
            && area.y + area.height > self.top
    }
}

/// A picture with coarser copies of itself; the coarsest has one or two pixels per unit.
pub struct Layer {
    area: Area,
    levels: Vec<Level>,
}

struct Level {
    /// Pixels per unit of the scene.
    scale: f64,
    picture: Picture,
}

/// A view that moves on by more pixels than this for each of its own needs a coarser copy.
const LARGEST_STRIDE: f64 = 1.6;

impl Layer {
    /// `picture` shows `area` with `scale` pixels per unit.
    pub fn new(area: Area, scale: f64, picture: Picture) -> Self {
        let mut levels = vec![Level { scale, picture }];
        while levels[levels.len() - 1].scale > 1.0 {
            let last = &levels[levels.len() - 1];
            let half = Level { scale: last.scale / 2.0, picture: last.picture.half() };
            levels.push(half);
        }
        Self { area, levels }
    }

    pub fn area(&self) -> &Area {
        &self.area
    }

    /// Whether it shows more in a view with this step than a picture with one pixel per unit.
    pub fn is_sharper(&self, step: f64) -> bool {
        self.level_for(step).scale > 1.0
    }

    /// Paints what `shot` shows of it into a frame of three planes.
    pub fn paint(&self, frame: &mut [u8], shot: &Shot) {
        let level = self.level_for(shot.step);
        let (bright, colour) = frame.split_at_mut(WIDTH * HEIGHT);
        let (blue, red) = colour.split_at_mut(WIDTH * HEIGHT / 4);
        for ((target, plane), coarseness) in
            [bright, blue, red].into_iter().zip(&level.picture.planes).zip([1.0, 2.0, 2.0])
        {
            let ruler = |edge: f64, origin: f64| Ruler {
                first: (edge + 0.5 * shot.step * coarseness - origin) * level.scale / coarseness
                    - 0.5,
                step: shot.step * level.scale,
            };
            let width = WIDTH / coarseness as usize;
            let (across, down) = (ruler(shot.left, self.area.x), ruler(shot.top, self.area.y));
            paint(target, width, plane, across, down);
        }
    }

    fn level_for(&self, step: f64) -> &Level {
        let fine_enough = self.levels.iter().find(|level| level.scale * step <= LARGEST_STRIDE);
        fine_enough.unwrap_or(&self.levels[self.levels.len() - 1])
    }
}
