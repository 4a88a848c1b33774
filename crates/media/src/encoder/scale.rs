//! How large a picture is encoded.

use gst::prelude::*;
use rate_control::PictureSize;

use crate::picture::dimensions;

/// Follows the picture's entry. Costs nothing while the size is the camera's.
pub(super) const SCALE: &str = "! videoscale n-threads=1 ! capsfilter name=size";

/// Makes the next picture, which comes with `caps`, no larger than `most`.
pub(super) fn set(filter: &gst::Element, caps: &gst::CapsRef, most: PictureSize) {
    let Some((width, height)) = dimensions(caps).map(|size| within(size, most)) else { return };
    let wanted = gst::Caps::builder("video/x-raw")
        .field("width", width)
        .field("height", height)
        .field("pixel-aspect-ratio", gst::Fraction::new(1, 1))
        .build();
    if filter.property::<gst::Caps>("caps") != wanted {
        filter.set_property("caps", wanted);
    }
}

/// The same shape, never larger than it is; even, because there are half as many colours each way.
fn within((width, height): (i32, i32), most: PictureSize) -> (i32, i32) {
    let (widest, highest) = most.most();
    let fits = (f64::from(widest) / f64::from(width)).min(f64::from(highest) / f64::from(height));
    let scale = fits.min(1.);
    let even = |length: i32| ((f64::from(length) * scale / 2.).round() as i32 * 2).max(2);
    (even(width), even(height))
}

#[cfg(test)]
mod tests {
    use rate_control::PictureSize::{Large, Medium, Small, Tiny};

    use super::*;

    #[test]
    fn a_picture_keeps_its_shape_and_is_never_enlarged() {
        for (size, most, expected) in [
            ((1280, 720), Large, (1280, 720)),
            ((1280, 720), Medium, (960, 540)),
            ((1280, 720), Small, (640, 360)),
            ((1280, 720), Tiny, (320, 180)),
            ((640, 480), Large, (640, 480)),
            ((640, 480), Small, (480, 360)),
            ((640, 480), Tiny, (240, 180)),
            ((320, 240), Medium, (320, 240)),
            ((404, 720), Small, (202, 360)),
        ] {
            assert_eq!(within(size, most), expected, "{size:?} {most:?}");
        }
    }
}
