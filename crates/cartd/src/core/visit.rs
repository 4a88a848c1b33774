//! The open encounter: its entries are saved with their outbox items, and only what was saved is shown.

use std::error::Error;

use cart_api::{
    EncounterState, Identifier, NoticeKind, Refusal, SavedObserved, SavedReading, SavedStill,
    SyncStage,
};
use clinical::{
    EarlyWarning, EncounterId, Entry, EntryBody, EntryId, Finding, Observed, Patient, Reading,
    Still,
};
use encounter::{Effect, Ids, Input, Opening, Unassigned};
use hub_api::{Delivery, EncounterSummary};
use outbox::State;
use uuid::Uuid;
use vault::{Blob, Commit, Saved, SealedEntry, StoredEntry, UnassignedReading};

use super::{Answer, Core};
use crate::{clock, hub::Sent, vaulting::blocking};

/// What the kiosk is shown of the open encounter: saved entries only.
pub struct ShownVisit {
    state: EncounterState,
    opening: EntryId,
    nurse: String,
}

impl ShownVisit {
    /// After a restart, from the entries of one encounter. `None`: it is closed.
    pub fn of(entries: &[StoredEntry]) -> Option<Self> {
        let mut shown = None;
        for stored in entries {
            let entry = stored.sealed.entry();
            match (&entry.body, &mut shown) {
                (EntryBody::Opened(_), _) => shown = Self::begin(entry, stored.stage()),
                (EntryBody::Closed, _) => shown = None,
                (_, Some(shown)) => shown.add(entry, stored.stage()),
                (_, None) => {}
            }
        }
        shown
    }

    fn begin(entry: &Entry, stage: SyncStage) -> Option<Self> {
        let EntryBody::Opened(opened) = &entry.body else { return None };
        let state = EncounterState {
            id: entry.encounter,
            patient: opened.patient.clone(),
            opened: entry.recorded,
            readings: Vec::new(),
            observed: Vec::new(),
            stills: Vec::new(),
            early_warning: EarlyWarning::of(&opened.patient, [], entry.recorded),
            stage,
        };
        Some(Self { state, opening: entry.id, nurse: opened.nurse.clone() })
    }

    pub fn state(&self) -> &EncounterState {
        &self.state
    }

    pub fn summary(&self) -> EncounterSummary {
        EncounterSummary {
            id: self.state.id,
            patient: self.state.patient.clone(),
            nurse: self.nurse.clone(),
            opened: self.state.opened,
        }
    }

    fn is_of(&self, entry: &Entry) -> bool {
        self.state.id == entry.encounter
    }

    fn add(&mut self, entry: &Entry, stage: SyncStage) {
        let id = entry.id;
        match &entry.body {
            EntryBody::Reading(reading) => {
                let reading = reading.clone();
                self.state.readings.push(SavedReading { entry: id, reading, stage });
            }
            EntryBody::Observed(observed) => {
                let (at, observed) = (entry.recorded, observed.clone());
                self.state.observed.push(SavedObserved { entry: id, at, observed, stage });
            }
            EntryBody::Still(still) => {
                let still = still.clone();
                self.state.stills.push(SavedStill { entry: id, still, stage });
            }
            // The head of the page shows the opening; notes are written at the hub.
            EntryBody::Opened(_) | EntryBody::Note(_) | EntryBody::Closed => {}
        }
    }

    fn came_to(&mut self, entry: EntryId, stage: SyncStage) {
        let EncounterState { readings, observed, stills, stage: of_opening, .. } = &mut self.state;
        let opening = (self.opening, of_opening);
        let readings = readings.iter_mut().map(|saved| (saved.entry, &mut saved.stage));
        let observed = observed.iter_mut().map(|saved| (saved.entry, &mut saved.stage));
        let stills = stills.iter_mut().map(|saved| (saved.entry, &mut saved.stage));
        let mut all = std::iter::once(opening).chain(readings).chain(observed).chain(stills);
        if let Some((_, shown)) = all.find(|(id, _)| *id == entry)
            // The EHR's word may be faster than the hub's receipt.
            && *shown != SyncStage::InEhr
        {
            *shown = stage;
        }
    }
}

/// Ids sort by time; each is given once and is the same up to the chart.
struct NewIds;

impl Ids for NewIds {
    fn encounter(&mut self) -> EncounterId {
        EncounterId::new(Uuid::now_v7())
    }

    fn entry(&mut self) -> EntryId {
        EntryId::new(Uuid::now_v7())
    }
}

impl Core {
    pub(super) async fn open(&mut self, patient: Patient, confirmed: Vec<Identifier>) -> Answer {
        let opening = Opening {
            patient,
            confirmed,
            nurse: self.session.nurse_name(),
            cart: self.cart.clone(),
            devices: self.devices.that_are_there(),
        };
        let entry = self.advance(Input::Open(opening), None).await?;
        self.notices.forget_patient();
        Ok(entry)
    }

    pub(super) async fn end_encounter(&mut self) -> Answer {
        let entry = self.advance(Input::End, None).await?;
        self.notices.forget_patient();
        if self.call.current().is_some() {
            // A call is about an encounter.
            self.hang_up()?;
        }
        Ok(entry)
    }

    pub(super) async fn observe(&mut self, what: Finding) -> Answer {
        let by = self.session.nurse_name().ok_or(Refusal::NotSignedIn)?;
        self.advance(Input::Observed(Observed { what, by }), None).await
    }

