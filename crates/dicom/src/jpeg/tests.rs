//! Headers as cameras, encoders and accidents write them.

use proptest::prelude::*;

use super::*;

const APP0: &[u8] = b"\xFF\xE0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
const SCAN_TO_END: &[u8] = &[0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9];

fn sof(marker: u8, bits: u8, names: &[u8]) -> Vec<u8> {
    let count = u8::try_from(names.len()).unwrap();
    let mut segment = vec![0xFF, marker, 0, 8 + 3 * count, bits, 0x04, 0x38, 0x07, 0x80, count];
    segment.extend(names.iter().flat_map(|name| [*name, 0x22, 0]));
    segment
}

fn adobe(transform: u8) -> Vec<u8> {
    [b"\xFF\xEE\x00\x0EAdobe\0\x64\0\0\0\0".as_slice(), &[transform]].concat()
}

fn picture(segments: &[&[u8]]) -> Vec<u8> {
    [&START, segments.concat().as_slice(), SCAN_TO_END].concat()
}

#[track_caller]
fn check(segments: &[&[u8]], expected: Result<(Process, Colour), Unfit>) {
    let expected =
        expected.map(|(process, colour)| Frame { process, width: 1920, height: 1080, colour });
    assert_eq!(frame(&picture(segments)), expected);
}

#[test]
fn a_baseline_picture_says_its_size_and_its_colours() {
    let [colours, grey] = [sof(0xC0, 8, &[1, 2, 3]), sof(0xC0, 8, &[1])];
    let named = sof(0xC0, 8, b"RGB");
    check(&[APP0, &colours], Ok((Process::Baseline, Colour::YCbCr)));
    check(&[&colours], Ok((Process::Baseline, Colour::YCbCr)));
    check(&[&grey], Ok((Process::Baseline, Colour::Grey)));
    check(&[&named], Ok((Process::Baseline, Colour::Rgb)));
    check(&[&adobe(0), &colours], Ok((Process::Baseline, Colour::Rgb)));
    check(&[&adobe(1), &named], Ok((Process::Baseline, Colour::YCbCr)));
    check(&[APP0, &adobe(0), &colours], Ok((Process::Baseline, Colour::YCbCr)));
    check(&[&sof(0xC1, 8, &[1])], Ok((Process::Extended, Colour::Grey)));
}

#[test]
fn what_no_archive_shows_is_refused_by_its_name() {
    for (marker, name) in [
        (0xC2, "progressive"),
        (0xC3, "lossless"),
        (0xC5, "hierarchical or arithmetically coded"),
        (0xC9, "hierarchical or arithmetically coded"),
    ] {
        check(&[&sof(marker, 8, &[1, 2, 3])], Err(Unfit::Coding(name)));
    }
    check(&[&sof(0xC1, 12, &[1])], Err(Unfit::Bits(12)));
    check(&[&sof(0xC0, 8, &[1, 2, 3, 4])], Err(Unfit::Components(4)));
    let twice = sof(0xC0, 8, &[1]);
    check(&[&twice, &twice], Err(Unfit::Coding("hierarchical or arithmetically coded")));
}

#[test]
fn fill_bytes_and_padding_behind_the_end_change_nothing() {
    let filled = [&[0xFF, 0xFF], sof(0xC0, 8, &[1]).as_slice()].concat();
    check(&[&filled], Ok((Process::Baseline, Colour::Grey)));
    let mut padded = picture(&[&sof(0xC0, 8, &[1])]);
    padded.push(0);
    assert!(frame(&padded).is_ok());
}

#[test]
fn a_picture_that_breaks_off_anywhere_is_none() {
    let whole = picture(&[APP0, &sof(0xC0, 8, &[1, 2, 3])]);
    for length in 0..whole.len() {
        assert_eq!(frame(&whole[..length]), Err(Unfit::NoJpeg), "{length}");
    }
    let without_frame = picture(&[APP0]);
    assert_eq!(frame(&without_frame), Err(Unfit::NoJpeg));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        drop(frame(&bytes));
    }

    #[test]
    fn no_damage_to_a_picture_makes_it_panic(at in 0_usize..60, byte: u8, cut in 0_usize..60) {
        let mut bytes = picture(&[APP0, &adobe(1), &sof(0xC0, 8, &[1, 2, 3])]);
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.drain(..cut % bytes.len());
        drop(frame(&bytes));
        drop(frame(&[&START, bytes.as_slice(), &END].concat()));
    }
}
