//! The shapes of one heartbeat, as functions of its phase.
//!
//! Drawn from sums of bell curves: believable to look at, and no recording of anybody.

/// An arterial pulse: steep rise, dicrotic notch, slow fall. Phase and value run from 0 to 1.
pub fn pulse(phase: f64) -> f64 {
    let systolic = bell(phase, 0.22, 0.09);
    let dicrotic = 0.42 * bell(phase, 0.52, 0.12);
    let run_off = 0.18 * (1.0 - phase);
    ((systolic + dicrotic + run_off) / 1.2).clamp(0.0, 1.0)
}

/// One beat of a limb-lead electrocardiogram; the R wave is 1.
pub fn electrocardiogram(phase: f64) -> f64 {
    const BUMPS: [(f64, f64, f64); 5] = [
        (0.12, 0.18, 0.028),   // P
        (-0.10, 0.285, 0.010), // Q
        (1.00, 0.305, 0.011),  // R
        (-0.22, 0.330, 0.012), // S
        (0.26, 0.560, 0.050),  // T
    ];
    BUMPS.iter().map(|&(height, at, width)| height * bell(phase, at, width)).sum()
}

fn bell(x: f64, centre: f64, width: f64) -> f64 {
    (-((x - centre) / width).powi(2) / 2.0).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_rises_faster_than_it_falls() {
        let peak = (0..100)
            .max_by(|a, b| pulse(f64::from(*a) / 100.0).total_cmp(&pulse(f64::from(*b) / 100.0)))
            .expect("not empty");
        assert!((15..30).contains(&peak), "peak at {peak} %");
    }

    #[test]
    fn the_r_wave_is_the_tallest() {
        let tallest =
            (0..1000).map(|i| electrocardiogram(f64::from(i) / 1000.0)).fold(f64::MIN, f64::max);
        assert!((0.9..1.1).contains(&tallest));
    }
}
