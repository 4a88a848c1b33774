//! The EMAY SleepO2 oximeter over Bluetooth (vendor service FF12).
//!
//! Frames end with the sum of all bytes before, in seven bits. The protocol is known from the
//! package emay-sleepo2: a live frame each second once it is started, and a heartbeat of the host.

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Fields, Malformation, Millis, Report,
    Undecoded, Uuid, Wrong,
    catalogue::{Advertised, Device, Purpose, Transport},
    finger_clip::{Live, Sample},
};

pub(crate) const DEVICE: Device = Device {
    id: "emay-sleepo2",
    title: "EMAY SleepO2",
    purpose: Purpose::Oximetry,
    transports: &[Transport::Gatt],
    usb: &[],
    bluetooth: &[Advertised::Service(Uuid::sig(SERVICE)), Advertised::Name("SleepO2")],
    driver: || Box::new(Emay::new()),
};

const SERVICE: u16 = 0xFF12;
const WRITE: Channel = Channel::sig(SERVICE, 0xFF01);
const NOTIFY: Channel = Channel::sig(SERVICE, 0xFF02);

/// Code and parameters without the sum, and what it asks for.
const COMMANDS: [(&[u8], &str); 6] = [
    (HELLO, "hello"),
    (STATE, "device state"),
    (START, "start real-time"),
    (&[0x9B, 0x7F], "stop real-time"),
    (&[0x86], "battery"),
    (HEARTBEAT, "heartbeat"),
];
const HELLO: &[u8] = &[0x89];
const STATE: &[u8] = &[0x8E, 0x05];
const START: &[u8] = &[0x9B, 0x01];
const HEARTBEAT: &[u8] = &[0x9A];

const LIVE: [u8; 3] = [0xEB, 0x01, 0x05];
/// Between the values and the sum. No other bytes have been seen there; what they would mean is
/// not known, so a frame with others is refused.
const TRAILER: [u8; 2] = [0x7F, 0x00];
const FRAMES_PER_SECOND: u32 = 1;
/// As often as the package does it.
const BEAT_EVERY: Millis = 1_500;

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum: u8, &byte| sum.wrapping_add(byte)) & 0x7F
}

fn command(parameters: &[u8]) -> Vec<u8> {
    [parameters, &[sum(parameters)]].concat()
}

/// Of a frame that begins as a live one does. 0 and FF are sent while there is no value.
fn parse(frame: &[u8]) -> Result<Sample, Wrong> {
    let &[a, b, c, pulse, spo2, d, e, check] = frame else { return Err(Wrong::Length) };
    if sum(&frame[..7]) != check {
        return Err(Wrong::Checksum);
    }
    // The sum has seven bits, so the highest bit of a byte may have turned over: 97 % is 225 then.
    let impossible = (101..0xFF).contains(&spo2);
    if [a, b, c] != LIVE || [d, e] != TRAILER || impossible {
        return Err(Wrong::Field);
    }
    let value = |byte: u8| (!matches!(byte, 0 | 0xFF)).then_some(u16::from(byte));
    Ok(Sample { pulse: value(pulse), spo2: value(spo2), ..Sample::default() })
}

pub(crate) fn decode(_: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    if let Some((_, name)) = COMMANDS.iter().find(|(of, _)| command(of) == bytes) {
        return Ok(Fields::default().with("encode", *name));
    }
    let Sample { spo2, pulse, .. } = parse(bytes)?;
    Ok(Fields::default().with("pulse_rate", pulse).with("spo2", spo2))
}

struct Emay {
    live: Live,
    beat_at: Option<Millis>,
}

impl Emay {
    fn new() -> Self {
        Self { live: Live::new(FRAMES_PER_SECOND), beat_at: None }
    }

    fn start(&mut self, now: Millis) -> Vec<Action> {
        *self = Self { beat_at: Some(now + BEAT_EVERY), ..Self::new() };
        let writes = [HELLO, STATE, START].map(write);
        [Action::Subscribe(NOTIFY)].into_iter().chain(writes).collect()
    }

    fn notified(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        // Answers to the host's commands come here too.
        if !bytes.starts_with(&LIVE) {
            return Vec::new();
        }
        let sample = match parse(bytes) {
            Ok(sample) => sample,
            Err(wrong) => {
                let malformation = Malformation::new(wrong, bytes);
                return vec![Action::Report(Report::Malformed(malformation))];
            }
        };
        self.live.heard(now);
        // It has no word for a finger that is out: both values are missing then.
        let off = sample.spo2.is_none() && sample.pulse.is_none();
        let mut actions = Vec::new();
        let measured = self.live.sample(&Sample { off, ..sample }, bytes, &mut actions);
        actions.extend(measured.map(|measured| Action::Report(Report::value(measured))));
        actions
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        let mut actions = Vec::new();
        if self.live.silent(now) {
            self.live = Live::new(FRAMES_PER_SECOND);
            actions.push(Action::Report(Report::Failed(Failure::Device)));
            // One that was asleep has forgotten that it shall stream.
            actions.push(write(START));
        }
        if self.beat_at.is_some_and(|at| now >= at) {
            self.beat_at = Some(now + BEAT_EVERY);
            actions.push(write(HEARTBEAT));
        }
        actions
    }
}

