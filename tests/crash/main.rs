//! The short forms of `cargo xtask crash` and `cargo xtask fail-points`, and of the month of `bench record`.

use stage::{crash, fail_points, record};

/// Each kind of server in more than two rounds, with and without interface engine and image archive.
const KILLS: usize = 200;

/// Each road is walked with large steps, begun at another place on each.
const EVERY: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_as_saved_is_there_once_after_kills_at_random_moments() {
    let tally = crash::play(KILLS, 1).await.unwrap();
    assert!(tally.is_clean(), "{tally:#?}");
    assert!(tally.kills >= KILLS && tally.acked >= KILLS, "{tally:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_step_a_program_dies_at_what_was_saved_arrives_once() {
    let report = fail_points::play(EVERY).await.unwrap();
    assert!(report.tally.is_clean(), "{report:#?}");
    // Every kind of step was met, on nine roads.
    assert!(report.died.len() == 4 && report.tally.kills >= 18, "{report:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_without_a_network_arrives_once_and_in_order() {
    let month = record::play_month(100).await.unwrap();
    let wrong = month.evicted + month.lost + month.doubled + month.disordered;
    assert_eq!(wrong, 0, "{month:#?}");
}
