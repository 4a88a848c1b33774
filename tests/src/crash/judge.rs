//! Compares what was seen as saved with the records and with what the EHR has.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clinical::{Decimal, EncounterId, Entry, EntryBody, EntryId, Measurement, Reading, Timestamp};
use hub_api::Delivery;
use serde_json::Value;
use sim_ehr::Ehr;
use vault::{CartVault, HubVault};

use super::{
    engine::Taken,
    nurse::{Seen, patient_id},
    tally::Tally,
};

pub struct Evidence<'a> {
    pub seen: &'a Seen,
    /// Put into the hub's record beside the cart's.
    pub notes: &'a [Entry],
    pub stills: &'a [Entry],
    pub cart: &'a CartVault,
    pub hub: &'a HubVault,
    pub ehr: &'a Ehr,
    /// `Some`: readings go there instead.
    pub engine: Option<Taken>,
    /// How many files the image archive has.
    pub archived: usize,
    /// The EHR makes its encounters from ours, and ends them with ours.
    pub takes_encounters: bool,
    pub ends_encounters: bool,
    /// What `hubd outbox list` prints.
    pub waiting: &'a str,
}

struct Judge<'a> {
    of: &'a Evidence<'a>,
    tally: Tally,
    /// Observations of the EHR that are readings of ours.
    explained: usize,
    /// Documents of the EHR that are receipts of visits.
    receipts: usize,
}

/// # Errors
/// A record cannot be read.
pub fn judge(of: &Evidence<'_>) -> Result<Tally> {
    let mut judge = Judge { of, tally: Tally::default(), explained: 0, receipts: 0 };
    let mut kept = BTreeSet::new();
    for (encounter, number) in &of.seen.visits {
        let stored = of.cart.entries_of(*encounter)?;
        let entries: Vec<Entry> =
            stored.into_iter().map(|stored| stored.sealed.into_entry()).collect();
        judge.visit(&entries, number)?;
        kept.extend(entries.iter().map(|entry| entry.id));
    }
    judge.what_was_seen(&kept)?;
    judge.notes()?;
    judge.stills()?;
    judge.measured_once()?;
    judge.nothing_else();
    judge.audits()?;
    Ok(judge.tally)
}

