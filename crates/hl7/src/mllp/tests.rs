//! Frames in any pieces, and everything that is none.

use proptest::prelude::*;

use super::*;

const MOST: usize = 200;

fn units(chunks: &[&[u8]]) -> Vec<Unit> {
    let mut decoder = Decoder::new(MOST);
    chunks.iter().flat_map(|chunk| decoder.push(chunk)).collect()
}

fn check(bytes: &[u8], expected: &[Unit]) {
    assert_eq!(units(&[bytes]), expected);
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(units(&single), expected);
}

fn message(text: &[u8]) -> Unit {
    Unit::Message(text.to_vec())
}

fn wrong(why: Wrong, bytes: &[u8]) -> Unit {
    Unit::Malformed(why, bytes.to_vec())
}

#[test]
fn what_lies_between_start_and_end_is_a_message() {
    check(b"\x0bMSH|\r\x1c\r", &[message(b"MSH|\r")]);
    check(b"\x0bone\x1c\r\x0btwo\x1c\r", &[message(b"one"), message(b"two")]);
    check(b"\x0bone\x1c\r\r\n\x0btwo\x1c\r", &[message(b"one"), message(b"two")]);
    check(b"\x0b\x1c\r", &[message(b"")]);
    check(b"\x0bhalf", &[]);
    check(b"\x0bhalf\x1c", &[]);
}

#[test]
fn what_is_wrong_is_told_once_and_the_next_frame_is_read() {
    check(b"noise\x0bone\x1c\r", &[wrong(Wrong::Stray, b"noise"), message(b"one")]);
    check(b"\x0bcut\x0bone\x1c\r", &[wrong(Wrong::Unended, b"cut"), message(b"one")]);
    check(
        b"\x0bcut\x1cx\x1c\r\x0bone\x1c\r",
        &[wrong(Wrong::EndCutShort, b"cut"), message(b"one")],
    );
    check(b"\x0bcut\x1c\x0bone\x1c\r", &[wrong(Wrong::EndCutShort, b"cut"), message(b"one")]);
    let long = [b"\x0b".as_slice(), &[b'x'; MOST + 9], b"\x1c\r\x0bone\x1c\r"].concat();
    check(&long, &[wrong(Wrong::TooLong, &[b'x'; 64]), message(b"one")]);
    let stray = [[b'x'; 999].as_slice(), b"\x0bone\x1c\r"].concat();
    check(&stray, &[wrong(Wrong::Stray, &[b'x'; 64]), message(b"one")]);
}

#[test]
fn a_message_of_the_greatest_length_is_taken() {
    let most = [b'x'; MOST];
    check(&frame(&most).unwrap(), &[message(&most)]);
}

#[test]
fn what_would_break_its_own_frame_is_not_framed() {
    assert_eq!(frame(b"a\x0bb"), Err(NotFramed));
    assert_eq!(frame(b"a\x1cb"), Err(NotFramed));
}

/// Bytes of which many mean something to a frame.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![Just(START), Just(END), Just(b'\r'), any::<u8>()];
    prop::collection::vec(byte, 0..600)
}

proptest! {
    #[test]
    fn what_is_framed_comes_out_the_same(
        messages in prop::collection::vec("[ -~\r]{0,60}", 0..6),
        size in 1..50_usize,
    ) {
        let stream: Vec<u8> =
            messages.iter().flat_map(|text| frame(text.as_bytes()).unwrap()).collect();
        let chunks: Vec<&[u8]> = stream.chunks(size).collect();
        let expected: Vec<Unit> = messages.iter().map(|text| message(text.as_bytes())).collect();
        prop_assert_eq!(units(&chunks), expected);
    }

    #[test]
    fn any_bytes_in_any_pieces_say_the_same_and_stay_in_bounds(
        bytes in bytes(), cuts in prop::collection::vec(0..600_usize, 0..8),
    ) {
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let mut decoder = Decoder::new(MOST);
        let mut pieces = Vec::new();
        for range in cuts.windows(2) {
            pieces.extend(decoder.push(&bytes[range[0]..range[1]]));
            prop_assert!(decoder.held.len() <= MOST + 1);
            prop_assert!(decoder.held.capacity() <= 2 * (MOST + 1));
        }
        prop_assert_eq!(pieces, units(&[&bytes]));
    }
}
