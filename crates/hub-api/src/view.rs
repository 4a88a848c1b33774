//! Which part of the room's picture the physician sees.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A box in the camera's picture, of the picture's own shape: nothing is ever stretched. In fractions of its width and of its
/// height, from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct View {
    pub x: f32,
    pub y: f32,
    /// Of width and height alike: 1 is the whole picture.
    pub size: f32,
}

impl View {
    pub const WHOLE: Self = Self { x: 0.0, y: 0.0, size: 1.0 };
    /// A fifth of a camera's 1920 pixels are 384: a smaller box shows larger dots and no more of the patient.
    pub const SMALLEST: f32 = 0.2;

    /// The nearest box that lies within the picture; one that is too small grows around its middle, so that what was
    /// framed stays there. What is no number is the whole picture.
    pub fn within_the_picture(self) -> Self {
        let Self { x, y, size } = self;
        if !(x.is_finite() && y.is_finite() && size.is_finite()) {
            return Self::WHOLE;
        }
        let within = size.clamp(Self::SMALLEST, 1.0);
        // Nothing where the size is allowed: a box that is within is not touched by rounding.
        let grown = (within - size) / 2.0;
        let place = |from: f32| (from - grown).clamp(0.0, 1.0 - within);
        Self { x: place(x), y: place(y), size: within }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(asked: [f32; 3], expected: [f32; 3]) {
        let [view, expected] = [asked, expected].map(|[x, y, size]| View { x, y, size });
        let View { x, y, size } = view.within_the_picture();
        let off = (x - expected.x).abs() + (y - expected.y).abs() + (size - expected.size).abs();
        assert!(off < 1e-6, "{asked:?}: {x} {y} {size}");
        assert_eq!(expected.within_the_picture(), expected, "once more changes nothing");
    }

    #[test]
    fn a_box_lies_within_the_picture_and_is_not_too_small() {
        check([0.25, 0.125, 0.5], [0.25, 0.125, 0.5]);
        check([0.75, -1.0, 0.5], [0.5, 0.0, 0.5]);
        check([0.3, 0.3, 2.0], [0.0, 0.0, 1.0]);
        check([0.75, 0.0, 0.125], [0.7125, 0.0, 0.2]);
        check([f32::MAX, f32::MIN, 0.25], [0.75, 0.0, 0.25]);
        for nonsense in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            check([nonsense, 0.0, 0.5], [0.0, 0.0, 1.0]);
            check([0.0, 0.0, nonsense], [0.0, 0.0, 1.0]);
        }
    }
}
