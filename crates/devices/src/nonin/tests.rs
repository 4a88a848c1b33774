//! A simulated stream, frame by frame, and what the driver says of it.

use proptest::prelude::*;

use super::*;
use crate::{Wrong, finger_clip::words, testdata::hex};

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
    words(driver.handle(0, Event::Bytes { channel: Channel::Stream, bytes }))
}

#[test]
fn a_finger_gives_a_reading_after_four_seconds() {
    let mut driver = Nonin::new(DF2);
    let said = feed(&mut driver, &packet(0x02, 72, 97).repeat(13));
    assert_eq!(said, ["on", "97 % Some(72) []"]);
}

#[test]
fn a_finger_that_is_taken_out_is_told_once() {
    let mut driver = Nonin::new(DF2);
    feed(&mut driver, &packet(0x02, 72, 97).repeat(3));
    let said = feed(&mut driver, &packet(0x08, 511, 127).repeat(9));
    assert_eq!(said, ["off"]);
}

#[test]
fn missing_values_never_become_numbers() {
    let mut driver = Nonin::new(DF2);
    let said = feed(&mut driver, &packet(0x02, 511, 127).repeat(50));
    assert_eq!(said, ["on"]);
}

#[test]
fn a_finger_that_slips_is_searched_for_again() {
    let mut driver = Nonin::new(DF2);
    feed(&mut driver, &packet(0x02, 72, 97).repeat(20));
    let said = feed(&mut driver, &packet(0x10, 72, 97).repeat(2));
    assert_eq!(said, ["on"]);
}

#[test]
fn a_weak_pulse_is_remarked() {
    let mut driver = Nonin::new(DF2);
    let said = feed(&mut driver, &packet(0x04, 72, 97).repeat(13));
    assert_eq!(said, ["on", "97 % Some(72) [LowPerfusion]"]);
}

#[test]
fn a_value_that_no_patient_has_is_refused() {
    let mut driver = Nonin::new(DF2);
    let said = feed(&mut driver, &packet(0x02, 72, 110).repeat(13));
    assert_eq!(said, ["on", Wrong::Implausible.to_string().as_str()]);
}

#[test]
fn a_packet_that_lost_a_frame_does_not_count() {
    let mut driver = Nonin::new(DF2);
    let mut stream = packet(0x02, 72, 97).repeat(2);
    stream[30] ^= 0x10;
    stream.extend(packet(0x02, 72, 97).repeat(11));
    assert_eq!(feed(&mut driver, &stream).last().unwrap(), "on");
    let said = feed(&mut driver, &packet(0x02, 72, 97));
    assert_eq!(said, ["97 % Some(72) []"]);
}

#[test]
fn silence_ends_what_was_known() {
    let mut driver = Nonin::new(DF2);
    feed(&mut driver, &packet(0x02, 72, 97).repeat(12));
    assert_eq!(driver.deadline(), Some(3_000));
    let told = driver.handle(3_000, Event::Timer);
    assert_eq!(told, [Action::Report(Report::Failed(Failure::Device))]);
    assert_eq!(driver.deadline(), None);
    let said = feed(&mut driver, &packet(0x02, 72, 97).repeat(2));
    assert_eq!(said, ["on"], "the four seconds begin anew");
}

#[test]
fn format_7_gives_the_same_readings() {
    let frame = |number: usize| {
        let data = [0, 72, 97, 48].get(number).copied().unwrap_or(0);
        let status = if number == 0 { 0x83 } else { 0x82u8 };
        [status, 1, 2, data, status.wrapping_add(3).wrapping_add(data)]
    };
    let packet: Vec<u8> = (0..25).flat_map(frame).collect();
    let said = feed(&mut Nonin::new(DF7), &packet.repeat(13));
    assert_eq!(said, ["on", "97 % Some(72) []"]);
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
        let same = crate::chunks::whole_and_cut(|| Nonin::new(DF2), Channel::Stream, &bytes, &cuts);
        prop_assert_eq!(same, Ok(()));
    }

    #[test]
    fn damaged_frames_never_change_a_value(bytes in stream()) {
        for said in feed(&mut Nonin::new(DF2), &bytes) {
            prop_assert!(!said.contains('%') || said.starts_with("97 % Some(72)"), "{}", said);
        }
    }
}
