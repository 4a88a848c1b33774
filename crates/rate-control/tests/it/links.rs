//! The rules over every link of the matrix, with a narrow time in the middle.
//!
//! A model of a browser, coarser than one: what really happens is measured by `cargo xtask bench media`.

use std::ops::Range;

use crate::simulator::{Link, Moment, Run, play, play_with};
use rate_control::{MOST, PictureSize, Standing};

/// A link that nobody fills.
const FREE: u32 = 100_000_000;
const NARROW_FROM: u64 = 5_000;
const NARROW_TO: u64 = 17_000;
const END: u64 = 30_000;

#[derive(Clone, Copy, Debug)]
struct Cell {
    rate: u32,
    queue: u64,
    loss: u64,
    one_way: u64,
    jitter: u64,
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for rate in [200_000, 500_000, 1_000_000] {
        for queue in [60, 250, 1_000] {
            for loss in [0, 2, 5] {
                for (one_way, jitter) in [(1, 0), (25, 10), (150, 20)] {
                    cells.push(Cell { rate, queue, loss, one_way, jitter });
                }
            }
        }
    }
    cells
}

fn narrowed(cell: Cell) -> Run {
    let link = Link::new(cell.rate, cell.queue, cell.loss, cell.one_way, cell.jitter);
    play(link, END, |now| if (NARROW_FROM..NARROW_TO).contains(&now) { cell.rate } else { FREE })
}

/// The value that `share` per cent of the moments stay under.
fn percentile(run: &Run, moments: Range<usize>, share: usize) -> u64 {
    let mut queues: Vec<u64> = run.moments[moments].iter().map(|moment| moment.queue).collect();
    queues.sort_unstable();
    queues[queues.len() * share / 100]
}

fn full_again(run: &Run) -> Option<u64> {
    let mut moments = run.moments.iter().zip(0u64..);
    let is_full = |one: &Standing| one.size == PictureSize::Large;
    let first = moments.find(|(one, now)| *now >= NARROW_TO && is_full(&one.standing));
    first.map(|(_, now)| now - NARROW_TO)
}

/// Thousandths of the narrow link that the picture was allowed, five seconds in and later.
fn used(run: &Run, cell: Cell) -> u64 {
    let moments = &run.moments[10_000..17_000];
    let open: u64 = moments
        .iter()
        .filter(|one| one.standing.open)
        .map(|one| u64::from(one.standing.rate))
        .sum();
    open * 1_000 / (moments.len() as u64 * u64::from(cell.rate))
}

/// The longest time without any packet that arrives, from the beginning of the narrow time.
fn longest_gap(run: &Run) -> u64 {
    let seen: Vec<u64> = run.arrivals.iter().copied().filter(|at| *at >= NARROW_FROM).collect();
    seen.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).max().unwrap_or(END)
}

/// What holds on every link.
fn broken(cell: Cell, run: &Run) -> Vec<&'static str> {
    let steady = |share| percentile(run, 10_000..17_000, share);
    // 750 ms, the way there and back with its queue, and the picture that opens it.
    let longest_pause = 750 + 2 * cell.one_way + cell.jitter + 250 + 34;
    let six_seconds = (cell.rate, cell.queue, cell.loss, cell.one_way) == (500_000, 250, 0, 1);
    let full_within = if six_seconds { 6_000 } else { 10_000 };
    [
        ("it is left empty", used(run, cell) < 500),
        ("its queue stands", steady(50) > 100),
        // Who is far away hears late that it does.
        ("its queue fills", steady(95) > 400 + 4 * cell.one_way),
        ("the picture pauses too long", run.longest_pause > longest_pause),
        ("it falls silent", longest_gap(run) > 1_000),
        ("the full size comes late", full_again(run).is_none_or(|ms| ms > full_within)),
    ]
    .into_iter()
    .filter_map(|(what, is_so)| is_so.then_some(what))
    .collect()
}

#[test]
fn a_link_that_narrows_is_used_kept_short_and_left_again() {
    for cell in cells() {
        let run = narrowed(cell);
        let (used, full) = (used(&run, cell), full_again(&run));
        let queue = percentile(&run, 10_000..17_000, 95);
        println!("{cell:?}: {used} ‰ used, queue {queue} ms, full size after {full:?} ms");
        assert_eq!(broken(cell, &run), [""; 0], "{cell:?}");
    }
}

#[test]
fn a_link_that_is_free_is_never_held_back() {
    for loss in [0, 2, 5] {
        let run = play(Link::new(FREE, 250, loss, 25, 10), 20_000, |_| FREE);
        let full = run
            .moments
            .iter()
            .filter(|one| {
                one.standing == Standing { rate: MOST, size: PictureSize::Large, open: true }
            })
            .count();
        assert!(full >= 19_000, "{loss} % loss: {full} of 20000 ms at full size");
    }
}

#[test]
fn a_way_that_becomes_longer_is_no_full_queue() {
    let run = play_with(Link::new(FREE, 250, 0, 10, 5), 20_000, |link, now| {
        if now == NARROW_FROM {
            link.reroute(110);
        }
    });
    let full = |one: &&Moment| one.standing.open && one.standing.size == PictureSize::Large;
    let after = run.moments.iter().skip(8_000).filter(full).count();
    assert!(after >= 11_900, "{after} of 12000 ms at full size");
}
