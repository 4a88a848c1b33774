//! How loud the first and second heart sounds are, a hundred times a second.

use std::f32::consts::TAU;

/// Heart sounds end at 200 Hz; 2,000 samples a second are enough to tell how loud they are.
const DECIMATE: usize = 24;
const RATE: f32 = 2_000.0;
/// The first and the second sound are strongest here; breath and voices are above, a hand that moves the chest
/// piece is below (Reed, Reed, Fritzson: Heart sound analysis for symptom detection, 2004).
const LOW_CUT_HZ: f32 = 30.0;
const HIGH_CUT_HZ: f32 = 150.0;
/// 10 ms.
const SAMPLES_PER_VALUE: usize = 20;
/// A heart through a coat is some −60 dB below full scale; the noise of a sound card some −80.
const QUIET: f32 = 32_768.0 * 0.000_3;

#[derive(Debug)]
pub struct Loudness {
    summed: (i64, usize),
    high_pass: Biquad,
    low_pass: Biquad,
    squares: (f32, usize),
}

impl Loudness {
    pub fn new() -> Self {
        Self {
            summed: (0, 0),
            high_pass: Biquad::high_pass(LOW_CUT_HZ),
            low_pass: Biquad::low_pass(HIGH_CUT_HZ),
            squares: (0.0, 0),
        }
    }

    /// The root mean square of 10 ms, in steps of a 16-bit sample, when they are complete.
    pub fn take(&mut self, sample: i16) -> Option<f32> {
        let (sum, count) = (self.summed.0 + i64::from(sample), self.summed.1 + 1);
        if count < DECIMATE {
            self.summed = (sum, count);
            return None;
        }
        self.summed = (0, 0);
        let mean = sum as f32 / DECIMATE as f32;
        let heard = self.low_pass.pass(self.high_pass.pass(mean));
        let (squares, count) = (self.squares.0 + heard * heard, self.squares.1 + 1);
        if count < SAMPLES_PER_VALUE {
            self.squares = (squares, count);
            return None;
        }
        self.squares = (0.0, 0);
        Some((squares / SAMPLES_PER_VALUE as f32).sqrt())
    }
}

/// Whether even the loud tenth of it is no more than the noise of a card.
pub fn is_too_quiet(values: &[f32]) -> bool {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len() * 9 / 10).is_none_or(|loud| *loud < QUIET)
}

/// A second-order Butterworth filter (Bristow-Johnson: Audio EQ cookbook, with Q of 1/√2).
#[derive(Debug)]
struct Biquad {
    forward: [f32; 3],
    back: [f32; 2],
    /// The last two inputs and outputs.
    past: [f32; 4],
}

impl Biquad {
    fn low_pass(hz: f32) -> Self {
        let (cos, alpha) = angle(hz);
        let b = (1.0 - cos) / 2.0;
        Self::new([b, 2.0 * b, b], cos, alpha)
    }

    fn high_pass(hz: f32) -> Self {
        let (cos, alpha) = angle(hz);
        let b = (1.0 + cos) / 2.0;
        Self::new([b, -2.0 * b, b], cos, alpha)
    }

    fn new(forward: [f32; 3], cos: f32, alpha: f32) -> Self {
        let a0 = 1.0 + alpha;
        let back = [-2.0 * cos / a0, (1.0 - alpha) / a0];
        Self { forward: forward.map(|b| b / a0), back, past: [0.0; 4] }
    }

    fn pass(&mut self, input: f32) -> f32 {
        let [in1, in2, out1, out2] = self.past;
        let [b0, b1, b2] = self.forward;
        let [a1, a2] = self.back;
        let output = b0 * input + b1 * in1 + b2 * in2 - a1 * out1 - a2 * out2;
        self.past = [input, in1, output, out1];
        output
    }
}

fn angle(hz: f32) -> (f32, f32) {
    let angle = TAU * hz / RATE;
    (angle.cos(), angle.sin() / std::f32::consts::SQRT_2)
}
