//! Pictures for physicians who are or were in a call of their encounter, and for nobody else.

use axum::{
    extract::{Path, State},
    http::{HeaderName, header},
};

use clinical::{Act, Actor, AuditEvent, Subject};

use crate::{
    clock,
    hub::Hub,
    web::{Answer, Failure, PhysicianSession},
};

/// A picture that is not there and one that is another's look the same.
const NOT_THERE: &str = "There is no such picture in your consults.";

pub async fn blob(
    State(hub): State<Hub>,
    session: PhysicianSession,
    Path(sha256): Path<String>,
) -> Answer<([(HeaderName, &'static str); 2], Vec<u8>)> {
    let physician = session.name;
    let found = hub.ask(move |vault| match vault.may_see_blob(&physician, &sha256)? {
        true => {
            // What cannot be written down is not shown.
            let seen =
                AuditEvent::new(clock::now(), Actor::physician(&physician), Act::PictureSeen);
            vault.audit().note(&[seen.about(Subject::Picture(sha256.clone()))])?;
            vault.blob(&sha256)
        }
        false => Ok(None),
    });
    let blob = found.await?.ok_or_else(|| Failure::not_found(NOT_THERE))?;
    // Intake takes nothing but JPEG.
    let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CONTENT_DISPOSITION, "inline")];
    Ok((headers, blob.into_bytes()))
}
