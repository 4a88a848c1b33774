//! The codes that we send: LOINC for what it is, beside it IEEE 11073-10101 for how a device measured
//! it, UCUM for units, SNOMED CT for places of the body.
//!
//! The same whether an EHR is told by FHIR or by HL7 version 2. Knows neither.

mod audit;

pub use audit::*;
use clinical::{
    BodySite, Decimal, GlucoseSample, GlucoseUnit, Meal, Quality,
    news2::{Breathing, Consciousness, Spo2Scale},
};
use serde::Serialize;

/// A code of a published system. Serialises as FHIR R4 writes a `Coding` (section 2.24.0.5).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Coding {
    /// The system's URI, as FHIR names it.
    pub system: &'static str,
    pub code: &'static str,
    pub display: &'static str,
}

/// A unit as people write it and as UCUM codes it.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    pub written: &'static str,
    pub ucum: &'static str,
}

pub const LOINC: &str = "http://loinc.org";
pub const SNOMED: &str = "http://snomed.info/sct";
pub const MDC: &str = "urn:iso:std:iso:11073:10101";

pub const MILLIMETRES_OF_MERCURY: Unit = Unit { written: "mmHg", ucum: "mm[Hg]" };
pub const PER_MINUTE: Unit = Unit { written: "/min", ucum: "/min" };
pub const PER_CENT: Unit = Unit { written: "%", ucum: "%" };
pub const CELSIUS: Unit = Unit { written: "°C", ucum: "Cel" };
pub const KILOGRAM: Unit = Unit { written: "kg", ucum: "kg" };
pub const CENTIMETRE: Unit = Unit { written: "cm", ucum: "cm" };
pub const KILOGRAM_PER_SQUARE_METRE: Unit = Unit { written: "kg/m²", ucum: "kg/m2" };
pub const OHM: Unit = Unit { written: "Ω", ucum: "Ohm" };
pub const MICROVOLT: Unit = Unit { written: "µV", ucum: "uV" };

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
pub const RESPIRATORY_RATE: Coding = loinc("9279-1", "Respiratory rate");
pub const RESPONSIVENESS: Coding = loinc("67775-7", "Level of responsiveness");
pub const PREGNANCY_STATUS: Coding = loinc("82810-3", "Pregnancy status");
pub const BODY_WEIGHT: Coding = loinc("29463-7", "Body weight");
pub const BODY_HEIGHT: Coding = loinc("8302-2", "Body height");
pub const BMI: Coding = loinc("39156-5", "Body mass index (BMI) [Ratio]");
pub const BODY_FAT: Coding = loinc("41982-0", "Percentage of body fat Measured");
pub const EKG_STUDY: Coding = loinc("11524-6", "EKG study");
pub const CONSULT_NOTE: Coding = loinc("11488-4", "Consult note");
/// What a visit was, told by the machine that kept it.
pub const EPISODE_SUMMARY: Coding = loinc("34133-9", "Summary of episode note");
/// The procedure, for the sound that was heard in it: LOINC has no code for a recording of it.
pub const AUSCULTATION: Coding = snomed("37931006", "Auscultation");
pub const PHOTOGRAPH: Coding = loinc("72170-4", "Photographic image");

/// Where LOINC has no code that means exactly this, words. Of what a scale makes of an impedance:
pub const MUSCLE: &str = "Muscle percentage";
pub const BODY_WATER: &str = "Body water mass";
pub const IMPEDANCE: &str = "Impedance";
/// LOINC asks for a flow or a concentration; a nurse who says "on oxygen" has said neither.
pub const AIR_OR_OXYGEN: &str = "Breathing air or oxygen";
/// Which scale was prescribed.
pub const OXYGEN_SCALE: &str = "NEWS2 SpO2 scale";

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
pub const SOCIAL_HISTORY: Coding =
    Coding { code: "social-history", display: "Social History", ..VITAL_SIGNS };
