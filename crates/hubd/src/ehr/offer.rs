//! What the EHR offers, as its CapabilityStatement says; asked for once.

use std::sync::Arc;

use fhir::Capabilities;
use tokio::sync::OnceCell;
use upstream::ehr::EhrClient;

use super::{posting::unseen, undelivered::Undelivered};

/// Clones know the same.
#[derive(Clone)]
pub struct Offer {
    ehr: Arc<EhrClient>,
    known: Arc<OnceCell<Capabilities>>,
}

impl Offer {
    pub fn of(ehr: Arc<EhrClient>) -> Self {
        Self { ehr, known: Arc::default() }
    }

    /// Asks the EHR, when it is not known.
    pub async fn ask(&self) -> Result<&Capabilities, Undelivered> {
        self.known.get_or_try_init(|| self.read()).await
    }

    /// `None`: nobody has asked yet.
    pub fn known(&self) -> Option<&Capabilities> {
        self.known.get()
    }

    async fn read(&self) -> Result<Capabilities, Undelivered> {
        let statement = self.ehr.read("metadata").await.map_err(unseen)?;
        let offered = Capabilities::read(&statement).map_err(|error| {
            tracing::warn!(%error, "Could not read what the EHR offers");
            Undelivered::later("the EHR's CapabilityStatement cannot be read")
        })?;
        if offered.is_r4() {
            return Ok(offered);
        }
        let what = format!("the EHR speaks FHIR {}, not R4 (4.0.1)", offered.fhir_version);
        Err(Undelivered::Denied { what })
    }
}
