//! The file of `--ehr-config`: a section for each thing that a site settles with its EHR.
//!
//! Described in docs/integrators/ehr-access.md, delivery.md and hl7.md.

mod access;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use upstream::ehr::EhrAccess;

use super::{archive::ArchiveConfig, engine::EngineConfig, rules::DeliveryRules};
use crate::adt::AdtConfig;

pub use access::{Access, AccessSection};

/// Without a file every section has its default.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EhrConfig {
    /// That of the file: the names of files in it count from here.
    #[serde(skip)]
    pub folder: PathBuf,
    pub access: AccessSection,
    pub delivery: DeliveryRules,
    /// `None`: nothing goes to an interface engine.
    pub hl7: Option<EngineConfig>,
    /// `None`: nobody tells of patients by HL7.
    pub adt: Option<AdtConfig>,
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
        let config: Self = toml::from_str(&text)
            .with_context(|| format!("{} is not as it should be", file.display()))?;
        Ok(Self { folder: file.parent().map(Path::to_owned).unwrap_or_default(), ..config })
    }

    /// The way into the EHR; without a section the EHR asks for nothing.
    ///
    /// # Errors
    /// The section, or a file that it names, cannot be used.
    pub fn access(&self) -> Result<Access> {
        self.access.resolve(&self.folder)
    }

    /// The way to the charts; `None`: the same.
    ///
    /// # Errors
    /// As for [`Self::access`].
    pub fn chart_access(&self) -> Result<Option<EhrAccess>> {
        self.access.resolve_chart(&self.folder)
    }
}
