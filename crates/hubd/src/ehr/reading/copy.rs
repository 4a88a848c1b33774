//! The copy of a chart in the hub's encrypted record: shown with its age where the EHR does not answer, and gone
//! after three days.

use std::{convert::Infallible, time::Duration};

use clinical::{Patient, Timestamp};
use hub_api::{ChartPart, PatientChart};
use tokio::time::interval;
use vault::{HubVault, VaultError};

use super::question::{Asked, NotRead};
use crate::{clock, hub::ask};

/// Over a weekend without the EHR. Whoever is seen later is asked for anew.
const KEPT_FOR_MS: i64 = 3 * 24 * 60 * 60_000;
const LOOK_EVERY: Duration = Duration::from_secs(60 * 60);
/// 1,000 entries with all their words take a third of it.
const MOST_BYTES: usize = 1024 * 1024;

pub struct Copies(pub HubVault);

/// Until the hub stops: also where nobody asks for a chart any more.
pub async fn forget_old_copies(vault: HubVault) -> Infallible {
    let mut looks = interval(LOOK_EVERY);
    loop {
        looks.tick().await;
        let before = clock::now().plus_millis(-KEPT_FOR_MS);
        match ask(&vault, move |vault| vault.forget_summaries(before)).await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "Forgot old copies of charts"),
            Err(error) => failed(&error),
        }
    }
}

impl Copies {
    /// `None`: there is none, or none that can be read.
    pub async fn of(&self, patient: &Patient, now: Timestamp) -> Option<PatientChart> {
        let key = key(patient);
        let kept = ask(&self.0, move |vault| vault.summary(&key)).await;
        let bytes = kept.inspect_err(failed).ok().flatten()?;
        // One of another version of the hub is asked for anew.
        let copy: PatientChart = serde_json::from_slice(&bytes).ok()?;
        (now.millis_since(copy.now) < KEPT_FOR_MS).then_some(copy)
    }

    /// Whoever this is now, the copy may be of somebody else.
    pub async fn forget(&self, patient: &Patient) -> Option<PatientChart> {
        let key = key(patient);
        let forgotten = ask(&self.0, move |vault| vault.forget_summary(&key)).await;
        forgotten.inspect_err(failed).ok();
        None
    }

    /// Where the EHR has just given nothing, the copy stays as it is.
    pub async fn keep(&self, patient: &Patient, chart: &PatientChart) {
        let now = Some(chart.now);
        let is_new = [
            chart.allergies.asked,
            chart.problems.asked,
            chart.medications.asked,
            chart.vitals.asked,
            chart.documents.asked,
        ]
        .contains(&now);
        let content = serde_json::to_vec(chart).expect("all keys of a chart are text");
        if !is_new {
            return;
        }
        if content.len() > MOST_BYTES {
            return tracing::warn!(bytes = content.len(), "A chart is too large for a copy");
        }
        let (key, asked) = (key(patient), chart.now);
        let kept = ask(&self.0, move |vault| vault.keep_summary(&key, asked, &content)).await;
        kept.inspect_err(failed).ok();
    }
}

/// What the EHR has just given, else the copy with its own time, else why there is none.
pub fn or_copy<T>(asked: Asked<T>, copy: Option<ChartPart<T>>, now: Timestamp) -> ChartPart<T> {
    let NotRead { words, may_pass } = match asked {
        Ok(part) => return part,
        Err(why) => why,
    };
    let is_kept = |at: Timestamp| now.millis_since(at) < KEPT_FOR_MS;
    match copy.filter(|copy| may_pass && copy.asked.is_some_and(is_kept)) {
        Some(copy) => ChartPart { trouble: Some(words), ..copy },
        None => ChartPart::not_known(words),
    }
}

/// By the two identifiers that a patient is found by.
fn key(patient: &Patient) -> String {
    let identifiers = (&patient.system, &patient.number, &patient.birth_date);
    serde_json::to_string(&identifiers).expect("three texts are JSON")
}

fn failed(error: &VaultError) {
    let error = error as &dyn std::error::Error;
    tracing::error!(error, "The copy of a chart failed");
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(10 * KEPT_FOR_MS);

    fn part(asked: Timestamp) -> ChartPart<u32> {
        ChartPart {
            asked: Some(asked),
            trouble: None,
            entries: vec![1],
            ..ChartPart::not_known("")
        }
    }

    #[test]
    fn a_copy_stands_in_where_the_ehr_may_answer_again_and_while_it_is_not_too_old() {
        let just = NOW.plus_millis(-1);
        let old = NOW.plus_millis(-KEPT_FOR_MS);
        for (why, copy, expected) in [
            (NotRead::away(), Some(part(just)), Some(just)),
            (NotRead::denied(), Some(part(just)), Some(just)),
            (NotRead::away(), Some(part(old)), None),
            (NotRead::away(), Some(ChartPart::not_known("before")), None),
            (NotRead::away(), None, None),
            (NotRead::for_good("no".into()), Some(part(just)), None),
        ] {
            let shown = or_copy(Err(why.clone()), copy, NOW);
            assert_eq!((shown.asked, shown.trouble), (expected, Some(why.words)));
        }
        let fresh = or_copy(Ok(part(NOW)), Some(part(just)), NOW);
        assert_eq!((fresh.asked, fresh.trouble), (Some(NOW), None));
    }
}
