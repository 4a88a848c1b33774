//! A simulated memory, and what the driver reads out of it.

use proptest::prelude::*;

use super::{
    model::{MODEL_7142T2, MODEL_7322T, MODEL_7600T},
    packet::FOUR_PAIRS,
    *,
};
use crate::{clock, testdata::hex};

const RECORD: &str = "5b781a4819d71b42000014006996";

/// A cuff that answers as its memory says. `false`: it knows another key.
struct Cuff {
    model: &'static Model,
    knows: bool,
    shows_p: bool,
    slots: Vec<Vec<u8>>,
}

impl Cuff {
    fn answer(&self, channel: Channel, bytes: &[u8]) -> Vec<(Channel, Vec<u8>)> {
        if channel == self.model.way.unlock {
            let result = match bytes[0] {
                0x01 => vec![0x81, u8::from(!self.knows)],
                0x02 => vec![0x82, u8::from(!self.shows_p)],
                0x11 => [&[0x91, u8::from(!self.knows)], &bytes[1..5]].concat(),
                _ => vec![0x80, 0x00],
            };
            return vec![(channel, result)];
        }
        let data = match bytes[1] {
            0x01 => {
                let address = u16::from_be_bytes([bytes[3], bytes[4]]);
                let slot = usize::from(address - self.model.banks[0].address) / LENGTH;
                self.slots.get(slot).cloned().unwrap_or(vec![0xFF; LENGTH])
            }
            _ => vec![0; 10],
        };
        let count = data.len() as u8;
        let kind = bytes[1] | 0x80;
        let head = [count + 8, kind, 0x00, bytes[3], bytes[4], count];
        let mut packet = [&head[..], &data, &[0]].concat();
        packet.push(packet.iter().fold(0, |sum, byte| sum ^ byte));
        let answers = self.model.way.answers;
        let width = if answers.len() == 1 { packet.len() } else { 16 };
        let parts = packet.chunks(width).zip(answers);
        parts.map(|(part, channel)| (*channel, part.to_vec())).collect()
    }
}

/// All that is reported until the driver rests.
fn session(cuff: &Cuff) -> Vec<Report> {
    let mut driver = Omron::new(cuff.model);
    let mut waiting = driver.handle(0, Event::Up(clock::TEST));
    let mut told = Vec::new();
    loop {
        if waiting.is_empty() {
            let Some(at) = driver.deadline() else { break };
            waiting = driver.handle(at, Event::Timer);
            continue;
        }
        match waiting.remove(0) {
            Action::Report(report) => told.push(report),
            Action::Write { channel, bytes } => {
                for (channel, bytes) in cuff.answer(channel, &bytes) {
                    waiting.extend(driver.handle(1, Event::Bytes { channel, bytes: &bytes }));
                }
            }
            other => assert!(matches!(other, Action::Subscribe(_))),
        }
    }
    told
}

fn cuff() -> Cuff {
    Cuff { model: &MODEL_7600T, knows: true, shows_p: false, slots: vec![hex(RECORD); 3] }
}

#[test]
fn every_slot_that_holds_a_record_is_told() {
    let told = session(&cuff());
    assert_eq!(told.len(), 4);
    let Report::Measured(measured) = &told[0] else { panic!("{told:?}") };
    let Measurement::BloodPressure(pressure) = &measured.measurement else { panic!() };
    assert_eq!(pressure.systolic, 145u16.into());
    assert_eq!(measured.device_time.unwrap().to_string(), "2026-06-14T23:45:02.000Z");
    assert_eq!(told[3], Report::Status(Status::Ready));
}

#[test]
fn a_record_without_a_time_is_refused() {
    let mut cuff = cuff();
    cuff.slots = vec![hex("5b781a4800001b42000014006996")];
    let Report::Malformed(said) = &session(&cuff)[0] else { panic!() };
    assert_eq!(said.what, Wrong::Field);
}

#[test]
fn a_cuff_that_shows_p_takes_the_key_and_is_read_the_next_time() {
    let mut cuff = cuff();
    cuff.knows = false;
    assert_eq!(session(&cuff), [Report::Failed(Failure::TimedOut)]);
    cuff.shows_p = true;
    assert_eq!(session(&cuff), [Report::Status(Status::Ready)]);
}

#[test]
fn a_later_cuff_is_unlocked_by_an_echo() {
    let mut cuff = Cuff { model: &MODEL_7142T2, ..cuff() };
    cuff.slots = vec![vec![0xFF; LENGTH], hex("6558541a331ade1800004c00ba00")];
    let told = session(&cuff);
    let [Report::Measured(measured), Report::Status(Status::Ready)] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(measured.device_time.unwrap().to_string(), "2026-06-17T19:35:30.000Z");
    cuff.knows = false;
    assert_eq!(session(&cuff), [Report::Failed(Failure::Device)]);
}

#[test]
fn the_second_user_s_records_are_told_too() {
    let first_user = vec![vec![0xFF; LENGTH]; 100];
    let slots = [first_user, vec![hex(RECORD)]].concat();
    let told = session(&Cuff { model: &MODEL_7322T, slots, ..cuff() });
    let [Report::Measured(measured), Report::Status(Status::Ready)] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(measured.raw, hex(RECORD));
}

#[test]
fn a_request_is_repeated_and_given_up() {
    let mut driver = Omron::new(&MODEL_7322T);
    let told = driver.handle(0, Event::Up(clock::TEST));
    let channel = FOUR_PAIRS.unlock;
    assert_eq!(told[4], Action::Subscribe(channel));
    assert_eq!(told[5], Action::Write { channel, bytes: with_key(GIVE_KEY, KEY) });
    let told = driver.handle(0, Event::Bytes { channel, bytes: &KEY_FITS });
    let bytes = Request::Start.bytes();
    let start = Action::Write { channel: FOUR_PAIRS.request, bytes };
    assert_eq!(told, std::slice::from_ref(&start));
    for second in 1..5 {
        assert_eq!(driver.handle(second * 1_000, Event::Timer), *std::slice::from_ref(&start));
    }
    let failed = Action::Report(Report::Failed(Failure::TimedOut));
    assert_eq!(driver.handle(5_000, Event::Timer), [failed]);
    assert_eq!(driver.deadline(), None);
}

proptest! {
    #[test]
    fn no_bytes_on_any_channel_are_a_reading_of_their_own(
        values in proptest::collection::vec(
            (0usize..5, proptest::collection::vec(any::<u8>(), 0..24)), 0..60,
        ),
    ) {
        let mut driver = Omron::new(&MODEL_7322T);
        let _ = driver.handle(0, Event::Up(clock::TEST));
        let _ = driver.handle(0, Event::Bytes { channel: FOUR_PAIRS.unlock, bytes: &KEY_FITS });
        for (index, bytes) in values {
            let channel = FOUR_PAIRS.answers.get(index).copied().unwrap_or(FOUR_PAIRS.unlock);
            for action in driver.handle(1, Event::Bytes { channel, bytes: &bytes }) {
                let measured = matches!(action, Action::Report(Report::Measured(_)));
                prop_assert!(!measured, "{action:?}");
            }
        }
    }
}
