//! One place for the newest picture. A picture that nobody took is replaced, never queued.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A picture ready for the screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    pub width: u32,
    pub height: u32,
    /// Four bytes a pixel, rows from the top, nothing between them.
    pub rgba: Vec<u8>,
}

/// Written by a media thread, read by the screen at its own pace.
#[derive(Default)]
pub struct FrameSlot {
    newest: Mutex<Newest>,
}

#[derive(Default)]
struct Newest {
    /// How many frames have been put here; it does not start again after `clear`.
    count: u64,
    frame: Option<(Arc<Frame>, Instant)>,
}

impl FrameSlot {
    /// The newest frame and its number, if that is above `seen`. The first frame has number 1.
    pub fn newer_than(&self, seen: u64) -> Option<(u64, Arc<Frame>)> {
        let newest = self.newest();
        let (frame, _) = newest.frame.as_ref()?;
        (newest.count > seen).then(|| (newest.count, Arc::clone(frame)))
    }

    /// How long ago the newest frame came; `None` when there is none.
    pub fn age(&self) -> Option<Duration> {
        self.newest().frame.as_ref().map(|(_, at)| at.elapsed())
    }

    pub(crate) fn put(&self, frame: Frame) {
        let mut newest = self.newest();
        newest.count += 1;
        newest.frame = Some((Arc::new(frame), Instant::now()));
    }

    /// The last picture of one call is no picture of the next.
    pub(crate) fn clear(&self) {
        self.newest().frame = None;
    }

    fn newest(&self) -> std::sync::MutexGuard<'_, Newest> {
        // Nothing can panic while it is held; a poisoned lock still guards a whole value.
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(shade: u8) -> Frame {
        Frame { width: 1, height: 1, rgba: vec![shade, shade, shade, 255] }
    }

    #[test]
    fn only_the_newest_frame_is_handed_out_and_only_once() {
        let slot = FrameSlot::default();
        assert!(slot.newer_than(0).is_none() && slot.age().is_none());
        slot.put(frame(1));
        slot.put(frame(2));
        let (seen, newest) = slot.newer_than(0).unwrap();
        assert_eq!((seen, newest.rgba[0]), (2, 2));
        assert!(slot.newer_than(seen).is_none());
    }

    #[test]
    fn a_cleared_slot_is_empty_and_its_numbers_go_on() {
        let slot = FrameSlot::default();
        slot.put(frame(1));
        slot.clear();
        assert!(slot.newer_than(0).is_none() && slot.age().is_none());
        slot.put(frame(3));
        assert_eq!(slot.newer_than(1).unwrap().0, 2);
    }
}
