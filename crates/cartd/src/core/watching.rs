//! The vital signs of the open encounter against its limits: who is told when one goes beyond, and what the
//! physician prescribes.

use cart_api::{HubLink, NoticeKind};
use clinical::{
    Act, Actor, DeviceId, EarlyWarning, EncounterId, Entry, EntryBody, Finding, Limits,
    Measurement, Monitoring, Observed, Side, Subject, Timestamp, VitalSign, news2::Risk,
};
use encounter::{Beyond, Input, Watch};
use hub_api::Prescription;
use serde::{Deserialize, Serialize};

use super::{Core, ShownVisit};
use crate::clock;

#[derive(Default)]
pub struct Watching {
    watch: Watch,
    set: Option<SetLimits>,
    /// What the score called for when it was known last.
    risk: Option<Risk>,
}

/// Limits that a person has set for the patient of one encounter.
#[derive(Clone, Serialize, Deserialize)]
pub struct SetLimits {
    encounter: EncounterId,
    limits: Limits,
    by: String,
}

impl Watching {
    /// Of an encounter that has just begun, or as the record has it after a restart. What is beyond its
    /// limit is shown again, and nobody is told a second time.
    pub fn resume(shown: Option<&ShownVisit>, set: Option<SetLimits>) -> Self {
        let mut watching = Self::default();
        let Some(shown) = shown else { return watching };
        watching.set = set.filter(|set| set.encounter == shown.state().id);
        watching.expect(shown);
        for saved in &shown.state().readings {
            let _told_before = watching.watch.reading(&saved.reading);
        }
        for saved in &shown.state().observed {
            let _told_before = watching.counted(&saved.observed, saved.at);
        }
        watching.risk = risk(shown).map(|(_, risk)| risk);
        watching
    }

    pub fn set_limits(&self) -> Option<&SetLimits> {
        self.set.as_ref()
    }

    pub fn lost(&mut self, device: &DeviceId) {
        self.watch.lost(device);
    }

    pub fn monitoring(&self) -> Monitoring {
        let set_by = self.set.as_ref().map(|set| set.by.clone());
        Monitoring { limits: self.watch.limits(), set_by, watched: self.watch.watched() }
    }

    fn beyond(&self) -> Vec<(VitalSign, Side)> {
        let watched = self.watch.watched().into_iter();
        watched.filter_map(|watched| Some((watched.sign, watched.beyond?))).collect()
    }

    /// What is expected may change with what is observed: a pregnancy, another oxygen scale.
    fn expect(&mut self, shown: &ShownVisit) {
        let set = self.set.as_ref().map(|set| set.limits);
        self.watch.set_limits(set.unwrap_or_else(|| shown.expected_limits()));
    }

    fn counted(&mut self, observed: &Observed, at: Timestamp) -> Option<Beyond> {
        match observed.what {
            Finding::RespiratoryRate { per_minute } => {
                self.watch.counted(VitalSign::RespiratoryRate, per_minute.into(), at)
            }
            Finding::Consciousness { .. }
            | Finding::Breathing { .. }
            | Finding::Pregnancy { .. }
            | Finding::OxygenScale { .. } => None,
        }
    }

    /// The risk, when it calls for more than it did.
    fn rose(&mut self, shown: &ShownVisit) -> Option<NoticeKind> {
        let (total, risk) = risk(shown)?;
        let rose = risk > self.risk.replace(risk).unwrap_or(Risk::Low);
        rose.then_some(NoticeKind::ScoreRose { total, risk })
    }
}

/// Only of a score that nothing is missing of.
fn risk(shown: &ShownVisit) -> Option<(u8, Risk)> {
    match shown.early_warning() {
        EarlyWarning::Score { news2, .. } => news2.total.zip(news2.risk),
        EarlyWarning::NotFor { .. } => None,
    }
}

impl Core {
    /// What is live is of the patient to whom the sensor's readings would be bound.
    pub(super) fn watch_live(&mut self, device: &DeviceId, value: &Measurement, at: Timestamp) {
        if !self.visit.open().is_some_and(|open| open.has_armed(device)) {
            return;
        }
        let before = self.watching.beyond();
        let beyond = self.watching.watch.live(device, value, at);
        // The record has what was told, and no tile shows the number of a minute ago beside it.
        if self.watching.beyond() != before {
            self.devices.read_now(device);
        }
        self.tell_beyond(beyond);
    }

    /// An entry of the open encounter was saved.
    pub(super) fn watch_entry(&mut self, entry: &Entry) {
        let Some(shown) = &self.shown else { return };
        self.watching.expect(shown);
        let beyond = match &entry.body {
            EntryBody::Reading(reading) => self.watching.watch.reading(reading),
            EntryBody::Observed(observed) => {
                self.watching.counted(observed, entry.recorded).into_iter().collect()
            }
            EntryBody::Opened(_)
            | EntryBody::Still(_)
            | EntryBody::Auscultation(_)
            | EntryBody::Note(_)
            | EntryBody::Closed => {
                return;
            }
        };
        let rose = self.watching.rose(shown);
        self.tell_beyond(beyond);
        if let Some(rose) = rose {
            self.notices.raise(rose, clock::now());
        }
    }

    fn tell_beyond(&mut self, beyond: Vec<Beyond>) {
        for Beyond { sign, value, side, bound } in beyond {
            let kind = NoticeKind::BeyondLimit { sign, side, value, bound };
            self.notices.raise(kind, clock::now());
        }
    }

    /// By the physician of a call about this encounter, as the hub has made sure.
    pub(super) async fn prescribed(
        &mut self,
        encounter: EncounterId,
        by: String,
        what: Prescription,
    ) {
        let Some(shown) = self.shown.as_ref().filter(|shown| shown.state().id == encounter) else {
            return tracing::warn!("A prescription for an encounter that is not open");
        };
        match what {
            Prescription::Limits { limits: Some(limits) } if !limits.are_possible() => {
                return tracing::warn!("Limits that nobody can mean");
            }
            Prescription::Limits { limits } => {
                let set_by = by.clone();
                self.watching.set =
                    limits.map(|limits| SetLimits { encounter, limits: *limits, by: set_by });
                self.watching.expect(shown);
                let subject = Subject::Encounter(encounter);
                self.tell(Actor::physician(&by), Act::LimitsSet, [subject]);
            }
            Prescription::OxygenScale { scale } => {
                let what = Finding::OxygenScale { scale };
                let observed = Observed { what, by: by.clone() };
                let (who, input) = (Actor::physician(&by), Input::Observed(observed));
                if let Err(refusal) = self.advance_by(who, input, None).await {
                    return tracing::warn!(?refusal, "A prescription was not kept");
                }
            }
        }
        self.notices.raise(NoticeKind::LimitsChanged { by }, clock::now());
    }

    pub(super) fn tell_monitoring(&mut self) {
        let Some(shown) = self.shown.as_ref().filter(|_| self.hub == HubLink::Connected) else {
            return;
        };
        self.outgoing.monitoring(shown.state().id, self.watching.monitoring());
    }
}
