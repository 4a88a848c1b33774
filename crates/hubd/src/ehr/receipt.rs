//! The receipt of a consult: who was there and when, what was recorded, and what of it is in the chart.
//!
//! It goes to the EHR with the end of the visit. The outbox sends that last: everything recorded before it is
//! delivered by then, or left to a person, and the receipt says which. Its words are kept by the write that
//! begins the first try, so that each try sends the same.

mod text;
mod values;

use clinical::{EncounterId, EntryBody, EntryId, Note};
use hub_api::Delivery;
use uuid::Uuid;
use vault::{AnsweredCall, HubVault, KeptReceipt, VaultError};

use self::text::{Call, Story, text};
use super::consignment::Consignment;
use crate::clock;

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

/// The one that was kept, or a new one. `ended`: what became of entries and is not kept yet; `fate`: which way an
/// entry goes.
///
/// # Errors
/// The vault cannot be read.
pub fn of(
    vault: &HubVault,
    consignment: &Consignment,
    ended: &[(EntryId, Delivery)],
    fate: impl Fn(&EntryBody) -> Fate,
) -> Result<KeptReceipt, VaultError> {
    let Consignment { entry, opened, opened_at } = consignment;
    if let Some(kept) = vault.receipt(entry.encounter)? {
        return Ok(kept);
    }
    let calls = vault.calls_of(entry.encounter)?.into_iter().map(|call| named(vault, call));
    let calls = calls.collect::<Result<Vec<_>, _>>()?;
    let entries = vault.entries_of(entry.encounter)?;
    let seen = entries.iter().map(|stored| {
        let entry = stored.sealed.entry();
        let newer = ended.iter().find(|(id, _)| *id == entry.id).map(|(_, delivery)| *delivery);
        (entry, newer.unwrap_or_else(|| stored.delivery()), fate(&entry.body))
    });
    let made = clock::now();
    let story = Story {
        opened,
        from: *opened_at,
        until: entry.recorded,
        calls: &calls,
        entries: &seen.collect::<Vec<_>>(),
        study: &dicom::uid(entry.encounter.uuid()),
        made,
    };
    let author = format!("Telemedicine cart {}", opened.cart);
    Ok(KeptReceipt { made, content: Note { author, text: text(&story) } })
}

/// By the name that people know the physician by.
fn named(vault: &HubVault, call: AnsweredCall) -> Result<Call, VaultError> {
    let AnsweredCall { physician, answered, ended, .. } = call;
    let account = vault.physician(&physician)?;
    let physician = account.map_or(physician, |account| account.display_name);
    Ok(Call { physician, answered, ended })
}
