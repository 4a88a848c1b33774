//! Damages what a device sends, in the ways that cables and radios do.
//!
//! Pure: a message goes in, pieces to write come out. Time is an argument.

use super::Message;
use std::time::Duration;

/// What is wrong with a line. "Every N-th" counts messages since the fault was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    None,
    /// Each message arrives in up to three pieces.
    Split,
    /// Messages arrive several at once.
    Merge,
    /// Every N-th message is lost.
    Drop(u32),
    /// Every N-th message has one wrong bit.
    Corrupt(u32),
}

/// Short enough that a stream of 75 messages a second keeps up, long enough for separate reads.
pub const PAUSE_BETWEEN_PIECES: Duration = Duration::from_millis(3);
const MERGED_MESSAGES: usize = 4;
const MERGED_AT_LATEST: Duration = Duration::from_millis(400);

/// Applies a plan to the messages of one connection.
#[derive(Debug)]
pub struct Fault {
    plan: Plan,
    count: u32,
    held: Vec<Message>,
    held_since: Duration,
}

impl Fault {
    pub fn new() -> Self {
        Self { plan: Plan::None, count: 0, held: Vec::new(), held_since: Duration::ZERO }
    }

    /// Takes up a changed plan; what was held back comes out first.
    pub fn follow(&mut self, plan: Plan) -> Option<Message> {
        if plan == self.plan {
            return None;
        }
        self.plan = plan;
        self.count = 0;
        self.release()
    }

    /// The pieces to write, `PAUSE_BETWEEN_PIECES` apart.
    pub fn pass(&mut self, message: Message, now: Duration) -> Vec<Message> {
        self.count = self.count.wrapping_add(1);
        match self.plan {
            Plan::None => vec![message],
            Plan::Split => split(&message),
            Plan::Merge => self.hold(message, now),
            Plan::Drop(every) if self.count.is_multiple_of(every) => Vec::new(),
            Plan::Corrupt(every) if self.count.is_multiple_of(every) => {
                vec![corrupt(message, self.count / every)]
            }
            Plan::Drop(_) | Plan::Corrupt(_) => vec![message],
        }
    }

    /// What was held back for long enough.
    pub fn due(&mut self, now: Duration) -> Option<Message> {
        let overdue = now.saturating_sub(self.held_since) >= MERGED_AT_LATEST;
        if overdue { self.release() } else { None }
    }

    fn hold(&mut self, message: Message, now: Duration) -> Vec<Message> {
        if self.held.is_empty() {
            self.held_since = now;
        }
        self.held.push(message);
        if self.held.len() < MERGED_MESSAGES {
            return Vec::new();
        }
        self.release().into_iter().collect()
    }

    fn release(&mut self) -> Option<Message> {
        if self.held.is_empty() {
            return None;
        }
        Some(std::mem::take(&mut self.held).concat())
    }
}

impl Default for Fault {
    fn default() -> Self {
        Self::new()
    }
}

/// One byte, half of the rest, the rest: frames break both early and late.
fn split(message: &[u8]) -> Vec<Message> {
    let (first, rest) = message.split_at(message.len().min(1));
    let (middle, last) = rest.split_at(rest.len() / 2);
    [first, middle, last].iter().filter(|p| !p.is_empty()).map(|p| p.to_vec()).collect()
}

/// Flips one bit; which one wanders, so that every field is hit in time.
fn corrupt(mut message: Message, nth: u32) -> Message {
    let bits = message.len() * 8;
    if bits > 0 {
        // 11 shares no factor with 8 and few with common lengths.
        let bit = (nth as usize).wrapping_mul(11) % bits;
        message[bit / 8] ^= 1 << (bit % 8);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(plan: Plan, messages: u8) -> Vec<Message> {
        let mut fault = Fault::new();
        assert_eq!(fault.follow(plan), None);
        (0..messages).flat_map(|i| fault.pass(vec![i; 5], Duration::ZERO)).collect()
    }

    #[test]
    fn every_third_message_is_lost() {
        let first_bytes: Vec<u8> = passed(Plan::Drop(3), 7).iter().map(|m| m[0]).collect();
        assert_eq!(first_bytes, [0, 1, 3, 4, 6]);
    }

    #[test]
    fn a_split_message_is_whole_when_put_together() {
        let pieces = passed(Plan::Split, 1);
        assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 2]);
        assert_eq!(pieces.concat(), [0; 5]);
    }

    #[test]
    fn exactly_one_bit_of_every_second_message_is_wrong() {
        for (number, message) in passed(Plan::Corrupt(2), 20).iter().enumerate() {
            let wrong: u32 = message.iter().map(|b| (b ^ number as u8).count_ones()).sum();
            assert_eq!(wrong, (number % 2) as u32, "message {number}");
        }
    }

    #[test]
    fn merged_messages_come_out_together_or_when_overdue() {
        assert_eq!(passed(Plan::Merge, 4), [[[0; 5], [1; 5], [2; 5], [3; 5]].concat()]);
        let mut fault = Fault::new();
        fault.follow(Plan::Merge);
        assert!(fault.pass(vec![9], Duration::from_secs(1)).is_empty());
        assert_eq!(fault.due(Duration::from_millis(1300)), None);
        assert_eq!(fault.due(Duration::from_millis(1400)), Some(vec![9]));
    }

    #[test]
    fn a_repaired_line_first_gives_what_it_held_back() {
        let mut fault = Fault::new();
        fault.follow(Plan::Merge);
        fault.pass(vec![7], Duration::ZERO);
        assert_eq!(fault.follow(Plan::None), Some(vec![7]));
    }
}
