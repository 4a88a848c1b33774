//! What goes to the site's image archive as DICOM instead of FHIR, section `[dicom]` of the EHR's
//! configuration.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clinical::{EntryBody, Measurement};
use dicom::{Instance, Site, Unfit, Visit};
use jiff::tz::TimeZone;
use serde::Deserialize;
use upstream::stow::{Access, Look, StowClient, StowError, StowOptions};
use vault::read_private_file;

use super::{consignment::Consignment, undelivered::Undelivered};

/// A password in a line.
const LONGEST_PASSWORD: u64 = 1024;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveConfig {
    /// The root of its DICOMweb services.
    archive: String,
    /// What goes this way; everything else goes by HL7 or FHIR.
    entries: Vec<Carried>,
    user: Option<String>,
    password_file: Option<PathBuf>,
    institution: Option<String>,
    issuer: Option<String>,
    /// Of the dates in the files, such as "Europe/Berlin"; UTC without it.
    time_zone: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Carried {
    /// VL Photographic Image.
    Stills,
    /// ECG waveform.
    Ecg,
}

/// The image archive.
pub struct Archive {
    client: StowClient,
    site: Site,
    entries: Vec<Carried>,
}

impl Archive {
    /// Connects to nothing yet. Names of files count from `folder`.
    ///
    /// # Errors
    /// The address is none, the time zone is not known, or the password cannot be read.
    pub fn new(config: ArchiveConfig, folder: &Path) -> Result<Self> {
        let zone = match &config.time_zone {
            Some(name) => {
                TimeZone::get(name).with_context(|| format!("`{name}` is no time zone"))?
            }
            None => TimeZone::UTC,
        };
        let access = match (config.user, config.password_file) {
            (Some(user), Some(file)) => {
                Access::Basic { user, password: password(&folder.join(file))? }
            }
            (None, None) => Access::Open,
            _ => anyhow::bail!("the archive needs both, `user` and `password_file`, or neither"),
        };
        let client = StowClient::new(StowOptions { base: config.archive, access })?;
        let site = Site { institution: config.institution, issuer: config.issuer, zone };
        Ok(Self { client, site, entries: config.entries })
    }

    pub fn carries(&self, body: &EntryBody) -> bool {
        let carried = match body {
            EntryBody::Still(_) => Carried::Stills,
            EntryBody::Reading(reading) if matches!(reading.measurement, Measurement::Ecg(_)) => {
                Carried::Ecg
            }
            EntryBody::Opened(_)
            | EntryBody::Reading(_)
            | EntryBody::Observed(_)
            // A sound is no image: it goes to the chart.
            | EntryBody::Auscultation(_)
            | EntryBody::Note(_)
            | EntryBody::Closed => return false,
        };
        self.entries.contains(&carried)
    }

    /// Stored, and got back as it was sent. `jpeg` is what lies under a still's hash, and empty for
    /// everything else.
    pub async fn send(&self, consignment: &Consignment, jpeg: &[u8]) -> Result<(), Undelivered> {
        let instance = self.instance(consignment, jpeg)?;
        let stored = self.client.store(&instance).await?;
        if let Some(warning) = stored.warning {
            tracing::info!(entry = %consignment.entry.id, warning, "The archive has a remark");
        }
        match self.client.look(&instance).await? {
            Look::Same => Ok(()),
            Look::Other(what) => Err(Undelivered::Refused {
                reason: format!("the archive does not give back what it was sent: {what}"),
            }),
            Look::Absent => Err(Undelivered::later("the archive does not show it yet")),
        }
    }

    fn instance(&self, consignment: &Consignment, jpeg: &[u8]) -> Result<Instance, Undelivered> {
        let Consignment { entry, opened, opened_at } = consignment;
        let visit =
            Visit { encounter: entry.encounter, began: *opened_at, opened, site: &self.site };
        let made = match &entry.body {
            EntryBody::Still(still) => dicom::still(entry.id, still, jpeg, &visit),
            EntryBody::Reading(reading) => match &reading.measurement {
                Measurement::Ecg(ecg) => dicom::ecg(entry.id, ecg, reading, &visit),
                _ => return Err(Undelivered::refused("an archive takes pictures and strips only")),
            },
            _ => return Err(Undelivered::refused("an archive takes pictures and strips only")),
        };
        made.map_err(|unfit: Unfit| Undelivered::Refused { reason: unfit.to_string() })
    }
}

fn password(file: &Path) -> Result<String> {
    let bytes = read_private_file(file, LONGEST_PASSWORD)
        .with_context(|| format!("could not use {}", file.display()))?;
    let text = String::from_utf8(bytes.to_vec()).context("the archive's password is not UTF-8")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

impl From<StowError> for Undelivered {
    fn from(error: StowError) -> Self {
        match error {
            // An archive knows a file by its UID: to store it again does no harm.
            StowError::Later { what, retry_after } => Self::Later { retry_after, what },
            StowError::Denied { what } => Self::Denied { what },
            StowError::Refused { what } => Self::Refused { reason: what },
        }
    }
}
