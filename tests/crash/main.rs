//! The short form of `cargo xtask crash`.

use stage::crash;

/// Two kills or more at each of the five kinds of server, and as many at the interface engine.
const KILLS: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_as_saved_is_there_once_after_kills_at_random_moments() {
    let tally = crash::play(KILLS, 1).await.unwrap();
    assert!(tally.is_clean(), "{tally:#?}");
    assert!(tally.kills >= KILLS && tally.acked >= KILLS, "{tally:#?}");
}
