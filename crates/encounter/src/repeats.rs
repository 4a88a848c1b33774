//! Recognises a reading that comes a second time. Some devices repeat their last frame on waking, and
//! some send their whole memory at each connection.

use std::collections::VecDeque;

use clinical::{DeviceId, Reading, Timestamp};

/// A device with a memory holds up to some hundred readings; a repeat older than these would be
/// stopped by its time.
const REMEMBERED: usize = 512;

/// A device without a clock sends the same bytes for the same values. Nobody measures twice within
/// this time, and no device repeats a frame later than this.
const REPEAT_WITHIN_MS: i64 = 10_000;

#[derive(Clone, Debug, Default)]
pub(crate) struct Repeats {
    seen: VecDeque<Seen>,
}

#[derive(Clone, Debug, PartialEq)]
struct Seen {
    device: DeviceId,
    raw_sha256: String,
    device_time: Option<Timestamp>,
    received: Timestamp,
}

impl Repeats {
    /// Same device, same bytes and same device time; where the device has no clock, shortly after.
    pub fn contain(&self, reading: &Reading) -> bool {
        self.seen.iter().any(|seen| seen.is_repeated_by(reading))
    }

    pub fn remember(&mut self, reading: &Reading) {
        if self.seen.len() == REMEMBERED {
            self.seen.pop_front();
        }
        self.seen.push_back(Seen {
            device: reading.device.id.clone(),
            raw_sha256: reading.raw_sha256.clone(),
            device_time: reading.device_time,
            received: reading.received,
        });
    }
}

impl Seen {
    fn is_repeated_by(&self, reading: &Reading) -> bool {
        let apart_ms = reading.received.millis_since(self.received);
        self.device == reading.device.id
            && self.raw_sha256 == reading.raw_sha256
            && self.device_time == reading.device_time
            && (self.device_time.is_some() || apart_ms.abs() <= REPEAT_WITHIN_MS)
    }
}
