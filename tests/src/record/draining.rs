//! How fast a hub delivers what has gathered, beside a client that keeps nothing and only sends.
//!
//! Both send the same transactions to the same server, Medplum's, which takes one after the other.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use clinical::{Entry, EntryBody, EntryId, Note, Timestamp};
use fhir::{Chart, Visit};
use hub_api::Delivery;
use tokio::task::JoinSet;
use uuid::Uuid;
use vault::HubVault;

use super::{
    cpu,
    visits::{now, to_commit, visit},
};
use crate::{
    cart::CART,
    ehr::Ehr,
    figures::Figure,
    hub::{Hub, SETTLES_SOON},
    place,
    wait::{seconds, until},
};

/// A month of a busy cart without network.
const ENCOUNTERS: usize = 2_000;
/// Sent by the client alone, before and after: a server does not stay as fast as it began.
const BESIDE: usize = 500;
/// As many as the hub has under way.
const SIDE_BY_SIDE: usize = 4;
const OF_THE_PEER: f64 = 0.9;
const CPU_MS: f64 = 2.;
/// As long as the hub's of such a visit.
const RECEIPT: &str = include_str!("../../../crates/fhir/testdata/receipt.txt");
/// A hundred milliseconds each, far more than any machine needs: then nothing moves any more.
const AT_LONGEST: Duration = seconds(200);

pub async fn measure(folder: &Path) -> Result<Vec<Figure>> {
    let logs = folder.join("logs");
    place::private(&logs)?;
    let ehr = Ehr::start(&logs).await?;
    // The public key is nobody's: no cart connects.
    let enrolment = (CART, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    let mut hub = Hub::prepare(&folder.join("hub"), &logs, ehr.address(), SETTLES_SOON, enrolment)?;
    let visits = gather(&hub)?;
    let before = alone(ehr.address()).await?;
    let begin = Instant::now();
    hub.run().await?;
    let drained = async {
        let vault = hub.vault()?;
        until("everything is in the EHR", AT_LONGEST, || {
            let rest = unfinished(&vault, &visits);
            async move { Ok((rest? == 0).then_some(())) }
        })
        .await
    };
    drained.await?;
    let (took, worked) = (begin.elapsed(), cpu::of_program(hub.pid()?)?);
    let after = alone(ehr.address()).await?;
    let each = worked.as_secs_f64() * 1e3 / ENCOUNTERS as f64;
    let rate = ENCOUNTERS as f64 / took.as_secs_f64();
    let peer = 2. * BESIDE as f64 / (before + after).as_secs_f64();
    let count = ehr.count("Encounter").await?;
    ensure!(count == (ENCOUNTERS + 2 * BESIDE) as u64, "the EHR has {count} encounters");
    Ok(vec![
        Figure::at_least_times("drain_rate", rate, "per second", peer, OF_THE_PEER),
        Figure::at_most("drain_cpu_each", each, "ms", CPU_MS),
    ])
}

/// As if a cart had told them while the EHR was away.
fn gather(hub: &Hub) -> Result<Vec<Vec<Entry>>> {
    let vault = hub.vault()?;
    let at = now()?;
    let visits: Vec<_> = (0..ENCOUNTERS).map(|_| visit(at, 1)).collect();
    for entries in &visits {
        let (commit, events) = to_commit(entries);
        vault.commit_told(commit, &events)?;
    }
    Ok(visits)
}

/// The last of each is its end, which goes when all else has gone.
pub fn unfinished(vault: &HubVault, visits: &[Vec<Entry>]) -> Result<usize> {
    let ends: Vec<_> = visits.iter().filter_map(|entries| Some(entries.last()?.id)).collect();
    let told = vault.deliveries(&ends)?;
    ensure!(
        told.iter()
            .all(|(_, delivery)| !matches!(delivery, Delivery::SetAside | Delivery::Unknown)),
        "the EHR refused something"
    );
    Ok(ends.len() - told.iter().filter(|(_, delivery)| *delivery == Delivery::InEhr).count())
}

/// What sending takes a client that writes nothing down.
async fn alone(ehr: &str) -> Result<Duration> {
    let at = now()?;
    let visits: Vec<_> = (0..BESIDE).map(|_| visit(at, 1)).collect();
    let visits = Arc::new(std::sync::Mutex::new(visits));
    let client = Arc::new(Client { web: reqwest::Client::new(), ehr: ehr.to_owned() });
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..SIDE_BY_SIDE {
        let (visits, client) = (visits.clone(), client.clone());
        tasks.spawn(async move {
            let next = || visits.lock().expect("no task panics").pop();
            while let Some(entries) = next() {
                client.send(&entries, at).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(begin.elapsed())
}

struct Client {
    web: reqwest::Client,
    ehr: String,
}

impl Client {
    /// What the hub asks and sends for such a visit.
    async fn send(&self, entries: &[Entry], at: Timestamp) -> Result<()> {
        let mut chart = Chart { patient: "Patient/okafor".into(), encounter: String::new() };
        for entry in entries {
            match &entry.body {
                EntryBody::Opened(opened) => {
                    let (system, number) = (&opened.patient.system, &opened.patient.number);
                    let search = format!("{}Patient?identifier={system}%7C{number}", self.ehr);
                    answered(self.web.get(search)).await?;
                    let visit = Visit { id: entry.encounter, opened, from: at, until: None };
                    let resource = fhir::encounter(&visit, &chart.patient);
                    let bundle = fhir::transaction(std::slice::from_ref(&resource));
                    let answer = answered(self.post(bundle)).await?;
                    let locations = fhir::all_taken(&answer, 1).ok().unwrap_or_default();
                    chart.encounter = locations.into_iter().flatten().next().unwrap_or_default();
                    ensure!(!chart.encounter.is_empty(), "the EHR does not say where it is");
                }
                EntryBody::Reading(reading) => {
                    let bundle = fhir::transaction(&fhir::observations(reading, &chart));
                    answered(self.post(bundle)).await?;
                }
                EntryBody::Closed => {
                    let [Entry { body: EntryBody::Opened(opened), .. }, ..] = entries else {
                        anyhow::bail!("a visit begins with its opening");
                    };
                    let visit = Visit { id: entry.encounter, opened, from: at, until: Some(at) };
                    let resource = fhir::encounter(&visit, &chart.patient);
                    let to = format!("{}Encounter?{}", self.ehr, resource.search());
                    answered(with_json(self.web.put(to), resource.json)).await?;
                    let id = EntryId::new(Uuid::new_v5(&entry.encounter.uuid(), b"receipt"));
                    let author = format!("Telemedicine cart {}", opened.cart);
                    let receipt = Note { author, text: RECEIPT.to_owned() };
                    let resource = fhir::receipt(id, &receipt, at, &chart);
                    let bundle = fhir::transaction(std::slice::from_ref(&resource));
                    answered(self.post(bundle)).await?;
                }
                EntryBody::Observed(_)
                | EntryBody::Still(_)
                | EntryBody::Auscultation(_)
                | EntryBody::Note(_) => {}
            }
        }
        Ok(())
    }

    fn post(&self, bundle: String) -> reqwest::RequestBuilder {
        with_json(self.web.post(&self.ehr), bundle)
    }
}

fn with_json(request: reqwest::RequestBuilder, json: String) -> reqwest::RequestBuilder {
    request.header("content-type", "application/fhir+json").body(json)
}

async fn answered(request: reqwest::RequestBuilder) -> Result<Vec<u8>> {
    Ok(request.send().await?.error_for_status()?.bytes().await?.to_vec())
}
