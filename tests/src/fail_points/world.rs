//! The programs of one road, what they write to, and what has arrived there.

use std::path::Path;

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clinical::{Entry, EntryBody, EntryId};
use hub_api::Delivery;
use serde_json::Value;
use sim_ehr::Ehr;
use uuid::Uuid;
use vault::{Blob, Commit, SealedEntry};

use super::{
    doom::Shim,
    road::{By, Dies, Road},
    visit::{Plan, visit},
};
use crate::{
    cart::{CART, Cart},
    crash::{
        Archive, Chance, Engine, JPEG, Losses, Tally, celsius, ends_encounters, is_at, now,
        patient_id, says, takes_encounters,
    },
    hub::{Hub, SETTLES_SOON},
    place,
    wait::{seconds, until},
};

/// A wait of a minute may come between two tries.
const ENDS: std::time::Duration = seconds(90);
/// LOINC: summary of episode note.
const RECEIPT: &str = "34133-9";

pub struct World {
    road: &'static Road,
    hub: Hub,
    cart: Cart,
    ehr: Ehr,
    engine: Option<Engine>,
    archive: Option<Archive>,
    visits: u32,
    /// In the archive before the visit that is looked at.
    archived: usize,
}

impl World {
    pub async fn set_up(folder: &Path, road: &'static Road) -> Result<Self> {
        let logs = folder.join("logs");
        place::private(&logs)?;
        let (ehr, address) = Ehr::start(road.rules, ([127, 0, 0, 1], 0).into()).await?;
        let (engine, archive) = match road.by {
            By::Fhir => (None, None),
            By::Engine => (Some(Engine::start(Losses::NONE, Chance::new(1)).await?), None),
            By::Archive => (None, Some(Archive::start(folder)?)),
        };
        let mut config = SETTLES_SOON.to_owned();
        config.extend(engine.as_ref().map(|engine| engine.config(&["readings", "notes"])));
        config.extend(archive.as_ref().map(Archive::config));
        let cart = Cart::prepare(&folder.join("cart"), &logs)?;
        let enrolment = (CART, cart.public_key.as_str());
        let hub = Hub::prepare(&folder.join("hub"), &logs, &address, &config, enrolment)?;
        cart.configure(hub.address(), &[])?;
        Ok(Self { road, hub, cart, ehr, engine, archive, visits: 0, archived: 0 })
    }

    /// As if it had been saved before the program is started.
    pub fn keep_visit(&mut self) -> Result<Vec<Entry>> {
        self.visits += 1;
        let number = (100_000 + self.visits).to_string();
        let id = patient_id(&number);
        // Nobody expects her: a worklist that grows would take more and more steps to read.
        self.ehr.register(&id, &number, "Okafor");
        if !takes_encounters(self.road.rules) {
            self.ehr.admit(&id, &format!("visit-{number}"), &now().to_string());
        }
        let has_still = self.archive.is_some();
        let plan = Plan { number, at: now(), has_note: !self.road.has_cart(), has_still };
        let visit = visit(&plan);
        if let Some(archive) = &self.archive {
            self.archived = archive.instances()?;
        }
        match self.road.has_cart() {
            true => self.cart.vault()?.commit(to_commit(&visit))?,
            false => self.hub.vault()?.commit(to_commit(&visit))?,
        };
        Ok(visit)
    }

    /// The kind of the step before which the program died; `None`: the visit came to its end before it.
    pub async fn dies_at(
        &mut self,
        shim: &Shim,
        step: usize,
        visit: &[Entry],
    ) -> Result<Option<String>> {
        match self.road.dies {
            Dies::Delivering => self.hub.begin_with(|program| shim.load(program, step))?,
            Dies::TakingIn => {
                self.hub.begin_with(|program| shim.load(program, step))?;
                self.cart.begin()?;
            }
            Dies::Sending => {
                self.hub.run().await?;
                self.cart.begin_with(|program| shim.load(program, step))?;
            }
        }
        let mut looks = 0;
        let died = until("its death", ENDS, || {
            looks += 1;
            let seen = match self.ended() {
                Some(words) => shim.kind(&words).map(|kind| Some(Some(kind))),
                // Seldom: whoever else has the record open may mend what the death has left.
                None if looks % 10 > 0 => Ok(None),
                None => self.unfinished(visit).map(|rest| (rest == 0).then_some(None)),
            };
            async move { seen }
        })
        .await?;
        self.stop()?;
        Ok(died)
    }

    /// In which words that program ended, when it has.
    fn ended(&mut self) -> Option<String> {
        match self.road.dies {
            Dies::Delivering | Dies::TakingIn => self.hub.ended(),
            Dies::Sending => self.cart.ended(),
        }
    }

    fn stop(&mut self) -> Result<()> {
        self.hub.kill()?;
        self.cart.kill()
    }

    pub async fn comes_to_its_end(&mut self, visit: &[Entry]) -> Result<()> {
        self.hub.run().await?;
        if self.road.has_cart() {
            self.cart.run().await?;
        }
        until("the end of the visit", ENDS, || {
            let rest = self.unfinished(visit);
            async move { Ok((rest? == 0).then_some(())) }
        })
        .await?;
        self.stop()
    }

