//! What the archive says it has, and what it has.

use clinical::Quality;
use dicom::Instance;
use sim_ehr::Orthanc;
use upstream::stow::{Look, Stored, StowError};

use crate::{
    orthanc::{client, client_of, client_that_loses_an_answer, free_port},
    visit::{ecg, ecg_of, still, strip},
};

const TAKEN: Result<Stored, StowError> = Ok(Stored { warning: None });

#[tokio::test]
async fn what_is_stored_comes_back_byte_for_byte_and_once_however_often_it_is_sent() {
    let archive = Orthanc::start().unwrap();
    let client = client_of(&archive);
    let strip = ecg_of(strip(500, 100_000), vec![]).unwrap();
    for (instance, count) in [(still(), 1), (strip, 2)] {
        assert_eq!(client.look(&instance).await, Ok(Look::Absent));
        for _ in 0..2 {
            assert_eq!(client.store(&instance).await, TAKEN);
            assert_eq!(client.look(&instance).await, Ok(Look::Same));
            assert_eq!(archive.instances().unwrap(), count);
        }
    }
}

#[tokio::test]
async fn another_strip_under_the_same_number_is_told_from_ours() {
    let archive = Orthanc::start().unwrap();
    let client = client_of(&archive);
    assert_eq!(client.store(&ecg()).await, TAKEN);
    // One sample is another, or only the number that makes microvolts of the same samples.
    let mut one_off = strip(130, 0);
    one_off.microvolts[7] += 1;
    for strip in [one_off, strip(130, 100_000)] {
        let other = ecg_of(strip, vec![Quality::Motion]).unwrap();
        assert_eq!(other.sop_instance_uid, ecg().sop_instance_uid);
        assert!(matches!(client.look(&other).await, Ok(Look::Other(_))));
    }
}

#[tokio::test]
async fn after_a_lost_answer_a_look_finds_what_was_stored() {
    let archive = Orthanc::start().unwrap();
    let lost = client_that_loses_an_answer(&archive).store(&still()).await;
    assert!(matches!(lost, Err(StowError::Later { .. })), "{lost:?}");
    assert_eq!(client_of(&archive).look(&still()).await, Ok(Look::Same));
}

#[tokio::test]
async fn garbage_is_refused_in_words_and_is_not_there() {
    let archive = Orthanc::start().unwrap();
    let client = client_of(&archive);
    for bytes in [b"garbage".to_vec(), still().bytes[..300].to_vec()] {
        let garbage = Instance { bytes, ..still() };
        let StowError::Refused { what } = client.store(&garbage).await.unwrap_err() else {
            panic!("garbage is no matter of time");
        };
        assert!(what.starts_with("the image archive "), "{what}");
        assert_eq!(client.look(&still()).await, Ok(Look::Absent));
    }
}

#[tokio::test]
async fn a_wrong_password_is_a_matter_of_access() {
    let archive = Orthanc::start().unwrap();
    let client = client(archive.port(), "another");
    assert!(matches!(client.store(&still()).await, Err(StowError::Denied { .. })));
    assert!(matches!(client.look(&still()).await, Err(StowError::Denied { .. })));
}

#[tokio::test]
async fn an_archive_that_is_down_is_a_matter_of_time() {
    let client = client(free_port(), "any");
    assert!(matches!(client.store(&still()).await, Err(StowError::Later { .. })));
    assert!(matches!(client.look(&still()).await, Err(StowError::Later { .. })));
}
