//! Bytes read as a script of what happens to a driver. Every input is a script.

use clinical::Timestamp;
use devices::{Command, Control, Focus, Millis, Position, Ptz};

/// What is left of the script.
pub struct Script<'a>(pub &'a [u8]);

/// One step is a byte that says which, and the bytes of its own.
pub enum Step<'a> {
    /// 0, and a byte of months since 2020.
    Up(Timestamp),
    /// 1.
    Down,
    /// 2: wait for the deadline, if there is one.
    Timer,
    /// 3, the place of the channel among those that are known, the length, the bytes.
    Bytes { place: u8, bytes: &'a [u8] },
    /// 4, the place of the channel.
    Refused { place: u8 },
    /// 5, which, a byte of its own.
    Command(Command),
    /// 6, how many, 4 bytes of each.
    Controls(Vec<Control>),
    /// 7, quarters of a second.
    Wait(Millis),
}

const YEAR_2020_MS: i64 = 1_577_836_800_000;
const MONTH_MS: i64 = 30 * 86_400_000;

impl<'a> Iterator for Script<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        Some(match self.byte()? % 8 {
            0 => {
                let months = i64::from(self.byte().unwrap_or(0));
                Step::Up(Timestamp::from_millis(YEAR_2020_MS + months * MONTH_MS))
            }
            1 => Step::Down,
            2 => Step::Timer,
            3 => {
                let (place, length) = (self.byte()?, self.byte()?);
                Step::Bytes { place, bytes: self.bytes(length.into()) }
            }
            4 => Step::Refused { place: self.byte()? },
            5 => Step::Command(command(self.byte()?, self.byte().unwrap_or(0))),
            6 => {
                let count = usize::from(self.byte()? % 16);
                Step::Controls(self.bytes(4 * count).chunks_exact(4).map(control).collect())
            }
            _ => Step::Wait(250 * Millis::from(self.byte()?)),
        })
    }
}

impl<'a> Script<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn bytes(&mut self, length: usize) -> &'a [u8] {
        let (bytes, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        bytes
    }
}

fn command(which: u8, with: u8) -> Command {
    // Also outside of −1…1, and not a number.
    let part = match with {
        0x80 => f32::NAN,
        _ => f32::from(with.cast_signed()) / 100.,
    };
    Command::Ptz(match which % 14 {
        0 => return Command::Measure,
        1 => return Command::StopMeasuring,
        2 => Ptz::Move { pan: part, tilt: -part, zoom: 0. },
        3 => Ptz::Move { pan: 0., tilt: 0., zoom: part },
        4 => Ptz::Stop,
        5 => Ptz::Home,
        6 => Ptz::To(Position { pan: part, tilt: part, zoom: part.abs() }),
        7 => Ptz::Save(with),
        8 => Ptz::Recall(with),
        9 => Ptz::Clear(with),
        10 => Ptz::Locate,
        11 => {
            Ptz::Focus([Focus::Auto, Focus::Near, Focus::Far, Focus::Stop][usize::from(with % 4)])
        }
        12 => Ptz::PowerOn,
        _ => Ptz::Move { pan: 0., tilt: 0., zoom: 0. },
    })
}

/// One of the camera controls of V4L2, with any range, also one whose ends are exchanged.
fn control(bytes: &[u8]) -> Control {
    let at = |place: usize| bytes.get(place).copied().unwrap_or(0);
    let wide = |byte: u8| i32::from(byte.cast_signed()) << (byte % 25);
    Control {
        id: 0x009A_0900 + u32::from(at(0) % 0x28),
        lowest: wide(at(1)),
        highest: wide(at(2)),
        step: 1 + i32::from(at(3) % 16),
        value: (at(3) < 0x80).then(|| wide(at(3))),
    }
}
