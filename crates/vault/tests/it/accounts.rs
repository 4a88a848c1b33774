//! What only a cart and what only a hub keeps.

use crate::common::{NOW, cart_vault, event, hub_vault, key, opened, reading};
use cart_api::Nurse;
use clinical::{Act, AuditEvent, DeviceId};
use hub_api::WorklistEntry;
use vault::{
    CartVault, EnrolledCart, Malformation, NurseAccount, PhysicianAccount, UnassignedReading,
    Worklist,
};

#[test]
fn sign_in_counters_outlive_a_restart() {
    let (folder, vault) = cart_vault();
    vault.put_nurse(&nurse("7", "Ama"), &event(Act::AccountChanged)).unwrap();
    vault.put_nurse(&nurse("8", "Abel"), &event(Act::AccountChanged)).unwrap();
    assert!(vault.set_sign_in("7", r#"{"wrong":3}"#, &[]).unwrap());
    assert!(!vault.set_sign_in("9", "{}", &[]).unwrap(), "nobody has this number");
    drop(vault);
    let vault = CartVault::open(folder.path(), &key()).unwrap();
    assert_eq!(vault.nurse("7").unwrap().unwrap().sign_in, r#"{"wrong":3}"#);
    assert_eq!(vault.nurse("9").unwrap(), None);
    let names: Vec<_> = vault.nurses().unwrap().into_iter().map(|nurse| nurse.name).collect();
    assert_eq!(names, ["Abel", "Ama"]);
}

#[test]
fn the_last_worklist_and_the_situation_outlive_a_restart() {
    let (folder, vault) = cart_vault();
    assert_eq!(vault.worklist().unwrap(), None);
    assert_eq!(vault.situation().unwrap(), None);
    let clinical::EntryBody::Opened(opened) = opened(1).into_entry().body else { panic!() };
    let entry = WorklistEntry { patient: opened.patient, place: "4B-12".into(), reason: "".into() };
    let worklist = Worklist { entries: vec![entry], as_of: NOW };
    vault.set_worklist(&worklist).unwrap();
    vault.set_situation("an older one", &[]).unwrap();
    vault.set_situation("in a call", &[]).unwrap();
    drop(vault);
    let vault = CartVault::open(folder.path(), &key()).unwrap();
    assert_eq!(vault.worklist().unwrap(), Some(worklist));
    assert_eq!(vault.situation().unwrap().as_deref(), Some("in a call"));
}

#[test]
fn an_unassigned_reading_lies_in_the_tray_once() {
    let (_folder, vault) = cart_vault();
    let unassigned = UnassignedReading { reading: reading(1), reason: "no_encounter".into() };
    vault.keep_unassigned(&unassigned).unwrap();
    vault.keep_unassigned(&unassigned).unwrap();
    assert_eq!(vault.unassigned().unwrap(), [unassigned]);
}

#[test]
fn a_babbling_device_leaves_its_newest_thousand_frames() {
    let (_folder, vault) = cart_vault();
    let frame = |number: u32| Malformation {
        at: NOW.plus_millis(number.into()),
        device: DeviceId("oximeter".into()),
        what: "checksum".into(),
        bytes: number.to_be_bytes().into(),
    };
    (0..1_005).for_each(|number| vault.keep_malformation(&frame(number)).unwrap());
    let kept = vault.malformations(5_000).unwrap();
    assert_eq!(kept.len(), 1_000);
    assert_eq!((&kept[0], &kept[999]), (&frame(1_004), &frame(5)));
    assert_eq!(vault.malformations(2).unwrap(), [frame(1_004), frame(1_003)]);
}

#[test]
fn a_session_lasts_until_it_ends_or_is_ended() {
    let (_folder, vault) = hub_vault();
    let (token, other) = ("ab".repeat(32), "cd".repeat(32));
    let expires = NOW.plus_millis(1_000);
    vault
        .open_session(&token, "nobody", expires, &event(Act::SignedIn))
        .expect_err("there is no such physician");
    vault.put_physician(&physician("okoro"), &event(Act::AccountChanged)).unwrap();
    vault.open_session(&token, "okoro", expires, &event(Act::SignedIn)).unwrap();
    assert_eq!(vault.session(&token, NOW).unwrap().as_deref(), Some("okoro"));
    assert_eq!(vault.session(&other, NOW).unwrap(), None);
    assert_eq!(vault.session(&token, expires).unwrap(), None);
    vault.end_session(&token, &event(Act::SignedOut)).unwrap();
    assert_eq!(vault.session(&token, NOW).unwrap(), None);
}

#[test]
fn sessions_that_are_over_give_way_to_new_ones() {
    let (_folder, vault) = hub_vault();
    vault.put_physician(&physician("okoro"), &event(Act::AccountChanged)).unwrap();
    let token = "ab".repeat(32);
    let expires = NOW.plus_millis(1_000);
    vault.open_session(&token, "okoro", expires, &event(Act::SignedIn)).unwrap();
    vault
        .open_session(&token, "okoro", expires, &event(Act::SignedIn))
        .expect_err("the token is taken");
    let later = AuditEvent { at: expires, ..event(Act::SignedIn) };
    vault.open_session(&token, "okoro", expires.plus_millis(1_000), &later).unwrap();
}

#[test]
fn who_is_on_call_is_kept_with_the_account() {
    let (_folder, vault) = hub_vault();
    vault.put_physician(&physician("okoro"), &event(Act::AccountChanged)).unwrap();
    vault.put_physician(&physician("abebe"), &event(Act::AccountChanged)).unwrap();
    assert!(vault.set_on_call("okoro", true).unwrap());
    assert!(!vault.set_on_call("nobody", true).unwrap());
    vault.put_physician(&physician("okoro"), &event(Act::AccountChanged)).unwrap();
    assert_eq!(vault.on_call().unwrap(), ["okoro"]);
    assert_eq!(vault.physician("okoro").unwrap(), Some(physician("okoro")));
    assert!(vault.set_on_call("okoro", false).unwrap());
    assert!(vault.on_call().unwrap().is_empty());
}

#[test]
fn a_cart_that_is_enrolled_again_has_its_new_key() {
    let (_folder, vault) = hub_vault();
    let cart =
        |key| EnrolledCart { name: "cart-7".into(), public_key: [key; 32], enrolled_at: NOW };
    vault.enrol_cart(&cart(1), &event(Act::CartEnrolled)).unwrap();
    vault.enrol_cart(&cart(2), &event(Act::CartEnrolled)).unwrap();
    assert_eq!(vault.cart("cart-7").unwrap(), Some(cart(2)));
    assert_eq!(vault.cart("cart-8").unwrap(), None);
    assert_eq!(vault.carts().unwrap(), [cart(2)]);
}

fn nurse(id: &str, name: &str) -> NurseAccount {
    let nurse = Nurse { id: id.into(), name: name.into() };
    NurseAccount { nurse, pin_hash: "$argon2id$".into(), sign_in: "{}".into() }
}

fn physician(name: &str) -> PhysicianAccount {
    PhysicianAccount {
        name: name.into(),
        display_name: format!("Dr {name}"),
        password_hash: "$argon2id$".into(),
    }
}