pub const LABORATORY: Coding = Coding { code: "laboratory", display: "Laboratory", ..VITAL_SIGNS };
pub const PROCEDURE: Coding = Coding { code: "procedure", display: "Procedure", ..VITAL_SIGNS };
/// Something went wrong in the measurement: there is no value, and none is made up.
pub const ERROR: Coding = Coding {
    system: "http://terminology.hl7.org/CodeSystem/data-absent-reason",
    code: "error",
    display: "Error",
};

pub const MDC_CUFF: Coding = mdc("150020", "MDC_PRESS_BLD_NONINV");
pub const MDC_CUFF_SYSTOLIC: Coding = mdc("150021", "MDC_PRESS_BLD_NONINV_SYS");
pub const MDC_CUFF_DIASTOLIC: Coding = mdc("150022", "MDC_PRESS_BLD_NONINV_DIA");
pub const MDC_CUFF_MEAN: Coding = mdc("150023", "MDC_PRESS_BLD_NONINV_MEAN");
/// The three ways in which a rate of the heart is counted: by the cuff, the oximeter, the ECG.
pub const MDC_CUFF_PULSE: Coding = mdc("149546", "MDC_PULS_RATE_NON_INV");
pub const MDC_OXIMETER_PULSE: Coding = mdc("149530", "MDC_PULS_OXIM_PULS_RATE");
pub const MDC_ECG_RATE: Coding = mdc("147842", "MDC_ECG_HEART_RATE");
pub const MDC_OXIMETER: Coding = mdc("150456", "MDC_PULS_OXIM_SAT_O2");
pub const MDC_TEMPERATURE: Coding = mdc("150364", "MDC_TEMP_BODY");
pub const MDC_WEIGHT: Coding = mdc("188736", "MDC_MASS_BODY_ACTUAL");
pub const MDC_HEIGHT: Coding = mdc("188740", "MDC_LEN_BODY_ACTUAL");
/// Left arm against right arm. A chest strap lies across the chest in the same direction.
pub const MDC_LEAD_I: Coding = mdc("131329", "MDC_ECG_ELEC_POTL_I");

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

const fn mdc(code: &'static str, display: &'static str) -> Coding {
    Coding { system: MDC, code, display }
}

pub fn glucose_unit(unit: GlucoseUnit) -> Unit {
    match unit {
        GlucoseUnit::MgPerDl => Unit { written: "mg/dL", ucum: "mg/dL" },
        GlucoseUnit::MmolPerL => Unit { written: "mmol/L", ucum: "mmol/L" },
    }
}

/// LOINC tells mass from moles and one specimen from another.
pub fn glucose(sample: Option<GlucoseSample>, unit: GlucoseUnit) -> Coding {
    use GlucoseSample as S;
    let (mass, moles) = match sample {
        Some(S::CapillaryWholeBlood | S::CapillaryPlasma) => (
            loinc("41653-7", "Glucose [Mass/volume] in Capillary blood by Glucometer"),
            loinc("14743-9", "Glucose [Moles/volume] in Capillary blood by Glucometer"),
        ),
        Some(S::VenousPlasma | S::ArterialPlasma | S::UndeterminedPlasma) => (
            loinc("2345-7", "Glucose [Mass/volume] in Serum or Plasma"),
            loinc("14749-6", "Glucose [Moles/volume] in Serum or Plasma"),
        ),
        Some(S::InterstitialFluid) => (
            loinc("99504-3", "Glucose [Mass/volume] in Interstitial fluid"),
            loinc("105272-9", "Glucose [Moles/volume] in Interstitial fluid"),
        ),
        Some(S::VenousWholeBlood | S::ArterialWholeBlood | S::UndeterminedWholeBlood) | None => (
            loinc("2339-0", "Glucose [Mass/volume] in Blood"),
            loinc("15074-8", "Glucose [Moles/volume] in Blood"),
        ),
    };
    match unit {
        GlucoseUnit::MgPerDl => mass,
        GlucoseUnit::MmolPerL => moles,
    }
}

