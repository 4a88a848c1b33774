//! Who is here, kept in the vault before anybody is told that it is.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use clinical::{Act, Actor, AuditEvent, Timestamp};
use hl7::{Answer, Census, Fact, Key, Message, Refused, acknowledge, facts};
use hub_api::WorklistEntry;
use tokio::sync::Notify;
use vault::{HubVault, KeptFact};

use super::AdtConfig;
use crate::{clock, hub::ask};

/// Of a house of 5,000 beds with a month of discharges, three facts each. More is a mistake of the engine, and
/// is not taken until something is forgotten.
const MOST_FACTS: usize = 100_000;
/// All that is kept is looked through for it.
const FORGET_EVERY_MS: i64 = 60 * 60 * 1_000;
/// A list that a nurse still searches, and a message that a cart still takes.
const MOST_SHOWN: usize = 500;

/// Clones are the same.
#[derive(Clone)]
pub struct Admissions {
    config: Arc<AdtConfig>,
    vault: HubVault,
    census: Arc<Mutex<Census>>,
    /// One message after the other: each is compared with what is durable. Holds when something was
    /// forgotten last.
    turn: Arc<tokio::sync::Mutex<Timestamp>>,
    /// Somebody came, went or changed.
    pub changed: Arc<Notify>,
}

/// Why a message got no AA.
enum Refusal {
    Never(Refused),
    /// The disk or the bound: the same message may be taken later.
    NotNow,
}

impl Admissions {
    /// # Errors
    /// What the vault kept cannot be read.
    pub fn open(config: AdtConfig, vault: HubVault) -> Result<Self> {
        let mut census = Census::default();
        for (key, fact) in vault.admissions()? {
            let read =
                || Some((serde_json::from_str(&key).ok()?, serde_json::from_slice(&fact).ok()?));
            census.take([read().context("what is kept of admissions cannot be read")?]);
        }
        Ok(Self {
            config: Arc::new(config),
            vault,
            census: Arc::new(Mutex::new(census)),
            turn: Arc::new(tokio::sync::Mutex::new(Timestamp::from_millis(0))),
            changed: Arc::default(),
        })
    }

    pub fn config(&self) -> &AdtConfig {
        &self.config
    }

    /// The acknowledgement of what lay in a frame. AA only after it is durable.
    pub async fn answer(&self, bytes: &[u8], control_id: &str) -> Vec<u8> {
        let now = clock::now();
        let message = Message::parse(bytes);
        let taken = match &message {
            Ok(message) => self.take(message, now).await,
            Err(why) => Err(Refusal::Never(why.clone())),
        };
        let answer = match &taken {
            Ok(()) => Answer::Accepted,
            Err(Refusal::Never(why)) => {
                // The reason names fields and kinds, never what is in them.
                tracing::warn!(%why, "Refused an ADT message");
                Answer::Refused(why)
            }
            Err(Refusal::NotNow) => Answer::NotNow,
        };
        acknowledge(message.as_ref().ok(), answer, control_id, now)
    }

    async fn take(&self, message: &Message, now: Timestamp) -> Result<(), Refusal> {
        self.config.check(message).map_err(Refusal::Never)?;
        let said = facts(message, &self.config.authority, now).map_err(Refusal::Never)?;
        let mut forgotten = self.turn.lock().await;
        if now.millis_since(*forgotten) > FORGET_EVERY_MS {
            self.forget_the_outdated(now).await;
            *forgotten = now;
        }
        let (news, count) = self.with(|census| (census.news(said), census.len()));
        if news.is_empty() {
            return Ok(());
        }
        if count + news.len() > MOST_FACTS {
            tracing::error!(
                MOST_FACTS,
                "More patients than a hub keeps: ADT messages are not taken"
            );
            return Err(Refusal::NotNow);
        }
        let kept: Vec<KeptFact> = news.iter().map(written).collect();
        let merges = news.iter().filter(|(key, _)| matches!(key, Key::Merged(_)));
        let events: Vec<_> =
            merges.map(|_| AuditEvent::new(now, Actor::hub(), Act::PatientsMerged)).collect();
        ask(&self.vault, move |vault| vault.keep_admissions(&kept, &events)).await.map_err(
            |error| {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "Could not keep an ADT message");
                Refusal::NotNow
            },
        )?;
        self.with(|census| census.take(news));
        self.changed.notify_one();
        Ok(())
    }

    /// Bounds what is kept. What cannot be deleted now is deleted an hour later.
    async fn forget_the_outdated(&self, now: Timestamp) {
        let outdated = self.with(|census| census.outdated(now));
        if outdated.is_empty() {
            return;
        }
        let keys: Vec<String> = outdated.iter().map(key).collect();
        match ask(&self.vault, move |vault| vault.forget_admissions(&keys)).await {
            Ok(()) => self.with(|census| census.forget(&outdated)),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "Could not forget who is discharged");
            }
        }
    }

    /// By place, as a nurse walks.
    pub fn present(&self) -> Vec<WorklistEntry> {
        let present = self.with(|census| census.present(&self.config.system, clock::now()));
        let entry = |of: hl7::Present| WorklistEntry {
            patient: of.patient,
            place: of.place,
            reason: String::new(),
        };
        let mut entries: Vec<_> = present.into_iter().map(entry).collect();
        entries.sort_by(|one, other| one.place.cmp(&other.place));
        if entries.len() > MOST_SHOWN {
            tracing::warn!(MOST_SHOWN, "More patients are here than the worklist shows");
            entries.truncate(MOST_SHOWN);
        }
        entries
    }

    /// The number that the EHR merged this one into; `None` where it told of no merge.
    pub fn survivor(&self, system: &str, number: &str) -> Option<String> {
        if system != self.config.system {
            return None;
        }
        self.with(|census| census.survivor(number).map(str::to_owned))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Census) -> T) -> T {
        look(&mut self.census.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn key(of: &Key) -> String {
    serde_json::to_string(of).expect("a key is text")
}

fn written((of, fact): &(Key, Fact)) -> KeptFact {
    (key(of), serde_json::to_vec(fact).expect("all keys of a fact are text"))
}
