//! Any bytes given to one codec: fields or a named refusal, never a panic.
//!
//! One source for all codecs: the target's name is the protocol's. The first byte of the input
//! chooses the kind of frame, the others are the frame.
#![no_main]

mod kinds;

use devices::{Undecoded, decode};
use libfuzzer_sys::fuzz_target;

const PROTOCOL: &str = env!("CARGO_BIN_NAME");

fuzz_target!(|input: &[u8]| {
    let Some((&chosen, bytes)) = input.split_first() else { return };
    let said = decode(PROTOCOL, kinds::chosen(PROTOCOL, chosen), bytes);
    assert_ne!(said, Err(Undecoded::NoSuchProtocol), "the target has no codec");
});
