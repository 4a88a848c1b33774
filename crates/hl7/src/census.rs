//! Who is in the house, by what ADT messages said (HL7 2.5.1, section 3.3).
//!
//! Each message is a few facts, each with its stamp, and of two about the same thing the later one holds.
//! So messages may come in any order and any number of times. Knows no clock and keeps nothing itself.

use std::collections::{BTreeMap, BTreeSet};

use clinical::{Patient, Sex, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Adt, Event, Identifier, Message, Person, Place, Refused, Stamp, Visit, adt};

/// Numbers are merged once or twice in a life. A longer chain is somebody's mistake, and nobody is
/// identified by it.
const LONGEST_CHAIN: usize = 8;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Nobody discharges an outpatient in most systems, and an update alone does not say that somebody stays.
const SHOWN_WITHOUT_ADMISSION_MS: i64 = DAY_MS;
/// So long a late message finds what it belongs to.
const KEPT_AFTER_MS: i64 = 30 * DAY_MS;
/// A stay of which nobody told anything for a year has ended without a word. A merge is of use as long as
/// something of the old number may wait for delivery.
const KEPT_AT_MOST_MS: i64 = 366 * DAY_MS;

/// What a fact is about. Numbers are of the one authority that names the site's patients.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    Person(String),
    /// With the number of the visit; empty where the site gives none.
    Stay(String, String),
    Place(String, String),
    /// Of the number that is no longer used.
    Merged(String),
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub stamp: Stamp,
    said: Said,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Person { family: String, given: Option<String>, birth_date: Option<String>, sex: Sex },
    Admitted,
    Registered,
    Gone,
    Place(String),
    MergedInto(String),
}

/// Somebody who is here, and where.
#[derive(Clone, PartialEq, Eq)]
pub struct Present {
    pub patient: Patient,
    pub place: String,
}

/// What the message says.
///
/// # Errors
/// The reason of the AE or AR that answers it.
pub fn facts(
    message: &Message,
    authority: &str,
    now: Timestamp,
) -> Result<Vec<(Key, Fact)>, Refused> {
    let adt = adt(message)?;
    let stamp = Stamp::of(message, now)?;
    let fact = |said| Fact { stamp: stamp.clone(), said };
    let mut facts = Vec::new();
    match adt {
        Adt::Stay(stay) => {
            let number = number(&stay.patient.identifiers, authority, "PID-3")?;
            facts.push((Key::Person(number.clone()), fact(person(stay.patient))));
            let of = stay.visit.as_ref().and_then(|visit| visit.number.as_ref());
            let of = of.map_or_else(String::new, |visit| visit.number.clone());
            if let Some(said) = presence(stay.event) {
                facts.push((Key::Stay(number.clone(), of.clone()), fact(said)));
            }
            if let Some(visit) = stay.visit {
                facts.push((Key::Place(number, of), fact(Said::Place(place(&visit)))));
            }
        }
        Adt::Merge(merges) => {
            for merge in merges {
                let into = number(&merge.patient.identifiers, authority, "PID-3")?;
                let prior = number(&merge.prior, authority, "MRG-1")?;
                if prior == into {
                    let expected = "number other than that of PID-3";
                    return Err(Refused::Malformed { field: "MRG-1", expected });
                }
                facts.push((Key::Person(into.clone()), fact(person(merge.patient))));
                facts.push((Key::Merged(prior), fact(Said::MergedInto(into))));
            }
        }
    }
    Ok(facts)
}

/// The first medical record number of the authority. One of another kind, such as an account's, names
/// nobody.
fn number(all: &[Identifier], authority: &str, field: &'static str) -> Result<String, Refused> {
    let is_ours = |of: &&Identifier| {
        of.system.as_deref().unwrap_or_default() == authority
            && matches!(of.kind.as_deref(), None | Some("MR" | "PI"))
    };
    let expected = "medical record number of the authority that names patients here";
    let found = all.iter().find(is_ours).ok_or(Refused::Malformed { field, expected })?;
    Ok(found.number.clone())
}

fn person(of: Person) -> Said {
    let Person { family, given, birth_date, sex, .. } = of;
    Said::Person { family, given, birth_date, sex }
}

/// `None`: the message does not decide whether somebody is here.
fn presence(event: Event) -> Option<Said> {
    match event {
        Event::Admitted | Event::Undischarged => Some(Said::Admitted),
        Event::Registered => Some(Said::Registered),
        Event::Discharged | Event::Cancelled => Some(Said::Gone),
        Event::Transferred | Event::Updated => None,
    }
}

/// As a nurse reads it: ward, room, bed.
fn place(visit: &Visit) -> String {
    let Some(Place { unit, room, bed, .. }) = &visit.place else { return String::new() };
    [unit, room, bed].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// All facts that hold.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Census {
    facts: BTreeMap<Key, Fact>,
}

impl Census {
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// Those of the facts that are news: a message that came before says nothing new, and an older one
    /// nothing that holds.
    pub fn news(&self, facts: Vec<(Key, Fact)>) -> Vec<(Key, Fact)> {
        let is_news = |(key, fact): &(Key, Fact)| {
            self.facts.get(key).is_none_or(|held| held.stamp < fact.stamp)
        };
        facts.into_iter().filter(is_news).collect()
    }

