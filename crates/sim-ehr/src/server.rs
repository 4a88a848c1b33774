//! The HTTP of a server: what it answers to whom.

use std::time::Instant;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    answer::{created, gateway_timeout, refused, resource},
    ehr::{Ehr, Inner},
    faults::Fate,
    matching, search,
    write::{self, Refusal},
};

/// Of this server alone, as every server has one of its own (3.1.1.4.12).
const PAGE: &str = "_page";
/// A still of 16 MiB in base64.
const LONGEST_BODY: usize = 32 * 1024 * 1024;

type Parameters = Query<Vec<(String, String)>>;

pub fn routes(ehr: Ehr) -> Router {
    Router::new()
        .route("/", post(transaction))
        .route("/metadata", get(metadata))
        .route("/{kind}", get(find).post(create).put(update_where))
        .route("/{kind}/{id}", get(read).put(put).post(matching::patient))
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .with_state(ehr)
}

/// `Some`: everything is turned away.
fn turned_away(inner: &Inner) -> Option<Response> {
    if inner.is_closed {
        return Some(refused(StatusCode::FORBIDDEN, "59201", "the application is not known"));
    }
    inner.is_busy.then(|| refused(StatusCode::SERVICE_UNAVAILABLE, "59202", "busy"))
}

fn not_allowed() -> Response {
    refused(StatusCode::METHOD_NOT_ALLOWED, "59203", "this interaction is not offered")
}

async fn metadata(State(ehr): State<Ehr>) -> Response {
    let inner = ehr.lock();
    turned_away(&inner).unwrap_or_else(|| resource(StatusCode::OK, &ehr.rules.statement()))
}

async fn find(
    State(ehr): State<Ehr>,
    Path(kind): Path<String>,
    Query(parameters): Parameters,
) -> Response {
    let inner = ehr.lock();
    if let Some(answer) = turned_away(&inner) {
        return answer;
    }
    let Some(offered) = ehr.rules.kind(&kind).filter(|kind| kind.allows("search-type")) else {
        return not_allowed();
    };
    if inner.hidden.as_ref() == Some(&kind) {
        return refused(StatusCode::FORBIDDEN, "59204", "this is not granted");
    }
    let mut found: Vec<_> = inner.shelf.of_kind(&kind).collect();
    for (name, value) in parameters.iter().filter(|(name, _)| name != PAGE) {
        let Some(name) = offered.search.iter().find(|offered| *offered == name) else {
            let words = format!("the parameter {name} is not offered");
            return refused(StatusCode::BAD_REQUEST, "59108", &words);
        };
        let mut words = None;
        found.retain(|resource| {
            search::matches(resource, name, value).unwrap_or_else(|refusal| {
                words = Some(refusal);
                false
            })
        });
        if let Some(words) = words {
            return refused(StatusCode::BAD_REQUEST, "59108", &words);
        }
    }
    resource(StatusCode::OK, &page(&kind, &parameters, &found, inner.page_size))
}

/// One page of what was found, and where the next one is.
fn page(kind: &str, parameters: &[(String, String)], found: &[&Value], size: usize) -> Value {
    let asked = parameters.iter().find(|(name, _)| name == PAGE);
    let number = asked.and_then(|(_, value)| value.parse::<usize>().ok()).unwrap_or(0);
    let from = number.saturating_mul(size).min(found.len());
    let to = from.saturating_add(size).min(found.len());
    let entries: Vec<_> = found[from..to].iter().map(|one| json!({ "resource": one })).collect();
    let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries });
    if to < found.len() {
        let others = parameters.iter().filter(|(name, _)| name != PAGE);
        let query: String = others.map(|(name, value)| format!("{name}={value}&")).collect();
        let url = format!("{kind}?{query}{PAGE}={}", number + 1);
        bundle["link"] = json!([{ "relation": "next", "url": url }]);
    }
    bundle
}

async fn read(State(ehr): State<Ehr>, Path((kind, id)): Path<(String, String)>) -> Response {
    let inner = ehr.lock();
    if let Some(answer) = turned_away(&inner) {
        return answer;
    }
    match inner.shelf.find(&kind, &id) {
        Some(found) => resource(StatusCode::OK, found),
        None => refused(StatusCode::NOT_FOUND, "59002", "there is no such resource"),
    }
}

async fn create(
    State(ehr): State<Ehr>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let mut inner = ehr.lock();
    let Some(offered) = ehr.rules.kind(&kind).filter(|kind| kind.allows("create")) else {
        return not_allowed();
    };
    let condition = headers.get("if-none-exist").and_then(|value| value.to_str().ok());
    if condition.is_some() && !offered.conditional {
        return refused(StatusCode::BAD_REQUEST, "59110", "conditional creates are not offered");
    }
    let Ok(content) = serde_json::from_str::<Value>(&body) else {
        return refused(StatusCode::BAD_REQUEST, "59100", "it is no JSON");
    };
    carry(&mut inner, |inner| {
        match condition.map(|search| write::found(&inner.shelf, &kind, search)) {
            Some(found) if found.len() > 1 => {
                Err((StatusCode::PRECONDITION_FAILED, "59111", "several match".to_owned()))
            }
            Some(found) if found.len() == 1 => Ok((Vec::new(), done(StatusCode::OK))),
            _ => {
                let mut content = content.clone();
                // A server gives ids itself.
                content["id"] = Value::Null;
                let kept = accept(&ehr, inner, &kind, content)?;
                let answer = created(&kind, &text(&kept, "id"));
                Ok((vec![kept], answer))
            }
        }
    })
}

