//! The FHIR R4 data types that our resources are made of (section 2.24), written only, never read.
//!
//! Structs instead of `serde_json::Value`, so that a decimal keeps its digits: 37.60 says more than 37.6.

use clinical::{Decimal, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;
pub use terminology::{Coding, Unit};

/// Codes, or words where there is no code that means exactly this.
#[derive(Serialize)]
pub struct CodeableConcept {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coding: Vec<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'static str>,
}

impl CodeableConcept {
    pub fn of(coding: Coding) -> Self {
        Self::both([coding])
    }

    /// Several codes for one thing, the most wanted first.
    pub fn both(coding: impl Into<Vec<Coding>>) -> Self {
        Self { coding: coding.into(), text: None }
    }

    pub fn words(text: &'static str) -> Self {
        Self { coding: Vec::new(), text: Some(text) }
    }
}

/// To another resource, or to somebody of whom the EHR is only told the name.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Reference {
    To { reference: String },
    Named { display: String },
    Both { reference: String, display: String },
}

impl Reference {
    pub fn to(reference: &str) -> Self {
        Self::To { reference: reference.to_owned() }
    }

    pub fn named(display: &str) -> Self {
        Self::Named { display: display.to_owned() }
    }
}

/// A number with its UCUM unit. Some servers assume a unit where none is sent, so it is always there.
#[derive(Serialize)]
pub struct Quantity {
    value: Box<RawValue>,
    unit: &'static str,
    system: &'static str,
    code: &'static str,
}

impl Quantity {
    pub fn new(value: Decimal, unit: Unit) -> Self {
        let value = RawValue::from_string(value.to_string())
            .expect("a decimal is written as JSON writes a number");
        Self { value, unit: unit.written, system: "http://unitsofmeasure.org", code: unit.ucum }
    }
}

/// An evenly sampled signal (2.24.0.11).
#[derive(Serialize)]
pub struct SampledData {
    origin: Quantity,
    /// Milliseconds from one sample to the next.
    period: Box<RawValue>,
    dimensions: u8,
    data: String,
}

impl SampledData {
    /// `None`: there is no sample, or no rate to read them by.
    pub fn new(samples: &[i32], hertz: u16, unit: Unit) -> Option<Self> {
        if samples.is_empty() || hertz == 0 {
            return None;
        }
        // To the nanosecond: a strip of an hour is not a sample off.
        let nanoseconds = 1_000_000_000 / i64::from(hertz);
        let period = Decimal::new(nanoseconds, -6).to_string();
        let data: Vec<_> = samples.iter().map(ToString::to_string).collect();
        Some(Self {
            origin: Quantity::new(Decimal::new(0, 0), unit),
            period: RawValue::from_string(period)
                .expect("a decimal is written as JSON writes a number"),
            dimensions: 1,
            data: data.join(" "),
        })
    }
}

#[derive(Serialize)]
pub struct Period {
    pub start: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
}

#[derive(Serialize)]
pub struct Annotation {
    pub text: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    pub content_type: String,
    /// base64 (RFC 4648), without line breaks: some validators refuse them.
    pub data: String,
    /// In bytes, before base64.
    pub size: usize,
    pub title: String,
    pub creation: Timestamp,
}

#[derive(Serialize)]
pub struct Meta {
    profile: [String; 1],
}

impl Meta {
    /// Claims a profile of US Core by the last part of its name.
    pub fn us_core(profile: &str) -> Self {
        Self { profile: [format!("http://hl7.org/fhir/us/core/StructureDefinition/{profile}")] }
    }
}
