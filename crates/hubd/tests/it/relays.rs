//! The relays that the hub gives to both sides of a call.

use hub_api::{HubToCart, HubToPortal, PortalToHub};

use crate::{
    call::{Consult, hears_of_call},
    world::World,
};

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_of_a_call_hear_of_the_relay_each_with_a_credential_of_its_own() {
    let url = "turn:relay.example:3478?transport=tcp";
    let mut consult = Consult::ringing_in(World::with_relay(url).await).await;
    let call = consult.call;
    consult.window.says(PortalToHub::Answer { call }).await;
    let HubToPortal::Relays { relays: of_page } = consult.window.hears_of_call().await else {
        panic!("a page knows its relays before it joins");
    };
    assert!(matches!(consult.window.hears_of_call().await, HubToPortal::Joined { .. }));
    let HubToCart::Answered { relays: Some(of_cart), .. } =
        hears_of_call(&mut consult.bedside).await
    else {
        panic!("a cart hears of relays with the answer");
    };
    for relays in [&of_page, &of_cart] {
        assert!(relays.only);
        assert_eq!(relays.servers[0].urls, [url]);
    }
    assert_ne!(of_page.servers[0].username, of_cart.servers[0].username);
}
