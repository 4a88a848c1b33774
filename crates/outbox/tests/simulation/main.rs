//! An outbox, a network that loses replies and a receiver that is away or refuses, by the seed.
//!
//! A failure prints its seed; `BEDSIDE_SEED=<seed>` plays it alone. `BEDSIDE_SEEDS=<n>` plays more.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod memory;
mod world;

use world::World;

#[test]
fn nothing_is_lost_doubled_or_sent_out_of_order() {
    for seed in seeds() {
        let mut world = World::new(seed);
        world.live_through_a_bad_day();
        world.have_a_good_night();
        world.check();
    }
}

/// A day on which nothing goes wrong would prove nothing.
#[test]
fn the_bad_day_has_every_kind_of_fault() {
    let mut faults = world::Faults::default();
    for seed in 0..50 {
        let mut world = World::new(seed);
        world.live_through_a_bad_day();
        faults.add(world.faults());
    }
    assert!(faults.all_happened(), "{faults:?}");
}

fn seeds() -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    match number("BEDSIDE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("BEDSIDE_SEEDS").unwrap_or(2_000),
    }
}
