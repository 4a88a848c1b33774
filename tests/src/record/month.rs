//! A month without a network, and then all of it at once: nothing may be evicted meanwhile, and everything has
//! to arrive once and in order.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use clinical::Entry;
use serde_json::Value;

use super::{
    draining::unfinished,
    visits::{now, to_commit, visit},
};
use crate::{
    cart::{CART, Cart},
    ehr::Ehr,
    figures::Figure,
    hub::{Hub, SETTLES_SOON},
    place,
    wait::{seconds, until},
};

/// Of a cart in use day and night.
pub const VISITS: usize = 2_000;
const MONTH_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
const READINGS: u16 = 2;
/// LOINC "Blood pressure panel with all children optional": each reading has one, beside its pulse rate.
const PANEL: &str = "85354-9";
/// A quarter of a second for each visit, far more than any machine needs: then nothing moves any more.
const EACH_AT_LONGEST: Duration = Duration::from_millis(250);

/// What came of it, in resources.
#[derive(Debug)]
pub struct Month {
    pub lost: usize,
    pub doubled: usize,
    pub disordered: usize,
    /// Gone from the cart's record before it was anywhere else.
    pub evicted: usize,
    pub took: Duration,
}

impl Month {
    pub fn figures(&self) -> Vec<Figure> {
        let none = |name, count: usize| Figure::exactly(name, count as f64, "resources", 0.);
        vec![
            none("month_offline_evicted", self.evicted),
            none("month_offline_lost", self.lost),
            none("month_offline_doubled", self.doubled),
            none("month_offline_out_of_order", self.disordered),
            Figure::told("month_offline_caught_up", self.took.as_secs_f64(), "s"),
        ]
    }
}

/// # Errors
/// A program does not start, or not everything comes to an end.
pub async fn play(folder: &Path, visits: usize) -> Result<Month> {
    let logs = folder.join("logs");
    place::private(&logs)?;
    let ehr = Ehr::start(&logs).await?;
    let mut cart = Cart::prepare(&folder.join("cart"), &logs)?;
    let enrolment = (CART, cart.public_key.as_str());
    let mut hub = Hub::prepare(&folder.join("hub"), &logs, ehr.address(), SETTLES_SOON, enrolment)?;
    cart.configure(hub.address(), &[])?;
    let visits = gather(&cart, visits)?;
    // It starts, finds no hub, and may throw nothing away.
    cart.run().await?;
    let evicted = missing(&cart, &visits)?;
    let begin = Instant::now();
    hub.run().await?;
    let limit = seconds(30) + EACH_AT_LONGEST * u32::try_from(visits.len())?;
    until("the month is in the EHR", limit, || {
        let rest = hub.vault().and_then(|vault| unfinished(&vault, &visits));
        async move { Ok((rest? == 0).then_some(())) }
    })
    .await?;
    let took = begin.elapsed();
    let [encounters, observations] =
        [ehr.all("Encounter").await?, ehr.observations(PANEL).await?].map(numbered);
    let expected = visits.len() * usize::from(1 + READINGS);
    let different = encounters.len() + observations.len();
    Ok(Month {
        lost: expected.saturating_sub(different),
        doubled: [&encounters, &observations]
            .into_iter()
            .flat_map(BTreeMap::values)
            .map(|copies| copies.len() - 1)
            .sum(),
        disordered: disordered(observations.values().flatten())?,
        evicted,
        took,
    })
}

/// The visits of a month, as the cart saved them.
fn gather(cart: &Cart, count: usize) -> Result<Vec<Vec<Entry>>> {
    let vault = cart.vault()?;
    let (end, between) = (now()?, MONTH_MS / i64::try_from(count)?);
    let mut visits = Vec::with_capacity(count);
    for number in (1..=i64::try_from(count)?).rev() {
        let entries = visit(end.plus_millis(-number * between), READINGS);
        let (commit, events) = to_commit(&entries);
        vault.commit_told(commit, &events)?;
        visits.push(entries);
    }
    Ok(visits)
}

fn missing(cart: &Cart, visits: &[Vec<Entry>]) -> Result<usize> {
    let vault = cart.vault()?;
    let mut missing = 0;
    for entry in visits.iter().flatten() {
        missing += usize::from(vault.entry(entry.id)?.is_none());
    }
    Ok(missing)
}

/// By their identifiers.
fn numbered(resources: Vec<Value>) -> BTreeMap<String, Vec<Value>> {
    let mut numbered = BTreeMap::<String, Vec<Value>>::new();
    for resource in resources {
        numbered.entry(resource["identifier"][0]["value"].to_string()).or_default().push(resource);
    }
    numbered
}

/// Observations of an encounter that came in before an earlier one.
fn disordered<'a>(observations: impl Iterator<Item = &'a Value>) -> Result<usize> {
    let mut of_encounters = BTreeMap::<String, Vec<(i64, &str)>>::new();
    for each in observations {
        let came = each["meta"]["lastUpdated"].as_str().context("the EHR says when it came")?;
        // The visits' pressures rise from reading to reading.
        let systolic = each["component"][0]["valueQuantity"]["value"].as_i64();
        let systolic = systolic.context("it is a blood pressure")?;
        let encounter = each["encounter"]["reference"].to_string();
        of_encounters.entry(encounter).or_default().push((systolic, came));
    }
    ensure!(!of_encounters.is_empty(), "the EHR has no observations");
    let wrong = |mut readings: Vec<(i64, &str)>| {
        readings.sort_unstable();
        readings.windows(2).filter(|pair| pair[0].1 > pair[1].1).count()
    };
    Ok(of_encounters.into_values().map(wrong).sum())
}
