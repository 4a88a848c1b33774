//! Samples a picture into a frame: any place, any magnification, smooth between the pixels.
//!
//! Fixed point, and separable: two source rows are blended once for a whole output row, then each
//! output pixel blends two neighbours. This is where the simulated camera spends its time.

use super::picture::Plane;
use std::ops::Range;

/// Where the samples of one row or column lie in the source, in source pixels.
#[derive(Clone, Copy, Debug)]
pub struct Ruler {
    /// The place of output sample 0, in pixel centres.
    pub first: f64,
    /// From one output sample to the next.
    pub step: f64,
}

impl Ruler {
    /// The output samples of `0..output` that lie within a source of `length` pixels.
    pub fn reach(&self, output: usize, length: usize) -> Range<usize> {
        let from = (-self.first / self.step).ceil().clamp(0.0, output as f64) as usize;
        let last = ((length as f64 - 1.0 - self.first) / self.step).floor();
        let to = (last + 1.0).clamp(from as f64, output as f64) as usize;
        from..to
    }

    fn at(&self, index: usize) -> i64 {
        ((self.first + self.step * index as f64) * FIXED_ONE) as i64
    }
}

const FIXED_ONE: f64 = 65536.0;

/// Paints the part of `source` that the rulers reach into `target`, which is `width` wide.
pub fn paint(target: &mut [u8], width: usize, source: &Plane, across: Ruler, down: Ruler) {
    let columns = across.reach(width, source.width);
    let rows = down.reach(target.len() / width, source.height);
    if columns.is_empty() {
        return;
    }
    let mut blended = Vec::with_capacity(source.width + 1);
    for y in rows {
        blend_rows(&mut blended, source, down.at(y), &across, &columns);
        let start = across.at(columns.start) & !0xFFFF;
        let row = &mut target[y * width..][columns.clone()];
        blend_columns(row, &blended, across.at(columns.start) - start, across.step);
    }
}

/// The source row at height `v`, for the columns that will be needed.
fn blend_rows(
    blended: &mut Vec<u8>,
    source: &Plane,
    v: i64,
    across: &Ruler,
    columns: &Range<usize>,
) {
    let first = (across.at(columns.start) >> 16) as usize;
    let last = ((across.at(columns.end - 1) >> 16) as usize + 1).min(source.width - 1);
    let y = (v >> 16) as usize;
    let upper = &source.row(y)[first..=last];
    let lower = &source.row((y + 1).min(source.height - 1))[first..=last];
    let weight = ((v >> 8) & 0xFF) as u16;
    // The last pixel blends with itself at the source's edge, and rounding may ask for one more.
    blended.resize(upper.len() + 2, 0);
    for ((pixel, &a), &b) in blended.iter_mut().zip(upper).zip(lower) {
        *pixel = mix(a, b, weight);
    }
    let edge = blended[upper.len() - 1];
    blended[upper.len()..].fill(edge);
}

fn blend_columns(row: &mut [u8], blended: &[u8], start: i64, step: f64) {
    let step = (step * FIXED_ONE) as u32;
    let mut u = start as u32;
    for pixel in row {
        let x = (u >> 16) as usize;
        // `get` keeps the loop free of panics; rounding never reaches further than the edge.
        if let Some(&[a, b]) = blended.get(x..x.wrapping_add(2)) {
            *pixel = mix(a, b, ((u >> 8) & 0xFF) as u16);
        }
        u = u.wrapping_add(step);
    }
}

/// Never overflows: 255 × 256 + 128 fits. Checked arithmetic would keep it from being vectorised.
#[inline]
fn mix(a: u8, b: u8, weight: u16) -> u8 {
    let a = u16::from(a).wrapping_mul(256_u16.wrapping_sub(weight));
    let b = u16::from(b).wrapping_mul(weight);
    (a.wrapping_add(b).wrapping_add(128) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Plane {
        let bytes = (0..20).flat_map(|y| (0..100).map(move |x| (x * 2 + y) as u8)).collect();
        Plane { width: 100, height: 20, bytes }
    }

    #[test]
    fn a_ramp_stays_a_ramp_at_any_magnification() {
        for (first, step) in [(0.0, 1.0), (3.25, 0.37), (10.5, 2.5)] {
            let mut target = vec![0; 32 * 4];
            let down = Ruler { first: 5.0, step: 1.0 };
            paint(&mut target, 32, &ramp(), Ruler { first, step }, down);
            for (x, pixel) in target[..32].iter().enumerate() {
                let expected = (first + step * x as f64) * 2.0 + 5.0;
                let error = (f64::from(*pixel) - expected).abs();
                assert!(error < 1.1, "step {step}, pixel {x}: {pixel}, expected {expected}");
            }
        }
    }

    #[test]
    fn only_what_the_source_covers_is_painted() {
        let mut target = vec![255; 32 * 4];
        let across = Ruler { first: -4.0, step: 1.0 };
        paint(&mut target, 32, &ramp(), across, Ruler { first: -1.0, step: 1.0 });
        assert_eq!(target[..32], [255; 32]);
        assert_eq!(target[32..36], [255; 4]);
        assert_eq!(target[36..39], [0, 2, 4]);
    }
}
