//! Any bytes on a connection to an EHR: frames in bounds, messages that keep their bytes, and an answer to
//! each that is a message itself.
//!
//! The first byte of the input says in how large pieces the others come.
#![no_main]

use clinical::Timestamp;
use hl7::{
    Acknowledgement, Answer, Message, acknowledge, adt,
    mllp::{Decoder, Unit, frame},
};
use libfuzzer_sys::fuzz_target;

/// Longer frames are too long here, so that the fuzzer finds its way there.
const MOST: usize = 400;
/// As many bytes of what is wrong are kept.
const KEPT: usize = 64;

fuzz_target!(|input: &[u8]| {
    let Some((&size, bytes)) = input.split_first() else { return };
    // What is no frame may be a message all the same.
    check(bytes);
    let mut decoder = Decoder::new(MOST);
    for piece in bytes.chunks(usize::from(size).max(1)) {
        for unit in decoder.push(piece) {
            match unit {
                Unit::Message(message) => {
                    assert!(message.len() <= MOST);
                    check(&message);
                    assert!(frame(&message).is_ok());
                }
                Unit::Malformed(_, kept) => assert!(kept.len() <= KEPT),
            }
        }
    }
});

fn check(bytes: &[u8]) {
    let parsed = Message::parse(bytes);
    let (came, answer) = match &parsed {
        Ok(message) => {
            assert_eq!(message.bytes(), bytes);
            read(message);
            (Some(message), adt(message).map(drop))
        }
        Err(why) => (None, Err(why.clone())),
    };
    let answer = answer.as_ref().map_or_else(Answer::Refused, |()| Answer::Accepted);
    let reply = acknowledge(came, answer, "ACK1", Timestamp::from_millis(0));
    let reply = Message::parse(&reply).expect("an answer is a message");
    assert!(reply.segment("MSA").is_some());
}

/// Everything that can be asked.
fn read(message: &Message) {
    for segment in message.segments() {
        for number in 0..=segment.last_field() + 1 {
            for part in segment.field(number).repetitions() {
                let inner = part.component(2).subcomponent(2);
                assert!(inner.raw().len() <= part.raw().len());
                drop((part.text(), inner.text()));
            }
        }
    }
    drop(Acknowledgement::read(message));
}
