//! Why an entry is not in the EHR, and what that means for the outbox.

use std::time::Duration;

use clinical::EntryId;
use outbox::Outcome;
use upstream::ehr::EhrError;

#[derive(Debug)]
pub enum Undelivered {
    /// Nothing of it was taken.
    Later { retry_after: Option<Duration>, what: String },
    /// Some or all of it may have been taken.
    InDoubt { retry_after: Option<Duration>, what: String },
    /// A person gives us the access, or what the EHR wants to have first.
    Denied { what: String },
    /// It was searched for, not found, and is not to be sent again.
    NotFound { reason: String },
    /// `reason` may hold the server's own words: it goes into the record and into no log.
    Refused { reason: String },
}

impl Undelivered {
    pub fn later(what: &str) -> Self {
        Self::Later { retry_after: None, what: what.to_owned() }
    }

    pub fn refused(reason: &str) -> Self {
        Self::Refused { reason: reason.to_owned() }
    }

    /// It does no harm to send this part of it again.
    pub fn harmless(self) -> Self {
        match self {
            Self::InDoubt { retry_after, what } => Self::Later { retry_after, what },
            Self::Later { .. }
            | Self::Denied { .. }
            | Self::NotFound { .. }
            | Self::Refused { .. } => self,
        }
    }

    /// Says to the person who has to look which part of the entry it is.
    pub fn about(self, part: &str) -> Self {
        match self {
            Self::NotFound { reason } => Self::NotFound { reason: format!("{part}: {reason}") },
            Self::Refused { reason } => Self::Refused { reason: format!("{part}: {reason}") },
            Self::Later { .. } | Self::InDoubt { .. } | Self::Denied { .. } => self,
        }
    }

    /// Something else of the same entry was taken before.
    pub fn of_the_rest(self) -> Self {
        match self {
            Self::Later { retry_after, what } => Self::InDoubt { retry_after, what },
            Self::Denied { what } => Self::InDoubt { retry_after: None, what },
            Self::InDoubt { .. } | Self::NotFound { .. } | Self::Refused { .. } => self,
        }
    }

    pub fn outcome(self, entry: EntryId) -> Outcome {
        match self {
            Self::Later { retry_after, what } => {
                tracing::info!(%entry, what, "An entry waits for the EHR");
                Outcome::Later { retry_after: millis(retry_after) }
            }
            Self::InDoubt { retry_after, what } => {
                tracing::info!(%entry, what, "An entry may be in the EHR; it will be searched for");
                Outcome::InDoubt { retry_after: millis(retry_after) }
            }
            Self::Denied { what } => {
                tracing::warn!(%entry, what, "The EHR lets nobody in; an entry is held");
                Outcome::Denied { reason: what }
            }
            Self::NotFound { reason } => {
                tracing::warn!(%entry, "An entry may be in the EHR; a person has to look");
                Outcome::NotFound { reason }
            }
            Self::Refused { reason } => {
                tracing::warn!(%entry, "The EHR refused an entry; it is set aside");
                Outcome::Refused { reason }
            }
        }
    }
}

impl From<EhrError> for Undelivered {
    fn from(error: EhrError) -> Self {
        match error {
            EhrError::Later { what, retry_after } => Self::Later { retry_after, what },
            EhrError::InDoubt { what, retry_after } => Self::InDoubt { retry_after, what },
            EhrError::Denied { what } => Self::Denied { what },
            EhrError::Refused { status, body } => {
                let words = fhir::outcome_words(&body.0).unwrap_or_default();
                Self::Refused { reason: format!("the EHR answered {status}: {words}") }
            }
        }
    }
}

fn millis(wait: Option<Duration>) -> Option<i64> {
    wait.map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}
