//! The hospital's EHR: a FHIR R4 server that nobody here wrote, in memory.

use std::{collections::BTreeMap, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::{
    place,
    process::Process,
    wait::{seconds, until},
};

/// What the server gives at most in one answer.
const PAGE: usize = 1000;

pub struct Ehr {
    address: String,
    web: reqwest::Client,
    _server: Process,
}

impl Ehr {
    /// # Errors
    /// Node or its packages are missing, or the server does not start.
    pub async fn start(logs: &Path) -> Result<Self> {
        let folder = place::file("tests/ehr")?;
        let mut command = Command::new("node");
        command.args(["server.mjs", "--port", "0", "--seed", "seed.json"]).current_dir(folder);
        let mut server = Process::start("ehr", &mut command, logs)?;
        let address = until("the EHR starts", seconds(60), || {
            let (log, ended) = (server.log(), server.ended());
            async move {
                ensure!(ended.is_none(), "{}", ended.unwrap_or_default());
                Ok(log
                    .lines()
                    .find_map(|line| line.strip_prefix("EHR ready at ").map(str::to_owned)))
            }
        });
        Ok(Self { address: address.await?, web: reqwest::Client::new(), _server: server })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// All resources of one type.
    ///
    /// # Errors
    /// The server does not answer as FHIR says.
    pub async fn all(&self, resource: &str) -> Result<Vec<Value>> {
        let mut all = Vec::new();
        loop {
            let page = format!("_count={PAGE}&_offset={}&_sort=_id", all.len());
            let address = format!("{}{resource}?{page}", self.address);
            let answer = self.web.get(address).send().await?.error_for_status()?;
            let mut bundle: Value = answer.json().await?;
            let Value::Array(entries) = bundle["entry"].take() else { return Ok(all) };
            let is_last = entries.len() < PAGE;
            all.extend(entries.into_iter().map(|mut entry| entry["resource"].take()));
            if is_last {
                return Ok(all);
            }
        }
    }

    /// How many resources of one type there are.
    ///
    /// # Errors
    /// As [`Ehr::all`].
    pub async fn count(&self, resource: &str) -> Result<u64> {
        let address = format!("{}{resource}?_count=1", self.address);
        let bundle: Value = self.web.get(address).send().await?.error_for_status()?.json().await?;
        bundle["total"].as_u64().context("the EHR does not say how many there are")
    }

    /// How many things are in the chart exactly once: resources whose identifier no other one shares.
    ///
    /// # Errors
    /// As [`Ehr::all`], or a resource has no identifier.
    pub async fn once(&self) -> Result<usize> {
        let mut count = BTreeMap::<String, usize>::new();
        for resource in ["Encounter", "Observation", "DocumentReference"] {
            for found in self.all(resource).await? {
                let identifier = &found["identifier"];
                let value = identifier[0]["value"].as_str().or(identifier["value"].as_str());
                let value = value.with_context(|| format!("a {resource} has no identifier"))?;
                *count.entry(format!("{resource} {value}")).or_default() += 1;
            }
        }
        Ok(count.values().filter(|count| **count == 1).count())
    }

    /// The Observations with this LOINC code.
    ///
    /// # Errors
    /// As [`Ehr::all`].
    pub async fn observations(&self, loinc: &str) -> Result<Vec<Value>> {
        let mut found = self.all("Observation").await?;
        found.retain(|observation| {
            let codings = observation["code"]["coding"].as_array();
            codings.is_some_and(|codings| codings.iter().any(|coding| coding["code"] == loinc))
        });
        Ok(found)
    }
}
