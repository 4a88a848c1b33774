//! The codes that we send: LOINC for what it is, UCUM for units, SNOMED CT for places of the body.

use clinical::{BodySite, Quality};

use crate::types::{Coding, Unit};

const LOINC: &str = "http://loinc.org";
const SNOMED: &str = "http://snomed.info/sct";

pub const MILLIMETRES_OF_MERCURY: Unit = Unit { written: "mmHg", ucum: "mm[Hg]" };
pub const PER_MINUTE: Unit = Unit { written: "/min", ucum: "/min" };
pub const PER_CENT: Unit = Unit { written: "%", ucum: "%" };
pub const CELSIUS: Unit = Unit { written: "°C", ucum: "Cel" };

pub const BLOOD_PRESSURE: Coding =
    loinc("85354-9", "Blood pressure panel with all children optional");
pub const SYSTOLIC: Coding = loinc("8480-6", "Systolic blood pressure");
pub const DIASTOLIC: Coding = loinc("8462-4", "Diastolic blood pressure");
pub const MEAN: Coding = loinc("8478-0", "Mean blood pressure");
pub const HEART_RATE: Coding = loinc("8867-4", "Heart rate");
pub const SPO2_BY_OXIMETER: Coding =
    loinc("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry");
/// FHIR's own vital signs profile asks for this one, US Core for both.
pub const SPO2: Coding = loinc("2708-6", "Oxygen saturation in Arterial blood");
pub const BODY_TEMPERATURE: Coding = loinc("8310-5", "Body temperature");
pub const CONSULT_NOTE: Coding = loinc("11488-4", "Consult note");
pub const PHOTOGRAPH: Coding = loinc("72170-4", "Photographic image");

pub const VITAL_SIGNS: Coding = Coding {
    system: "http://terminology.hl7.org/CodeSystem/observation-category",
    code: "vital-signs",
    display: "Vital Signs",
};
pub const CLINICAL_NOTE: Coding = Coding {
    system: "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
    code: "clinical-note",
    display: "Clinical Note",
};
/// The physician is elsewhere (HL7 v3 ActEncounterCode).
pub const VIRTUAL: Coding = Coding {
    system: "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    code: "VR",
    display: "virtual",
};
pub const TELEMEDICINE_CONSULTATION: Coding =
    snomed("448337001", "Telemedicine consultation with patient");

const fn loinc(code: &'static str, display: &'static str) -> Coding {
    Coding { system: LOINC, code, display }
}

const fn snomed(code: &'static str, display: &'static str) -> Coding {
    Coding { system: SNOMED, code, display }
}

pub fn body_site(site: BodySite) -> Coding {
    match site {
        BodySite::Armpit => snomed("91470000", "Axillary region structure"),
        BodySite::Body => snomed("38266002", "Entire body as a whole"),
        BodySite::Ear => snomed("117590005", "Ear structure"),
        BodySite::Finger => snomed("7569003", "Finger structure"),
        BodySite::GastroIntestinal => snomed("122865005", "Gastrointestinal tract structure"),
        BodySite::Mouth => snomed("123851003", "Mouth region structure"),
        BodySite::Rectum => snomed("34402009", "Rectum structure"),
        BodySite::Toe => snomed("29707007", "Toe structure"),
        BodySite::Tympanum => snomed("42859004", "Tympanic membrane structure"),
    }
}

/// FHIR has no code list for what a device thinks of its own measurement: it becomes a note.
pub fn remark(quality: Quality) -> &'static str {
    match quality {
        Quality::Motion => "The device reports movement during the measurement.",
        Quality::LooseCuff => "The device reports a loose cuff.",
        Quality::IrregularPulse => "The device reports an irregular pulse.",
        Quality::LowPerfusion => "The device reports low perfusion.",
        Quality::Artifact => "The device reports artifacts in its signal.",
        Quality::Unusual => "The value is unusual; compare it with the patient before using it.",
    }
}
