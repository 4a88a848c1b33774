//! The one file in which a site says how its EHR is dealt with.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::{engine::EngineConfig, rules::DeliveryRules};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EhrConfig {
    pub delivery: DeliveryRules,
    /// `None`: everything goes by FHIR.
    pub hl7: Option<EngineConfig>,
}

impl EhrConfig {
    /// Without a file, what the EHR's CapabilityStatement says is all there is to know.
    ///
    /// # Errors
    /// The file cannot be read, or holds something that is not understood.
    pub fn read(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("could not read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("could not understand {}", path.display()))
    }
}
