//! Stethoscopes: USB Audio Class and line-in, by ALSA, as the card gives the sound.
//!
//! No gain control, no filter, no conversion. A card is opened by its own name and never as
//! "default", so that nobody hears the kiosk's microphone instead of a heart. What is missing is
//! marked (`devices::sound`).

mod capture;
mod feed;
mod open;
mod wav;

use std::fmt;

use devices::sound::Gap;

pub use capture::{Capture, Ended};
pub use open::{OpenCardError, cards};
pub use wav::WavWriter;

/// How a card gives its sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Samples a second of each channel.
    pub rate: u32,
    pub channels: u16,
    pub sample: Sample,
}

/// One sample, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    S16,
    S32,
    F32,
}

impl Sample {
    pub const fn bytes(self) -> usize {
        match self {
            Self::S16 => 2,
            Self::S32 | Self::F32 => 4,
        }
    }
}

impl Format {
    /// Bytes of one sample of every channel.
    pub fn frame(self) -> usize {
        self.sample.bytes() * usize::from(self.channels)
    }
}

/// What a stethoscope says, in the order in which it happened.
#[derive(Debug)]
pub enum SoundEvent {
    /// The card is open. A card that is opened again may give its sound otherwise than before.
    Open(Format),
    Piece(Piece),
    /// The card is away or stands still, and is opened again. The hole is told with the next piece.
    Lost(Lost),
}

/// Some milliseconds of sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What is missing before it.
    pub gap: Option<Gap>,
    /// Whole frames, as the card gave them.
    pub bytes: Vec<u8>,
}

#[derive(Debug)]
pub enum Lost {
    /// It could not be opened; told once until that changes.
    NotOpen(OpenCardError),
    /// Nothing came for half a second.
    Silent,
    /// ALSA gave it up.
    Failed(String),
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOpen(error) => error.fmt(f),
            Self::Silent => f.write_str("the sound card has stopped to give sound"),
            Self::Failed(why) => write!(f, "the sound card failed: {why}"),
        }
    }
}
