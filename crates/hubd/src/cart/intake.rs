//! Durable intake: what a cart sends is acknowledged after its commit, and never before.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
};
use clinical::{Act, Actor, AuditEvent, Entry, EntryBody, EntryId, Subject};
use hub_api::{Delivery, Receipt, RecordedEntry};
use vault::{Blob, Commit, CommitError, HubVault, SealedEntry};

use crate::{
    clock,
    hub::Hub,
    live::Event,
    web::{Answer, CartSession, Failure, JsonAnswer},
};

/// What a browser shows as a picture, or plays, and nothing else.
const PICTURES: &str = "image/jpeg";
const SOUNDS: &str = "audio/wav";

pub async fn put_entry(
    State(hub): State<Hub>,
    session: CartSession,
    Path(id): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> JsonAnswer<Receipt> {
    let id = id.parse::<EntryId>().map_err(|_| Failure::not_found("This is no entry's id."))?;
    let sealed = SealedEntry::read(body?.to_vec()).map_err(|error| {
        tracing::warn!(cart = session.cart, %error, "Refused an entry");
        Failure::unprocessable("This is no entry that this hub can read.")
    })?;
    if sealed.entry().id != id {
        return Err(Failure::unprocessable("The entry has another id than its address."));
    }
    check_content(sealed.entry(), &session.cart)?;
    let receipt = Receipt { sha256: sealed.sha256().to_owned() };
    let cart = session.cart;
    let kept = hub.ask(move |vault| keep(vault, sealed, &cart)).await?;
    if let Some(recorded) = kept {
        announce(&hub, recorded).await;
    }
    Ok(Json(receipt))
}

pub async fn put_blob(
    State(hub): State<Hub>,
    Path(sha256): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> JsonAnswer<Receipt> {
    let bytes = body?;
    let blob = hub.ask(move |_| Blob::new(bytes.to_vec())).await;
    if blob.sha256() != sha256 {
        return Err(Failure::unprocessable("The content has another SHA-256 than its address."));
    }
    hub.ask(move |vault| vault.put_blob(&blob)).await?;
    Ok(Json(Receipt { sha256 }))
}

/// After the commit: to the physician who has the encounter open, and on its way to the EHR.
pub async fn announce(hub: &Hub, entry: Entry) {
    let recorded = RecordedEntry { entry, delivery: Delivery::AtHub };
    hub.tell(Event::Recorded(recorded)).await;
    // The person first: the delivery's own commits keep the disk busy.
    hub.outbox.notify_one();
}

/// A cart speaks for itself only, and not for a physician.
fn check_content(entry: &Entry, cart: &str) -> Answer<()> {
    match &entry.body {
        EntryBody::Opened(opened) if opened.cart != cart => {
            Err(Failure::forbidden("This encounter was opened by another cart."))
        }
        EntryBody::Note(_) => Err(Failure::forbidden("Notes are written by physicians.")),
        EntryBody::Still(still) if still.media_type != PICTURES => {
            Err(Failure::unprocessable("The hub takes stills as JPEG only."))
        }
        EntryBody::Auscultation(sound) if sound.media_type != SOUNDS => {
            Err(Failure::unprocessable("The hub takes sounds as WAV only."))
        }
        EntryBody::Auscultation(sound) if !sound.is_possible() => {
            Err(Failure::unprocessable("Length and gaps of this sound contradict each other."))
        }
        EntryBody::Opened(_)
        | EntryBody::Still(_)
        | EntryBody::Auscultation(_)
        | EntryBody::Reading(_)
        | EntryBody::Observed(_)
        | EntryBody::Closed => Ok(()),
    }
}

/// `None`: it was kept before, and whoever had to know has been told.
fn keep(vault: &HubVault, sealed: SealedEntry, cart: &str) -> Answer<Option<Entry>> {
    let opening = vault.opening_of(sealed.entry().encounter)?;
    let opened_by = opening.and_then(|opening| match opening.sealed.into_entry().body {
        EntryBody::Opened(opened) => Some(opened.cart),
        EntryBody::Reading(_)
        | EntryBody::Observed(_)
        | EntryBody::Still(_)
        | EntryBody::Auscultation(_)
        | EntryBody::Note(_)
        | EntryBody::Closed => None,
    });
    if opened_by.is_some_and(|opened_by| opened_by != cart) {
        return Err(Failure::forbidden("This encounter was opened by another cart."));
    }
    commit(vault, sealed, Actor::cart(cart), Act::EntryKept)
}

/// `None`: it was kept before. Else the audit has it, too: who, and what that was.
pub fn commit(
    vault: &HubVault,
    sealed: SealedEntry,
    who: Actor,
    what: Act,
) -> Answer<Option<Entry>> {
    let entry = sealed.entry();
    let event = AuditEvent::new(clock::now(), who, what)
        .about(Subject::Encounter(entry.encounter))
        .about(Subject::Entry(entry.id));
    let saved = vault.commit_told(Commit::of(sealed), &[event]).map_err(refusal)?;
    let new = saved.entries().iter().find(|saved| saved.is_new());
    Ok(new.map(|saved| saved.sealed().entry().clone()))
}

fn refusal(error: CommitError) -> Failure {
    match error {
        CommitError::Conflict { .. } => {
            Failure::conflict("The hub has other content under this id already.")
        }
        CommitError::NotOpened { .. } => {
            Failure::conflict("The beginning of this encounter has not reached the hub yet.")
        }
        CommitError::OpenedTwice { .. } => {
            Failure::conflict("This encounter has another beginning already.")
        }
        CommitError::BlobMissing { .. } => {
            Failure::conflict("The picture or sound of this entry has to be sent first.")
        }
        CommitError::Sqlite(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "Could not keep an entry");
            Failure::unavailable()
        }
    }
}
