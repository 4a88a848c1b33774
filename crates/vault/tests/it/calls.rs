//! Who was let into which encounter by answering a call.

use crate::common::{NOW, encounter, event, heard, hub_vault, key, opened, still};
use clinical::{Act, CallId};
use vault::{AnsweredCall, Blob, BlobKind, Commit, EnrolledCart, HubVault, PhysicianAccount};

fn call(number: u128) -> CallId {
    CallId::new(uuid::Uuid::from_u128(number))
}

fn answered(number: u128, of: u32, physician: &str) -> AnsweredCall {
    AnsweredCall {
        call: call(number),
        cart: "cart-7".into(),
        encounter: encounter(of),
        physician: physician.into(),
        answered: NOW,
        ended: None,
    }
}

fn enrol(vault: &HubVault) {
    let cart = EnrolledCart { name: "cart-7".into(), public_key: [7; 32], enrolled_at: NOW };
    vault.enrol_cart(&cart, &event(Act::CartEnrolled)).unwrap();
    for name in ["weiss", "amari"] {
        let password_hash = "hash".into();
        let account =
            PhysicianAccount { name: name.into(), display_name: name.into(), password_hash };
        vault.put_physician(&account, &event(Act::AccountChanged)).unwrap();
    }
}

#[test]
fn a_call_that_goes_on_is_found_after_a_restart_and_an_ended_one_is_not() {
    let (folder, vault) = hub_vault();
    enrol(&vault);
    vault.keep_call(&answered(1, 1, "weiss"), &event(Act::CallAnswered)).unwrap();
    vault.keep_call(&answered(2, 2, "amari"), &event(Act::CallAnswered)).unwrap();
    vault.end_call(call(1), NOW.plus_millis(5), &event(Act::CallEnded)).unwrap();
    drop(vault);
    let vault = HubVault::open(folder.path(), &key()).unwrap();
    assert_eq!(vault.calls_going_on().unwrap(), [answered(2, 2, "amari")]);
    let over = AnsweredCall { ended: Some(NOW.plus_millis(5)), ..answered(1, 1, "weiss") };
    assert_eq!(vault.call(call(1)).unwrap(), Some(over));
    assert_eq!(vault.call(call(3)).unwrap(), None);
}

#[test]
fn the_calls_of_an_encounter_are_listed_as_they_were_answered() {
    let (_folder, vault) = hub_vault();
    enrol(&vault);
    let later = AnsweredCall { answered: NOW.plus_millis(9), ..answered(1, 1, "weiss") };
    for call in [&later, &answered(2, 1, "amari"), &answered(3, 2, "weiss")] {
        vault.keep_call(call, &event(Act::CallAnswered)).unwrap();
    }
    assert_eq!(vault.calls_of(encounter(1)).unwrap(), [answered(2, 1, "amari"), later]);
    assert_eq!(vault.calls_of(encounter(4)).unwrap(), []);
}

#[test]
fn a_call_is_answered_once() {
    let (_folder, vault) = hub_vault();
    enrol(&vault);
    vault.keep_call(&answered(1, 1, "weiss"), &event(Act::CallAnswered)).unwrap();
    assert!(vault.keep_call(&answered(1, 2, "amari"), &event(Act::CallAnswered)).is_err());
}

#[test]
fn a_blob_is_for_those_who_are_or_were_in_a_call_of_its_encounter() {
    let (_folder, vault) = hub_vault();
    enrol(&vault);
    let blob = Blob::new(vec![0xff; 9]);
    let sound = Blob::new(vec![0x7f; 9]);
    let entries = vec![opened(1), still(2, 1, &blob)];
    vault.commit(Commit { entries, blob: Some(blob.clone()) }).unwrap();
    let entries = vec![heard(3, 1, &sound)];
    vault.commit(Commit { entries, blob: Some(sound.clone()) }).unwrap();
    vault.keep_call(&answered(1, 1, "weiss"), &event(Act::CallAnswered)).unwrap();
    vault.keep_call(&answered(2, 2, "amari"), &event(Act::CallAnswered)).unwrap();
    vault.end_call(call(1), NOW, &event(Act::CallEnded)).unwrap();
    let of = |physician, sha256: &str| vault.blob_for(physician, sha256).unwrap();
    assert_eq!(of("weiss", blob.sha256()), Some(BlobKind::Picture));
    assert_eq!(of("weiss", sound.sha256()), Some(BlobKind::Sound));
    assert_eq!(of("amari", blob.sha256()), None);
    assert_eq!(of("weiss", Blob::new(vec![1]).sha256()), None);
}
