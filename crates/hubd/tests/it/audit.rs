//! Who did what at the hub, what it holds of the carts' audits, and what it hands on.

use std::time::Duration;

use clinical::{Act, Actor, AuditEvent, ChainHead, EntryId};
use hub_api::{CartToHub, HubToCart, NoteDraft, VERSION};
use serde_json::Value;
use tempfile::TempDir;
use upstream::hub::HubSocket;
use uuid::Uuid;
use vault::{AuditChain, CartVault, VaultKey};

use crate::{
    call::Consult,
    words::{TIME, sha256, still},
    world::{CART, World, eventually},
};

fn exported(world: &World, from: &str) -> Vec<Value> {
    let (is_well, out) = world.audit(&["export", "--from", from]);
    assert!(is_well, "{out}");
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// "who what" of a row, as it is exported.
fn words(event: &Value) -> String {
    let own = event["subtype"].as_array().unwrap().last().unwrap();
    assert_eq!(own["system"], "urn:bedside:audit");
    let who = event["agent"][0]["who"]["display"].as_str().unwrap();
    format!("{who} {}", own["code"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consult_is_written_down_from_sign_in_to_the_picture_that_was_seen() {
    let mut consult = Consult::answered().await;
    let (call, encounter) = (consult.call, consult.encounter);
    let jpeg = [0xff, 0xd8, 0xff, 0xd9];
    let picture = still(encounter, &jpeg);
    let cart = consult.world.cart();
    cart.put_blob(&sha256(&jpeg), "image/jpeg", jpeg.into()).await;
    for _ in 0..2 {
        cart.put_entry(picture.id, crate::words::json(&picture)).await;
    }
    let path = format!("/api/portal/blobs/{}", sha256(&jpeg));
    assert_eq!(consult.browser.get(&path).send().await.unwrap().status(), 200);
    let draft = NoteDraft { encounter, call, text: "canary-note".into() };
    let id = EntryId::new(Uuid::now_v7());
    assert_eq!(consult.browser.put_note(id, &draft).await.status(), 200);
    consult.world.ehr_has("DocumentReference", 2).await;
    consult.window.says(hub_api::PortalToHub::HangUp { call }).await;
    crate::call::hears_of_call(&mut consult.bedside).await;
    assert_eq!(consult.browser.post("/api/portal/sign-out").send().await.unwrap().status(), 204);
    assert_eq!(consult.browser.sign_in("weiss", "wrong").await.status(), 401);
    assert_eq!(consult.browser.sign_in("nobody", "wrong").await.status(), 401);
    let all = eventually("all deliveries", Duration::from_secs(10), || {
        let all = exported(&consult.world, "1");
        let delivered = all.iter().filter(|event| words(event) == "hub hub entry_delivered");
        let is_all = delivered.count() == 3;
        async move { is_all.then_some(all) }
    })
    .await;
    let told: Vec<_> = all.iter().map(words).collect();
    for (expected, count) in [
        ("hub hub started", 1),
        ("physician weiss signed_in", 1),
        ("cart cart-3-east cart_connected", 1),
        ("cart cart-3-east entry_kept", 2),
        ("physician weiss consult_shown", 1),
        ("physician weiss call_answered", 1),
        ("physician weiss picture_seen", 1),
        ("physician weiss note_written", 1),
        ("physician weiss call_ended", 1),
        ("physician weiss signed_out", 1),
        ("physician weiss sign_in_failed", 1),
        ("somebody unknown sign_in_failed", 1),
    ] {
        let found = told.iter().filter(|told| *told == expected).count();
        assert_eq!(found, count, "{expected} in {told:#?}");
    }
    assert!(told.last().unwrap().ends_with(" audit_exported"), "{told:?}");
    let text = format!("{all:?}");
    for canary in ["Okafor", "Grace", "100234", "canary-note", "Silva"] {
        assert!(!text.contains(canary), "{canary} in {text}");
    }
    // What is handed on later begins where the last one ended.
    let next = exported(&consult.world, &(all.len() + 1).to_string());
    assert_eq!(next.len(), 1, "{next:?}");
    assert_eq!(next[0]["id"], format!("row-{}", all.len() + 1));
    let (is_whole, said) = consult.world.audit(&["verify"]);
    assert!(is_whole && said.ends_with("whole\n"), "{said}");
}

/// The audit of a cart that the test plays.
fn chain(rows: i64) -> (TempDir, AuditChain) {
    let folder = tempfile::tempdir().unwrap();
    let vault = CartVault::open(folder.path(), &VaultKey::new([7; 32])).unwrap();
    write(&vault.audit(), rows);
    let chain = vault.audit();
    chain.sign().unwrap();
    (folder, chain)
}

fn write(chain: &AuditChain, rows: i64) {
    let event = AuditEvent::new(TIME, Actor::cart(CART), Act::Started);
    (0..rows).for_each(|_| chain.note(std::slice::from_ref(&event)).unwrap());
}

async fn connected(world: &World) -> HubSocket {
    let mut socket = world.cart().connect().await.unwrap();
    let status = CartToHub::Status { version: VERSION, encounter: None, call: None };
    socket.send(&status).await.unwrap();
    socket
}

/// Tells the newest head alone.
async fn announce(socket: &mut HubSocket, chain: &AuditChain) -> Result<Option<ChainHead>, String> {
    let head = chain.sign().unwrap().unwrap();
    let since = head.head.position;
    socket.send(&CartToHub::AuditHead { head, since, links: Vec::new() }).await.unwrap();
    answer(socket).await
}

async fn extend(
    socket: &mut HubSocket,
    chain: &AuditChain,
    since: i64,
) -> Result<Option<ChainHead>, String> {
    let links = chain.links(since, 1_000).unwrap().unwrap();
    let message = CartToHub::AuditHead { head: links.head, since, links: links.links };
    socket.send(&message).await.unwrap();
    answer(socket).await
}

async fn answer(socket: &mut HubSocket) -> Result<Option<ChainHead>, String> {
    loop {
        let next = tokio::time::timeout(Duration::from_secs(10), socket.receive());
        match next.await.unwrap().unwrap() {
            HubToCart::AuditAnchored { head } => return Ok(head),
            HubToCart::Refused { reason } => return Err(reason),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hub_holds_the_newest_head_of_a_cart_also_after_a_restart() {
    let mut world = World::start().await;
    let (_folder, chain) = chain(3);
    let mut socket = connected(&world).await;
    assert_eq!(announce(&mut socket, &chain).await, Ok(None));
    let head = chain.sign().unwrap().unwrap().head;
    assert_eq!(extend(&mut socket, &chain, 0).await, Ok(Some(head)));
    world.kill();
    world.run();
    write(&chain, 2);
    let mut socket = match world.cart().connect().await {
        Ok(_) | Err(_) => connected(&world).await,
    };
    assert_eq!(announce(&mut socket, &chain).await, Ok(Some(head)));
    let newer = chain.sign().unwrap().unwrap().head;
    assert_eq!(extend(&mut socket, &chain, 3).await, Ok(Some(newer)));
    let (is_whole, said) = world.audit(&["verify"]);
    assert!(is_whole, "{said}");
    assert!(said.contains(&format!("cart {CART}: anchored at {newer}\n")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_whose_audit_is_shorter_than_before_is_told_loudly_until_it_is_enrolled_anew() {
    let world = World::start().await;
    let (_folder, chain_of_three) = chain(3);
    let mut socket = connected(&world).await;
    extend(&mut socket, &chain_of_three, 0).await.unwrap();
    let (_other_folder, fresh) = chain(1);
    let refused = announce(&mut socket, &fresh).await.unwrap_err();
    assert!(refused.contains("cartctl audit verify"), "{refused}");
    let (is_whole, said) = world.audit(&["verify"]);
    assert!(!is_whole && said.contains("CONTRADICTED"), "{said}");
    let held = chain_of_three.sign().unwrap().unwrap().head;
    assert!(said.contains(&format!("anchored at {held}")), "what is held stays: {said}");
    world.enrol(CART, &"5a".repeat(32));
    let (is_whole, said) = world.audit(&["verify"]);
    assert!(is_whole && !said.contains("anchored at"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_of_the_hub_that_was_printed_before_is_asked_for_again() {
    let world = World::start().await;
    let (_, said) = world.audit(&["verify"]);
    let head = said.lines().find_map(|line| line.strip_prefix("head ")).unwrap().to_owned();
    world.add_physician("amari");
    let (is_whole, said) = world.audit(&["verify", "--holds", &head]);
    assert!(is_whole && said.contains(&format!("asked for {head}: in the chain")), "{said}");
    let other = format!("1:{}", "5a".repeat(32));
    let (is_whole, said) = world.audit(&["verify", "--holds", &other]);
    assert!(!is_whole && said.contains("NOT IN THE CHAIN"), "{said}");
}