    pub(super) async fn save_still(
        &mut self,
        media_type: String,
        (width, height): (u32, u32),
        picture: Vec<u8>,
    ) -> Answer {
        if !self.session.is_signed_in() && self.call.current().is_none() {
            return Err(Refusal::NotSignedIn);
        }
        let is_picture = media_type.starts_with("image/") && width > 0 && height > 0;
        let bytes = u32::try_from(picture.len()).ok().filter(|bytes| *bytes > 0 && is_picture);
        let bytes = bytes.ok_or(Refusal::NotUnderstood)?;
        let (blob, taken) = (Blob::new(picture), clock::now());
        let sha256 = blob.sha256().to_owned();
        let still = Still { sha256, media_type, bytes, width, height, taken };
        self.advance(Input::Still(still), Some(blob)).await
    }

    /// Lets the visit decide on a copy, saves what is to be kept, and only then makes the copy the
    /// visit and the entries visible. Returns the first entry.
    pub(super) async fn advance(&mut self, input: Input, blob: Option<Blob>) -> Answer {
        let mut next = self.visit.clone();
        let mut entries = Vec::new();
        for effect in next.handle(input, clock::now(), &mut NewIds) {
            match effect {
                Effect::Keep(entry) => entries.push(SealedEntry::seal(entry)),
                Effect::KeepUnassigned { reading, why } => {
                    self.keep_unassigned(reading, why).await?;
                }
                Effect::KeepClaimed(entry) => return self.keep_claimed(entry).await,
                Effect::Start(device) => self.devices.start(&device)?,
                Effect::Stop(device) => self.devices.stop(&device),
                Effect::Refuse(refusal) => return Err(refusal),
            }
        }
        let first = entries.first().map(|sealed| sealed.entry().id);
        if !entries.is_empty() {
            let saved = self.commit(Commit { entries, blob }).await?;
            self.show_saved(&saved);
        }
        self.visit = next;
        Ok(first)
    }

    async fn keep_unassigned(&mut self, reading: Reading, why: Unassigned) -> Result<(), Refusal> {
        let device = reading.device.id.clone();
        tracing::warn!(%device, why = why.word(), "A reading belongs to nobody");
        let kept = UnassignedReading { reading, reason: why.word().to_owned() };
        let vault = self.vault.clone();
        if let Err(error) = blocking(move || vault.keep_unassigned(&kept)).await {
            self.vault_failed("keep an unassigned reading", &error);
            return Err(self.not_saved());
        }
        self.read_tray().await;
        self.notices.raise(NoticeKind::Unassigned { device }, clock::now());
        Ok(())
    }

    /// What waits to be sent is counted, and the sender woken, by every commit.
    async fn commit(&mut self, commit: Commit) -> Result<Saved, Refusal> {
        let vault = self.vault.clone();
        match blocking(move || vault.commit(commit)).await {
            Ok(saved) => {
                self.wake.saved.notify_one();
                self.count_sync().await;
                Ok(saved)
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn Error, "Nothing was saved");
                Err(self.not_saved())
            }
        }
    }

    pub(super) fn not_saved(&mut self) -> Refusal {
        self.notices.raise(NoticeKind::NotSaved, clock::now());
        Refusal::NotSaved
    }

    pub(super) fn show_saved(&mut self, saved: &Saved) {
        for saved in saved.entries() {
            let entry = saved.sealed().entry();
            match &entry.body {
                EntryBody::Opened(_) => self.shown = ShownVisit::begin(entry, SyncStage::OnCart),
                EntryBody::Closed => self.shown = None,
                EntryBody::Reading(_)
                | EntryBody::Observed(_)
                | EntryBody::Still(_)
                | EntryBody::Note(_) => {
                    // A measurement may end after its encounter; then it is kept and not shown.
                    if let Some(shown) = self.shown.as_mut().filter(|shown| shown.is_of(entry)) {
                        shown.add(entry, SyncStage::OnCart);
                    }
                }
            }
        }
    }

    pub(super) async fn sent(&mut self, sent: Sent) {
        match sent.state {
            State::Done => self.show_stage(sent.entry, SyncStage::Sent),
            State::SetAside { .. } => {
                self.show_stage(sent.entry, SyncStage::SetAside);
                self.notices.raise(NoticeKind::SetAside, clock::now());
            }
            State::Pending | State::InFlight { .. } | State::Retry { .. } => {}
        }
        self.count_sync().await;
    }

    pub(super) fn entry_came_to(&mut self, entry: EntryId, delivery: Delivery) {
        match delivery {
            Delivery::AtHub => self.show_stage(entry, SyncStage::Sent),
            Delivery::InEhr => self.show_stage(entry, SyncStage::InEhr),
            Delivery::SetAside => {
                self.show_stage(entry, SyncStage::SetAside);
                self.notices.raise(NoticeKind::SetAside, clock::now());
            }
        }
    }

    fn show_stage(&mut self, entry: EntryId, stage: SyncStage) {
        if let Some(shown) = &mut self.shown {
            shown.came_to(entry, stage);
        }
    }

    pub(super) async fn count_sync(&mut self) {
        let vault = self.vault.clone();
        match blocking(move || vault.sync()).await {
            Ok(sync) => self.sync = sync,
            // The next count is right again.
            Err(error) => self.vault_failed("count what waits", &error),
        }
    }
}
