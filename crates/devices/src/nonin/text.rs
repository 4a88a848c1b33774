//! Nonin table-top and hand-held oximeters that print a line per second, for a printer: the 8500,
//! 9600, 9847, Avant 4000 and BT4000 (9600 8N1).
//!
//! `SPO2=097 HR=072`, with `---` for a value that is missing; some put the time of day before it, an
//! `F` after it for values that follow fast, a `B` for a breath, and `*` where somebody pressed the
//! button for an event (operator's manuals, "Real-Time Patient Data Output"). There is no checksum,
//! so only a line that is exactly of this form counts. At power-up they print a header.

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Fields, Malformation, Millis, Report,
    Undecoded, Wrong,
    catalogue::{CP210X, Device, FT232, Line, PL2303, Purpose, Transport},
    finger_clip::{Live, Sample},
    framer::{Found, Framer, Scan},
};

pub(crate) const DEVICE: Device = Device {
    id: "nonin-text",
    title: "Nonin with text output",
    purpose: Purpose::Oximetry,
    transports: &[Transport::Serial(Line::plain(9600)), Transport::Tcp],
    usb: &[FT232, PL2303, CP210X],
    bluetooth: &[],
    driver: || Box::new(Printed::new()),
};

/// Longer than every line of values; headers that are longer are noise.
const LONGEST: usize = 64;
const LINES_PER_SECOND: u32 = 1;

fn scan(bytes: &[u8]) -> Scan {
    let bytes = &bytes[..bytes.len().min(LONGEST)];
    let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
    let line = &bytes[..end.unwrap_or(bytes.len())];
    if line.iter().any(|byte| !matches!(byte, b' '..=b'~')) {
        return Scan::No(Wrong::Noise);
    }
    match end {
        Some(end) => Scan::Frame(end + 1),
        None if bytes.len() == LONGEST => Scan::No(Wrong::Length),
        None => Scan::Incomplete,
    }
}

/// `None` for a line that has no values in it.
fn parse(line: &[u8]) -> Option<Result<Sample, Wrong>> {
    let line = str::from_utf8(line).ok()?;
    let at = line.find("SPO2=")?;
    let (before, values) = line.split_at(at);
    let whole = time_of_day(before).and_then(|()| sample(values));
    Some(whole.ok_or(Wrong::Field))
}

/// Which the oximeter has no date to, so it is no time of a reading.
fn time_of_day(text: &str) -> Option<()> {
    let shape: Vec<bool> = text.trim_end().bytes().map(|byte| byte.is_ascii_digit()).collect();
    let shown = [true, true, false, true, true, false, true, true];
    (shape.is_empty() || shape == shown).then_some(())
}

fn sample(values: &str) -> Option<Sample> {
    let (spo2, rest) = three(values.strip_prefix("SPO2=")?)?;
    let (pulse, rest) = three(rest.trim_start().strip_prefix("HR=")?)?;
    let marks = rest.bytes().all(|byte| matches!(byte, b' ' | b'F' | b'B' | b'*'));
    marks.then_some(Sample { spo2, pulse, ..Sample::default() })
}

/// Three digits, or three dashes. The outer `None`: neither.
fn three(text: &str) -> Option<(Option<u16>, &str)> {
    let (value, rest) = text.split_at_checked(3)?;
    match value {
        "---" => Some((None, rest)),
        _ if value.bytes().all(|byte| byte.is_ascii_digit()) => Some((value.parse().ok(), rest)),
        _ => None,
    }
}

/// One line, with or without its end.
pub(crate) fn decode(_: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let Sample { spo2, pulse, .. } = parse(bytes.trim_ascii_end()).ok_or(Wrong::Noise)??;
    Ok(Fields::default().with("spo2", spo2).with("pulse_rate", pulse))
}

pub(crate) struct Printed {
    framer: Framer,
    live: Live,
}

