//! Pictures and sounds for physicians who are or were in a call of their encounter, and for nobody else.

use axum::{
    extract::{Path, State},
    http::{HeaderName, header},
};

use clinical::{Act, Actor, AuditEvent, Subject};
use vault::{BlobKind, VaultError};

use crate::{
    clock,
    hub::Hub,
    web::{Answer, Failure, PhysicianSession},
};

/// What is not there and what is another's look the same.
const NOT_THERE: &str = "There is no such picture or sound in your consults.";

pub async fn blob(
    State(hub): State<Hub>,
    session: PhysicianSession,
    Path(sha256): Path<String>,
) -> Answer<([(HeaderName, &'static str); 2], Vec<u8>)> {
    let physician = session.name;
    let found = hub.ask(move |vault| {
        let Some(kind) = vault.blob_for(&physician, &sha256)? else { return Ok(None) };
        let (what, about) = match kind {
            BlobKind::Picture => (Act::PictureSeen, Subject::Picture(sha256.clone())),
            BlobKind::Sound => (Act::SoundHeard, Subject::Sound(sha256.clone())),
        };
        // What cannot be written down is not shown.
        let seen = AuditEvent::new(clock::now(), Actor::physician(&physician), what);
        vault.audit().note(&[seen.about(about)])?;
        let blob = vault.blob(&sha256)?;
        Ok::<_, VaultError>(blob.map(|blob| (kind, blob)))
    });
    let (kind, blob) = found.await?.ok_or_else(|| Failure::not_found(NOT_THERE))?;
    let headers =
        [(header::CONTENT_TYPE, media_type(kind)), (header::CONTENT_DISPOSITION, "inline")];
    Ok((headers, blob.into_bytes()))
}

/// Intake takes nothing else.
const fn media_type(kind: BlobKind) -> &'static str {
    match kind {
        BlobKind::Picture => "image/jpeg",
        BlobKind::Sound => "audio/wav",
    }
}
