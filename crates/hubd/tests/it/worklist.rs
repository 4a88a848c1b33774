//! The EHR's schedule becomes the carts' worklist.

use std::time::Duration;

use hub_api::{HubToCart, WorklistEntry};
use upstream::hub::HubSocket;

use crate::{words::patient, world::World};

pub async fn worklist(socket: &mut HubSocket) -> Vec<WorklistEntry> {
    let next = async {
        loop {
            if let HubToCart::Worklist { entries, .. } = socket.receive().await.unwrap() {
                return entries;
            }
        }
    };
    // The hub looks every 15 s.
    tokio::time::timeout(Duration::from_secs(30), next).await.expect("a worklist in time")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_gets_the_worklist_at_once_and_again_when_it_changes() {
    let world = World::start().await;
    let mut socket = world.cart().connect().await.unwrap();
    let first = worklist(&mut socket).await;
    let expected = WorklistEntry {
        patient: patient(),
        place: "Bed 12".into(),
        reason: "Shortness of breath".into(),
    };
    assert_eq!(first, [expected]);
    world.ehr.book("nakamura", "101102", "Nakamura", "Fever");
    let second = worklist(&mut socket).await;
    let reasons: Vec<_> = second.iter().map(|entry| entry.reason.as_str()).collect();
    assert_eq!(reasons, ["Shortness of breath", "Fever"]);
}
