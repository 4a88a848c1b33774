//! Any bytes as a picture, and as what an image archive gives back: refused or understood, with nothing made up and
//! nothing allocated that is not there.
#![no_main]

use dicom::{Content, frame, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(frame) = frame(input) {
        assert!(frame.width > 0 && frame.height > 0);
    }
    check(input);
    // Most inputs have no preamble.
    check(&[&[0; 128], b"DICM".as_slice(), input].concat());
});

fn check(file: &[u8]) {
    let Ok(held) = read(file) else { return };
    let taken = match held.content {
        Content::Picture { rows, columns, photometric, encoded } => {
            [rows, columns, photometric, encoded]
        }
        Content::Waveform { hertz, sensitivity, baseline, samples } => {
            [hertz, sensitivity, baseline, samples]
        }
    };
    assert!(taken.iter().all(|part| part.len() <= file.len()));
}
