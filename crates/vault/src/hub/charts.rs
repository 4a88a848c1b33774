//! Where in the EHR the encounters are.

use clinical::EncounterId;
use rusqlite::{OptionalExtension as _, Transaction, params};

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

/// The first that was kept stays: what went there already is there.
pub(super) fn insert(
    tx: &Transaction<'_>,
    encounter: EncounterId,
    chart: &KnownChart,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO charts (encounter, patient_reference, encounter_reference)
         VALUES (?1, ?2, ?3) ON CONFLICT (encounter) DO NOTHING",
    )?
    .execute(params![row::encounter(encounter), chart.patient, chart.encounter])
    .map(drop)
}

impl HubVault {
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