fn write(parameters: &[u8]) -> Action {
    Action::Write { channel: WRITE, bytes: command(parameters) }
}

impl Driver for Emay {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) => return self.start(now),
            Event::Down => *self = Self::new(),
            Event::Bytes { channel: NOTIFY, bytes } => return self.notified(now, bytes),
            Event::Refused(NOTIFY) => {
                return vec![Action::Report(Report::Failed(Failure::Device))];
            }
            Event::Timer => return self.timer(now),
            Event::Command(Command::Measure) => self.live.ask(),
            Event::Bytes { .. } | Event::Refused(_) => {}
            Event::Command(Command::StopMeasuring | Command::Ptz(_)) | Event::Controls(_) => {}
        }
        Vec::new()
    }

    fn deadline(&self) -> Option<Millis> {
        [self.beat_at, self.live.deadline()].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Field, clock, finger_clip::words, testdata::hex};

    const FINGER: &str = "eb010548617f0019";

    fn feed(driver: &mut Emay, bytes: &[u8]) -> Vec<String> {
        let event = Event::Bytes { channel: NOTIFY, bytes };
        words(driver.handle(0, event))
    }

    fn many(driver: &mut Emay, frame: &str, count: usize) -> Vec<String> {
        (0..count).flat_map(|_| feed(driver, &hex(frame))).collect()
    }

    #[test]
    fn commands_are_those_of_the_public_source() {
        let all = ["8909", "8e0513", "9b011c", "9b7f1a", "8606", "9a1a"];
        for (bytes, (parameters, name)) in all.into_iter().zip(COMMANDS) {
            assert_eq!(command(parameters), hex(bytes));
            let said = decode(Some("write"), &hex(bytes)).unwrap();
            assert_eq!(said.get("encode"), Some(&Field::from(name)));
        }
    }

    #[test]
    fn it_is_started_and_kept_awake() {
        let mut driver = Emay::new();
        let told = driver.handle(0, Event::Up(clock::TEST));
        assert_eq!(told[0], Action::Subscribe(NOTIFY));
        assert_eq!(told[3], write(START));
        assert_eq!(driver.deadline(), Some(1_500));
        assert_eq!(driver.handle(1_500, Event::Timer), [write(HEARTBEAT)]);
        assert_eq!(driver.deadline(), Some(3_000));
    }

    #[test]
    fn four_seconds_on_a_finger_give_a_reading() {
        let mut driver = Emay::new();
        assert_eq!(many(&mut driver, FINGER, 9), ["on", "97 % Some(72) []"]);
        assert_eq!(many(&mut driver, "eb0105ffff7f006e", 9), ["off"]);
    }

    #[test]
    fn silence_ends_what_was_known_and_starts_it_anew() {
        let mut driver = Emay::new();
        many(&mut driver, FINGER, 4);
        assert_eq!(driver.deadline(), Some(3_000));
        let failed = Action::Report(Report::Failed(Failure::Device));
        assert_eq!(driver.handle(3_000, Event::Timer), [failed, write(START)]);
        assert_eq!(driver.deadline(), None);
    }

    #[test]
    fn a_damaged_frame_is_no_value() {
        let check = |bytes: &str, expected: Wrong| {
            let said = feed(&mut Emay::new(), &hex(bytes));
            assert_eq!(said, [expected.to_string()], "{bytes}");
        };
        check("eb010548617f0018", Wrong::Checksum);
        check("eb010548617f00", Wrong::Length);
        check("eb010548617e0119", Wrong::Field);
        check("eb010548e17f0019", Wrong::Field);
        assert_eq!(feed(&mut Emay::new(), &hex("e6640a")), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_notification_is_answered_by_at_most_two_words(
            bytes in proptest::collection::vec(any::<u8>(), 0..20),
            live in any::<bool>(),
        ) {
            let bytes = if live { [&LIVE[..], &bytes].concat() } else { bytes };
            prop_assert!(feed(&mut Emay::new(), &bytes).len() <= 2);
        }

        #[test]
        fn no_damaged_frame_changes_a_value(at in 0usize..8, bit in 0u8..8) {
            let mut driver = Emay::new();
            many(&mut driver, FINGER, 3);
            let mut damaged = hex(FINGER);
            damaged[at] ^= 1 << bit;
            let said = feed(&mut driver, &damaged);
            // The sum has seven bits: the highest bit of a byte may turn over unseen, and then the
            // value is one that the limits or the sentinel refuse.
            let values = said.iter().filter(|word| word.contains('%')).count();
            prop_assert!(values == 0 || bit == 7, "{:?}", said);
        }
    }
}
