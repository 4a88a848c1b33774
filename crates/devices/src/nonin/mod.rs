//! The Nonin Xpod oximeter in serial data format 2 (9600 8N1; over USB it is an FTDI converter).
//!
//! It streams from the moment it has power and takes no commands.

mod frame;
mod policy;

use clinical::{Decimal, Measurement, Oximetry, Quality};
use frame::{Assembler, Packet};
use policy::{Policy, Verdict};

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Measured, Millis, Report, Status,
    catalogue::{Device, FT232, Line, Purpose, Transport},
    framer::{Framer, Piece},
};

pub(crate) const DEVICE: Device = Device {
    id: "nonin-xpod",
    title: "Nonin Xpod",
    purpose: Purpose::Oximetry,
    transports: &[Transport::Serial(Line::plain(9600)), Transport::Tcp],
    usb: &[FT232],
    bluetooth: &[],
    driver: || Box::new(Nonin::new()),
};

/// Without a frame for this long nothing is known of the patient any more.
const SILENCE: Millis = 3_000;

pub(crate) struct Nonin {
    framer: Framer,
    assembler: Assembler,
    policy: Policy,
    shown: Option<Status>,
    silent_at: Option<Millis>,
}

impl Nonin {
    pub(crate) fn new() -> Self {
        Self {
            framer: Framer::new(frame::scan),
            assembler: Assembler::default(),
            policy: Policy::default(),
            shown: None,
            silent_at: None,
        }
    }

    fn bytes(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let mut actions = Vec::new();
        for piece in self.framer.feed(bytes) {
            match piece {
                Piece::Frame(frame) => {
                    self.silent_at = Some(now + SILENCE);
                    if let Some(packet) = self.assembler.frame(&frame) {
                        self.packet(packet, &mut actions);
                    }
                }
                Piece::Malformed(malformation) => {
                    self.assembler.broken();
                    actions.push(Action::Report(Report::Malformed(malformation)));
                }
            }
        }
        actions
    }

    fn packet(&mut self, packet: Packet, actions: &mut Vec<Action>) {
        let verdict = self.policy.packet(&packet);
        let status = match verdict {
            Verdict::Off => Status::NotOnPatient,
            Verdict::Searching => Status::Measuring { cuff_mmhg: None },
            Verdict::Steady | Verdict::Reading { .. } => Status::Ready,
        };
        // A reading makes it ready without a word.
        let implied = status == Status::Ready;
        if self.shown.replace(status) != Some(status) && !implied {
            actions.push(Action::Report(Report::Status(status)));
        }
        if let Verdict::Reading { artifact, low_perfusion } = verdict {
            let remarks = [
                artifact.then_some(Quality::Artifact),
                low_perfusion.then_some(Quality::LowPerfusion),
            ];
            actions.extend(reading(packet, remarks.into_iter().flatten().collect()));
        }
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        if self.silent_at.take_if(|silent_at| now >= *silent_at).is_none() {
            return Vec::new();
        }
        *self = Self::new();
        vec![Action::Report(Report::Failed(Failure::Device))]
    }
}

fn reading(packet: Packet, quality: Vec<Quality>) -> Option<Action> {
    let measurement = Measurement::Oximetry(Oximetry {
        spo2: packet.spo2?.into(),
        pulse: packet.pulse.map(Decimal::from),
    });
    let firmware = Some(packet.revision.to_string());
    let measured = Measured { quality, firmware, ..Measured::new(measurement, &packet.raw) };
    Some(Action::Report(Report::value(measured)))
}

