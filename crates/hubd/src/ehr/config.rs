//! The file of `--ehr-config`: a section for each thing that a site settles with its EHR.
//!
//! Described in docs/integrators/ehr-access.md and delivery.md.

mod access;

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::{archive::ArchiveConfig, engine::EngineConfig, rules::DeliveryRules};

pub use access::{Access, AccessSection};

/// Without a file every section has its default.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EhrConfig {
    pub access: AccessSection,
    pub delivery: DeliveryRules,
    /// `None`: nothing goes to an interface engine.
    pub hl7: Option<EngineConfig>,
    /// `None`: nothing goes to an image archive.
    pub dicom: Option<ArchiveConfig>,
}

impl EhrConfig {
    /// # Errors
    /// The file cannot be read, or holds something that nobody would look at.
    pub fn read(file: Option<&Path>) -> Result<Self> {
        let Some(file) = file else { return Ok(Self::default()) };
        let text = fs::read_to_string(file)
            .with_context(|| format!("could not read {}", file.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not as it should be", file.display()))
    }
}

/// The way into the EHR as the file says it; without one the EHR asks for nothing.
///
/// # Errors
/// The file, or one that it names, cannot be used.
pub fn access(file: Option<&Path>) -> Result<Access> {
    let config = EhrConfig::read(file)?;
    config.access.resolve(folder_of(file))
}

/// Names of files count from the folder of the file that names them.
pub fn folder_of(file: Option<&Path>) -> &Path {
    file.and_then(Path::parent).unwrap_or(Path::new(""))
}
