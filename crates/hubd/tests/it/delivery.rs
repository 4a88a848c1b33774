//! What was kept reaches the EHR once, in order, whatever the EHR does.

use std::time::Duration;

use clinical::{EncounterId, Entry};
use hub_api::{CartToHub, Delivery, HubToCart, VERSION};
use upstream::hub::{HubClient, HubSocket, Put};

use crate::{
    words::{closed, json, new_encounter, opened, opened_for, patient, saturation, summary},
    world::World,
};

pub async fn put(cart: &HubClient, entry: &Entry) {
    let put = cart.put_entry(entry.id, json(entry)).await;
    assert!(matches!(put, Put::Accepted(_)), "{put:?}");
}

pub async fn connect(cart: &HubClient, encounter: EncounterId) -> HubSocket {
    let mut socket = cart.connect().await.unwrap();
    let (version, encounter) = (VERSION, Some(summary(encounter)));
    socket.send(&CartToHub::Status { version, encounter, call: None }).await.unwrap();
    socket
}

/// The next news of delivery.
pub async fn news(socket: &mut HubSocket) -> Vec<(clinical::EntryId, Delivery)> {
    loop {
        let next = tokio::time::timeout(Duration::from_secs(20), socket.receive());
        if let HubToCart::Delivered { entries } = next.await.unwrap().unwrap() {
            return entries;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encounter_arrives_in_order_and_the_cart_hears_of_each_entry() {
    let world = World::start().await;
    let (cart, encounter) = (world.cart(), new_encounter());
    let mut socket = connect(&cart, encounter).await;
    let entries = [opened(encounter), saturation(encounter, 97), closed(encounter)];
    for entry in &entries {
        put(&cart, entry).await;
    }
    for entry in &entries {
        assert_eq!(news(&mut socket).await, [(entry.id, Delivery::InEhr)]);
    }
    let visit = &world.ehr.all("Encounter")[0];
    assert_eq!(visit["status"], "finished");
    let observation = &world.ehr.all("Observation")[0];
    assert_eq!(observation["subject"]["reference"], "Patient/okafor");
    let reference = format!("Encounter/{}", visit["id"].as_str().unwrap());
    assert_eq!(observation["encounter"]["reference"], reference);
    let ask = CartToHub::AskDelivery { entries: entries.iter().map(|entry| entry.id).collect() };
    socket.send(&ask).await.unwrap();
    let all: Vec<_> = entries.iter().map(|entry| (entry.id, Delivery::InEhr)).collect();
    assert_eq!(news(&mut socket).await, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ehr_that_is_away_gets_everything_once_it_is_back() {
    let world = World::start().await;
    let (cart, encounter) = (world.cart(), new_encounter());
    world.ehr.set_busy(true);
    put(&cart, &opened(encounter)).await;
    for spo2 in 90..95 {
        put(&cart, &saturation(encounter, spo2)).await;
    }
    assert_eq!(world.ehr.all("Encounter").len(), 0);
    world.ehr.set_busy(false);
    let arrived = world.ehr_has("Observation", 5).await;
    let values: Vec<_> =
        arrived.iter().map(|each| each["valueQuantity"]["value"].as_u64().unwrap()).collect();
    assert_eq!(values, [90, 91, 92, 93, 94]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_doubles_nothing() {
    let world = World::start().await;
    let (cart, encounter) = (world.cart(), new_encounter());
    let mut socket = connect(&cart, encounter).await;
    world.ehr.lose_next_answer();
    let opened = opened(encounter);
    put(&cart, &opened).await;
    assert_eq!(news(&mut socket).await, [(opened.id, Delivery::InEhr)]);
    assert_eq!(world.ehr.all("Encounter").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_reading_is_set_aside_and_holds_up_nothing() {
    let world = World::start().await;
    let (cart, encounter) = (world.cart(), new_encounter());
    let mut socket = connect(&cart, encounter).await;
    world.ehr.refuse("Observation");
    let entries = [opened(encounter), saturation(encounter, 97), closed(encounter)];
    for entry in &entries {
        put(&cart, entry).await;
    }
    assert_eq!(news(&mut socket).await, [(entries[0].id, Delivery::InEhr)]);
    assert_eq!(news(&mut socket).await, [(entries[1].id, Delivery::SetAside)]);
    assert_eq!(news(&mut socket).await, [(entries[2].id, Delivery::InEhr)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_filed_under_a_guessed_patient() {
    let world = World::start().await;
    let (cart, encounter) = (world.cart(), new_encounter());
    let mut socket = connect(&cart, encounter).await;
    let mut stranger = patient();
    stranger.number = "999999".into();
    let opened = opened_for(encounter, stranger);
    put(&cart, &opened).await;
    put(&cart, &saturation(encounter, 97)).await;
    assert_eq!(news(&mut socket).await, [(opened.id, Delivery::SetAside)]);
    assert_eq!(world.ehr.all("Encounter").len() + world.ehr.all("Observation").len(), 0);
}
