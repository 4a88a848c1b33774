//! Where in the EHR the encounters are.

use clinical::EncounterId;
use rusqlite::{OptionalExtension as _, params};

use super::HubVault;
use crate::{
    error::{VaultError, failed},
    row,
};

/// The EHR's own references to a patient and an encounter, such as "Patient/123".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownChart {
    pub patient: String,
    pub encounter: String,
}

impl HubVault {
    /// The first that was kept stays: what went there already is there.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn keep_chart(&self, encounter: EncounterId, chart: &KnownChart) -> Result<(), VaultError> {
        self.execute(
            "INSERT INTO charts (encounter, patient_reference, encounter_reference)
             VALUES (?1, ?2, ?3) ON CONFLICT (encounter) DO NOTHING",
            params![row::encounter(encounter), chart.patient, chart.encounter],
        )
        .map(drop)
        .map_err(failed("keep where in the EHR an encounter is"))
    }

    /// # Errors
    /// The vault cannot be read.
    pub fn chart(&self, encounter: EncounterId) -> Result<Option<KnownChart>, VaultError> {
        let sql = "SELECT patient_reference, encounter_reference FROM charts WHERE encounter = ?1";
        self.with(|connection| {
            connection
                .prepare_cached(sql)?
                .query_row([row::encounter(encounter)], |row| {
                    Ok(KnownChart { patient: row.get(0)?, encounter: row.get(1)? })
                })
                .optional()
        })
        .map_err(failed("look where in the EHR an encounter is"))
    }
}
