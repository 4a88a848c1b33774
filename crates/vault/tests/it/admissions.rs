//! What the EHR told of patients is there after a restart, all of a message or nothing.

use clinical::Act;
use vault::{HubVault, KeptFact};

use crate::common::{event, hub_vault, key};

fn fact(key: &str, fact: &str) -> KeptFact {
    (key.to_owned(), fact.as_bytes().to_vec())
}

#[test]
fn the_last_fact_under_a_key_is_kept_until_it_is_forgotten() {
    let (folder, vault) = hub_vault();
    vault.keep_admissions(&[fact("a", "1"), fact("b", "1")], &[]).unwrap();
    vault.keep_admissions(&[fact("a", "2")], &[event(Act::PatientsMerged)]).unwrap();
    drop(vault);
    let vault = HubVault::open(folder.path(), &key()).unwrap();
    assert_eq!(vault.admissions().unwrap(), [fact("a", "2"), fact("b", "1")]);
    vault.forget_admissions(&["a".to_owned(), "of nobody".to_owned()]).unwrap();
    assert_eq!(vault.admissions().unwrap(), [fact("b", "1")]);
}

#[test]
fn facts_that_cannot_all_be_kept_leave_nothing_behind() {
    let (_folder, vault) = hub_vault();
    // A key is never empty.
    vault.keep_admissions(&[fact("a", "1"), fact("", "1")], &[]).unwrap_err();
    assert_eq!(vault.admissions().unwrap(), []);
}
