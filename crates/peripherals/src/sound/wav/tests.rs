//! Files are read back chunk by chunk, by a reader that knows only RIFF.

use std::io::Cursor;

use devices::sound::GapCause;

use super::*;

const MONO: Format = Format { rate: 48_000, channels: 1, sample: Sample::S16 };

/// The chunks of a WAVE file by name; its lengths have to fit to the byte.
fn chunks(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let length = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((&file[..4], &file[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    assert_eq!(length(4) + 8, file.len());
    let (mut at, mut found) = (12, Vec::new());
    while at < file.len() {
        let name = String::from_utf8(file[at..at + 4].to_vec()).unwrap();
        let body = file[at + 8..at + 8 + length(at + 4)].to_vec();
        at += 8 + body.len() + body.len() % 2;
        found.push((name, body));
    }
    found
}

fn recorded(format: Format, pieces: &[Piece]) -> Vec<(String, Vec<u8>)> {
    let mut wav = WavWriter::new(Cursor::new(Vec::new()), format).unwrap();
    for piece in pieces {
        wav.write(piece).unwrap();
    }
    chunks(&wav.finish().unwrap().into_inner())
}

fn piece(gap: Option<(u64, GapCause)>, bytes: &[u8]) -> Piece {
    let gap = gap.map(|(missing, cause)| Gap { missing, cause });
    Piece { gap, bytes: bytes.to_vec() }
}

#[test]
fn the_sound_is_in_the_file_byte_for_byte() {
    let bytes: Vec<u8> = (0..=255).collect();
    let found = recorded(MONO, &[piece(None, &bytes[..100]), piece(None, &bytes[100..])]);
    assert_eq!(found.len(), 2);
    let fmt = [1, 0, 1, 0, 0x80, 0xBB, 0, 0, 0, 0x77, 1, 0, 2, 0, 16, 0];
    assert_eq!(found[0], ("fmt ".to_owned(), fmt.to_vec()));
    assert_eq!(found[1], ("data".to_owned(), bytes));
}

#[test]
fn floats_are_told_from_whole_numbers() {
    let stereo = Format { rate: 44_100, channels: 2, sample: Sample::F32 };
    let fmt = &recorded(stereo, &[])[0].1;
    assert_eq!(fmt[..], [3, 0, 2, 0, 0x44, 0xAC, 0, 0, 0x20, 0x62, 5, 0, 8, 0, 32, 0]);
}

#[test]
fn a_hole_is_marked_where_it_is_and_labelled_with_its_length() {
    let pieces = [
        piece(None, &[0; 20]),
        piece(Some((4800, GapCause::Overrun)), &[0; 6]),
        piece(Some((0, GapCause::Reopened)), &[0; 2]),
    ];
    let found = recorded(MONO, &pieces);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["fmt ", "data", "cue ", "LIST"]);
    assert_eq!(found[1].1.len(), 28);
    let cue = &found[2].1;
    assert_eq!((cue[0], cue.len()), (2, 4 + 2 * 24));
    // The number of the mark, and twice its place: frames 10 and 13.
    assert_eq!((cue[4], cue[8], cue[24]), (1, 10, 10));
    assert_eq!((cue[28], cue[32], cue[48]), (2, 13, 13));
    let labels = String::from_utf8_lossy(&found[3].1).into_owned();
    assert!(labels.contains("gap of 4800 samples: overrun\0"), "{labels}");
    assert!(labels.contains("gap of 0 samples: reopened\0"), "{labels}");
}

#[test]
fn marks_are_bounded_and_the_rest_is_counted() {
    let holes = vec![piece(Some((1, GapCause::Overrun)), &[0; 2]); MARKS + 3];
    let labels = String::from_utf8_lossy(&recorded(MONO, &holes)[3].1).into_owned();
    assert_eq!(labels.matches("gap of").count(), MARKS);
    assert!(labels.contains("overrun, and 3 more gaps"));
}
