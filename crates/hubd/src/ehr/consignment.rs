//! An entry, and whose it is.

use clinical::{Entry, EntryBody, EntryId, Opened, Timestamp};
use fhir::{Resource, Visit};
use vault::{HubVault, VaultError};

pub struct Consignment {
    pub entry: Entry,
    pub opened: Opened,
    pub opened_at: Timestamp,
}

impl Consignment {
    pub fn of(vault: &HubVault, id: EntryId) -> Result<Self, VaultError> {
        let damaged = VaultError::Damaged { what: "the entry of an outbox item" };
        let Some(entry) = vault.entry(id)?.map(|stored| stored.sealed.into_entry()) else {
            return Err(damaged);
        };
        let Some(opening) = vault.opening_of(entry.encounter)? else { return Err(damaged) };
        let opening = opening.sealed.into_entry();
        match opening.body {
            EntryBody::Opened(opened) => {
                Ok(Consignment { entry, opened, opened_at: opening.recorded })
            }
            EntryBody::Reading(_)
            | EntryBody::Observed(_)
            | EntryBody::Still(_)
            | EntryBody::Auscultation(_)
            | EntryBody::Note(_)
            | EntryBody::Closed => Err(damaged),
        }
    }

    /// `until` is its end, `None` while it goes on.
    pub fn visit(&self, until: Option<Timestamp>, patient: &str) -> Resource {
        let visit =
            Visit { id: self.entry.encounter, opened: &self.opened, from: self.opened_at, until };
        fhir::encounter(&visit, patient)
    }
}