    /// Takes what [`Census::news`] gave, or what was kept.
    pub fn take(&mut self, facts: impl IntoIterator<Item = (Key, Fact)>) {
        self.facts.extend(facts);
    }

    pub fn forget(&mut self, keys: &[Key]) {
        for key in keys {
            self.facts.remove(key);
        }
    }

    /// The number that the EHR knows the patient by after merges. `None`: there was none, or they lead in a
    /// circle or further than eight steps, and nobody is identified by that.
    pub fn survivor(&self, number: &str) -> Option<&str> {
        let mut seen = BTreeSet::from([number]);
        let mut last = self.merged_into(number)?;
        while let Some(next) = self.merged_into(last) {
            if !seen.insert(last) || seen.len() > LONGEST_CHAIN {
                return None;
            }
            last = next;
        }
        Some(last)
    }

    fn merged_into(&self, number: &str) -> Option<&str> {
        match self.facts.get(&Key::Merged(number.to_owned()))?.said {
            Said::MergedInto(ref into) => Some(into),
            _ => None,
        }
    }

    /// Each patient once, by number. Left out is who has no whole birth date: nobody could check a second
    /// identifier. `system` is FHIR's of the numbers.
    pub fn present(&self, system: &str, now: Timestamp) -> Vec<Present> {
        let mut found: BTreeMap<&str, (&Stamp, Present)> = BTreeMap::new();
        for ((number, _), told) in self.visits() {
            let Some(stamp) = told.here_since(now) else { continue };
            let Some(patient) = self.patient(system, number) else { continue };
            let place = match told.place.map(|fact| &fact.said) {
                Some(Said::Place(place)) => place.clone(),
                _ => String::new(),
            };
            // Of two stays the one that began last says where the patient is.
            if found.get(number).is_none_or(|(held, _)| *held < stamp) {
                found.insert(number, (stamp, Present { patient, place }));
            }
        }
        found.into_values().map(|(_, present)| present).collect()
    }

    fn patient(&self, system: &str, number: &str) -> Option<Patient> {
        let fact = self.facts.get(&Key::Person(number.to_owned()))?;
        let Said::Person { family, given, birth_date, sex } = &fact.said else { return None };
        let birth_date = birth_date.clone().filter(|date| date.len() == "YYYY-MM-DD".len())?;
        Some(Patient {
            system: system.to_owned(),
            number: number.to_owned(),
            family: family.clone(),
            given: given.clone().unwrap_or_default(),
            birth_date,
            sex: *sex,
        })
    }

    fn number_now<'a>(&'a self, number: &'a str) -> &'a str {
        self.survivor(number).unwrap_or(number)
    }

    /// What holds of each visit, by the number that the patient has now: a stay that began under a number
    /// that was merged ends under the surviving one.
    fn visits(&self) -> BTreeMap<(&str, &str), Told<'_>> {
        let mut visits: BTreeMap<_, Told<'_>> = BTreeMap::new();
        for (key, fact) in &self.facts {
            let (Key::Stay(number, visit) | Key::Place(number, visit)) = key else { continue };
            let told = visits.entry((self.number_now(number), visit.as_str())).or_default();
            let held = match key {
                Key::Stay(..) => &mut told.stay,
                _ => &mut told.place,
            };
            if held.is_none_or(|held| held.stamp < fact.stamp) {
                *held = Some(fact);
            }
        }
        visits
    }

    /// What nobody needs any longer. Merges stay longest: what is delivered late looks for them.
    pub fn outdated(&self, now: Timestamp) -> Vec<Key> {
        let visits = self.visits();
        let stays = |number: &str, visit: &str| {
            let told = visits.get(&(self.number_now(number), visit));
            told.is_some_and(|told| told.here_since(now).is_some())
        };
        let here = visits.iter().filter(|(_, told)| told.here_since(now).is_some());
        let somebody: BTreeSet<&str> = here.map(|((number, _), _)| *number).collect();
        let is_outdated = |(key, fact): &(&Key, &Fact)| {
            let age = now.millis_since(fact.stamp.at);
            let is_needed = match key {
                Key::Stay(number, visit) | Key::Place(number, visit) => stays(number, visit),
                Key::Person(number) => somebody.contains(number.as_str()),
                Key::Merged(_) => true,
            };
            age > if is_needed { KEPT_AT_MOST_MS } else { KEPT_AFTER_MS }
        };
        self.facts.iter().filter(is_outdated).map(|(key, _)| key.clone()).collect()
    }
}

/// The facts of one visit.
#[derive(Clone, Copy, Default)]
struct Told<'a> {
    stay: Option<&'a Fact>,
    place: Option<&'a Fact>,
}

impl<'a> Told<'a> {
    /// By what decides, or else by what was told of a place.
    fn here_since(&self, now: Timestamp) -> Option<&'a Stamp> {
        let fact = self.stay.or(self.place)?;
        let is_recent = now.millis_since(fact.stamp.at) < SHOWN_WITHOUT_ADMISSION_MS;
        let is_here = match fact.said {
            Said::Admitted => true,
            Said::Registered | Said::Place(_) => is_recent,
            Said::Gone | Said::Person { .. } | Said::MergedInto(_) => false,
        };
        is_here.then_some(&fact.stamp)
    }
}
