//! The physician's note becomes an entry of the encounter, as durable as what carts send.

use axum::{
    Json,
    extract::{Path, State, rejection::JsonRejection},
};
use clinical::{Act, Actor, Entry, EntryBody, EntryId, Note};
use hub_api::{NoteDraft, Receipt};
use vault::{HubVault, SealedEntry, StoredEntry};

use crate::{
    cart, clock,
    hub::Hub,
    web::{Answer, Failure, JsonAnswer, PhysicianSession},
};

/// Twenty pages. EHRs take 5 MiB and more, people read less.
const MAX_NOTE_BYTES: usize = 64 * 1024;

pub async fn put_note(
    State(hub): State<Hub>,
    session: PhysicianSession,
    Path(id): Path<String>,
    draft: Result<Json<NoteDraft>, JsonRejection>,
) -> JsonAnswer<Receipt> {
    let id = id.parse::<EntryId>().map_err(|_| Failure::not_found("This is no entry's id."))?;
    let Json(draft) = draft?;
    check_text(&draft.text)?;
    let (receipt, new) = hub.ask(move |vault| keep(vault, id, draft, session)).await?;
    if let Some(entry) = new {
        cart::announce(&hub, entry).await;
    }
    Ok(Json(receipt))
}

fn check_text(text: &str) -> Answer<()> {
    if text.trim().is_empty() {
        return Err(Failure::unprocessable("The note is empty."));
    }
    if text.len() > MAX_NOTE_BYTES {
        return Err(Failure::unprocessable("The note is longer than 64 KiB. Write it as two."));
    }
    Ok(())
}

fn keep(
    vault: &HubVault,
    id: EntryId,
    draft: NoteDraft,
    session: PhysicianSession,
) -> Answer<(Receipt, Option<Entry>)> {
    let call = vault.call(draft.call)?;
    let may = call
        .is_some_and(|call| call.physician == session.name && call.encounter == draft.encounter);
    if !may {
        return Err(Failure::forbidden("You were not in a call of this encounter."));
    }
    let body = EntryBody::Note(Note { author: session.display_name, text: draft.text });
    if let Some(known) = vault.entry(id)? {
        return Ok((same_note(&known, &draft.encounter, &body)?, None));
    }
    let recorded = clock::now();
    let sealed = SealedEntry::seal(Entry { id, encounter: draft.encounter, recorded, body });
    let receipt = Receipt { sha256: sealed.sha256().to_owned() };
    let who = Actor::physician(&session.name);
    Ok((receipt, cart::commit(vault, sealed, who, Act::NoteWritten)?))
}

/// A repeated press is one note. Its time is that of the first press, so the bytes cannot be compared.
fn same_note(
    known: &StoredEntry,
    encounter: &clinical::EncounterId,
    body: &EntryBody,
) -> Answer<Receipt> {
    let entry = known.sealed.entry();
    if entry.encounter != *encounter || entry.body != *body {
        return Err(Failure::conflict("The hub has other content under this id already."));
    }
    Ok(Receipt { sha256: known.sealed.sha256().to_owned() })
}
