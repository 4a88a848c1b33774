//! Everything a physician needs to know of a consult before answering and on joining.

use clinical::{CallId, EntryBody};
use hub_api::{ConsultContext, EncounterSummary, RecordedEntry};
use vault::{StoredEntry, VaultError};

use super::Switchboard;

impl Switchboard {
    /// `None`: the call is over, or its encounter is not known any more.
    pub(super) async fn context(
        &self,
        call: CallId,
    ) -> Result<Option<ConsultContext>, VaultError> {
        let Some((cart, encounter)) = self.desk.origin(call) else { return Ok(None) };
        let stored = self.ask(move |vault| vault.entries_of(encounter)).await?;
        // The cart says it on its socket, often before the opening itself has arrived.
        let told = self.carts.encounter(cart).filter(|summary| summary.id == encounter).cloned();
        let Some(encounter) = told.or_else(|| stored.first().and_then(summary)) else {
            return Ok(None);
        };
        let entries = stored.into_iter().map(recorded).collect();
        Ok(Some(ConsultContext { call, cart: cart.0.clone(), encounter, entries }))
    }
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
        EntryBody::Reading(_) | EntryBody::Still(_) | EntryBody::Note(_) | EntryBody::Closed => None,
    }
}

fn recorded(stored: StoredEntry) -> RecordedEntry {
    RecordedEntry { delivery: stored.delivery(), entry: stored.sealed.into_entry() }
}
