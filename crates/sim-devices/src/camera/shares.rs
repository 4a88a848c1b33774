//! Orders that count in shares of what each motor can do: of its speed, or of its range.
//!
//! They share the motors with VISCA: a command of the one that is being carried out ends when the other
//! wants the same motor.

use super::mechanism::Preset;
use super::{Camera, Part};
use std::time::Duration;

impl Camera {
    /// Drives at shares of the fastest, −1 to 1, until it is told otherwise or `until`. A motor that is
    /// not named goes on as it does.
    pub(super) fn drive_shares(
        &mut self,
        head: Option<[f64; 2]>,
        lens: Option<f64>,
        until: Duration,
    ) {
        if let Some(shares) = head {
            self.interrupt(Some(Part::Head));
            self.mechanism.drive_head_at(shares);
        }
        if let Some(share) = lens {
            self.interrupt(Some(Part::Lens));
            self.mechanism.drive_lens_at(share);
        }
        self.stops_at = Some(until);
    }

    /// To a place in shares of the ranges: pan and tilt −1 to 1, the lens 0 to 1.
    pub(super) fn go_to_shares(&mut self, head: Option<[f64; 2]>, lens: Option<f64>) {
        if let Some(shares) = head {
            self.interrupt(Some(Part::Head));
            self.mechanism.head_to(shares);
        }
        if let Some(share) = lens {
            self.interrupt(Some(Part::Lens));
            self.mechanism.lens_to(share);
        }
        self.stops_at = None;
    }

    pub(super) fn stop_at_once(&mut self, head: bool, lens: bool) {
        for (part, _) in [(Part::Head, head), (Part::Lens, lens)].into_iter().filter(|of| of.1) {
            self.interrupt(Some(part));
            self.stop(part);
        }
    }

    /// As [`Self::go_to_shares`] takes it, and whether head and lens are at rest.
    pub(super) fn place(&self) -> ([f64; 3], [bool; 2]) {
        let at_rest = [self.mechanism.is_head_at_rest(), self.mechanism.is_lens_at_rest()];
        (self.mechanism.shares(), at_rest)
    }

    pub(super) fn here(&self) -> Preset {
        self.mechanism.here()
    }

    pub(super) fn go_back_to(&mut self, preset: Preset) {
        self.interrupt(Some(Part::Both));
        self.mechanism.recall(preset);
        self.stops_at = None;
    }

    /// A movement that nobody has ended in its time ends.
    pub(super) fn stop_in_time(&mut self, now: Duration) {
        if let Some(at) = self.stops_at.take_if(|at| *at <= now) {
            self.mechanism.advance(at);
            self.stop(Part::Both);
        }
    }
}
