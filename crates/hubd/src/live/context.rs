//! Everything a physician needs to know of a consult before answering and on joining, and the early
//! warning score whenever a value is recorded.

use clinical::{CallId, EarlyWarning, EncounterId, EntryBody, Patient, Vital};
use hub_api::{ConsultContext, EncounterSummary, HubToPortal, MAX_MESSAGE_BYTES, RecordedEntry};
use vault::{StoredEntry, VaultError};

use super::Switchboard;
use crate::clock;

/// Half of a message: the other half is plenty for names.
const BYTES_OF_ENTRIES: usize = MAX_MESSAGE_BYTES / 2;

impl Switchboard {
    /// Also the entries that do not fit into one message: they follow one by one. `None`: the call is
    /// over, or its encounter is not known any more.
    pub(super) async fn context(
        &self,
        call: CallId,
    ) -> Result<Option<(ConsultContext, Vec<RecordedEntry>)>, VaultError> {
        let Some((cart, encounter)) = self.desk.origin(call) else { return Ok(None) };
        let stored = self.ask(move |vault| vault.entries_of(encounter)).await?;
        // The cart says it on its socket, often before the opening itself has arrived.
        let told = self.carts.encounter(cart).filter(|summary| summary.id == encounter).cloned();
        let Some(encounter) = told.or_else(|| stored.first().and_then(summary)) else {
            return Ok(None);
        };
        let early_warning = early_warning(&encounter.patient, &stored);
        let mut entries: Vec<_> = stored.into_iter().map(recorded).collect();
        let rest = entries.split_off(how_many_fit(&entries));
        let cart = cart.0.clone();
        let context = ConsultContext { call, cart, encounter, entries, early_warning };
        Ok(Some((context, rest)))
    }

    /// To everybody who has this encounter open. What is recorded elsewhere needs no reading.
    pub(super) async fn tell_early_warning(&mut self, encounter: EncounterId) {
        if !self.seats.have_open(encounter) {
            return;
        }
        let stored = match self.ask(move |vault| vault.entries_of(encounter)).await {
            Ok(stored) => stored,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                return tracing::error!(error, %encounter, "Could not score an encounter");
            }
        };
        let Some(summary) = stored.first().and_then(summary) else { return };
        let early_warning = early_warning(&summary.patient, &stored);
        let message = HubToPortal::EarlyWarning { encounter, early_warning };
        self.tell_seats(&message, |seat| seat.encounter == Some(encounter));
    }
}

fn early_warning(patient: &Patient, stored: &[StoredEntry]) -> EarlyWarning {
    let vitals = stored.iter().filter_map(|stored| Vital::of(stored.sealed.entry()));
    EarlyWarning::of(patient, vitals, clock::now())
}

fn how_many_fit(entries: &[RecordedEntry]) -> usize {
    let mut bytes = 0;
    let fits = |entry: &&RecordedEntry| {
        bytes += serde_json::to_vec(entry).expect("all keys of an entry are text").len();
        bytes <= BYTES_OF_ENTRIES
    };
    entries.iter().take_while(fits).count()
}

fn summary(first: &StoredEntry) -> Option<EncounterSummary> {
    let entry = first.sealed.entry();
    match &entry.body {
        EntryBody::Opened(opened) => Some(EncounterSummary {
            id: entry.encounter,
            patient: opened.patient.clone(),
            nurse: opened.nurse.clone(),
            opened: entry.recorded,
        }),
        EntryBody::Reading(_)
        | EntryBody::Observed(_)
        | EntryBody::Still(_)
        | EntryBody::Auscultation(_)
        | EntryBody::Note(_)
        | EntryBody::Closed => None,
    }
}

fn recorded(stored: StoredEntry) -> RecordedEntry {
    RecordedEntry { delivery: stored.delivery(), entry: stored.sealed.into_entry() }
}
