//! The open encounter: its entries are saved with their outbox items, and only what was saved is shown.

use std::error::Error;

use cart_api::{Identifier, NoticeKind, Refusal, SyncStage};
use clinical::{
    Actor, Auscultation, EncounterId, EntryBody, EntryId, Examined, Finding, Observed, Patient,
    Reading, Still,
};
use encounter::{Effect, Ids, Input, Opening, Unassigned};
use hub_api::Delivery;
use outbox::State;
use uuid::Uuid;
use vault::{Blob, Commit, Saved, SealedEntry, UnassignedReading};

use super::{Answer, Core, ShownVisit, audit, heard::Heard, watching::Watching};
use crate::{clock, hub::Sent, vaulting::blocking};

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

    /// Only the physician of a call listens.
    pub(super) async fn save_auscultation(&mut self, heard: Heard, wav: Vec<u8>) -> Answer {
        let who = self.physician().ok_or(Refusal::NoCall)?;
        self.room_for_media()?;
        let bytes = heard.bytes_if_whole(&wav).ok_or(Refusal::NotUnderstood)?;
        let Heard { site, began, millis, gaps } = heard;
        let (blob, media_type) = (Blob::new(wav), "audio/wav".to_owned());
        let sha256 = blob.sha256().to_owned();
        let sound = Auscultation { sha256, media_type, bytes, site, began, millis, gaps };
        self.advance_by(who, Input::Auscultation(sound), Some(blob)).await
    }

    pub(super) async fn save_still(
        &mut self,
        media_type: String,
        (width, height): (u32, u32),
        examined: Option<Examined>,
        picture: Vec<u8>,
    ) -> Answer {
        if !self.session.is_signed_in() && self.call.current().is_none() {
            return Err(Refusal::NotSignedIn);
        }
        self.room_for_media()?;
        let is_picture = media_type.starts_with("image/") && width > 0 && height > 0;
        let bytes = u32::try_from(picture.len()).ok().filter(|bytes| *bytes > 0 && is_picture);
        let bytes = bytes.ok_or(Refusal::NotUnderstood)?;
        let (blob, taken) = (Blob::new(picture), clock::now());
        let sha256 = blob.sha256().to_owned();
        let examined = examined.map(|one| Examined::new(one.with, one.side));
        let still = Still { sha256, media_type, bytes, width, height, taken, examined };
        // The button is on the physician's page; without a call it was the nurse.
        let who = self.physician().unwrap_or_else(|| self.doer());
        self.advance_by(who, Input::Still(still), Some(blob)).await
    }

    pub(super) async fn advance(&mut self, input: Input, blob: Option<Blob>) -> Answer {
        self.advance_by(self.doer(), input, blob).await
    }

    /// Lets the visit decide on a copy, saves what is to be kept, and only then makes the copy the
    /// visit and the entries visible. Returns the first entry.
    pub(super) async fn advance_by(
        &mut self,
        who: Actor,
        input: Input,
        blob: Option<Blob>,
    ) -> Answer {
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
            let saved = self.commit(Commit { entries, blob }, &who).await?;
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
    async fn commit(&mut self, commit: Commit, who: &Actor) -> Result<Saved, Refusal> {
        let (vault, has_blob) = (self.vault.clone(), commit.blob.is_some());
        let entries = commit.entries.iter();
        let events: Vec<_> = entries.map(|sealed| audit::of(sealed.entry(), who)).collect();
        let count = events.len();
        match blocking(move || vault.commit_told(commit, &events)).await {
            Ok(saved) => {
                self.audit.wrote(count);
                self.wake.saved.notify_one();
                self.count_sync().await;
                Ok(saved)
            }
            Err(error) if has_blob && error.is_no_room() => {
                tracing::warn!(error = &error as &dyn Error, "No room for a picture or a sound");
                Err(Refusal::NoSpace)
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
                EntryBody::Opened(_) => {
                    self.shown = ShownVisit::begin(entry, SyncStage::OnCart);
                    self.watching = Watching::resume(self.shown.as_ref(), None);
                }
                EntryBody::Closed => {
                    (self.shown, self.watching) = (None, Watching::default());
                }
                EntryBody::Reading(_)
                | EntryBody::Observed(_)
                | EntryBody::Still(_)
                | EntryBody::Auscultation(_)
                | EntryBody::Note(_) => {
                    // A measurement may end after its encounter; then it is kept and not shown.
                    if let Some(shown) = self.shown.as_mut().filter(|shown| shown.is_of(entry)) {
                        shown.add(entry, SyncStage::OnCart);
                        self.watch_entry(entry);
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
            State::Pending
            | State::InFlight { .. }
            | State::Retry { .. }
            | State::Unsettled { .. }
            | State::Held { .. }
            | State::Unknown { .. } => {}
        }
        self.count_sync().await;
    }

    pub(super) fn entry_came_to(&mut self, entry: EntryId, delivery: Delivery) {
        match delivery {
            // The nurse can do nothing about an EHR that does not answer; the physician's page says it.
            Delivery::AtHub | Delivery::Unknown => self.show_stage(entry, SyncStage::Sent),
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
