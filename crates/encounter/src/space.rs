//! What the cart still keeps when its disk fills: first no recordings, then no pictures, readings always.
//!
//! docs/decisions/0011-space-and-retention.md has the reasons for the numbers.

use cart_api::{DiskRoom, Space};

/// From which share of the disk on, in per cent, something is said or no longer kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpaceSteps {
    pub warn: u8,
    pub no_video: u8,
    pub no_media: u8,
}

/// How far the share, in thousandths, has to fall below a step before it counts no more, so that a picture more or less
/// is not told again and again.
const BACK: u64 = 20;
/// A picture has at most 16 MiB (`MAX_BLOB_BYTES`) and is written twice: into the log, which only grows on
/// the disk itself, and from there into its place.
const TWO_PICTURES: u64 = 32 * 1024 * 1024;

/// Judges the room on the disk, each time from what was said before.
#[derive(Clone, Copy, Debug)]
pub struct SpaceWatch {
    steps: SpaceSteps,
    space: Space,
}

impl Default for SpaceSteps {
    fn default() -> Self {
        Self { warn: 70, no_video: 80, no_media: 90 }
    }
}

impl SpaceSteps {
    /// `used` in thousandths.
    fn reached(self, used: u64, too_little_for_a_picture: bool) -> Space {
        let from = |per_cent: u8| used >= u64::from(per_cent) * 10;
        if too_little_for_a_picture || from(self.no_media) {
            Space::NoMedia
        } else if from(self.no_video) {
            Space::NoVideo
        } else if from(self.warn) {
            Space::Warn
        } else {
            Space::Enough
        }
    }
}

impl SpaceWatch {
    pub fn new(steps: SpaceSteps) -> Self {
        Self { steps, space: Space::Enough }
    }

    pub fn space(self) -> Space {
        self.space
    }

    /// A file system that does not tell its size changes nothing.
    pub fn handle(&mut self, room: &DiskRoom) -> Space {
        if let Some(used) = used(room) {
            let free = on_disk(room);
            let at_least = self.steps.reached(used, free < TWO_PICTURES);
            let at_most = self.steps.reached(used + BACK, free < 2 * TWO_PICTURES);
            self.space = self.space.max(at_least).min(at_most);
        }
        self.space
    }
}

/// The ballast counts as used whether it is there or not: freeing it is no room to fill.
fn on_disk(room: &DiskRoom) -> u64 {
    let missing = room.ballast_wanted.saturating_sub(room.ballast);
    room.available.saturating_sub(missing)
}

/// In thousandths, rounded down.
fn used(room: &DiskRoom) -> Option<u64> {
    let spare = on_disk(room).saturating_add(room.reusable);
    let used = u128::from(room.total.saturating_sub(spare)) * 1000;
    u64::try_from(used.checked_div(room.total.into())?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GIB: u64 = 1024 * 1024 * 1024;

    fn watch() -> SpaceWatch {
        SpaceWatch::new(SpaceSteps::default())
    }

    /// A disk of 100 GiB of which so many are not taken.
    fn free(gib: u64) -> DiskRoom {
        DiskRoom { total: 100 * GIB, available: gib * GIB, ..DiskRoom::default() }
    }

    #[test]
    fn what_is_kept_follows_the_disk_and_does_not_flap() {
        let mut watch = watch();
        let story = [
            (100, Space::Enough),
            (31, Space::Enough),
            (30, Space::Warn),
            (31, Space::Warn),
            (32, Space::Warn),
            (33, Space::Enough),
            (20, Space::NoVideo),
            (22, Space::NoVideo),
            (23, Space::Warn),
            (10, Space::NoMedia),
            (11, Space::NoMedia),
            (10, Space::NoMedia),
            (13, Space::NoVideo),
            (0, Space::NoMedia),
            (60, Space::Enough),
        ];
        for (at, (gib, expected)) in story.into_iter().enumerate() {
            assert_eq!(watch.handle(&free(gib)), expected, "step {at}: {gib} GiB");
        }
    }

    #[test]
    fn the_room_counts_as_it_can_be_written() {
        let ballast_gone = DiskRoom { ballast: 0, ballast_wanted: 5 * GIB, ..free(12) };
        let ballast_there = DiskRoom { ballast: 5 * GIB, ballast_wanted: 5 * GIB, ..free(12) };
        let purged = DiskRoom { reusable: 60 * GIB, ..free(12) };
        let log_cannot_grow = DiskRoom { reusable: 60 * GIB, available: 1024, ..free(0) };
        let mute = DiskRoom::default();
        let small = DiskRoom { total: 40 << 20, available: 38 << 20, ..DiskRoom::default() };
        for (what, room, expected) in [
            ("a freed ballast is no room", ballast_gone, Space::NoMedia),
            ("a ballast that is there is taken already", ballast_there, Space::NoVideo),
            ("what was purged is written over", purged, Space::Enough),
            ("a picture goes through the log first", log_cannot_grow, Space::NoMedia),
            ("a file system that says nothing", mute, Space::Enough),
            ("a small empty disk", small, Space::Enough),
        ] {
            assert_eq!(watch().handle(&room), expected, "{what}");
        }
    }

    proptest! {
        #[test]
        fn any_numbers_are_judged_and_the_same_again_changes_nothing(
            rooms in prop::collection::vec(any::<[u64; 5]>(), 1..9),
        ) {
            let mut watch = watch();
            for [total, available, reusable, ballast, ballast_wanted] in rooms {
                let room = DiskRoom { total, available, reusable, ballast, ballast_wanted };
                let space = watch.handle(&room);
                prop_assert_eq!(watch.handle(&room), space);
                prop_assert_eq!(watch.space(), space);
            }
        }

        #[test]
        fn less_room_never_keeps_more(total in 1..u64::MAX, one: u64, other: u64) {
            let judge = |available| {
                watch().handle(&DiskRoom { total, available, ..DiskRoom::default() })
            };
            prop_assert!(judge(one.min(other)) >= judge(one.max(other)));
        }
    }
}
