//! The physicians' page, and the headers that keep a browser from doing more with it.

use reqwest::header;

use crate::{browser::Browser, world::World};

#[tokio::test(flavor = "multi_thread")]
async fn the_page_comes_from_the_hub_and_may_use_nothing_else() {
    let world = World::start().await;
    let browser = Browser::new(&world.base);
    for path in ["/", "/calls/7"] {
        let page = browser.get(path).send().await.unwrap();
        assert_eq!(page.status(), 200, "{path}");
        assert_eq!(page.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-cache");
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'; connect-src 'self' ws://127.0.0.1:"));
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(page.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_carries_a_hash_is_kept_for_long() {
    let world = World::start().await;
    let browser = Browser::new(&world.base);
    let page = browser.get("/").send().await.unwrap().text().await.unwrap();
    let script = page.split('"').find(|part| part.starts_with("/assets/")).expect("a script");
    let asset = browser.get(script).send().await.unwrap();
    assert_eq!(asset.status(), 200);
    assert_eq!(asset.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    for missing in ["/assets/missing.js", "/missing.png", "/../Cargo.toml"] {
        assert_eq!(browser.get(missing).send().await.unwrap().status(), 404, "{missing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_asked_to_stop_closes_its_connections_and_ends_well() {
    let mut world = World::start().await;
    let browser = world.browser("weiss").await;
    assert_eq!(browser.get("/healthz").send().await.unwrap().text().await.unwrap(), "ok\n");
    let (mut window, _) = browser.window().await;
    let (stopped, code) = tokio::join!(
        async { tokio::task::block_in_place(|| world.stop()) },
        window.is_closed_with()
    );
    assert_eq!(code, 1001);
    assert!(stopped.0.success(), "{:?}", stopped.0);
    assert!(stopped.1.as_secs() < 5, "{:?}", stopped.1);
}
