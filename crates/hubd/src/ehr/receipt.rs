//! The receipt of a consult: who was there and when, what was recorded, and what of it is in the chart.
//!
//! It goes to the EHR with the end of the visit. The outbox sends that last: everything recorded before it is
//! delivered by then, or left to a person, and the receipt says which. Its words are kept before they are sent
//! for the first time, so that each try sends the same.

mod text;
mod values;

use clinical::{EncounterId, EntryBody, EntryId, Note};
use uuid::Uuid;
use vault::{AnsweredCall, HubVault, KeptReceipt, StoredEntry, VaultError};

use self::text::{Call, Story, text};
use super::{consignment::Consignment, undelivered::Undelivered};
use crate::{clock, hub::ask};

/// Where an entry that was delivered is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Chart,
    Engine,
    Archive,
}

/// Of the receipt's own: UUID version 5 (RFC 9562, section 5.5) of the encounter's id and the word "receipt". There
/// is one for each visit, and each try finds it.
pub fn id(encounter: EncounterId) -> EntryId {
    EntryId::new(Uuid::new_v5(&encounter.uuid(), b"receipt"))
}

/// The one that was kept, or a new one that is kept now. `fate`: which way an entry goes.
pub async fn of(
    vault: &HubVault,
    consignment: &Consignment,
    fate: impl Fn(&EntryBody) -> Fate,
) -> Result<KeptReceipt, Undelivered> {
    let encounter = consignment.entry.encounter;
    let known = ask(vault, move |vault| known(vault, encounter)).await;
    let (entries, calls) = match known.map_err(not_now)? {
        Known::Receipt(kept) => return Ok(kept),
        Known::Visit { entries, calls } => (entries, calls),
    };
    let made = clock::now();
    let seen: Vec<_> = entries
        .iter()
        .map(|stored| {
            let entry = stored.sealed.entry();
            (entry, stored.delivery(), fate(&entry.body))
        })
        .collect();
    let Consignment { entry, opened, opened_at } = consignment;
    let story = Story {
        opened,
        from: *opened_at,
        until: entry.recorded,
        calls: &calls,
        entries: &seen,
        study: &dicom::uid(encounter.uuid()),
        made,
    };
    let author = format!("Telemedicine cart {}", opened.cart);
    let receipt = KeptReceipt { made, content: Note { author, text: text(&story) } };
    let kept = ask(vault, move |vault| vault.keep_receipt(encounter, &receipt)).await;
    kept.map_err(not_now)
}

enum Known {
    Receipt(KeptReceipt),
    Visit { entries: Vec<StoredEntry>, calls: Vec<Call> },
}

fn known(vault: &HubVault, encounter: EncounterId) -> Result<Known, VaultError> {
    if let Some(kept) = vault.receipt(encounter)? {
        return Ok(Known::Receipt(kept));
    }
    let entries = vault.entries_of(encounter)?;
    let calls = vault.calls_of(encounter)?.into_iter().map(|call| named(vault, call));
    Ok(Known::Visit { entries, calls: calls.collect::<Result<_, _>>()? })
}

/// By the name that people know the physician by.
fn named(vault: &HubVault, call: AnsweredCall) -> Result<Call, VaultError> {
    let AnsweredCall { physician, answered, ended, .. } = call;
    let account = vault.physician(&physician)?;
    let physician = account.map_or(physician, |account| account.display_name);
    Ok(Call { physician, answered, ended })
}

/// Nothing was sent.
fn not_now(error: VaultError) -> Undelivered {
    Undelivered::later(&error.to_string())
}
