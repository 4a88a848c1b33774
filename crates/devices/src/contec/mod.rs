//! The Contec CMS50 with its later firmware, on a serial line (115 200 8N1).
//!
//! It streams once it is told to, for as long as it is told again. The sessions it stores are not
//! fetched: a stored second has no reliable time, so it could be nobody's reading, and a night has
//! 28 800 of them. What a technician reads out of the device can be printed by `decode`.

mod packet;
mod stored;

use packet::{KEEP_ALIVE, PACKETS_PER_SECOND, START_LIVE, STOP_LIVE};

pub(crate) use packet::decode;
pub(crate) use stored::decode as decode_stored;

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Millis, Report,
    catalogue::{CP210X, Device, Line, Purpose, Transport},
    finger_clip::Unchecked,
    framer::{Found, Framer},
};

pub(crate) const DEVICE: Device = Device {
    id: "cms50-new",
    title: "Contec CMS50 (later firmware)",
    purpose: Purpose::Oximetry,
    transports: &[Transport::Serial(Line::plain(115_200)), Transport::Tcp],
    usb: &[CP210X],
    bluetooth: &[],
    driver: || Box::new(Cms50::new()),
};

/// As the maker's program does.
const ASK_EVERY: Millis = 5_000;

struct Cms50 {
    framer: Framer,
    clip: Unchecked,
    /// When to tell it to go on; `None` while it shall be silent.
    ask_at: Option<Millis>,
}

impl Cms50 {
    fn new() -> Self {
        let framer = Framer::new(packet::scan);
        Self { framer, clip: Unchecked::new(PACKETS_PER_SECOND), ask_at: None }
    }

    fn start(&mut self, now: Millis) -> Vec<Action> {
        *self = Self { ask_at: Some(now + ASK_EVERY), ..Self::new() };
        vec![write(START_LIVE)]
    }

    fn bytes(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let Self { framer, clip, ask_at } = self;
        let mut actions = Vec::new();
        framer.run(bytes, |found| match found {
            Found::Frame(frame) => {
                // What is still under way when it has been stopped is nobody's.
                let Some(packet) = packet::live(frame).filter(|_| ask_at.is_some()) else {
                    return;
                };
                clip.packet(now, packet.sample(), frame, &mut actions);
            }
            Found::Malformed(malformation) => {
                actions.push(Action::Report(Report::Malformed(malformation)));
            }
        });
        actions
    }

    /// One that was switched off and on again has to be started anew.
    fn timer(&mut self, now: Millis) -> Vec<Action> {
        let mut actions = Vec::new();
        if self.clip.live.silent(now) {
            self.framer = Framer::new(packet::scan);
            self.clip = Unchecked::new(PACKETS_PER_SECOND);
            actions.push(Action::Report(Report::Failed(Failure::Device)));
        }
        if self.ask_at.is_some_and(|at| now >= at) {
            self.ask_at = Some(now + ASK_EVERY);
            let streams = self.clip.live.deadline().is_some();
            actions.push(write(if streams { KEEP_ALIVE } else { START_LIVE }));
        }
        actions
    }
}

fn write(command: [u8; 9]) -> Action {
    Action::Write { channel: Channel::Stream, bytes: command.to_vec() }
}

impl Driver for Cms50 {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) => self.start(now),
            Event::Down => {
                *self = Self::new();
                Vec::new()
            }
            Event::Bytes { channel: Channel::Stream, bytes } => self.bytes(now, bytes),
            Event::Timer => self.timer(now),
            Event::Command(Command::Measure) => {
                let actions = if self.ask_at.is_none() { self.start(now) } else { Vec::new() };
                self.clip.live.ask();
                actions
            }
            Event::Command(Command::StopMeasuring) => {
                *self = Self::new();
                vec![write(STOP_LIVE)]
            }
            Event::Bytes { .. }
            | Event::Refused(_)
            | Event::Command(Command::Ptz(_))
            | Event::Controls(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        [self.ask_at, self.clip.live.deadline()].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{clock, finger_clip::words};

    const FINGER: [u8; 9] = [0x01, 0x80, 0x85, 0xA8, 0x87, 0xC8, 0xE1, 0x80, 0x80];

    fn up() -> Cms50 {
        let mut driver = Cms50::new();
        assert_eq!(driver.handle(0, Event::Up(clock::TEST)), [write(START_LIVE)]);
        driver
    }

    fn feed(driver: &mut Cms50, now: Millis, bytes: &[u8]) -> Vec<String> {
        let event = Event::Bytes { channel: Channel::Stream, bytes };
        words(driver.handle(now, event))
    }

    #[test]
    fn a_finger_gives_a_reading_after_four_seconds() {
        assert_eq!(feed(&mut up(), 0, &FINGER.repeat(241)), ["on", "97 % Some(72) []"]);
    }

    #[test]
    fn what_a_single_packet_says_does_not_count() {
        let mut driver = up();
        feed(&mut driver, 0, &FINGER.repeat(240));
        let mut glitch = FINGER;
        glitch[6] = 0xB9;
        assert_eq!(feed(&mut driver, 0, &glitch), [""; 0]);
        assert_eq!(feed(&mut driver, 0, &FINGER.repeat(2)), ["97 % Some(72) []"]);
    }

    #[test]
    fn it_is_kept_streaming_and_started_again_after_silence() {
        let mut driver = up();
        assert_eq!(driver.deadline(), Some(5_000));
        feed(&mut driver, 4_900, &FINGER);
        assert_eq!(driver.handle(5_000, Event::Timer), [write(KEEP_ALIVE)]);
        let failed = Action::Report(Report::Failed(Failure::Device));
        assert_eq!(driver.handle(7_900, Event::Timer), [failed]);
        assert_eq!(driver.handle(10_000, Event::Timer), [write(START_LIVE)]);
        assert_eq!(feed(&mut driver, 10_100, &FINGER.repeat(2)), ["on"]);
    }

    #[test]
    fn who_stops_it_hears_nothing_until_it_is_started_again() {
        let mut driver = up();
        let stop = Event::Command(Command::StopMeasuring);
        assert_eq!(driver.handle(10, stop), [write(STOP_LIVE)]);
        assert_eq!(feed(&mut driver, 20, &FINGER.repeat(241)), [""; 0]);
        assert_eq!(driver.deadline(), None);
        let measure = Event::Command(Command::Measure);
        assert_eq!(driver.handle(30, measure), [write(START_LIVE)]);
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_chunks_give_the_same(
            pieces in proptest::collection::vec(prop_oneof![
                3 => Just(FINGER.repeat(80)),
                1 => Just(vec![0x0C, 0x80]),
                1 => proptest::collection::vec(any::<u8>(), 0..20),
            ], 0..12),
            cuts in proptest::collection::vec(1usize..40, 1..60),
        ) {
            let bytes = pieces.concat();
            let same = crate::chunks::whole_and_cut(up, Channel::Stream, &bytes, &cuts);
            prop_assert_eq!(same, Ok(()));
        }
    }
}