async fn put(
    State(ehr): State<Ehr>,
    Path((kind, id)): Path<(String, String)>,
    body: String,
) -> Response {
    let mut inner = ehr.lock();
    let known = inner.shelf.find(&kind, &id).is_some();
    let offered = ehr.rules.kind(&kind).filter(|kind| kind.allows("update"));
    if !offered.is_some_and(|kind| known || kind.update_create) {
        return not_allowed();
    }
    let content: Value = serde_json::from_str(&body).unwrap_or_default();
    if content["id"] != id.as_str() {
        return refused(StatusCode::BAD_REQUEST, "59100", "its id is not that of the address");
    }
    let status = if known { StatusCode::OK } else { StatusCode::CREATED };
    carry(&mut inner, |inner| {
        Ok((vec![accept(&ehr, inner, &kind, content.clone())?], done(status)))
    })
}

async fn update_where(
    State(ehr): State<Ehr>,
    Path(kind): Path<String>,
    Query(parameters): Parameters,
    body: String,
) -> Response {
    let mut inner = ehr.lock();
    let offered = ehr.rules.kind(&kind).filter(|kind| kind.allows("update") && kind.conditional);
    let (Some(_), [(name, token)]) = (offered, parameters.as_slice()) else { return not_allowed() };
    if name != "identifier" {
        return refused(StatusCode::BAD_REQUEST, "59108", "only by identifier");
    }
    let mut content: Value = serde_json::from_str(&body).unwrap_or_default();
    if let Some(id) = write::found(&inner.shelf, &kind, token).first() {
        content["id"] = json!(id);
    }
    carry(&mut inner, |inner| {
        Ok((vec![accept(&ehr, inner, &kind, content.clone())?], done(StatusCode::OK)))
    })
}

async fn transaction(State(ehr): State<Ehr>, body: String) -> Response {
    let mut inner = ehr.lock();
    let bundle: Value = serde_json::from_str(&body).unwrap_or_default();
    if !ehr.rules.transaction || bundle["type"] != "transaction" {
        return not_allowed();
    }
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    carry(&mut inner, |inner| {
        let (mut taken, mut responses) = (Vec::new(), Vec::new());
        for entry in &entries {
            let kind = entry["request"]["url"].as_str().unwrap_or_default();
            let condition = entry["request"]["ifNoneExist"].as_str().unwrap_or_default();
            let is_new = write::found(&inner.shelf, kind, condition).is_empty();
            if is_new {
                taken.push(accept(&ehr, inner, kind, referring(entry))?);
            }
            let status = if is_new { "201 Created" } else { "200 OK" };
            responses.push(json!({ "response": { "status": status } }));
        }
        let answer =
            json!({ "resourceType": "Bundle", "type": "transaction-response", "entry": responses });
        Ok((taken, resource(StatusCode::OK, &answer)))
    })
}

/// As Medplum does it: the entry's `fullUrl` is replaced wherever its text stands.
fn referring(entry: &Value) -> Value {
    let resource = &entry["resource"];
    let Some(own) = entry["fullUrl"].as_str() else { return resource.clone() };
    let text = resource.to_string().replace(own, "replaced");
    serde_json::from_str(&text).unwrap_or_default()
}

/// The resource as it will be kept, with its id.
fn accept(ehr: &Ehr, inner: &mut Inner, kind: &str, content: Value) -> Result<Value, Refusal> {
    if content["resourceType"] != kind {
        let words = format!("it is no {kind}");
        return Err((StatusCode::BAD_REQUEST, "59100", words));
    }
    let checked = write::check(ehr.rules, &inner.shelf, content)?;
    Ok(inner.shelf.named(checked))
}

/// Carries out a write, as its fate has it.
fn carry(
    inner: &mut Inner,
    work: impl FnOnce(&mut Inner) -> Result<(Vec<Value>, Response), Refusal>,
) -> Response {
    if let Some(answer) = turned_away(inner) {
        return answer;
    }
    let fate = inner.fate();
    match fate {
        Fate::Busy => return refused(StatusCode::SERVICE_UNAVAILABLE, "59202", "busy"),
        Fate::LostRequest => return gateway_timeout(),
        Fate::Normal | Fate::LostAnswer | Fate::Late => {}
    }
    let (taken, answer) = match work(inner) {
        Ok(done) => done,
        Err((status, code, words)) => return refused(status, code, &words),
    };
    if let Some(kind) = inner.refused.clone()
        && taken.iter().any(|resource| resource["resourceType"] == kind.as_str())
    {
        return refused(StatusCode::BAD_REQUEST, "59100", "not wanted");
    }
    let at = Instant::now() + inner.faults.lateness;
    for resource in taken {
        match fate {
            Fate::Late => inner.shelf.put_late(at, resource),
            _ => inner.shelf.put(resource),
        }
    }
    match fate {
        Fate::LostAnswer | Fate::Late => gateway_timeout(),
        Fate::Normal | Fate::Busy | Fate::LostRequest => answer,
    }
}

/// An answer with nothing in it, as "Prefer: return=minimal" asks.
fn done(status: StatusCode) -> Response {
    status.into_response()
}

fn text(resource: &Value, name: &str) -> String {
    resource[name].as_str().unwrap_or_default().to_owned()
}
