//! When the encoder is asked for a key frame. Viewers wish, the next raw picture carries it out.

use std::time::{Duration, Instant};

/// A browser repeats its wish until a key frame has arrived, and every viewer pays for each one.
const BETWEEN_KEYS: Duration = Duration::from_millis(250);

#[derive(Default)]
pub(crate) struct KeyWish {
    wished: bool,
    at_once: bool,
    last: Option<Instant>,
}

impl KeyWish {
    /// For a picture that was damaged on its way.
    pub(crate) fn soon(&mut self) {
        self.wished = true;
    }

    /// For a viewer who sees nothing yet.
    pub(crate) fn at_once(&mut self) {
        self.at_once = true;
    }

    /// Whether to ask now. A wish that comes too soon after the last key frame is kept.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let rested = self.last.is_none_or(|last| now.duration_since(last) >= BETWEEN_KEYS);
        let due = self.at_once || (self.wished && rested);
        if due {
            *self = Self { wished: false, at_once: false, last: Some(now) };
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wishes "soon" before each of the times and returns those at which the encoder was asked.
    fn asked(times_ms: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let start = Instant::now();
        let mut wish = KeyWish::default();
        let mut ask = |ms: &u64| {
            wish.soon();
            wish.take(start + Duration::from_millis(*ms))
        };
        times_ms.into_iter().filter(|ms| ask(ms)).collect()
    }

    #[test]
    fn a_browser_that_asks_with_every_picture_gets_four_key_frames_a_second() {
        assert_eq!(asked((0..1000).step_by(10)), [0, 250, 500, 750]);
    }

    #[test]
    fn a_wish_that_came_too_soon_is_kept() {
        let start = Instant::now();
        let mut wish = KeyWish::default();
        wish.soon();
        assert!(wish.take(start));
        wish.soon();
        assert!(!wish.take(start + Duration::from_millis(100)));
        assert!(wish.take(start + Duration::from_millis(251)));
        assert!(!wish.take(start + Duration::from_secs(9)));
    }

    #[test]
    fn a_new_viewer_does_not_wait() {
        let start = Instant::now();
        let mut wish = KeyWish::default();
        wish.soon();
        assert!(wish.take(start));
        wish.at_once();
        assert!(wish.take(start + Duration::from_millis(1)));
    }
}
