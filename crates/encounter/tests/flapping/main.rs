//! 24 hours of links that come and go, by the seed: devices with a memory and wrong clocks, patients
//! who change, and at the end each measurement once, and in nobody else's chart.
//!
//! A failure prints its seed; `BEDSIDE_SEED=<seed>` plays it alone. `BEDSIDE_SEEDS=<n>` plays more, which
//! `cargo xtask soak devices` does. The allocator is one that counts, so that it can be told what a driver
//! still holds when the day is over.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod cart;
mod frames;
mod instrument;
mod world;

use world::{Seen, World};

#[test]
fn a_day_of_flapping_links_loses_doubles_and_confuses_nothing() {
    for seed in seeds() {
        let mut world = World::new(seed);
        world.live_through_a_bad_day();
        world.have_a_good_night();
        world.check();
        world.check_memory();
    }
}

/// A day on which nothing goes wrong, or everything lands in the tray, would prove nothing.
#[test]
fn the_bad_days_have_every_kind_of_trouble_and_of_luck() {
    let mut seen = Seen::default();
    for seed in 0..20 {
        let mut world = World::new(seed);
        world.live_through_a_bad_day();
        world.have_a_good_night();
        world.add_to(&mut seen);
    }
    assert!(seen.everything(), "{seen:?}");
}

fn seeds() -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    match number("BEDSIDE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("BEDSIDE_SEEDS").unwrap_or(100),
    }
}
