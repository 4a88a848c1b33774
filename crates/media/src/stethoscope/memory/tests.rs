//! Pieces that follow, are dropped, or come after the device was away: what is remembered of them.

use proptest::prelude::*;

use super::*;

const PIECE: usize = 480;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Ten milliseconds of this sample, with this time of the device, that were all there at `now`.
fn piece(memory: &mut Memory, sample: i16, time: Option<u64>, now: u64) {
    memory.hear([sample; PIECE].into_iter(), time.map(ms), ms(now));
}

/// From and to, in milliseconds.
fn gaps(memory: &Memory) -> Vec<(u128, u128)> {
    let gaps = memory.remembered(ms(0)).unwrap().gaps;
    gaps.into_iter().map(|gap| (gap.start.as_millis(), gap.end.as_millis())).collect()
}

#[test]
fn nothing_is_remembered_of_nothing() {
    let mut memory = Memory::default();
    assert!(memory.remembered(ms(9)).is_none());
    memory.lost();
    piece(&mut memory, 1, Some(0), 10);
    memory.forget();
    assert!(memory.remembered(ms(9)).is_none());
    assert_eq!(memory.length(), Duration::ZERO);
}

#[test]
fn pieces_that_follow_each_other_have_no_gap_however_they_arrive() {
    let mut memory = Memory::default();
    for (number, now) in [(0, 1_010), (1, 1_090), (2, 1_091), (3, 1_092)] {
        piece(&mut memory, number, Some(500 + 10 * number as u64), now);
    }
    let heard = memory.remembered(ms(1_100)).unwrap();
    assert!(heard.gaps.is_empty());
    assert_eq!(heard.since, ms(8 + 40));
    let expected: Vec<_> = (0..4).flat_map(|number| [number; PIECE]).collect();
    assert_eq!(*heard.samples, expected);
}

#[test]
fn a_piece_that_was_dropped_is_silence_of_its_length() {
    let mut memory = Memory::default();
    piece(&mut memory, 1, Some(0), 10);
    piece(&mut memory, 2, Some(30), 40);
    assert_eq!(gaps(&memory), [(10, 30)]);
    let heard = memory.remembered(ms(40)).unwrap();
    assert_eq!(heard.samples.iter().skip(PIECE).take(2 * PIECE).filter(|it| **it != 0).count(), 0);
    assert_eq!(heard.since, ms(40));
}

#[test]
fn a_device_that_was_away_left_a_gap_by_the_clock() {
    let mut memory = Memory::default();
    piece(&mut memory, 1, Some(70_000), 1_000);
    memory.lost();
    piece(&mut memory, 2, Some(0), 3_010);
    piece(&mut memory, 2, Some(10), 3_090);
    assert_eq!(gaps(&memory), [(10, 2_010)]);
}

#[test]
fn a_device_without_times_is_measured_by_the_clock() {
    let mut memory = Memory::default();
    piece(&mut memory, 1, None, 10);
    piece(&mut memory, 1, None, 20);
    piece(&mut memory, 1, None, 120);
    assert_eq!(gaps(&memory), [(20, 110)]);
}

#[test]
fn what_is_older_than_the_longest_goes_with_its_gaps() {
    let mut memory = Memory::default();
    piece(&mut memory, 1, Some(0), 10);
    piece(&mut memory, 1, Some(1_000), 1_010);
    for number in 0..2_940 {
        piece(&mut memory, 1, Some(1_010 + 10 * number), 1_020 + 10 * number);
    }
    assert_eq!((memory.length(), gaps(&memory)), (ms(30_000), vec![(0, 590)]));
    piece(&mut memory, 1, Some(99_000), 99_010);
    assert_eq!((memory.length(), gaps(&memory)), (ms(10), vec![]));
}

proptest! {
    /// Whatever the times: bounded, gaps in order and apart, and zero exactly where they are.
    #[test]
    fn any_times_make_a_whole_recording(
        pieces in prop::collection::vec((1usize..2_000, any::<Option<u32>>(), 0u32..90_000, any::<bool>()), 1..60),
    ) {
        let mut memory = Memory::default();
        let mut now = 0;
        for (count, time, after, lost) in pieces {
            now += u64::from(after);
            if lost {
                memory.lost();
            }
            memory.hear(vec![1; count].into_iter(), time.map(|time| ms(time.into())), ms(now));
        }
        let heard = memory.remembered(ms(now)).unwrap();
        prop_assert!(heard.samples.len() <= LONGEST);
        prop_assert!(heard.gaps.windows(2).all(|two| two[0].end < two[1].start));
        let silent: usize = memory.gaps.iter().map(Range::len).sum();
        prop_assert_eq!(heard.samples.iter().filter(|sample| **sample == 0).count(), silent);
        prop_assert!(memory.gaps.iter().all(|gap| !gap.is_empty() && gap.end <= heard.samples.len()));
    }
}
