//! What was heard through the stethoscope at one place of the body, as it is kept.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Timestamp;

/// Nobody listens longer to one place at a time; a gap is part of it.
pub const LONGEST_AUSCULTATION_MS: u32 = 60_000;

/// The sound of one place without a loss; its bytes are kept apart, under their hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Auscultation {
    pub sha256: String,
    /// "audio/wav".
    pub media_type: String,
    pub bytes: u32,
    pub site: AuscultationSite,
    /// When its first sample was heard.
    pub began: Timestamp,
    /// From the first sample to the last, gaps included.
    pub millis: u32,
    /// Where nothing came from the stethoscope: silence stands there. In order, and none touches another.
    pub gaps: Vec<SoundGap>,
}

/// Of a recording, from its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SoundGap {
    pub at_ms: u32,
    pub millis: u32,
}

/// Where the chest piece lies. Right and left are the patient's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AuscultationSite {
    /// Second space between the ribs, right of the breastbone.
    Aortic,
    /// Second space, left of the breastbone.
    Pulmonic,
    /// Third space, left of the breastbone.
    Erb,
    /// Fourth space, left of the breastbone.
    Tricuspid,
    /// Fifth space, in the line of the middle of the collarbone: the apex of the heart.
    Mitral,
    FrontRightUpper,
    FrontLeftUpper,
    FrontRightLower,
    FrontLeftLower,
    BackLeftUpper,
    BackRightUpper,
    BackLeftLower,
    BackRightLower,
    /// A vessel, the belly: a place that the map does not show.
    Elsewhere,
}

impl AuscultationSite {
    /// The heart from above to below, then the lungs.
    pub const ALL: [Self; 14] = [
        Self::Aortic,
        Self::Pulmonic,
        Self::Erb,
        Self::Tricuspid,
        Self::Mitral,
        Self::FrontRightUpper,
        Self::FrontLeftUpper,
        Self::FrontRightLower,
        Self::FrontLeftLower,
        Self::BackLeftUpper,
        Self::BackRightUpper,
        Self::BackLeftLower,
        Self::BackRightLower,
        Self::Elsewhere,
    ];

    /// As it is written into a chart, in English; it follows "Auscultation, ".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Aortic => "heart, aortic area",
            Self::Pulmonic => "heart, pulmonic area",
            Self::Erb => "heart, Erb's point",
            Self::Tricuspid => "heart, tricuspid area",
            Self::Mitral => "heart, mitral area (apex)",
            Self::FrontRightUpper => "chest in front, right upper",
            Self::FrontLeftUpper => "chest in front, left upper",
            Self::FrontRightLower => "chest in front, right lower",
            Self::FrontLeftLower => "chest in front, left lower",
            Self::BackLeftUpper => "back, left upper",
            Self::BackRightUpper => "back, right upper",
            Self::BackLeftLower => "back, left lower",
            Self::BackRightLower => "back, right lower",
            Self::Elsewhere => "place not on the map",
        }
    }
}

impl Auscultation {
    /// Whether length and gaps can be those of a recording.
    pub fn is_possible(&self) -> bool {
        let mut heard_until = None;
        let gaps_fit = self.gaps.iter().all(|gap| {
            let follows = heard_until.is_none_or(|until| gap.at_ms > until);
            heard_until = gap.at_ms.checked_add(gap.millis);
            follows && gap.millis > 0 && heard_until.is_some_and(|end| end <= self.millis)
        });
        (1..=LONGEST_AUSCULTATION_MS).contains(&self.millis) && self.bytes > 0 && gaps_fit
    }

    /// What a chart says of its gaps, in English; `None`: all of it was heard.
    pub fn remark(&self) -> Option<String> {
        let missing: u32 = self.gaps.iter().map(|gap| gap.millis).sum();
        (missing > 0).then(|| {
            let (missing, whole) = (tenths(missing), tenths(self.millis));
            format!("{missing} s of its {whole} s are silence: nothing came from the stethoscope")
        })
    }
}

/// Of seconds, rounded up.
fn tenths(millis: u32) -> String {
    let tenths = millis.div_ceil(100);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn recording(millis: u32, gaps: &[(u32, u32)]) -> Auscultation {
        let gaps = gaps.iter().map(|(at_ms, millis)| SoundGap { at_ms: *at_ms, millis: *millis });
        Auscultation {
            sha256: "00".repeat(32),
            media_type: "audio/wav".to_owned(),
            bytes: 44 + millis.saturating_mul(96),
            site: AuscultationSite::Mitral,
            began: Timestamp::from_millis(0),
            millis,
            gaps: gaps.collect(),
        }
    }

    fn check(millis: u32, gaps: &[(u32, u32)], expected: bool) {
        let recording = recording(millis, gaps);
        assert_eq!(recording.is_possible(), expected, "{millis} {:?}", recording.gaps);
    }

    #[test]
    fn gaps_lie_within_and_apart_from_each_other() {
        check(30_000, &[], true);
        check(30_000, &[(0, 20), (500, 100), (29_000, 1_000)], true);
        check(30_000, &[(29_000, 1_001)], false);
        check(30_000, &[(500, 100), (600, 100)], false);
        check(30_000, &[(500, 100), (100, 20)], false);
        check(30_000, &[(500, 0)], false);
        check(30_000, &[(u32::MAX, 2)], false);
        check(0, &[], false);
        check(LONGEST_AUSCULTATION_MS + 1, &[], false);
    }

    #[test]
    fn what_nobody_heard_is_said() {
        assert_eq!(recording(30_000, &[]).remark(), None);
        let remark = recording(29_950, &[(0, 20), (500, 1_000)]).remark().unwrap();
        assert_eq!(remark, "1.1 s of its 30.0 s are silence: nothing came from the stethoscope");
    }

    #[test]
    fn every_place_has_words_of_its_own() {
        let words: BTreeSet<_> = AuscultationSite::ALL.iter().map(|site| site.words()).collect();
        assert_eq!(words.len(), AuscultationSite::ALL.len());
    }
}
