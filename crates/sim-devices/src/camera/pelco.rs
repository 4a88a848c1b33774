//! The same camera on RS-485, spoken to in Pelco-D: `FF`, address, two bytes of command, two of
//! data, and the sum of the five bytes between. It never answers.
//!
//! Source: Pelco's "D Protocol Manual" and the frames of public controllers, which are in the tests.

use super::Camera;
use super::words::{Command, Direction, Speeds};
use crate::link::{Message, Speaker};
use crate::lock;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const SYNC: u8 = 0xFF;
const LENGTH: usize = 7;
const ADDRESS: u8 = 1;
const EVERYBODY: u8 = 0xFF;
/// "Go to zero pan" is this preset.
const HOME: u8 = 34;
/// The speeds of this protocol end here.
const FASTEST: u8 = 0x3F;

pub struct Pelco {
    camera: Arc<Mutex<Camera>>,
    controller: u64,
    incoming: Vec<u8>,
}

impl Pelco {
    pub fn new(camera: Arc<Mutex<Camera>>) -> Self {
        let controller = lock(&camera).admit();
        Self { camera, controller, incoming: Vec::new() }
    }

    /// The next whole frame. After a bad one the search goes on at its second byte.
    fn take(&mut self, byte: u8) -> Option<[u8; LENGTH]> {
        self.incoming.push(byte);
        loop {
            let sync = self.incoming.iter().position(|byte| *byte == SYNC);
            self.incoming.drain(..sync.unwrap_or(self.incoming.len()));
            let frame: [u8; LENGTH] = self.incoming.get(..LENGTH)?.try_into().ok()?;
            let sum = frame[1..6].iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
            if sum == frame[6] {
                self.incoming.clear();
                return Some(frame);
            }
            self.incoming.remove(0);
        }
    }

    fn obey(&self, frame: [u8; LENGTH]) {
        let [_, ADDRESS | EVERYBODY, first, second, data1, data2, _] = frame else { return };
        let commands = match (first, second) {
            (0x00, 0x03) => preset(data2).map(Command::SetPreset).into_iter().collect(),
            (0x00, 0x05) => preset(data2).map(Command::ForgetPreset).into_iter().collect(),
            (0x00, 0x07) if data2 == HOME => vec![Command::Home],
            (0x00, 0x07) => preset(data2).map(Command::RecallPreset).into_iter().collect(),
            (0x00, 0x2B) => vec![Command::FocusAuto(data2 == 0)],
            (0x88, 0x00) => vec![Command::Power(true)],
            (_, extended) if extended & 1 == 1 => Vec::new(),
            _ => movement(first, second, [data1, data2]),
        };
        let mut camera = lock(&self.camera);
        for command in commands {
            camera.obey(self.controller, command);
        }
        // Nobody hears what a camera on this line would have to say.
        camera.take_replies(self.controller);
    }
}

/// The 16 memories of this camera are the presets 1 to 16.
fn preset(number: u8) -> Option<u8> {
    number.checked_sub(1).filter(|memory| *memory < 16)
}

/// Every frame says all that is driven; what it does not name stands still.
fn movement(first: u8, second: u8, data: [u8; 2]) -> Vec<Command> {
    let way =
        |bits: u8, plus: u8, minus: u8| i8::from(bits & plus != 0) - i8::from(bits & minus != 0);
    let direction = Direction { pan: way(second, 0x02, 0x04), tilt: way(second, 0x08, 0x10) };
    let speeds = Speeds { pan: speed(data[0], 0x18), tilt: speed(data[1], 0x14) };
    let focus = i8::from(second & 0x80 != 0) - i8::from(first & 0x01 != 0);
    let mut commands =
        vec![Command::Drive(speeds, direction), Command::Zoom(way(second, 0x20, 0x40), 5)];
    if focus != 0 {
        // Such a lens is driven by hand whatever it did before.
        commands.push(Command::FocusAuto(false));
    }
    commands.push(Command::Focus(focus));
    commands
}

/// 0 to 3F as 1 to `highest`; "turbo" is no faster.
fn speed(number: u8, highest: u8) -> u8 {
    let share = u16::from(number.min(FASTEST)) * u16::from(highest - 1) / u16::from(FASTEST);
    share as u8 + 1
}

impl Speaker for Pelco {
    fn hear(&mut self, bytes: &[u8], now: Duration) -> Vec<Message> {
        lock(&self.camera).advance(now);
        for &byte in bytes {
            if let Some(frame) = self.take(byte) {
                self.obey(frame);
            }
        }
        Vec::new()
    }

    fn due(&mut self, now: Duration) -> Vec<Message> {
        let mut camera = lock(&self.camera);
        camera.advance(now);
        camera.take_replies(self.controller);
        Vec::new()
    }
}

impl Drop for Pelco {
    fn drop(&mut self) {
        lock(&self.camera).dismiss(self.controller);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::mechanism::Pose;
    use crate::control::hex;

    struct Bench {
        line: Pelco,
        seconds: f64,
    }

    impl Bench {
        fn new() -> Self {
            Self { line: Pelco::new(Arc::new(Mutex::new(Camera::default()))), seconds: 0.0 }
        }

        /// Says a frame; where the camera looks when it has had this time.
        fn after(&mut self, frame: &str, seconds: f64) -> Pose {
            let now = Duration::from_secs_f64(self.seconds);
            assert!(self.line.hear(&hex::parse(frame).unwrap(), now).is_empty());
            self.seconds += seconds;
            lock(&self.line.camera).look(Duration::from_secs_f64(self.seconds)).unwrap()
        }
    }

    const STOP: &str = "ff010000000001";

    #[test]
    fn published_frames_move_the_camera() {
        let mut bench = Bench::new();
        assert!(bench.after("ff010002200023", 1.0).pan > 5.0, "right");
        let there = bench.after(STOP, 1.0);
        assert_eq!(bench.after(STOP, 1.0), there);
        assert!(bench.after("ffff0008003f46", 1.0).tilt > 10.0, "everybody up");
        let near = bench.after("ff010020000021", 4.0);
        assert!(near.zoom > 4.0, "{near:?}");
        assert!(bench.after("ff010040000041", 1.0).zoom < near.zoom, "wide");
    }

    #[test]
    fn a_preset_is_found_again() {
        let mut bench = Bench::new();
        bench.after("ff01000c20204d", 1.0);
        let saved = bench.after(STOP, 1.0);
        bench.after("ff010003000509", 0.1);
        assert_ne!(bench.after("ff01000700222a", 3.0), saved);
        assert_eq!(bench.after("ff01000700050d", 3.0), saved);
    }

    #[test]
    fn a_frame_with_a_wrong_sum_or_for_others_moves_nothing() {
        let mut bench = Bench::new();
        let middle = bench.after(STOP, 0.1);
        assert_eq!(bench.after("ff01000a3f3f25", 1.0), middle, "137 modulo 100");
        assert_eq!(bench.after("ff020002200024", 1.0), middle);
        assert!(bench.after("ff01 ff010002200023", 1.0).pan > 5.0, "found after noise");
    }
}
