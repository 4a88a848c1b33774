//! Copies of what the EHR said of patients: one each, bounded, and gone by their age.

use clinical::Timestamp;

use crate::common::hub_vault;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

#[test]
fn the_newest_copy_of_a_patient_is_kept_until_it_is_too_old() {
    let (_folder, vault) = hub_vault();
    vault.keep_summary("a", at(10), b"first").unwrap();
    vault.keep_summary("a", at(20), b"second").unwrap();
    vault.keep_summary("b", at(30), b"other").unwrap();
    assert_eq!(vault.summary("a").unwrap().as_deref(), Some(&b"second"[..]));
    assert_eq!(vault.forget_summaries(at(20)).unwrap(), 0);
    assert_eq!(vault.forget_summaries(at(21)).unwrap(), 1);
    assert_eq!(vault.summary("a").unwrap(), None);
    assert!(vault.summary("b").unwrap().is_some());
    vault.forget_summary("b").unwrap();
    assert_eq!(vault.summary("b").unwrap(), None);
}

#[test]
fn the_oldest_make_room_for_the_newest() {
    let (_folder, vault) = hub_vault();
    for patient in 0..202 {
        vault.keep_summary(&patient.to_string(), at(patient), b"{}").unwrap();
    }
    assert_eq!(vault.summary("1").unwrap(), None);
    assert!(vault.summary("2").unwrap().is_some());
}
