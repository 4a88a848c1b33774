//! Which picture size a bit rate can carry.

/// Smaller first. A camera that gives less is not enlarged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PictureSize {
    /// At most 320x180.
    Tiny,
    /// At most 640x360.
    Small,
    /// At most 960x540.
    Medium,
    /// At most 1280x720.
    Large,
}

/// Each step down, with the rate (bit/s) below which it is taken, and the rate that undoes it. Both
/// differ so that a rate that wanders does not change the size back and forth.
const STEPS: [(PictureSize, u32, u32); 3] = [
    (PictureSize::Tiny, 150_000, 220_000),
    (PictureSize::Small, 600_000, 800_000),
    (PictureSize::Medium, 1_200_000, 1_500_000),
];

impl PictureSize {
    /// The greatest width and height in pixels.
    #[must_use]
    pub fn most(self) -> (u32, u32) {
        match self {
            Self::Tiny => (320, 180),
            Self::Small => (640, 360),
            Self::Medium => (960, 540),
            Self::Large => (1280, 720),
        }
    }

    /// The size for `rate` (bit/s), coming from this one.
    #[must_use]
    pub(crate) fn at(self, rate: u32) -> Self {
        let fits =
            |&&(size, down, up): &&(Self, u32, u32)| rate < if self <= size { up } else { down };
        STEPS.iter().find(fits).map_or(Self::Large, |(size, ..)| *size)
    }
}

#[cfg(test)]
mod tests {
    use super::PictureSize::{Large, Medium, Small, Tiny};

    #[test]
    fn a_size_is_left_at_another_rate_than_it_is_reached() {
        for (from, rate, to) in [
            (Large, 1_200_000, Large),
            (Large, 1_199_999, Medium),
            (Large, 599_999, Small),
            (Large, 149_999, Tiny),
            (Tiny, 219_999, Tiny),
            (Tiny, 220_000, Small),
            (Small, 150_000, Small),
            (Small, 799_999, Small),
            (Small, 800_000, Medium),
            (Medium, 1_499_999, Medium),
            (Medium, 600_000, Medium),
            (Medium, 1_500_000, Large),
        ] {
            assert_eq!(from.at(rate), to, "{from:?} at {rate}");
        }
    }
}
