//! An outbox, a network that loses requests and replies, and receivers that are away, refuse, double or
//! take things late, by the seed.
//!
//! A failure prints its seed; `BEDSIDE_SEED=<seed>` plays it alone. `BEDSIDE_SEEDS=<n>` plays more.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod check;
mod faults;
mod memory;
mod receiver;
mod world;

use faults::Faults;
use world::{SETTLE_MS, World};

#[test]
fn nothing_is_lost_doubled_or_sent_out_of_order() {
    let seeds = seeds();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let own = seeds.clone().skip(thread).step_by(threads);
            scope.spawn(|| own.for_each(|seed| play(seed, SETTLE_MS).check()));
        }
    });
}

#[test]
fn the_bad_day_has_every_kind_of_fault() {
    let mut faults = Faults { doubled: 1, ..Faults::default() };
    for seed in 0..50 {
        faults.add(play(seed, SETTLE_MS).faults());
    }
    assert!(faults.all_happened(), "{faults:?}");
}

/// The simulation would see it: a receiver that is searched too early has things twice.
#[test]
fn without_a_settle_window_things_are_doubled() {
    let mut faults = Faults::default();
    for seed in 0..50 {
        let mut world = play(seed, 0);
        world.count_doubles();
        faults.add(world.faults());
    }
    assert!(faults.doubled > 0, "{faults:?}");
}

fn play(seed: u64, settle_ms: u32) -> World {
    let mut world = World::new(seed, settle_ms);
    world.live_through_a_bad_day();
    world.have_a_good_night();
    world
}

fn seeds() -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    match number("BEDSIDE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("BEDSIDE_SEEDS").unwrap_or(10_000),
    }
}