impl Driver for Nonin {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) | Event::Down => {
                *self = Self::new();
                Vec::new()
            }
            Event::Bytes { channel: Channel::Stream, bytes } => self.bytes(now, bytes),
            Event::Bytes { .. } | Event::Refused(_) | Event::Controls(_) => Vec::new(),
            Event::Timer => self.timer(now),
            Event::Command(Command::Measure) => {
                self.policy.ask();
                Vec::new()
            }
            Event::Command(Command::StopMeasuring | Command::Ptz(_)) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.silent_at
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Wrong, testdata::hex};

    /// One packet, with the status bits in every frame.
    fn packet(status: u8, pulse: u16, spo2: u8) -> Vec<u8> {
        let frame = |number: usize| {
            let data = match number {
                0 => (pulse >> 7) as u8,
                1 => (pulse & 0x7F) as u8,
                2 => spo2,
                3 => 48,
                _ => 0,
            };
            let status = 0x80 | status | u8::from(number == 0);
            let sum = 1u8.wrapping_add(status).wrapping_add(100).wrapping_add(data);
            [1, status, 100, data, sum]
        };
        (0..25).flat_map(frame).collect()
    }

    /// A packet is known by the first frame of the next, so the last one of `bytes` is not yet.
    fn feed(driver: &mut Nonin, bytes: &[u8]) -> Vec<String> {
        let actions = driver.handle(0, Event::Bytes { channel: Channel::Stream, bytes });
        actions.into_iter().map(word).collect()
    }

    fn word(action: Action) -> String {
        match action {
            Action::Report(Report::Measured(Measured { measurement, quality, .. })) => {
                let Measurement::Oximetry(Oximetry { spo2, pulse }) = measurement else { panic!() };
                format!("{spo2} % {pulse:?} {quality:?}")
            }
            Action::Report(Report::Status(Status::NotOnPatient)) => "off".to_owned(),
            Action::Report(Report::Status(Status::Measuring { .. })) => "on".to_owned(),
            Action::Report(Report::Malformed(wrong)) => wrong.what.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_finger_gives_a_reading_after_four_seconds() {
        let mut driver = Nonin::new();
        let said = feed(&mut driver, &packet(0x02, 72, 97).repeat(13));
        assert_eq!(said, ["on", "97 % Some(72) []"]);
    }

    #[test]
    fn a_finger_that_is_taken_out_is_told_once() {
        let mut driver = Nonin::new();
        feed(&mut driver, &packet(0x02, 72, 97).repeat(3));
        let said = feed(&mut driver, &packet(0x08, 511, 127).repeat(9));
        assert_eq!(said, ["off"]);
    }

    #[test]
    fn missing_values_never_become_numbers() {
        let mut driver = Nonin::new();
        let said = feed(&mut driver, &packet(0x02, 511, 127).repeat(50));
        assert_eq!(said, ["on"]);
    }

    #[test]
    fn a_finger_that_slips_is_searched_for_again() {
        let mut driver = Nonin::new();
        feed(&mut driver, &packet(0x02, 72, 97).repeat(20));
        let said = feed(&mut driver, &packet(0x10, 72, 97).repeat(2));
        assert_eq!(said, ["on"]);
    }

    #[test]
    fn a_weak_pulse_is_remarked() {
        let mut driver = Nonin::new();
        let said = feed(&mut driver, &packet(0x04, 72, 97).repeat(13));
        assert_eq!(said, ["on", "97 % Some(72) [LowPerfusion]"]);
    }

    #[test]
    fn a_value_that_no_patient_has_is_refused() {
        let mut driver = Nonin::new();
        let said = feed(&mut driver, &packet(0x02, 72, 110).repeat(13));
        assert_eq!(said, ["on", Wrong::Implausible.to_string().as_str()]);
    }

    #[test]
    fn a_packet_that_lost_a_frame_does_not_count() {
        let mut driver = Nonin::new();
        let mut stream = packet(0x02, 72, 97).repeat(2);
        stream[30] ^= 0x10;
        stream.extend(packet(0x02, 72, 97).repeat(11));
        assert_eq!(feed(&mut driver, &stream).last().unwrap(), "on");
        let said = feed(&mut driver, &packet(0x02, 72, 97));
        assert_eq!(said, ["97 % Some(72) []"]);
    }

    #[test]
    fn silence_ends_what_was_known() {
        let mut driver = Nonin::new();
        feed(&mut driver, &packet(0x02, 72, 97).repeat(12));
        assert_eq!(driver.deadline(), Some(3_000));
        let told = driver.handle(3_000, Event::Timer);
        assert_eq!(told, [Action::Report(Report::Failed(Failure::Device))]);
        assert_eq!(driver.deadline(), None);
        let said = feed(&mut driver, &packet(0x02, 72, 97).repeat(2));
        assert_eq!(said, ["on"], "the four seconds begin anew");
    }

    /// Real frames of the public sources, noise, and frames with one bit wrong.
    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            4 => Just(packet(0x02, 72, 97)),
            1 => Just(hex("0181020084")),
            1 => proptest::collection::vec(any::<u8>(), 0..20),
            1 => (0usize..125, 0u8..8).prop_map(|(at, bit)| {
                let mut damaged = packet(0x02, 72, 97);
                damaged[at] ^= 1 << bit;
                damaged
            }),
        ];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_chunks_give_the_same(
            bytes in stream(),
            cuts in proptest::collection::vec(1usize..40, 1..60),
        ) {
            let same = crate::chunks::whole_and_cut(Nonin::new, Channel::Stream, &bytes, &cuts);
            prop_assert_eq!(same, Ok(()));
        }

        #[test]
        fn damaged_frames_never_change_a_value(bytes in stream()) {
            for said in feed(&mut Nonin::new(), &bytes) {
                prop_assert!(!said.contains('%') || said.starts_with("97 % Some(72)"), "{}", said);
            }
        }
    }
}