    /// Entries that are neither in their place nor before a person.
    fn unfinished(&self, visit: &[Entry]) -> Result<usize> {
        let ids: Vec<EntryId> = visit.iter().map(|entry| entry.id).collect();
        let known = self.hub.vault()?.deliveries(&ids)?;
        let ended = known.iter().filter(|(_, delivery)| *delivery != Delivery::AtHub);
        Ok(ids.len() - ended.count())
    }

    pub fn judge(&self, visit: &[Entry], at: &str, tally: &mut Tally) -> Result<()> {
        let waiting = self.hub.waiting_for_a_person()?;
        let vault = self.hub.vault()?;
        for entry in visit {
            tally.acked += 1;
            let what = format!("{at}: entry {}", entry.id);
            let known = vault.deliveries(&[entry.id])?;
            let may_miss = match known.first().map(|(_, delivery)| *delivery) {
                Some(Delivery::Unknown) => {
                    tally.unknown += 1;
                    waiting.contains(&entry.id.to_string())
                }
                Some(Delivery::SetAside) => {
                    tally.set_aside += 1;
                    false
                }
                Some(Delivery::InEhr | Delivery::AtHub) | None => false,
            };
            tally.counts(self.copies(entry, visit)?, may_miss, &what);
            if entry.body == EntryBody::Closed {
                tally.counts(self.receipts(visit)?, may_miss, &format!("{what}: its receipt"));
            }
        }
        self.ehr.doubled().into_iter().for_each(|key| tally.doubles(format!("{at}: {key}")));
        Ok(())
    }

    /// How often it is in its place.
    fn copies(&self, entry: &Entry, visit: &[Entry]) -> Result<usize> {
        let patient = format!("Patient/{}", patient_of(visit)?);
        let of_patient = |each: &Value| each["subject"]["reference"] == patient.as_str();
        let count = |kind: &str, is_it: &dyn Fn(&Value) -> bool| {
            self.ehr.all(kind).iter().filter(|each| of_patient(each) && is_it(each)).count()
        };
        if let (Some(engine), EntryBody::Reading(_) | EntryBody::Note(_)) =
            (&self.engine, &entry.body)
        {
            let taken = engine.taken();
            let came = taken.messages.get(&hl7::control_id(entry.id.uuid()));
            return Ok(came.map_or(0, |different| different.len()));
        }
        Ok(match &entry.body {
            EntryBody::Opened(_) => count("Encounter", &|_| true),
            EntryBody::Closed if ends_encounters(self.road.rules) => {
                count("Encounter", &|each| each["status"] == "finished")
            }
            EntryBody::Closed => 1,
            EntryBody::Reading(reading) => {
                let celsius = celsius(reading)?;
                let at = reading.measured_at();
                count("Observation", &|each| is_at(each, at) && says(each, celsius))
            }
            EntryBody::Note(note) => {
                let text = STANDARD.encode(&note.text);
                let data = |each: &Value| each["content"][0]["attachment"]["data"] == text.as_str();
                count("DocumentReference", &data)
            }
            EntryBody::Still(_) => {
                let archive = self.archive.as_ref().context("only the archive takes pictures")?;
                archive.instances()? - self.archived
            }
            EntryBody::Observed(_) | EntryBody::Auscultation(_) => {
                anyhow::bail!("nobody observed or heard anything")
            }
        })
    }

    /// What the hub wrote at the end of the visit, known by what it is and not by what else is there: a note may be
    /// left to a person.
    fn receipts(&self, visit: &[Entry]) -> Result<usize> {
        if let Some(engine) = &self.engine {
            let encounter = visit.first().context("a visit has entries")?.encounter;
            let id = Uuid::new_v5(&encounter.uuid(), b"receipt");
            let came =
                engine.taken().messages.get(&hl7::control_id(id)).map_or(0, |came| came.len());
            return Ok(came);
        }
        let patient = format!("Patient/{}", patient_of(visit)?);
        let is_it = |each: &&Value| {
            each["subject"]["reference"] == patient.as_str()
                && each["type"]["coding"][0]["code"] == RECEIPT
        };
        Ok(self.ehr.all("DocumentReference").iter().filter(is_it).count())
    }

    pub fn judge_audits(&self, tally: &mut Tally) -> Result<()> {
        tally.audit("hub", &self.hub.vault()?.audit())?;
        match self.road.has_cart() {
            true => tally.audit("cart", &self.cart.vault()?.audit()),
            false => Ok(()),
        }
    }
}

/// Under which id the EHR has the patient.
fn patient_of(visit: &[Entry]) -> Result<String> {
    match visit.first() {
        Some(Entry { body: EntryBody::Opened(opened), .. }) => {
            Ok(patient_id(&opened.patient.number))
        }
        _ => anyhow::bail!("a visit begins with its opening"),
    }
}

fn to_commit(visit: &[Entry]) -> Commit {
    let has_still = visit.iter().any(|entry| matches!(entry.body, EntryBody::Still(_)));
    let entries = visit.iter().cloned().map(SealedEntry::seal).collect();
    let blob = has_still.then(|| Blob::new(JPEG.to_vec()));
    Commit { entries, blob }
}
