//! The tray of readings without a patient: claimed for the open encounter's, or discarded.

use std::error::Error;

use cart_api::{Discarded, Identifier, Refusal, Tray, TrayReading};
use clinical::{Act, AuditEvent, Entry, EntryBody, ReadingId, Subject};
use encounter::Input;
use vault::{CartVault, ClaimError, Discard, SealedEntry, UnassignedReading, VaultError};

use super::{Answer, Core, audit};
use crate::{clock, vaulting::blocking};

/// More than a nurse scrolls through; the number of all is told.
const SHOWN: u32 = 50;

pub fn read(vault: &CartVault) -> Result<Tray, VaultError> {
    let (waiting, newest) = vault.newest_unassigned(SHOWN)?;
    Ok(Tray { waiting, readings: newest.into_iter().map(shown).collect() })
}

fn shown(kept: UnassignedReading) -> TrayReading {
    let UnassignedReading { reading, reason } = kept;
    TrayReading { claimable: reading.is_of_a_patient(), reading, why: reason }
}

impl Core {
    pub(super) async fn claim(&mut self, id: ReadingId, confirmed: Vec<Identifier>) -> Answer {
        let vault = self.vault.clone();
        let kept = match blocking(move || vault.unassigned_reading(id)).await {
            Ok(kept) => kept.ok_or(Refusal::NotInTray)?,
            Err(error) => {
                self.vault_failed("read a reading of the tray", &error);
                return Err(self.not_saved());
            }
        };
        self.advance(Input::Claim { reading: kept.reading, confirmed }, None).await
    }

    /// The visit has agreed; the tray loses the reading in the commit that gives it to the encounter.
    pub(super) async fn keep_claimed(&mut self, entry: Entry) -> Answer {
        let EntryBody::Reading(reading) = &entry.body else { return Err(Refusal::NotUnderstood) };
        let (reading, sealed) = (reading.id, SealedEntry::seal(entry));
        let (vault, id) = (self.vault.clone(), sealed.entry().id);
        let claimed =
            AuditEvent { what: Act::ReadingClaimed, ..audit::of(sealed.entry(), &self.doer()) };
        match blocking(move || vault.claim(reading, sealed, &claimed)).await {
            Ok(saved) => {
                self.audit.wrote(1);
                self.show_saved(&saved);
                self.wake.saved.notify_one();
                self.count_sync().await;
                self.read_tray().await;
                Ok(Some(id))
            }
            Err(ClaimError::NotInTray { .. }) => Err(Refusal::NotInTray),
            Err(ClaimError::Commit(error)) => {
                tracing::error!(error = &error as &dyn Error, "A claimed reading was not saved");
                Err(self.not_saved())
            }
        }
    }

    pub(super) async fn discard(&mut self, id: ReadingId, why: Discarded) -> Answer {
        let by = self.session.nurse_name().ok_or(Refusal::NotSignedIn)?;
        let discard = Discard { why: why.word().to_owned(), at: clock::now(), by };
        let discarded = AuditEvent::new(discard.at, self.doer(), Act::ReadingDiscarded)
            .about(Subject::Reading(id));
        let vault = self.vault.clone();
        match blocking(move || vault.discard(id, &discard, &discarded)).await {
            Ok(was_there) => {
                self.audit.wrote(usize::from(was_there));
                self.read_tray().await;
                if was_there { Ok(None) } else { Err(Refusal::NotInTray) }
            }
            Err(error) => {
                self.vault_failed("discard a reading of the tray", &error);
                Err(self.not_saved())
            }
        }
    }

    pub(super) async fn read_tray(&mut self) {
        let vault = self.vault.clone();
        match blocking(move || read(&vault)).await {
            Ok(tray) => self.tray = tray,
            // The next change reads it again.
            Err(error) => self.vault_failed("read the tray", &error),
        }
    }
}
