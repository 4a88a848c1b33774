//! Who gets how much of one way, when a picture of the body goes beside the room's.
//!
//! What the physician examines comes first: the room shows who is there and where the hand is, and a small picture of
//! it does that. On a way that carries too little for two the room waits.

use crate::{LEAST, PictureSize, Standing};

/// Of a hundred.
const PART_OF_THE_ROOM: u32 = 20;
/// Bit/s; 640x360 does not get better by more.
const MOST_OF_THE_ROOM: u32 = 400_000;
/// Bit/s; below it the room is shown as small as it goes.
const ENOUGH_FOR_SMALL: u32 = 150_000;

/// What both encoders of one way are to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    pub examined: Standing,
    /// Not open while there is too little for it.
    pub room: Standing,
}

/// Divides what one picture could have. Together they are never more than that.
#[must_use]
pub fn shares(whole: Standing) -> Shares {
    let part = (whole.rate / 100 * PART_OF_THE_ROOM).min(MOST_OF_THE_ROOM);
    let fits = part >= LEAST;
    let size = if part < ENOUGH_FOR_SMALL {
        PictureSize::Tiny
    } else {
        whole.size.min(PictureSize::Small)
    };
    Shares {
        examined: Standing { rate: if fits { whole.rate - part } else { whole.rate }, ..whole },
        room: Standing { rate: part.max(LEAST), size, open: whole.open && fits },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rate: u32, examined: u32, room: Option<(u32, PictureSize)>) {
        let whole = Standing { rate, size: PictureSize::Large, open: true };
        let Shares { examined: first, room: second } = shares(whole);
        assert_eq!((first.rate, first.size, first.open), (examined, PictureSize::Large, true));
        assert_eq!(second.open.then_some((second.rate, second.size)), room, "{rate}");
        let used = first.rate + if second.open { second.rate } else { 0 };
        assert!(used <= rate, "{used} of {rate}");
    }

    #[test]
    fn the_room_gets_little_beside_what_is_examined_and_nothing_on_a_narrow_way() {
        check(2_500_000, 2_100_000, Some((400_000, PictureSize::Small)));
        check(1_000_000, 800_000, Some((200_000, PictureSize::Small)));
        check(500_000, 400_000, Some((100_000, PictureSize::Tiny)));
        check(400_000, 320_000, Some((80_000, PictureSize::Tiny)));
        check(399_000, 399_000, None);
        check(80_000, 80_000, None);
    }

    #[test]
    fn neither_goes_on_while_the_way_is_full() {
        let full = Standing { open: false, ..Standing::default() };
        let Shares { examined, room } = shares(full);
        assert!(!examined.open && !room.open);
    }
}
