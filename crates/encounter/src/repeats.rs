//! Recognises a reading that comes a second time. Some devices repeat their last frame on waking, and
//! some send their whole memory at each connection.
//!
//! This memory is short and knows the present; the record remembers for good what devices number or
//! date ([`Reading::record_name`]), and is asked before a reading comes here.

use std::collections::VecDeque;

use clinical::{DeviceId, Reading, Timestamp};

/// More than all devices of a cart send within [`REPEAT_WITHIN_MS`].
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
    record: Option<String>,
    raw_sha256: String,
    received: Timestamp,
}

impl Repeats {
    /// Same device and same record; where the device names no records, the same bytes shortly after.
    pub fn contain(&self, reading: &Reading) -> bool {
        let record = reading.record_name();
        self.seen.iter().any(|seen| seen.is_repeated_by(reading, record.as_deref()))
    }

    pub fn remember(&mut self, reading: &Reading) {
        if self.seen.len() == REMEMBERED {
            self.seen.pop_front();
        }
        self.seen.push_back(Seen {
            device: reading.device.id.clone(),
            record: reading.record_name(),
            raw_sha256: reading.raw_sha256.clone(),
            received: reading.received,
        });
    }
}

impl Seen {
    fn is_repeated_by(&self, reading: &Reading, record: Option<&str>) -> bool {
        if self.device != reading.device.id || self.record.as_deref() != record {
            return false;
        }
        let apart_ms = reading.received.millis_since(self.received);
        let at_once = apart_ms.abs() <= REPEAT_WITHIN_MS;
        record.is_some() || (self.raw_sha256 == reading.raw_sha256 && at_once)
    }
}
