//! What cannot be read on a socket is refused, and the connection stays.

use hub_api::{CartToHub, HubToCart, HubToPortal, MAX_MESSAGE_BYTES, PortalToHub};

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn unknown_and_oversized_messages_are_refused_and_the_connection_stays() {
    let world = World::start().await;
    let (mut window, _) = world.browser("weiss").await.window().await;
    let oversized =
        format!(r#"{{"type":"on_call","on_call":true,"x":"{}"}}"#, "x".repeat(MAX_MESSAGE_BYTES));
    for message in ["".into(), "hello".into(), r#"{"type":"dance"}"#.into(), oversized] {
        window.says_text(message).await;
        let answer = window.hears_of_call().await;
        assert!(matches!(answer, HubToPortal::Refused { .. }), "{answer:?}");
    }
    let call = clinical::CallId::new(uuid::Uuid::now_v7());
    window.says(PortalToHub::Answer { call }).await;
    let HubToPortal::Refused { reason } = window.hears_of_call().await else { panic!() };
    assert_eq!(reason, "This call is over.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_of_another_version_is_told_so() {
    let world = World::start().await;
    let mut socket = world.cart().connect().await.unwrap();
    let status = CartToHub::Status { version: 99, encounter: None, call: None };
    socket.send(&status).await.unwrap();
    loop {
        match socket.receive().await.unwrap() {
            HubToCart::Refused { reason } => {
                assert_eq!(reason, "The hub speaks version 1, the cart 99.");
                return;
            }
            HubToCart::Welcome { .. } | HubToCart::Worklist { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_connection_of_a_cart_counts() {
    let world = World::start().await;
    let cart = world.cart();
    let mut old = cart.connect().await.unwrap();
    let mut new = cart.connect().await.unwrap();
    while old.receive().await.is_ok() {}
    let ask = CartToHub::AskDelivery { entries: Vec::new() };
    new.send(&ask).await.unwrap();
    while !matches!(new.receive().await.unwrap(), HubToCart::Delivered { .. }) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_stands_still_is_disconnected_and_holds_up_nobody() {
    let world = World::start().await;
    let (slow, _) = world.browser("weiss").await.window().await;
    let (mut window, _) = world.browser("weiss").await.window().await;
    // Each of these makes the hub answer this window and tell every window of the physician.
    let mut cart = world.cart().connect().await.unwrap();
    for round in 0..3000u32 {
        let mut summary = crate::words::summary(crate::words::new_encounter());
        // So much that the buffers of TCP do not hide a window that reads nothing.
        summary.nurse = "x".repeat(60_000);
        let encounter = Some(summary).filter(|_| round % 2 == 0);
        let status = CartToHub::Status { version: hub_api::VERSION, encounter, call: None };
        cart.send(&status).await.unwrap();
        let carts = window.hears().await;
        assert!(matches!(carts, HubToPortal::Carts { .. }), "{carts:?}");
    }
    let mut slow = slow;
    slow.ends().await;
}
