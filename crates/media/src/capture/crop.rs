//! Which part is cut out of the camera's picture for the physician.

use std::sync::Mutex;

use gst::prelude::*;
use hub_api::View;

use super::lock;
use crate::{
    picture::dimensions,
    pipeline::{BuildError, pad},
};

/// Cut off in pixels: left, right, top, bottom.
type Margins = [i32; 4];

/// Makes `crop` follow `view` from picture to picture. All four sides change between two pictures, never within one.
pub(super) fn follow(
    crop: &gst::Element,
    what: &'static str,
    view: impl Fn() -> View + Send + Sync + 'static,
) -> Result<(), BuildError> {
    let (element, set) = (crop.downgrade(), Mutex::new([0; 4]));
    pad(crop, what, "sink")?.add_probe(gst::PadProbeType::BUFFER, move |pad, _| {
        let size = pad.current_caps().and_then(|caps| dimensions(&caps));
        if let (Some(size), Some(crop)) = (size, element.upgrade()) {
            apply(&crop, &mut lock(&set), margins(size, view()));
        }
        gst::PadProbeReturn::Ok
    });
    Ok(())
}

fn apply(crop: &gst::Element, set: &mut Margins, wanted: Margins) {
    if *set == wanted {
        return;
    }
    for (side, pixels) in ["left", "right", "top", "bottom"].into_iter().zip(wanted) {
        crop.set_property(side, pixels);
    }
    *set = wanted;
}

/// Even, because there are half as many colours each way.
fn margins((width, height): (i32, i32), view: View) -> Margins {
    let View { x, y, size } = view.within_the_picture();
    let even = |part: f32, of: i32| (f64::from(part) * f64::from(of) / 2.).round() as i32 * 2;
    let cut = |from: f32, of: i32| {
        let first = even(from, of);
        // As rounding left it, a box of the same size has the same pixels wherever it lies.
        (first, (of - even(size, of) - first).max(0))
    };
    let ((left, right), (top, bottom)) = (cut(x, width), cut(y, height));
    [left, right, top, bottom]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(size: (i32, i32), [x, y, part]: [f32; 3], expected: Margins) {
        let found = margins(size, View { x, y, size: part });
        assert_eq!(found, expected, "{x} {y} {part} of {size:?}");
    }

    #[test]
    fn the_whole_picture_loses_nothing() {
        for size in [(1920, 1080), (640, 480), (2, 2), (641, 359)] {
            let [left, right, top, bottom] = margins(size, View::WHOLE);
            assert!(left == 0 && top == 0 && right <= 1 && bottom <= 1, "{size:?}");
        }
    }

    #[test]
    fn a_box_is_cut_out_at_its_place_in_even_pixels() {
        check((1920, 1080), [0.25, 0.5, 0.5], [480, 480, 540, 0]);
        check((1920, 1080), [0.8, 0.8, 0.2], [1536, 0, 864, 0]);
        check((640, 480), [0.333, 0.333, 0.333], [214, 212, 160, 160]);
    }

    #[test]
    fn whatever_is_asked_something_is_left_and_the_shape_stays() {
        for width in [320, 641, 1280, 1920, 3840] {
            let height = width * 9 / 16;
            for step in 0..=40 {
                let part = step as f32 / 40.;
                let [left, right, top, bottom] =
                    margins((width, height), View { x: part, y: 1. - part, size: part });
                let (wide, high) = (width - left - right, height - top - bottom);
                assert!(left >= 0 && right >= 0 && top >= 0 && bottom >= 0);
                let stretched = f64::from(wide) * 9. / 16. / f64::from(high) - 1.;
                assert!(wide > 0 && high > 0 && stretched.abs() < 0.06, "{wide}×{high}");
            }
        }
    }
}
