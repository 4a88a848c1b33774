//! A file is found again: its names follow from the entry, and its content is what was put in.

use clinical::{Quality, Still};
use dicom::{Content, Unfit, Unreadable, read};

use crate::visit::{JPEG, ecg, ecg_of, in_visit, still, strip, words};

#[test]
fn each_retry_is_the_same_bytes_and_its_names_follow_from_the_ids() {
    assert_eq!(still(), still());
    assert_eq!(ecg(), ecg());
    let (still, ecg) = (still(), ecg());
    assert_eq!(still.study_instance_uid, ecg.study_instance_uid);
    assert_ne!(still.series_instance_uid, ecg.series_instance_uid);
    let id = 0x019a_a8c0_9fd7_7c3e_9b1c_41f2_77a0_0007_u128;
    assert_eq!(still.sop_instance_uid, format!("2.25.{id}"));
}

#[test]
fn the_picture_comes_back_as_it_was_taken() {
    assert!(!JPEG.len().is_multiple_of(2), "the padding is not tested");
    let held = read(&still().bytes).unwrap();
    assert_eq!(held.sop_instance_uid, still().sop_instance_uid);
    let Content::Picture { encoded, .. } = held.content else { panic!("no picture") };
    assert!(encoded == JPEG);
}

#[test]
fn a_strip_with_an_offset_is_another_content_even_if_its_samples_look_alike() {
    let content =
        |offset| read(&ecg_of(strip(250, offset), vec![]).unwrap().bytes).unwrap().content;
    let (here, there) = (content(100_000), content(200_000));
    let samples = |content: &Content| match content {
        Content::Waveform { samples, .. } => samples.clone(),
        Content::Picture { .. } => panic!("no waveform"),
    };
    assert_eq!(samples(&here), samples(&there));
    assert!(here != there);
}

#[test]
fn what_is_cut_or_no_file_at_all_is_never_read_as_one() {
    for whole in [still().bytes, ecg().bytes] {
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).is_err(), "{length}");
        }
    }
    assert_eq!(read(b"<html>please log in</html>").err(), Some(Unreadable::NoFile));
}

#[test]
fn what_was_noted_and_what_the_picture_says_have_to_agree() {
    let check = |still: Still, jpeg: &[u8]| {
        in_visit(|visit| {
            dicom::still(clinical::EntryId::new(uuid::Uuid::max()), &still, jpeg, visit)
        })
    };
    let refused = check(Still { width: 65, ..words() }, JPEG).unwrap_err();
    assert_eq!(refused, Unfit::Size { header: (64, 48), noted: (65, 48) });
    let refused = check(Still { media_type: "image/png".into(), ..words() }, JPEG).unwrap_err();
    assert_eq!(refused, Unfit::MediaType("image/png".into()));
    assert_eq!(check(words(), b"garbage").unwrap_err(), Unfit::NoJpeg);
}

#[test]
fn a_demonstration_is_no_patients() {
    let shown = ecg_of(strip(130, 0), vec![Quality::Demonstration]);
    assert_eq!(shown.unwrap_err(), Unfit::NotOfAPatient);
}

mod damage {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            drop(read(&bytes));
            drop(read(&[&[0; 128], b"DICM".as_slice(), &bytes].concat()));
        }

        #[test]
        fn no_damage_to_a_file_makes_the_reader_panic(at in 132_usize..2000, byte: u8, which: bool) {
            let mut bytes = if which { still() } else { ecg() }.bytes;
            let at = at % bytes.len();
            bytes[at] = byte;
            drop(read(&bytes));
        }
    }
}
