//! What the touchscreen itself tells the nurse, beside the notices of `cartd`.

use cart_api::{Measurable, Refusal};
use clinical::Timestamp;

/// More at once would not be read; the oldest goes.
const MAX_NOTICES: usize = 5;
/// Good news needs no press to go away.
const GOOD_NEWS_MS: i64 = 10_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnKind {
    /// `device` is what was asked for, where a device was.
    Refused {
        refusal: Refusal,
        device: Option<Measurable>,
    },
    /// `cartd` did not answer.
    NotReached,
    /// By the physician of this name, or by the nurse.
    PictureTaken {
        by: Option<String>,
    },
    PictureFailed {
        by: Option<String>,
    },
    /// What was heard at one place is saved, for the physician of this name.
    SoundKept {
        by: String,
    },
    SoundNotKept {
        by: String,
    },
    /// A reading of the tray is saved in the encounter.
    Claimed,
    /// A reading of the tray is discarded.
    Discarded,
    /// It was chosen on the sheet, and not saved while it was true.
    ObservedTooLongAgo,
    /// A scanned wristband is not that of the patient who is identified.
    OtherWristband,
    ScanFailed,
    CameraAway,
    MicrophoneAway,
    SpeakerAway,
    NoVideo,
    /// The call is over.
    NobodyWatches,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnNotice {
    pub id: u64,
    pub at: Timestamp,
    pub kind: OwnKind,
}

pub(super) struct Told {
    next: u64,
    /// Oldest first.
    notices: Vec<OwnNotice>,
}

impl Told {
    pub const fn new() -> Self {
        Self { next: 1, notices: Vec::new() }
    }

    /// Said again, it is news again; it does not stand there twice.
    pub fn tell(&mut self, kind: OwnKind, at: Timestamp) {
        self.take_back(&kind);
        if self.notices.len() >= MAX_NOTICES {
            self.notices.remove(0);
        }
        self.notices.push(OwnNotice { id: self.next, at, kind });
        self.next += 1;
    }

    pub fn take_back(&mut self, kind: &OwnKind) {
        self.notices.retain(|notice| notice.kind != *kind);
    }

    pub fn dismiss(&mut self, id: u64) {
        self.notices.retain(|notice| notice.id != id);
    }

    pub fn camera_and_sound_are_back(&mut self) {
        for kind in [OwnKind::CameraAway, OwnKind::MicrophoneAway, OwnKind::SpeakerAway] {
            self.take_back(&kind);
        }
    }

    pub fn forget_old(&mut self, now: Timestamp) {
        self.notices.retain(|notice| match notice.kind {
            OwnKind::PictureTaken { .. }
            | OwnKind::SoundKept { .. }
            | OwnKind::Claimed
            | OwnKind::Discarded
            | OwnKind::NobodyWatches => now.millis_since(notice.at) < GOOD_NEWS_MS,
            OwnKind::Refused { .. }
            | OwnKind::NotReached
            | OwnKind::PictureFailed { .. }
            | OwnKind::SoundNotKept { .. }
            | OwnKind::ObservedTooLongAgo
            | OwnKind::OtherWristband
            | OwnKind::ScanFailed
            | OwnKind::CameraAway
            | OwnKind::MicrophoneAway
            | OwnKind::SpeakerAway
            | OwnKind::NoVideo => true,
        });
    }

    pub fn notices(&self) -> &[OwnNotice] {
        &self.notices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(0);

    #[test]
    fn the_same_thing_does_not_stand_there_twice() {
        let mut told = Told::new();
        told.tell(OwnKind::NotReached, NOW);
        told.tell(OwnKind::CameraAway, NOW);
        told.tell(OwnKind::NotReached, NOW);
        let kinds: Vec<_> = told.notices().iter().map(|notice| &notice.kind).collect();
        assert_eq!(kinds, [&OwnKind::CameraAway, &OwnKind::NotReached]);
    }

    #[test]
    fn good_news_goes_by_itself_and_bad_news_stays() {
        let mut told = Told::new();
        told.tell(OwnKind::PictureTaken { by: None }, NOW);
        told.tell(OwnKind::NotReached, NOW);
        told.forget_old(NOW.plus_millis(GOOD_NEWS_MS));
        assert_eq!(told.notices().len(), 1);
        assert_eq!(told.notices()[0].kind, OwnKind::NotReached);
    }

    #[test]
    fn the_stack_does_not_grow_without_end() {
        let mut told = Told::new();
        for name in ["a", "b", "c", "d", "e", "f"] {
            told.tell(OwnKind::PictureFailed { by: Some(name.to_owned()) }, NOW);
        }
        assert_eq!(told.notices().len(), MAX_NOTICES);
        assert_eq!(told.notices()[0].kind, OwnKind::PictureFailed { by: Some("b".to_owned()) });
    }
}
