//! The physician listens with the stethoscope: where the chest piece lies, and what is kept of it.
//!
//! Both may say the place, physician and nurse; the last word counts, and both are told it. What was heard before a
//! change is forgotten with it, so that no sound is kept under another place.

use cart_api::{Command, Refusal};
use clinical::{AuscultationSite, EncounterId, EntryId, SoundGap};
use hub_api::CartOnChannel;
use media::HeardSound;

use super::{Effect, Model, OwnKind, StudioOrder, Wish, channel::say};

// For the physician, in the words of the portal.
const NOTHING_HEARD: &str =
    "Nothing was heard at this place yet. Listen for a moment, then keep it.";
const OTHER_PLACE: &str =
    "The place was changed at the cart. Look where the chest piece lies, then keep it.";
const NOT_SAVED: &str = "The cart could not save the sound. Try again.";
const NO_SPACE: &str =
    "The cart's storage is full: it keeps no sounds. Ask the nurse to call the technician.";

/// In the order in which a chest is listened to.
const SITES: [AuscultationSite; AuscultationSite::ALL.len()] = AuscultationSite::ALL;
/// What a person can hear something in.
const SHORTEST_MS: u32 = 1_000;

pub struct Listening {
    /// The physician listens.
    pub is_on: bool,
    /// The stethoscope is not plugged in.
    pub is_away: bool,
    /// `None`: nobody has said it in this call.
    pub site: Option<AuscultationSite>,
}

/// Whose wish it was to keep a sound, and in which encounter: saving takes a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoundFor {
    pub encounter: Option<EncounterId>,
    /// The physician's number for it.
    pub request: u32,
    pub site: AuscultationSite,
}

impl Listening {
    pub(super) const fn new() -> Self {
        Self { is_on: false, is_away: false, site: None }
    }

    /// In the usual order, which begins anew at its end; the first where nobody has said one.
    pub(super) fn next(&self) -> AuscultationSite {
        SITES[self.place().map_or(0, |place| place + 1) % SITES.len()]
    }

    /// The last where nobody has said one.
    pub(super) fn previous(&self) -> AuscultationSite {
        SITES[(self.place().unwrap_or(0) + SITES.len() - 1) % SITES.len()]
    }

    fn place(&self) -> Option<usize> {
        SITES.iter().position(|site| Some(*site) == self.site)
    }

    /// The call is over. Whether somebody listened.
    pub(super) fn end(&mut self) -> bool {
        self.site = None;
        std::mem::replace(&mut self.is_on, false)
    }
}

impl Model {
    pub(super) fn listen(&mut self, on: bool) -> Vec<Effect> {
        self.listening.is_on = on;
        let site = CartOnChannel::Site { site: self.listening.site };
        [StudioOrder::Listen(on), StudioOrder::Say(site)].map(Effect::Studio).into()
    }

    /// A press that comes when nobody listens any more changes nothing.
    pub(super) fn lay(&mut self, site: AuscultationSite) -> Vec<Effect> {
        if !self.listening.is_on || self.listening.site == Some(site) {
            return Vec::new();
        }
        self.listening.site = Some(site);
        let told = CartOnChannel::Site { site: Some(site) };
        [StudioOrder::ListenAnew, StudioOrder::Say(told)].map(Effect::Studio).into()
    }

    pub(super) fn order_sound(&mut self, request: u32, site: AuscultationSite) -> Vec<Effect> {
        let for_whom = SoundFor { encounter: self.encounter_id(), request, site };
        if self.listening.site != Some(site) {
            return self.no_sound(for_whom, OTHER_PLACE);
        }
        if self.has_no_room() {
            return self.no_sound(for_whom, NO_SPACE);
        }
        vec![Effect::Studio(StudioOrder::KeepSound(for_whom))]
    }

    pub(super) fn sound(&mut self, for_whom: SoundFor, heard: Option<HeardSound>) -> Vec<Effect> {
        let Some(heard) = heard.filter(|heard| ms(heard.length) >= SHORTEST_MS) else {
            return self.no_sound(for_whom, NOTHING_HEARD);
        };
        let save = Command::SaveAuscultation {
            site: for_whom.site,
            began: self.now.plus_millis(-i64::from(ms(heard.since))),
            millis: ms(heard.length),
            gaps: gaps(&heard),
        };
        self.ask_about(for_whom.encounter, Wish::Sound(for_whom), save, heard.wav)
    }

    pub(super) fn sound_saved(
        &mut self,
        SoundFor { request, .. }: SoundFor,
        entry: Option<EntryId>,
    ) -> Vec<Effect> {
        let Some(entry) = entry else {
            tracing::warn!("A sound was saved and its entry not told");
            return Vec::new();
        };
        self.tell(OwnKind::SoundKept { by: self.listener() });
        say(CartOnChannel::SoundKept { request, entry })
    }

    pub(super) fn sound_refused(&mut self, for_whom: SoundFor, why: Refusal) -> Vec<Effect> {
        self.no_sound(for_whom, if why == Refusal::NoSpace { NO_SPACE } else { NOT_SAVED })
    }

    pub(super) fn sound_failed(&mut self, for_whom: SoundFor) -> Vec<Effect> {
        self.no_sound(for_whom, NOT_SAVED)
    }

    fn no_sound(&mut self, SoundFor { request, .. }: SoundFor, reason: &str) -> Vec<Effect> {
        self.tell(OwnKind::SoundNotKept { by: self.listener() });
        say(CartOnChannel::SoundNotKept { request, reason: reason.to_owned() })
    }

    fn listener(&self) -> String {
        self.physicians_name().unwrap_or_default()
    }
}

/// Gaps that end in the same millisecond in which the next begins are one; none is shorter than a millisecond.
fn gaps(heard: &HeardSound) -> Vec<SoundGap> {
    let mut gaps: Vec<SoundGap> = Vec::new();
    for gap in &heard.gaps {
        let (start, end) = (ms(gap.start), ms(gap.end));
        match gaps.last_mut() {
            Some(last) if start <= last.at_ms + last.millis => last.millis = end - last.at_ms,
            _ if end > start => gaps.push(SoundGap { at_ms: start, millis: end - start }),
            _ => {}
        }
    }
    gaps
}

/// A recording is half a minute at most, and what is older than weeks was not heard in this call.
fn ms(time: std::time::Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}
