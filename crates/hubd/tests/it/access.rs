//! Nobody gets in without the right credential, on any route that the documentation lists.

use reqwest::{Client, Method, StatusCode, header};

use crate::{
    words::{json, new_encounter, opened},
    world::{World, hubd},
};

struct Route {
    method: Method,
    path: String,
    who: String,
}

/// The table of docs/integrators/hub-api.md.
fn routes() -> Vec<Route> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/integrators/hub-api.md");
    let page = std::fs::read_to_string(page).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let routes: Vec<_> = rows.filter_map(route).collect();
    assert!(routes.len() >= 12, "the table is not where it was");
    routes
}

fn route(row: &str) -> Option<Route> {
    let (route, rest) = row.split_once("` | ")?;
    let (method, path) = route.split_once(' ')?;
    let (who, _) = rest.split_once(" | ")?;
    let path = path.replace("{id}", "0193a5e0-0000-7000-8000-000000000001");
    let path = path.replace("{call}", "0193a5e0-0000-7000-8000-000000000002");
    let path = path.replace("{sha256}", &"00".repeat(32));
    Some(Route { method: method.parse().ok()?, path, who: who.into() })
}

async fn status(world: &World, route: &Route, credential: Option<(&str, &str)>) -> StatusCode {
    let mut request = Client::new()
        .request(route.method.clone(), format!("{}{}", world.base, route.path))
        .header(header::ORIGIN, &world.base)
        .header(header::CONTENT_TYPE, "application/json")
        .body("{}");
    if let Some((name, value)) = credential {
        request = request.header(name, value);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status();
    if !status.is_success() {
        let body = answer.text().await.unwrap();
        assert!(!body.contains("Okafor"), "{} {}: {body}", route.method, route.path);
    }
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_closed_without_the_right_credential() {
    let world = World::start().await;
    let cart = world.cart();
    let opened = opened(new_encounter());
    cart.put_entry(opened.id, json(&opened)).await;
    let cookie = world.browser("weiss").await.cookie;
    let physician = [(header::COOKIE.as_str(), cookie.as_str())];
    let strangers = [
        (header::AUTHORIZATION.as_str(), "Bearer 00"),
        (header::COOKIE.as_str(), "bedside_session=00"),
    ];
    for route in routes() {
        let open = [None].into_iter().chain(strangers.map(Some));
        let wrong: Vec<_> = match route.who.as_str() {
            "anybody" => continue,
            "cart" => open.chain(physician.map(Some)).collect(),
            "physician" => open.collect(),
            who => panic!("the table knows no {who}"),
        };
        for credential in wrong {
            let status = status(&world, &route, credential).await;
            assert_eq!(status, 401, "{} {} with {credential:?}", route.method, route.path);
        }
        if route.who == "physician" {
            // A session of its own for each: one of the routes ends it.
            let cookie = world.browser("weiss").await.cookie;
            let credential = (header::COOKIE.as_str(), cookie.as_str());
            let status = status(&world, &route, Some(credential)).await;
            assert_ne!(status, 401, "the test reaches {}", route.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_does_not_exist_is_no_page_of_the_api() {
    let world = World::start().await;
    let answer = world.browser("weiss").await.get("/api/portal/patients").send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_cannot_act_for_a_physician() {
    let world = World::start().await;
    let browser = world.browser("weiss").await;
    let foreign = Client::new()
        .post(format!("{}/api/portal/sign-out", world.base))
        .header(header::COOKIE, &browser.cookie)
        .header(header::ORIGIN, "https://evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), 403);
    assert_eq!(browser.get("/api/portal/me").send().await.unwrap().status(), 200);
    assert_eq!(browser.try_socket("https://evil.example").await.err(), Some(403));
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let words = ["serve", "--listen", "0.0.0.0:0", "--data", "d", "--key-file", "k", "--ehr"];
    let rest = ["http://127.0.0.1:1", "--public-url", "https://hub.example"];
    let said = hubd(&[words.as_slice(), &rest].concat(), "").unwrap_err();
    assert!(said.contains("put a proxy with TLS in front"), "{said}");
}
