//! An EHR of a few lines: it keeps what it is sent by identifier, and fails on request.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::world::eventually;

pub const MRN: &str = "urn:hospital";

#[derive(Clone, Default)]
pub struct Ehr(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    resources: Vec<Value>,
    /// Answers 503 to everything.
    is_busy: bool,
    /// Answers 400 to resources of this kind.
    refused: Option<String>,
    /// Commits the next write and loses its answer.
    loses_next_answer: bool,
}

impl Ehr {
    pub async fn start() -> (Self, String) {
        let ehr = Self::default();
        ehr.book("okafor", "100234", "Okafor", "Shortness of breath");
        let routes = Router::new()
            .route("/{kind}", get(search).post(create).put(update))
            .route("/{kind}/{id}", get(read))
            .with_state(ehr.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        (ehr, address)
    }

    pub fn book(&self, id: &str, number: &str, family: &str, reason: &str) {
        let patient = format!("Patient/{id}");
        self.lock().resources.extend([
            json!({"resourceType": "Patient", "id": id, "gender": "female",
                "birthDate": "1958-03-14", "name": [{"family": family, "given": ["Grace"]}],
                "identifier": [{"system": MRN, "value": number}]}),
            json!({"resourceType": "Location", "id": "bed-12", "name": "Bed 12"}),
            json!({"resourceType": "Appointment", "id": format!("a-{id}"), "status": "booked",
                "description": reason, "start": format!("2026-11-22T08:00:0{}Z", number.len()),
                "participant": [{"actor": {"reference": patient}},
                    {"actor": {"reference": "Location/bed-12"}}]}),
        ]);
    }

    pub fn set_busy(&self, is_busy: bool) {
        self.lock().is_busy = is_busy;
    }

    pub fn refuse(&self, kind: &str) {
        self.lock().refused = Some(kind.to_owned());
    }

    pub fn lose_next_answer(&self) {
        self.lock().loses_next_answer = true;
    }

    pub fn all(&self, kind: &str) -> Vec<Value> {
        let of_kind = |resource: &&Value| resource["resourceType"] == kind;
        self.lock().resources.iter().filter(of_kind).cloned().collect()
    }

    /// Waits until there are so many.
    pub async fn has(&self, kind: &str, count: usize) -> Vec<Value> {
        eventually(&format!("{count} × {kind} in the EHR"), Duration::from_secs(20), async || {
            Some(self.all(kind)).filter(|all| all.len() == count)
        })
        .await
    }

    /// Which identifiers are there more than once.
    pub fn doubled(&self) -> Vec<String> {
        let mut counts = BTreeMap::<String, u32>::new();
        for resource in &self.lock().resources {
            if let Some(value) = resource["identifier"][0]["value"].as_str() {
                *counts.entry(value.to_owned()).or_default() += 1;
            }
        }
        counts.into_iter().filter(|(_, count)| *count > 1).map(|(value, _)| value).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }
}

type Parameters = Query<Vec<(String, String)>>;

async fn search(
    State(ehr): State<Ehr>,
    Path(kind): Path<String>,
    Query(parameters): Parameters,
) -> Response {
    let inner = ehr.lock();
    if inner.is_busy {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let token = parameters.iter().find(|(name, _)| name == "identifier").map(|(_, value)| value);
    let entries: Vec<_> = inner
        .resources
        .iter()
        .filter(|resource| resource["resourceType"] == kind.as_str())
        .filter(|resource| token.is_none_or(|token| matches(resource, token)))
        .map(|resource| json!({"resource": resource}))
        .collect();
    Json(json!({"resourceType": "Bundle", "type": "searchset", "entry": entries})).into_response()
}

async fn read(State(ehr): State<Ehr>, Path((kind, id)): Path<(String, String)>) -> Response {
    let inner = ehr.lock();
    let is = |resource: &&Value| {
        resource["resourceType"] == kind.as_str() && resource["id"] == id.as_str()
    };
    match inner.resources.iter().find(is) {
        Some(_) if inner.is_busy => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(resource) => Json(resource.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn create(
    State(ehr): State<Ehr>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let condition = headers["if-none-exist"].to_str().unwrap().replacen("identifier=", "", 1);
    store(&ehr, &kind, &condition, &body, false)
}

async fn update(
    State(ehr): State<Ehr>,
    Path(kind): Path<String>,
    Query(parameters): Parameters,
    body: String,
) -> Response {
    store(&ehr, &kind, &parameters[0].1, &body, true)
}

fn store(ehr: &Ehr, kind: &str, token: &str, body: &str, replace: bool) -> Response {
    let mut inner = ehr.lock();
    if inner.is_busy {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if inner.refused.as_deref() == Some(kind) {
        let outcome = json!({"resourceType": "OperationOutcome",
            "issue": [{"severity": "error", "code": "invalid", "diagnostics": "not wanted"}]});
        return (StatusCode::BAD_REQUEST, Json(outcome)).into_response();
    }
    let mut resource: Value = serde_json::from_str(body).unwrap();
    let known = inner.resources.iter().position(|known| matches(known, token));
    let id = known.map_or(format!("{}", inner.resources.len()), |index| {
        inner.resources[index]["id"].as_str().unwrap().to_owned()
    });
    resource["id"] = Value::String(id);
    match known {
        Some(index) if replace => inner.resources[index] = resource,
        Some(_) => {}
        None => inner.resources.push(resource),
    }
    if std::mem::take(&mut inner.loses_next_answer) {
        return StatusCode::GATEWAY_TIMEOUT.into_response();
    }
    if known.is_some() { StatusCode::OK } else { StatusCode::CREATED }.into_response()
}

fn matches(resource: &Value, token: &str) -> bool {
    let (system, value) = token.split_once('|').unwrap();
    let identifiers = resource["identifier"].as_array();
    identifiers
        .is_some_and(|all| all.iter().any(|id| id["system"] == system && id["value"] == value))
}
