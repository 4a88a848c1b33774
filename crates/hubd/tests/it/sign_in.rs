//! Physicians by password, carts by key.

use hub_api::{CartChallenge, CartProof, ChallengeRequest, proof_text};
use reqwest::{Client, Response, header};
use ring::signature::Ed25519KeyPair;
use upstream::hub::{Identity, Put};

use crate::{
    browser::Browser,
    words::{json, new_encounter, opened},
    world::{CART, PASSWORD, World, hubd},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_a_cookie_that_no_script_and_no_other_site_sees() {
    let world = World::start().await;
    let browser = Browser::new(&world.base);
    let answer = browser.sign_in("weiss", PASSWORD).await;
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    for rule in ["HttpOnly", "Secure", "SameSite=Strict", "Max-Age=43200", "Path=/api/portal"] {
        assert!(cookie.contains(rule), "{cookie}");
    }
    let who = answer.text().await.unwrap();
    assert_eq!(who, r#"{"name":"weiss","display_name":"Dr. weiss"}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_make_the_name_wait_and_others_not() {
    let world = World::start().await;
    world.add_physician("amari");
    let browser = Browser::new(&world.base);
    let (wrong, unknown) =
        (browser.sign_in("weiss", "wrong").await, browser.sign_in("x", "y").await);
    assert_eq!((wrong.status().as_u16(), unknown.status().as_u16()), (401, 401));
    assert_eq!(wrong.text().await.unwrap(), unknown.text().await.unwrap());
    for _ in 0..2 {
        assert_eq!(browser.sign_in("weiss", "wrong").await.status(), 401);
    }
    let waits = browser.sign_in("weiss", PASSWORD).await;
    assert_eq!(
        (waits.status().as_u16(), &waits.headers()[header::RETRY_AFTER]),
        (429, &"1".parse().unwrap())
    );
    assert_eq!(browser.sign_in("amari", PASSWORD).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_and_closes_its_window() {
    let world = World::start().await;
    let browser = world.browser("weiss").await;
    let (mut window, _) = browser.window().await;
    let other = world.browser("weiss").await;
    let (mut other_window, _) = other.window().await;
    assert_eq!(browser.post("/api/portal/sign-out").send().await.unwrap().status(), 204);
    assert_eq!(window.is_closed_with().await, 4401);
    assert_eq!(browser.get("/api/portal/me").send().await.unwrap().status(), 401);
    assert_eq!(browser.try_socket(&browser.base).await.err(), Some(401));
    assert_eq!(other.get("/api/portal/me").send().await.unwrap().status(), 200);
    other_window.says_text("{}".into()).await;
    other_window.hears_of_call().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_survives_a_restart_of_the_hub() {
    let mut world = World::start().await;
    let browser = world.browser("weiss").await;
    world.kill();
    world.run();
    assert_eq!(browser.get("/api/portal/me").send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_needs_its_own_key_and_each_nonce_works_once() {
    let world = World::start().await;
    let key = Ed25519KeyPair::from_pkcs8(world.identity()).unwrap();
    let stranger = Ed25519KeyPair::from_pkcs8(&Identity::generate().unwrap()).unwrap();
    let nonce = challenge(&world, CART).await;
    assert_eq!(prove(&world, CART, &nonce, &stranger).await.status(), 401);
    assert_eq!(prove(&world, CART, &nonce, &key).await.status(), 200);
    assert_eq!(prove(&world, CART, &nonce, &key).await.status(), 401, "a second time");
    let others = challenge(&world, "cart-9").await;
    assert_eq!(prove(&world, CART, &others, &key).await.status(), 401, "another's nonce");
    let wrong_key = prove(&world, CART, &challenge(&world, CART).await, &stranger).await;
    let unknown = prove(&world, "cart-9", &challenge(&world, "cart-9").await, &key).await;
    assert_eq!(wrong_key.status(), unknown.status());
    assert_eq!(wrong_key.text().await.unwrap(), unknown.text().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_signs_in_anew_when_the_hub_has_forgotten_its_token() {
    let mut world = World::start().await;
    let cart = world.cart();
    let first = opened(new_encounter());
    assert!(matches!(cart.put_entry(first.id, json(&first)).await, Put::Accepted(_)));
    world.kill();
    world.run();
    let second = opened(new_encounter());
    assert!(matches!(cart.put_entry(second.id, json(&second)).await, Put::Accepted(_)));
}

#[test]
fn the_administrator_is_told_what_is_wrong_in_words() {
    let record = ["--data", "/nowhere", "--key-file", "/nowhere/key"];
    let add = ["physician", "add", "weiss", "--display-name", "Dr. Weiss"];
    let said = hubd(&[add.as_slice(), &record].concat(), "short").unwrap_err();
    assert!(said.contains("at least 8 characters"), "{said}");
    let said = hubd(&[["cart", "enrol", "c", "abc"].as_slice(), &record].concat(), "").unwrap_err();
    assert!(said.contains("64 hexadecimal digits"), "{said}");
    let said = hubd(&[add.as_slice(), &record].concat(), PASSWORD).unwrap_err();
    assert!(said.contains("could not read the vault key /nowhere/key"), "{said}");
}

async fn challenge(world: &World, cart: &str) -> String {
    let address = format!("{}/api/cart/challenge", world.base);
    let request = ChallengeRequest { cart: cart.into() };
    let answer = Client::new().post(address).json(&request).send().await.unwrap();
    answer.json::<CartChallenge>().await.unwrap().nonce
}

async fn prove(world: &World, cart: &str, nonce: &str, key: &Ed25519KeyPair) -> Response {
    let signature = key.sign(proof_text(cart, nonce).as_bytes());
    let signature = signature.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let proof = CartProof { cart: cart.into(), nonce: nonce.into(), signature };
    let address = format!("{}/api/cart/session", world.base);
    Client::new().post(address).json(&proof).send().await.unwrap()
}
