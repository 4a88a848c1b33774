//! Oximeters that speak the BCI protocol: the Contec CMS50 with its first firmware on a serial line,
//! and the Berry BM1000 over Bluetooth.
//!
//! Both stream while they are on and take no commands.

mod packet;

use packet::{Maker, PACKETS_PER_SECOND};

pub(crate) use packet::decode;

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Millis, Report, Uuid,
    catalogue::{Advertised, CP210X, Device, Line, Parity, Purpose, Transport},
    finger_clip::Unchecked,
    framer::{Found, Framer},
};

pub(crate) const CMS50: Device = Device {
    id: "cms50",
    title: "Contec CMS50 (first firmware)",
    purpose: Purpose::Oximetry,
    transports: &[Transport::Serial(Line { baud: 19_200, parity: Parity::Odd }), Transport::Tcp],
    usb: &[CP210X],
    bluetooth: &[],
    driver: || Box::new(Bci::new(Maker::Contec)),
};

/// By its name: the service is that of a Bluetooth chip, which very different devices use.
pub(crate) const BERRY: Device = Device {
    id: "berry",
    title: "Berry BM1000",
    purpose: Purpose::Oximetry,
    transports: &[Transport::Gatt],
    usb: &[],
    bluetooth: &[Advertised::Name("BerryMed")],
    driver: || Box::new(Bci::new(Maker::Berry)),
};

const NOTIFY: Channel = Channel::Gatt {
    service: Uuid::new(0x4953_5343_FE7D_4AE5_8FA9_9FAF_D205_E455),
    characteristic: Uuid::new(0x4953_5343_1E4D_4BD9_BA61_23C6_4724_9616),
};

struct Bci {
    maker: Maker,
    framer: Framer,
    clip: Unchecked,
}

impl Bci {
    fn new(maker: Maker) -> Self {
        let framer = Framer::new(packet::scan);
        Self { maker, framer, clip: Unchecked::new(PACKETS_PER_SECOND) }
    }

    /// A notification holds some packets, and may end inside of one: it is part of a stream too.
    fn bytes(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let Self { maker, framer, clip } = self;
        let mut actions = Vec::new();
        framer.run(bytes, |found| match found {
            Found::Frame(frame) => {
                let Ok(packet) = frame.try_into().map(packet::parse) else { return };
                clip.packet(now, packet.sample(*maker), frame, &mut actions);
            }
            Found::Malformed(malformation) => {
                actions.push(Action::Report(Report::Malformed(malformation)));
            }
        });
        actions
    }
}

impl Driver for Bci {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) => {
                *self = Self::new(self.maker);
                match self.maker {
                    Maker::Contec => Vec::new(),
                    Maker::Berry => vec![Action::Subscribe(NOTIFY)],
                }
            }
            Event::Down => {
                *self = Self::new(self.maker);
                Vec::new()
            }
            Event::Bytes { channel: Channel::Stream | NOTIFY, bytes } => self.bytes(now, bytes),
            Event::Refused(NOTIFY) => vec![Action::Report(Report::Failed(Failure::Device))],
            Event::Timer if self.clip.live.silent(now) => {
                *self = Self::new(self.maker);
                vec![Action::Report(Report::Failed(Failure::Device))]
            }
            Event::Command(Command::Measure) => {
                self.clip.live.ask();
                Vec::new()
            }
            Event::Bytes { .. } | Event::Refused(_) | Event::Timer => Vec::new(),
            Event::Command(Command::StopMeasuring | Command::Ptz(_)) | Event::Controls(_) => {
                Vec::new()
            }
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.clip.live.deadline()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Wrong, clock, finger_clip::words};

    const FINGER: [u8; 5] = [0x85, 40, 0x07, 72, 97];
    const NO_FINGER: [u8; 5] = [0x90, 0, 0x40, 0x7F, 0x7F];

    fn contec() -> Bci {
        Bci::new(Maker::Contec)
    }

    fn feed(driver: &mut Bci, channel: Channel, bytes: &[u8]) -> Vec<String> {
        words(driver.handle(0, Event::Bytes { channel, bytes }))
    }

    #[test]
    fn a_finger_gives_a_reading_after_four_seconds() {
        let said = feed(&mut contec(), Channel::Stream, &FINGER.repeat(241));
        assert_eq!(said, ["on", "97 % Some(72) []"]);
    }

    #[test]
    fn a_finger_that_is_taken_out_is_told_once() {
        let mut driver = contec();
        feed(&mut driver, Channel::Stream, &FINGER.repeat(241));
        assert_eq!(feed(&mut driver, Channel::Stream, &NO_FINGER.repeat(99)), ["off"]);
    }

    #[test]
    fn berry_is_subscribed_to_and_sends_packets_across_notifications() {
        let mut driver = Bci::new(Maker::Berry);
        let told = driver.handle(0, Event::Up(clock::TEST));
        assert_eq!(told, [Action::Subscribe(NOTIFY)]);
        let stream = FINGER.repeat(241);
        let said: Vec<String> =
            stream.chunks(13).flat_map(|value| feed(&mut driver, NOTIFY, value)).collect();
        assert_eq!(said, ["on", "97 % Some(72) []"]);
    }

    #[test]
    fn what_a_single_packet_says_does_not_count() {
        let mut driver = contec();
        feed(&mut driver, Channel::Stream, &FINGER.repeat(240));
        let glitch = [0x85, 40, 0x07, 72, 57];
        assert_eq!(feed(&mut driver, Channel::Stream, &glitch), [""; 0]);
        let said = feed(&mut driver, Channel::Stream, &FINGER.repeat(2));
        assert_eq!(said, ["97 % Some(72) []"]);
    }

    #[test]
    fn silence_ends_what_was_known() {
        let mut driver = contec();
        feed(&mut driver, Channel::Stream, &FINGER.repeat(241));
        assert_eq!(driver.deadline(), Some(3_000));
        let told = driver.handle(3_000, Event::Timer);
        assert_eq!(told, [Action::Report(Report::Failed(Failure::Device))]);
        assert_eq!(driver.deadline(), None);
        assert_eq!(feed(&mut driver, Channel::Stream, &FINGER.repeat(2)), ["on"]);
    }

    #[test]
    fn a_saturation_above_a_hundred_is_refused() {
        let said = feed(&mut contec(), Channel::Stream, &[0x85, 40, 0x07, 72, 110].repeat(241));
        assert_eq!(said, ["on", Wrong::Implausible.to_string().as_str()]);
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_chunks_give_the_same(
            pieces in proptest::collection::vec(prop_oneof![
                3 => Just(FINGER.repeat(60)),
                1 => Just(NO_FINGER.to_vec()),
                1 => proptest::collection::vec(any::<u8>(), 0..20),
            ], 0..12),
            cuts in proptest::collection::vec(1usize..40, 1..60),
        ) {
            let bytes = pieces.concat();
            let same = crate::chunks::whole_and_cut(contec, Channel::Stream, &bytes, &cuts);
            prop_assert_eq!(same, Ok(()));
        }
    }
}
