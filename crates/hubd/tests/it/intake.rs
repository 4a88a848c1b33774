//! What carts send is kept before it is acknowledged, once, and only what is theirs.

use std::fs;

use clinical::{EntryBody, Note};
use hub_api::{MAX_BLOB_BYTES, MAX_ENTRY_BYTES};
use upstream::hub::{HubClient, Put};

use crate::{
    words::{closed, json, new_encounter, new_entry, opened, saturation, sha256, still},
    world::World,
};

/// A word of the refusal.
pub async fn refused(put: impl Future<Output = Put>, word: &str) {
    match put.await {
        Put::Refused { reason } => assert!(reason.contains(word), "{reason}"),
        other => panic!("{other:?} where a refusal with `{word}` was due"),
    }
}

pub async fn accepted(cart: &HubClient, entry: &clinical::Entry) {
    let body = json(entry);
    match cart.put_entry(entry.id, body.clone()).await {
        Put::Accepted(receipt) => assert_eq!(receipt.sha256, sha256(&body)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_sent_twice_is_kept_once_and_other_content_is_refused() {
    let world = World::start().await;
    let (cart, encounter) = (world.cart(), new_encounter());
    accepted(&cart, &opened(encounter)).await;
    let reading = saturation(encounter, 97);
    accepted(&cart, &reading).await;
    accepted(&cart, &reading).await;
    let mut changed = saturation(encounter, 96);
    changed.id = reading.id;
    refused(cart.put_entry(changed.id, json(&changed)), "other content").await;
    accepted(&cart, &closed(encounter)).await;
    assert_eq!(world.ehr_has("Observation", 1).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encounter_begins_with_its_opening_by_this_cart() {
    let world = World::start().await;
    let (cart, encounter) = (world.cart(), new_encounter());
    let reading = saturation(encounter, 97);
    refused(cart.put_entry(reading.id, json(&reading)), "beginning").await;
    accepted(&cart, &opened(encounter)).await;
    let again = opened(encounter);
    refused(cart.put_entry(again.id, json(&again)), "another beginning").await;
    let note = Note { author: "Maria Silva".into(), text: "Not mine to write".into() };
    let note = new_entry(encounter, EntryBody::Note(note));
    refused(cart.put_entry(note.id, json(&note)), "by physicians").await;
    let thief = world.other_cart("cart-2");
    let theirs = saturation(encounter, 50);
    refused(thief.put_entry(theirs.id, json(&theirs)), "another cart").await;
    world.ehr_has("Encounter", 1).await;
    assert_eq!(world.ehr.all("Observation").len(), 0);
    assert_eq!(world.ehr.all("DocumentReference").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_entry_or_too_large_is_refused_in_words() {
    let world = World::start().await;
    let (cart, encounter) = (world.cart(), new_encounter());
    let entry = opened(encounter);
    for body in ["", "{}", "\u{fffd}", r#"{"id":"x","patient":"Okafor"}"#] {
        refused(cart.put_entry(entry.id, body.into()), "no entry").await;
    }
    refused(cart.put_entry(closed(encounter).id, json(&entry)), "another id").await;
    let too_large = vec![b' '; MAX_ENTRY_BYTES + 1];
    refused(cart.put_entry(entry.id, too_large), "larger").await;
    let too_large = vec![0; MAX_BLOB_BYTES + 1];
    let name = sha256(&too_large);
    refused(cart.put_blob(&name, "image/jpeg", too_large), "larger").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_still_needs_its_picture_and_the_picture_its_hash() {
    let world = World::start().await;
    let (cart, encounter) = (world.cart(), new_encounter());
    accepted(&cart, &opened(encounter)).await;
    let jpeg = [0xff, 0xd8, 0xff, 0xd9];
    let still = still(encounter, &jpeg);
    refused(cart.put_entry(still.id, json(&still)), "picture").await;
    refused(cart.put_blob(&sha256(b"other"), "image/jpeg", jpeg.into()), "SHA-256").await;
    for _ in 0..2 {
        let put = cart.put_blob(&sha256(&jpeg), "image/jpeg", jpeg.into()).await;
        assert!(matches!(put, Put::Accepted(_)), "{put:?}");
    }
    accepted(&cart, &still).await;
    let document = world.ehr_has("DocumentReference", 1).await.remove(0);
    assert_eq!(document["content"][0]["attachment"]["data"], "/9j/2Q==");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_crash_and_is_not_readable_on_disk() {
    let mut world = World::start().await;
    world.ehr.set_busy(true);
    let (cart, encounter) = (world.cart(), new_encounter());
    accepted(&cart, &opened(encounter)).await;
    accepted(&cart, &saturation(encounter, 97)).await;
    world.kill();
    for file in fs::read_dir(world.data()).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for canary in ["Okafor", "100234", "Silva", "Nonin", "$argon2id$"] {
            let found = bytes.windows(canary.len()).any(|part| part == canary.as_bytes());
            assert!(!found, "{canary} in {}", path.display());
        }
    }
    world.ehr.set_busy(false);
    world.run();
    world.ehr_has("Observation", 1).await;
    assert_eq!(world.ehr.doubled(), Vec::<String>::new());
}
