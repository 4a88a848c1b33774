//! What a picture of the body was taken with, and of which side.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A camera that is held to the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExamCamera {
    /// Into the ear.
    Otoscope,
    /// Onto the skin.
    Dermatoscope,
    /// Into the eye.
    Ophthalmoscope,
    /// Into the mouth, onto a wound, anywhere.
    HandCamera,
}

/// The patient's, never the viewer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Laterality {
    Right,
    Left,
}

/// What somebody looks at through an exam camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Examined {
    pub with: ExamCamera,
    /// `None`: nobody has said it, or there are no sides.
    pub side: Option<Laterality>,
}

impl ExamCamera {
    pub const ALL: [Self; 4] =
        [Self::Otoscope, Self::Dermatoscope, Self::Ophthalmoscope, Self::HandCamera];

    /// As it is written into a chart, in English.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Otoscope => "Otoscope",
            Self::Dermatoscope => "Dermatoscope",
            Self::Ophthalmoscope => "Ophthalmoscope",
            Self::HandCamera => "Hand camera",
        }
    }

    /// What it looks at where the body has it twice; the right one must not be taken for the left.
    pub const fn of_a_pair(self) -> Option<&'static str> {
        match self {
            Self::Otoscope => Some("ear"),
            Self::Ophthalmoscope => Some("eye"),
            Self::Dermatoscope | Self::HandCamera => None,
        }
    }
}

impl Examined {
    /// A side is kept only where the body has two.
    pub fn new(with: ExamCamera, side: Option<Laterality>) -> Self {
        Self { with, side: side.filter(|_| with.of_a_pair().is_some()) }
    }

    /// As it is written into a chart, in English: "Otoscope, right ear".
    pub fn words(self) -> String {
        let Self { with, side } = self;
        match (with.of_a_pair(), side) {
            (Some(organ), Some(Laterality::Right)) => format!("{}, right {organ}", with.words()),
            (Some(organ), Some(Laterality::Left)) => format!("{}, left {organ}", with.words()),
            (Some(organ), None) => format!("{}, side of the {organ} not noted", with.words()),
            (None, _) => with.words().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(with: ExamCamera, side: Option<Laterality>, words: &str) {
        assert_eq!(Examined::new(with, side).words(), words);
    }

    #[test]
    fn a_chart_says_which_ear_and_when_nobody_said_it() {
        check(ExamCamera::Otoscope, Some(Laterality::Right), "Otoscope, right ear");
        check(ExamCamera::Otoscope, None, "Otoscope, side of the ear not noted");
        check(ExamCamera::Ophthalmoscope, Some(Laterality::Left), "Ophthalmoscope, left eye");
        check(ExamCamera::Dermatoscope, Some(Laterality::Left), "Dermatoscope");
    }
}