impl Judge<'_> {
    fn visit(&mut self, entries: &[Entry], number: &str) -> Result<()> {
        let patient = format!("Patient/{}", patient_id(number));
        let mut order = Vec::new();
        for entry in entries {
            let may_miss = self.is_for_a_person(entry.id)?;
            match &entry.body {
                EntryBody::Reading(reading) => {
                    order.extend(self.reading(entry.id, reading, &patient, may_miss)?);
                }
                EntryBody::Opened(_) => self.encounter(entry, false, may_miss),
                EntryBody::Closed => {
                    self.encounter(entry, true, may_miss);
                    self.receipt(entry.encounter, &patient, may_miss)?;
                }
                EntryBody::Observed(_)
                | EntryBody::Still(_)
                | EntryBody::Auscultation(_)
                | EntryBody::Note(_) => {
                    anyhow::bail!("nobody made such an entry: {}", entry.id)
                }
            }
        }
        let out_of_order = order.windows(2).filter(|pair| pair[0] > pair[1]).count();
        if out_of_order > 0 {
            self.tally.disordered += out_of_order;
            self.tally.findings.push(format!("out of order: {out_of_order} of {patient}"));
        }
        Ok(())
    }

    /// Left to a person, who has it on the list.
    fn is_for_a_person(&mut self, id: EntryId) -> Result<bool> {
        let found = self.of.hub.deliveries(&[id])?;
        let delivery = found.first().map(|(_, delivery)| *delivery);
        let is_listed = self.of.waiting.contains(&id.to_string());
        match delivery {
            Some(Delivery::InEhr) => return Ok(false),
            Some(Delivery::Unknown) => self.tally.unknown += 1,
            Some(Delivery::SetAside) => self.tally.set_aside += 1,
            Some(Delivery::AtHub) | None => {
                self.tally.loses(format!("entry {id} never came to an end: {delivery:?}"));
                return Ok(false);
            }
        }
        if !is_listed {
            self.tally.loses(format!("nobody is told of entry {id}"));
        }
        Ok(is_listed)
    }

    /// Where it came in among all, if it did.
    fn reading(
        &mut self,
        id: EntryId,
        reading: &Reading,
        patient: &str,
        may_miss: bool,
    ) -> Result<Option<usize>> {
        let celsius = celsius(reading)?;
        let what = format!("reading {id}, {celsius} °C");
        if let Some(engine) = &self.of.engine {
            let number = hl7::control_id(id.uuid());
            let came = engine.messages.get(&number);
            self.tally.counts(usize::from(came.is_some()), may_miss, &what);
            let says = format!("|{celsius}|");
            for bytes in came.into_iter().flatten() {
                if !String::from_utf8_lossy(bytes).contains(&says) {
                    self.tally.alters(what.clone());
                }
            }
            if came.is_some_and(|bytes| bytes.len() > 1) {
                self.tally.alters(format!("{what}: other bytes under the same control id"));
            }
            return Ok(engine.order.iter().position(|each| *each == number));
        }
        let at = reading.measured_at();
        let all = self.of.ehr.all("Observation");
        let same: Vec<usize> = (0..all.len()).filter(|index| is_at(&all[*index], at)).collect();
        self.explained += same.len();
        self.tally.counts(same.len(), may_miss, &what);
        for index in &same {
            if all[*index]["subject"]["reference"] != patient || !says(&all[*index], celsius) {
                self.tally.alters(what.clone());
            }
        }
        Ok(same.first().copied())
    }

    fn encounter(&mut self, entry: &Entry, is_end: bool, may_miss: bool) {
        if !self.of.takes_encounters {
            return;
        }
        let identifier = format!("urn:uuid:{}", entry.encounter);
        let all = self.of.ehr.all("Encounter");
        let ours = |each: &&Value| each["identifier"][0]["value"] == identifier.as_str();
        let found: Vec<&Value> = all.iter().filter(ours).collect();
        if !is_end {
            self.tally.counts(found.len(), may_miss, &format!("encounter {}", entry.encounter));
        } else if self.of.ends_encounters
            && !may_miss
            && found.iter().any(|each| each["status"] != "finished")
        {
            self.tally.loses(format!("the end of encounter {}", entry.encounter));
        }
    }

    /// Of a visit that has ended there is one, in the words that the hub keeps.
    fn receipt(&mut self, of: EncounterId, patient: &str, may_miss: bool) -> Result<()> {
        let Some(kept) = self.of.hub.receipt(of)? else {
            self.tally.counts(0, may_miss, &format!("receipt of {of}"));
            return Ok(());
        };
        let text = STANDARD.encode(kept.content.text);
        let has = |each: &&Value| {
            each["content"][0]["attachment"]["data"] == text.as_str()
                && each["subject"]["reference"] == patient
        };
        let found = self.of.ehr.all("DocumentReference").iter().filter(has).count();
        self.receipts += found;
        self.tally.counts(found, may_miss, &format!("receipt of {of}"));
        Ok(())
    }

    /// Everything that was shown as saved is kept, as it was shown.
    fn what_was_seen(&mut self, kept: &BTreeSet<EntryId>) -> Result<()> {
        let seen = self.of.seen;
        self.tally.acked = seen.visits.len() + seen.readings.len() + self.of.notes.len();
        for (id, reading) in &seen.readings {
            if !kept.contains(id) {
                self.tally.loses(format!("reading {id} is not in the cart's record"));
                continue;
            }
            let stored = self.of.cart.entry(*id)?.context("it was just listed")?;
            if !matches!(&stored.sealed.entry().body, EntryBody::Reading(kept) if kept == reading) {
                self.tally.alters(format!("reading {id} in the cart's record"));
            }
        }
        for encounter in seen.visits.keys() {
            if self.of.cart.opening_of(*encounter)?.is_none() {
                self.tally.loses(format!("visit {encounter} is not in the cart's record"));
            }
        }
        Ok(())
    }

    fn notes(&mut self) -> Result<()> {
        let documents = self.of.ehr.all("DocumentReference");
        for entry in self.of.notes {
            let may_miss = self.is_for_a_person(entry.id)?;
            let EntryBody::Note(note) = &entry.body else { continue };
            let text = STANDARD.encode(&note.text);
            let has = |each: &&Value| each["content"][0]["attachment"]["data"] == text.as_str();
            let found = documents.iter().filter(has).count();
            self.tally.counts(found, may_miss, &format!("note {}", entry.id));
        }
        let strange = documents.len().saturating_sub(self.of.notes.len() + self.receipts);
        if strange > 0 && self.tally.doubled == 0 {
            self.tally.alters(format!("{strange} documents that nobody wrote"));
        }
        Ok(())
    }

    /// The archive knows a picture by its UID: as many files as pictures is each of them once.
    fn stills(&mut self) -> Result<()> {
        let mut unproven = 0;
        for still in self.of.stills {
            unproven += usize::from(self.is_for_a_person(still.id)?);
        }
        let (sent, there) = (self.of.stills.len(), self.of.archived);
        self.tally.acked += sent;
        if there + unproven < sent {
            self.tally.loses(format!("{sent} pictures, {there} in the archive"));
        } else if there > sent {
            self.tally.doubles(format!("{sent} pictures, {there} in the archive"));
        }
        Ok(())
    }

    /// A thermometer repeats what was not confirmed: one measurement is one reading all the same.
    fn measured_once(&mut self) -> Result<()> {
        let mut known = BTreeMap::<String, usize>::new();
        for encounter in self.of.seen.visits.keys() {
            for stored in self.of.cart.entries_of(*encounter)? {
                if let EntryBody::Reading(reading) = &stored.sealed.entry().body {
                    *known.entry(celsius(reading)?.to_string()).or_default() += 1;
                }
            }
        }
        for (celsius, count) in known.into_iter().filter(|(_, count)| *count > 1) {
            self.tally.doubles(format!("{count} readings of one measurement of {celsius} °C"));
        }
        Ok(())
    }

    fn nothing_else(&mut self) {
        let all = self.of.ehr.all("Observation").len();
        if all != self.explained {
            let (explained, what) = (self.explained, "observations and readings of them");
            self.tally.alters(format!("{all} and {explained} {what}"));
        }
        for key in self.of.ehr.doubled() {
            self.tally.doubles(key);
        }
    }

    fn audits(&mut self) -> Result<()> {
        self.tally.audit("cart", &self.of.cart.audit())?;
        self.tally.audit("hub", &self.of.hub.audit())
    }
}

pub fn celsius(reading: &Reading) -> Result<Decimal> {
    match &reading.measurement {
        Measurement::Temperature(temperature) => Ok(temperature.celsius),
        other => anyhow::bail!("nobody measured {other:?}"),
    }
}

pub fn is_at(observation: &Value, at: Timestamp) -> bool {
    let effective = observation["effectiveDateTime"].as_str().map(str::parse::<Timestamp>);
    matches!(effective, Some(Ok(effective)) if effective == at)
}

/// LOINC 8310-5 in degrees Celsius (UCUM "Cel").
pub fn says(observation: &Value, celsius: Decimal) -> bool {
    let quantity = &observation["valueQuantity"];
    let value = quantity["value"].to_string().parse::<Decimal>();
    let codings = observation["code"]["coding"].as_array().map_or(&[][..], Vec::as_slice);
    matches!(value, Ok(value) if value == celsius)
        && quantity["code"] == "Cel"
        && codings.iter().any(|coding| coding["code"] == "8310-5")
}
