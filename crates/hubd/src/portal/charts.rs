//! What the EHR holds of the patient, for the physician who is in the call with that patient, and for nobody else.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use clinical::{Act, Actor, AuditEvent, CallId, EncounterId, EntryBody, Patient, Subject};
use hub_api::PatientChart;
use vault::HubVault;

use crate::{
    clock,
    hub::Hub,
    web::{Answer, Failure, JsonAnswer, PhysicianSession},
};

/// A call that is not there, one that is over and one that is another's look the same.
const NOT_THERE: &str = "You are not in such a call.";
const NOT_YET: &str = "The visit has not reached the hub yet. Try again in a moment.";

pub async fn chart(
    State(hub): State<Hub>,
    session: PhysicianSession,
    Path(call): Path<String>,
) -> JsonAnswer<PatientChart> {
    let call = call.parse::<CallId>().map_err(|_| Failure::not_found(NOT_THERE))?;
    let name = session.name.clone();
    let (encounter, patient) = hub.ask(move |vault| who(vault, call, &name)).await?;
    let chart = hub.chart_reader.read(encounter, &patient).await;
    let name = session.name;
    let allowed = hub.ask(move |vault| {
        // The call may have ended while the EHR was asked.
        who(vault, call, &name)?;
        // What cannot be written down is not shown.
        let read = AuditEvent::new(clock::now(), Actor::physician(&name), Act::ChartRead);
        let read = read.about(Subject::Call(call)).about(Subject::Encounter(encounter));
        Ok::<_, Failure>(vault.audit().note(&[read])?)
    });
    allowed.await?;
    Ok(Json(chart))
}

fn who(vault: &HubVault, call: CallId, physician: &str) -> Answer<(EncounterId, Patient)> {
    let found = vault.call(call)?;
    let call = found.filter(|call| call.physician == physician && call.ended.is_none());
    let encounter = call.ok_or_else(|| Failure::not_found(NOT_THERE))?.encounter;
    // A cart tells of a visit on its socket often before its opening has arrived.
    let opening = vault.opening_of(encounter)?;
    match opening.map(|opening| opening.sealed.into_entry().body) {
        Some(EntryBody::Opened(opened)) => Ok((encounter, opened.patient)),
        Some(_) | None => Err(Failure::new(StatusCode::SERVICE_UNAVAILABLE, NOT_YET)),
    }
}