/// The specimen as the meter names it (IEEE 11073-10417).
pub fn mdc_glucose(sample: GlucoseSample) -> Coding {
    match sample {
        GlucoseSample::CapillaryWholeBlood => mdc("160184", "MDC_CONC_GLU_CAPILLARY_WHOLEBLOOD"),
        GlucoseSample::CapillaryPlasma => mdc("160188", "MDC_CONC_GLU_CAPILLARY_PLASMA"),
        GlucoseSample::VenousWholeBlood => mdc("160192", "MDC_CONC_GLU_VENOUS_WHOLEBLOOD"),
        GlucoseSample::VenousPlasma => mdc("160196", "MDC_CONC_GLU_VENOUS_PLASMA"),
        GlucoseSample::ArterialWholeBlood => mdc("160200", "MDC_CONC_GLU_ARTERIAL_WHOLEBLOOD"),
        GlucoseSample::ArterialPlasma => mdc("160204", "MDC_CONC_GLU_ARTERIAL_PLASMA"),
        GlucoseSample::InterstitialFluid => mdc("160212", "MDC_CONC_GLU_ISF"),
        GlucoseSample::UndeterminedWholeBlood => {
            mdc("160364", "MDC_CONC_GLU_UNDETERMINED_WHOLEBLOOD")
        }
        GlucoseSample::UndeterminedPlasma => mdc("160368", "MDC_CONC_GLU_UNDETERMINED_PLASMA"),
    }
}

/// The five words of ACVPU, as the UK Core value set of that name has them.
pub fn consciousness(level: Consciousness) -> Coding {
    match level {
        Consciousness::Alert => snomed("248234008", "Mentally alert"),
        Consciousness::Confusion => snomed("130987000", "Acute confusion"),
        Consciousness::Voice => snomed("300202002", "Responds to voice"),
        Consciousness::Pain => snomed("450847001", "Responds to pain"),
        Consciousness::Unresponsive => snomed("422768004", "Unresponsive"),
    }
}

/// When the sample of a glucose meter was taken; there is no code that both standards share.
pub fn meal(meal: Meal) -> &'static str {
    match meal {
        Meal::BeforeMeal => "Before a meal.",
        Meal::AfterMeal => "After a meal.",
        Meal::Fasting => "Fasting.",
        Meal::Casual => "Between meals.",
        Meal::Bedtime => "At bedtime.",
    }
}

/// A height in centimetres, as charts have it. Exact: the digits stay, the point moves.
pub fn centimetres(metres: Decimal) -> Decimal {
    Decimal::new(metres.mantissa(), metres.exponent().saturating_add(2))
}

pub fn breathing(of: Breathing) -> Coding {
    match of {
        Breathing::Air => snomed("722742002", "Breathing room air"),
        Breathing::Oxygen => snomed("371825009", "Patient on oxygen"),
    }
}

/// The value of [`OXYGEN_SCALE`].
pub fn oxygen_scale(scale: Spo2Scale) -> &'static str {
    match scale {
        Spo2Scale::One => "Scale 1",
        Spo2Scale::Two => "Scale 2: prescribed target 88-92 %",
    }
}

pub fn pregnancy(pregnant: bool) -> Coding {
    match pregnant {
        true => snomed("77386006", "Pregnant"),
        false => snomed("60001007", "Not pregnant"),
    }
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

/// No code list has what a device thinks of its own measurement: it becomes a note.
pub fn remark(quality: Quality) -> &'static str {
    match quality {
        Quality::Motion => "The device reports movement during the measurement.",
        Quality::LooseCuff => "The device reports a loose cuff.",
        Quality::IrregularPulse => "The device reports an irregular pulse.",
        Quality::LowPerfusion => "The device reports low perfusion.",
        Quality::Artifact => "The device reports artifacts in its signal.",
        Quality::WrongPosition => "The device reports a wrong position of the body or the sensor.",
        Quality::PulseOutOfRange => "The device reports a pulse outside its range.",
        Quality::Questionable => "The device itself doubts the value.",
        Quality::DeviceFault => "The device reports a fault of its own, its sensor or its sample.",
        Quality::ControlSolution => "Control solution: not a patient's value.",
        Quality::Demonstration => {
            "The device was demonstrating or testing itself: not a patient's value."
        }
        Quality::ClockOff => {
            "The device's clock was off; the time is corrected by the cart's clock."
        }
        Quality::Unusual => "The value is unusual; compare it with the patient before using it.",
    }
}
