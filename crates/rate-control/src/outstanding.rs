//! What was sent and not answered yet.

use std::{collections::VecDeque, time::Duration};

/// Some seconds of a picture at 2.5 Mb/s; what is older can be no more in any queue.
const MOST_PACKETS: usize = 1024;

#[derive(Clone, Debug, Default)]
pub(crate) struct Outstanding {
    /// When it was sent, and its bytes, in the order of sending.
    packets: VecDeque<(Duration, u32)>,
    newest: Option<Duration>,
    answered: Option<Duration>,
}

impl Outstanding {
    pub(crate) fn sent(&mut self, bytes: u32, now: Duration) {
        if self.packets.len() == MOST_PACKETS {
            self.packets.pop_front();
        }
        self.packets.push_back((now, bytes));
        self.newest = Some(now);
    }

    /// The viewer told of a packet sent then. That it was lost is an answer too: it waits nowhere.
    pub(crate) fn answered(&mut self, sent: Duration) {
        self.answered = self.answered.max(Some(sent));
        while self.packets.front().is_some_and(|(at, _)| *at <= sent) {
            self.packets.pop_front();
        }
    }

    /// Bytes that may still be on their way: no queue holds more of ours.
    pub(crate) fn bytes(&self) -> u64 {
        self.packets.iter().map(|(_, bytes)| u64::from(*bytes)).sum()
    }

    /// When the oldest of them was sent; `None`: everything is answered.
    pub(crate) fn oldest(&self) -> Option<Duration> {
        self.packets.front().map(|(at, _)| *at)
    }

    /// The sending of the newest packet that was answered.
    pub(crate) fn newest_answered(&self) -> Option<Duration> {
        self.answered
    }

    /// Everything up to `slack` before the newest packet is answered.
    pub(crate) fn is_empty(&self, slack: Duration) -> bool {
        self.newest.is_none_or(|newest| self.answered >= Some(newest.saturating_sub(slack)))
    }
}