impl Printed {
    pub(crate) fn new() -> Self {
        Self { framer: Framer::new(scan), live: Live::new(LINES_PER_SECOND) }
    }

    fn bytes(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let Self { framer, live } = self;
        let mut actions = Vec::new();
        framer.run(bytes, |found| match found {
            Found::Frame(line) => match parse(line.trim_ascii_end()) {
                None => {}
                Some(Ok(sample)) => {
                    live.heard(now);
                    let measured = live.sample(&sample, line, &mut actions);
                    actions
                        .extend(measured.map(|measured| Action::Report(Report::value(measured))));
                }
                Some(Err(wrong)) => {
                    let malformation = Malformation::new(wrong, line);
                    actions.push(Action::Report(Report::Malformed(malformation)));
                }
            },
            Found::Malformed(malformation) => {
                actions.push(Action::Report(Report::Malformed(malformation)));
            }
        });
        actions
    }
}

impl Driver for Printed {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) | Event::Down => *self = Self::new(),
            Event::Bytes { channel: Channel::Stream, bytes } => return self.bytes(now, bytes),
            Event::Command(Command::Measure) => self.live.ask(),
            Event::Timer if self.live.silent(now) => {
                *self = Self::new();
                return vec![Action::Report(Report::Failed(Failure::Device))];
            }
            Event::Bytes { .. } | Event::Refused(_) | Event::Timer => {}
            Event::Command(Command::StopMeasuring | Command::Ptz(_)) | Event::Controls(_) => {}
        }
        Vec::new()
    }

    fn deadline(&self) -> Option<Millis> {
        self.live.deadline()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finger_clip::words;

    fn check(line: &str, expected: &str) {
        let said = match parse(line.as_bytes()) {
            None => "nothing".to_owned(),
            Some(Err(wrong)) => wrong.to_string(),
            Some(Ok(Sample { spo2, pulse, .. })) => format!("{spo2:?} {pulse:?}"),
        };
        assert_eq!(said, expected, "{line}");
    }

    #[test]
    fn lines_of_the_manuals_are_read() {
        check("SPO2=097 HR=072", "Some(97) Some(72)");
        check("SPO2=--- HR=---", "None None");
        check("SPO2=097 HR=072 F", "Some(97) Some(72)");
        check("SPO2=097 HR=072*", "Some(97) Some(72)");
        check("12:34:56 SPO2=100 HR=205 B", "Some(100) Some(205)");
        check("NONIN 9600 11/22/26", "nothing");
        check("", "nothing");
    }

    #[test]
    fn a_line_that_lost_characters_is_no_value() {
        check("SPO2=97 HR=072", "field");
        check("SPO2=097 HR=07", "field");
        check("SPO2=0SPO2=097 HR=072", "field");
        check("xSPO2=097 HR=072", "field");
        check("SPO2=097 HR=072 SPO2=097 HR=072", "field");
    }

    fn feed(bytes: &[u8]) -> Vec<String> {
        let event = Event::Bytes { channel: Channel::Stream, bytes };
        words(Printed::new().handle(0, event))
    }

    #[test]
    fn four_seconds_on_a_finger_give_a_reading() {
        assert_eq!(feed(&b"SPO2=097 HR=072\r\n".repeat(4)), ["on", "97 % Some(72) []"]);
        assert_eq!(feed(&b"SPO2=--- HR=---\r\n".repeat(9)), ["on"]);
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_chunks_give_the_same(
            pieces in proptest::collection::vec(prop_oneof![
                2 => Just(b"SPO2=097 HR=072\r\n".to_vec()),
                1 => proptest::collection::vec(any::<u8>(), 0..90),
            ], 0..20),
            cuts in proptest::collection::vec(1usize..40, 1..60),
        ) {
            let bytes = pieces.concat();
            let same =
                crate::chunks::whole_and_cut(Printed::new, Channel::Stream, &bytes, &cuts);
            prop_assert_eq!(same, Ok(()));
        }
    }
}
