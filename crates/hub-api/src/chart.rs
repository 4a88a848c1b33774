//! What the EHR holds of a patient, for the physician in the call to read: `GET /api/portal/charts/{call}`.
//!
//! Words and dates are the EHR's own, as it wrote them. What is not known is said with its reason and is never an
//! empty list.

use std::fmt;

use clinical::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The chart of one patient, as far as the EHR lets it be read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PatientChart {
    /// When the hub answered: ages count from here, whatever the clock of the browser says.
    pub now: Timestamp,
    pub allergies: ChartPart<Allergy>,
    pub problems: ChartPart<ChartProblem>,
    /// Those that are ordered and not over.
    pub medications: ChartPart<Medication>,
    /// The newest of each kind.
    pub vitals: ChartPart<ChartVital>,
    pub documents: ChartPart<ChartDocument>,
}

/// One list of the chart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartPart<T> {
    /// When the EHR gave this list. `None`: it never did, and `trouble` says why.
    pub asked: Option<Timestamp>,
    /// In plain words, why there is no list, or why it is an older one. `None`: the EHR has just given it.
    pub trouble: Option<String>,
    pub entries: Vec<T>,
    /// So many more were there and could not be read.
    pub unreadable: u32,
    /// So many more were not of this patient and are not shown.
    pub of_others: u32,
    /// The EHR has more than is listed here.
    pub more: bool,
}

/// What an entry of the allergy list says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AllergyStatement {
    Allergy,
    /// Somebody asked, and the patient has no allergies.
    NoneKnown,
    /// None of one kind, such as to food; `what` says which.
    NoneKnownOfAKind,
    /// Nobody knows; `what` says it in the EHR's words.
    NotAsked,
}

/// AllergyIntolerance.criticality of FHIR R4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Criticality {
    High,
    Low,
    UnableToAssess,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Allergy {
    pub statement: AllergyStatement,
    pub what: String,
    pub criticality: Option<Criticality>,
    /// Clinical status, such as "active" or "resolved".
    pub status: Option<String>,
    /// Such as "confirmed", "unconfirmed" or "refuted".
    pub verification: Option<String>,
    pub reactions: Vec<String>,
    /// When it began, as the EHR wrote it: a year, a day, a text.
    pub onset: Option<String>,
    pub recorded: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartProblem {
    pub what: String,
    pub status: Option<String>,
    pub verification: Option<String>,
    pub onset: Option<String>,
    pub recorded: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Medication {
    pub what: String,
    /// Such as "active" or "on-hold".
    pub status: String,
    pub dosage: Vec<String>,
    /// When it was ordered, or stated.
    pub written: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartVital {
    pub what: String,
    /// One, or the components of a panel such as a blood pressure.
    pub values: Vec<ChartValue>,
    /// When it was measured, as the EHR wrote it.
    pub taken: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartValue {
    /// Of a component, such as "Systolic blood pressure".
    pub what: Option<String>,
    /// "<", "<=", ">=" or ">": the true value is so against `number`.
    pub comparator: Option<String>,
    pub number: Option<Decimal>,
    pub unit: Option<String>,
    /// A value that is no number, or why there is none.
    pub text: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartDocument {
    pub what: String,
    pub title: Option<String>,
    pub date: Option<String>,
    pub authors: Vec<String>,
    /// Media types of its contents, such as "application/pdf".
    pub content_types: Vec<String>,
    /// Where it is not the current one, such as "superseded", or not signed, such as "preliminary".
    pub status: Option<String>,
}

/// No log ever holds what is in a chart.
macro_rules! hidden {
    ($($name:ident),*) => { $(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )* };
}

hidden!(PatientChart, Allergy, ChartProblem, Medication, ChartVital, ChartValue, ChartDocument);

impl<T> fmt::Debug for ChartPart<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChartPart({} entries)", self.entries.len())
    }
}

impl<T> ChartPart<T> {
    /// There is no list, and `trouble` says why.
    pub fn not_known(trouble: impl Into<String>) -> Self {
        Self {
            asked: None,
            trouble: Some(trouble.into()),
            entries: Vec::new(),
            unreadable: 0,
            of_others: 0,
            more: false,
        }
    }
}
