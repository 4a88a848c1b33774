//! The EHR's schedule becomes the carts' worklist.

use std::time::Duration;

use hub_api::{HubToCart, WorklistEntry};
use upstream::hub::HubSocket;

use crate::{words::patient, world::World};

async fn worklist(socket: &mut HubSocket, within: Duration) -> Option<Vec<WorklistEntry>> {
    let next = async {
        loop {
            if let HubToCart::Worklist { entries, .. } = socket.receive().await.unwrap() {
                return entries;
            }
        }
    };
    tokio::time::timeout(within, next).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_gets_the_worklist_at_once_and_again_when_it_changes() {
    let world = World::start().await;
    let mut socket = world.cart().connect().await.unwrap();
    let first = worklist(&mut socket, Duration::from_secs(10)).await.unwrap();
    let expected = WorklistEntry {
        patient: patient(),
        place: "Bed 12".into(),
        reason: "Shortness of breath".into(),
    };
    assert_eq!(first, [expected]);
    world.ehr.book("nakamura", "101102", "Nakamura", "Fever");
    let second = worklist(&mut socket, Duration::from_secs(20)).await.unwrap();
    let reasons: Vec<_> = second.iter().map(|entry| entry.reason.as_str()).collect();
    assert_eq!(reasons, ["Shortness of breath", "Fever"]);
    let unchanged = worklist(&mut socket, Duration::from_secs(16)).await;
    assert_eq!(unchanged, None, "an unchanged worklist is not told again");
}
