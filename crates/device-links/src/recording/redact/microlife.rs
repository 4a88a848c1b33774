//! A Microlife cuff sends the number of the cuff and the id of its user before the records of an
//! answer (public programs that read the BP3GY1-2N store both with the records).
//!
//! Which of the bytes there they are differs, so none is kept. What is put there has the same sum, so
//! that the frame is sound still.

use super::PLACEHOLDER;

const START: [u8; 2] = [0x4D, 0x3A];
const HEAD: usize = 4;
/// The records of an answer begin this far behind the head.
const RECORDS_AT: usize = 38;
/// As the driver has it: 255 records, and the sum.
const LONGEST: usize = RECORDS_AT + 255 * 10 + 1;

/// Where in a frame the next byte is.
#[derive(Default)]
pub(super) struct Microlife {
    /// Bytes of the frame so far; 0 between two.
    at: usize,
    /// What the head says: the payload and its sum.
    length: usize,
    /// What was taken out, less what was put there.
    owed: u8,
}

impl Microlife {
    /// One notification. A frame is longer, and a lost notification must not move what is taken out.
    pub(super) fn value(&mut self, bytes: &[u8]) -> Vec<u8> {
        if let [a, b, high, low, ..] = *bytes
            && [a, b] == START
            && is_possible(length(high, low))
        {
            self.at = 0;
        }
        bytes.iter().map(|&byte| self.byte(byte)).collect()
    }

    fn byte(&mut self, byte: u8) -> u8 {
        let at = self.at;
        self.at += 1;
        match at {
            // Between two frames may stand the rest of one whose begin was lost.
            0 | 1 if byte != START[at] => {
                self.at = usize::from(byte == START[0]);
                if byte == START[0] { byte } else { PLACEHOLDER }
            }
            0 | 1 => byte,
            2 => {
                self.length = usize::from(byte) << 8;
                byte
            }
            3 => {
                self.length |= usize::from(byte);
                self.owed = 0;
                if !is_possible(self.length) {
                    self.at = 0;
                }
                byte
            }
            _ => self.payload(at - HEAD, byte),
        }
    }

    fn payload(&mut self, index: usize, byte: u8) -> u8 {
        if index + 1 == self.length {
            self.at = 0;
        }
        let last = RECORDS_AT.min(self.length - 1).saturating_sub(1);
        // The first byte says what kind of answer it is.
        if index == 0 || index > last {
            return byte;
        }
        self.owed = self.owed.wrapping_add(byte).wrapping_sub(PLACEHOLDER);
        if index == last { PLACEHOLDER.wrapping_add(self.owed) } else { PLACEHOLDER }
    }
}

fn length(high: u8, low: u8) -> usize {
    usize::from(u16::from_be_bytes([high, low]))
}

fn is_possible(length: usize) -> bool {
    (1..=LONGEST).contains(&length)
}

#[cfg(test)]
mod tests {
    use devices::{Channel, Clock, Event, Report, catalogue::find};

    use super::*;

    const NOTIFY: Channel = Channel::sig(0xFFF0, 0xFFF1);
    const SLOT: [u8; 10] = [120, 80, 60, 24, 6, 15, 14, 30, 0, 0];

    /// An answer with two records, of a cuff whose user is known by name.
    fn answer() -> Vec<u8> {
        let mut header = [0; RECORDS_AT];
        header[5..14].copy_from_slice(b"LINDGREN7");
        let payload = [&header[..], &SLOT, &SLOT].concat();
        let length = u8::try_from(payload.len() + 1).unwrap();
        let mut frame = [&START[..], &[0, length], &payload].concat();
        frame.push(frame.iter().fold(0, |sum: u8, &byte| sum.wrapping_add(byte)));
        frame
    }

    fn kept(values: &[&[u8]]) -> Vec<Vec<u8>> {
        let mut redactor = Microlife::default();
        values.iter().map(|value| redactor.value(value)).collect()
    }

    fn measured(values: &[Vec<u8>]) -> usize {
        let mut driver = (find("microlife").unwrap().driver)();
        let utc = clinical::Timestamp::from_millis(1_795_333_320_000);
        let mut actions = driver.handle(0, Event::Up(Clock { utc, ahead_minutes: 60 }));
        for bytes in values {
            actions.extend(driver.handle(1, Event::Bytes { channel: NOTIFY, bytes }));
        }
        let measured = |action: &&devices::Action| {
            matches!(action, devices::Action::Report(Report::Measured(_)))
        };
        actions.iter().filter(measured).count()
    }

    #[test]
    fn the_name_is_gone_and_the_records_are_read_from_any_pieces() {
        for size in [1, 7, 20, 63, 200] {
            let answer = answer();
            let kept = kept(&answer.chunks(size).collect::<Vec<_>>());
            assert_eq!(measured(&kept), 2, "{size}");
            let kept = kept.concat();
            assert!(!kept.windows(3).any(|bytes| b"LINDGREN7".windows(3).any(|of| of == bytes)));
            assert_eq!(kept[HEAD + RECORDS_AT..], answer[HEAD + RECORDS_AT..]);
        }
    }

    #[test]
    fn a_lost_notification_does_not_move_what_is_taken_out() {
        let answer = answer();
        let pieces: Vec<&[u8]> = answer.chunks(20).collect();
        // The first is lost, then the second of the next answer; the third one is whole.
        let values = [&pieces[1..], &pieces[..1], &pieces[2..], &pieces[..]].concat();
        let kept = kept(&values).concat();
        assert!(!kept.windows(3).any(|bytes| b"LINDGREN7".windows(3).any(|of| of == bytes)));
        assert!(kept.ends_with(&answer[HEAD + RECORDS_AT..]));
    }

    #[test]
    fn a_short_answer_keeps_its_kind_and_its_sum() {
        let answer = [0x4D, 0x3A, 0x00, 0x02, 0x81, 0x0A];
        assert_eq!(kept(&[&answer]).concat(), answer);
    }
}
