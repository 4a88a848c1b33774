//! What meters, scales, straps and ECG leads become, where a whole payload would hide the point.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use clinical::{
    BloodPressure, BodyComposition, Decimal, DeviceId, DeviceIdentity, Ecg, Glucose, GlucoseSample,
    GlucoseUnit, HeartRate, Meal, Measurement, Quality, Reading, ReadingId, Timestamp, Weight,
};
use fhir::{Chart, observations};
use serde_json::{Value, json};
use uuid::Uuid;

const RECEIVED: Timestamp = Timestamp::from_millis(1_795_333_320_007);

fn reading(measurement: Measurement) -> Reading {
    Reading {
        id: ReadingId::new(Uuid::from_u128(0x019a_a8c0_0000_7000_8000_0000_0000_0002)),
        measurement,
        device: DeviceIdentity {
            id: DeviceId("device".into()),
            model: "Model".into(),
            serial: Some("A-1042".into()),
            firmware: None,
        },
        device_time: None,
        corrected_time: None,
        sequence: None,
        received: RECEIVED,
        quality: Vec::new(),
        raw_sha256: "00".repeat(32),
    }
}

fn sent(reading: &Reading) -> Vec<Value> {
    let chart = Chart { patient: "Patient/okafor".into(), encounter: "Encounter/77".into() };
    let resources = observations(reading, &chart);
    resources.iter().map(|resource| serde_json::from_str(&resource.json).unwrap()).collect()
}

/// "8867-4 147842": the codes in their order.
fn codes(concept: &Value) -> String {
    let codings = concept["coding"].as_array().unwrap().iter();
    codings.map(|coding| coding["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

/// Profile, category, codes, and value with its unit.
fn check(observation: &Value, profile: &str, category: &str, code: &str, value: &str) {
    let claimed = observation["meta"]["profile"][0].as_str().unwrap_or_default();
    assert_eq!(claimed.rsplit('/').next().unwrap(), profile);
    assert_eq!(codes(&observation["category"][0]), category);
    assert_eq!(codes(&observation["code"]), code);
    let quantity = &observation["valueQuantity"];
    assert_eq!(format!("{} {}", quantity["value"], quantity["code"].as_str().unwrap()), value);
}

fn glucose(sample: Option<GlucoseSample>, unit: GlucoseUnit) -> Measurement {
    let concentration = Decimal::new(112, 0);
    Measurement::Glucose(Glucose { concentration, unit, sample, meal: Some(Meal::Fasting) })
}

#[test]
fn a_strap_s_heart_rate_is_told_from_a_pulse_by_its_second_code() {
    let rate = sent(&reading(Measurement::HeartRate(HeartRate { rate: 72.into() })));
    check(&rate[0], "us-core-heart-rate", "vital-signs", "8867-4 147842", "72 /min");
    let cuff = BloodPressure {
        systolic: 128.into(),
        diastolic: 82.into(),
        mean: None,
        pulse: Some(74.into()),
    };
    let cuff = sent(&reading(Measurement::BloodPressure(cuff)));
    check(&cuff[1], "us-core-heart-rate", "vital-signs", "8867-4 149546", "74 /min");
}

#[test]
fn glucose_is_a_laboratory_s_and_its_code_follows_specimen_and_unit() {
    use GlucoseSample::{CapillaryWholeBlood, InterstitialFluid, VenousPlasma};
    use GlucoseUnit::{MgPerDl, MmolPerL};
    for (sample, unit, code, value) in [
        (Some(CapillaryWholeBlood), MgPerDl, "41653-7 160184", "112 mg/dL"),
        (Some(CapillaryWholeBlood), MmolPerL, "14743-9 160184", "112 mmol/L"),
        (Some(VenousPlasma), MgPerDl, "2345-7 160196", "112 mg/dL"),
        (Some(InterstitialFluid), MgPerDl, "99504-3 160212", "112 mg/dL"),
        (Some(InterstitialFluid), MmolPerL, "105272-9 160212", "112 mmol/L"),
        (None, MgPerDl, "2339-0", "112 mg/dL"),
        (None, MmolPerL, "15074-8", "112 mmol/L"),
    ] {
        let found = sent(&reading(glucose(sample, unit)));
        check(&found[0], "us-core-observation-lab", "laboratory", code, value);
        assert_eq!(found[0]["note"], json!([{ "text": "Fasting." }]));
    }
}

#[test]
fn a_scale_that_knows_the_height_gives_three_observations_and_centimetres() {
    let weight = Weight {
        kilograms: Decimal::new(72_500, -3),
        height_m: Some(Decimal::new(1_755, -3)),
        bmi: Some(Decimal::new(235, -1)),
    };
    let all = sent(&reading(Measurement::Weight(weight)));
    assert_eq!(all.len(), 3);
    check(&all[0], "us-core-body-weight", "vital-signs", "29463-7 188736", "72.5 kg");
    check(&all[1], "us-core-body-height", "vital-signs", "8302-2 188740", "175.5 cm");
    check(&all[2], "us-core-bmi", "vital-signs", "39156-5", "23.5 kg/m2");
    let ids: Vec<_> = all.iter().map(|one| one["identifier"][0]["value"].to_string()).collect();
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2], "{ids:?}");
}

#[test]
fn body_fat_carries_what_the_scale_infers_and_leaves_out_what_it_does_not() {
    let body = BodyComposition {
        fat_percent: Decimal::new(213, -1),
        muscle_percent: None,
        water_kg: Some(Decimal::new(381, -1)),
        impedance_ohm: None,
    };
    let all = sent(&reading(Measurement::BodyComposition(body)));
    check(&all[0], "", "vital-signs", "41982-0", "21.3 %");
    let components = all[0]["component"].as_array().unwrap();
    assert_eq!(components.len(), 1);
    assert_eq!(components[0]["code"], json!({ "text": "Body water mass" }));
}

#[test]
fn an_ecg_is_sampled_data_that_can_be_drawn_again() {
    let strip = Ecg { microvolts: vec![-12, 0, 845], hertz: 130 };
    let all = sent(&reading(Measurement::Ecg(strip)));
    assert_eq!(
        (codes(&all[0]["code"]), codes(&all[0]["category"][0])),
        ("11524-6".into(), "procedure".into())
    );
    let lead = &all[0]["component"][0];
    assert_eq!(codes(&lead["code"]), "131329");
    let data = &lead["valueSampledData"];
    assert_eq!((&data["data"], &data["dimensions"]), (&json!("-12 0 845"), &json!(1)));
    assert_eq!(data["period"].to_string(), "7.692307");
    assert_eq!(data["origin"]["code"], "uV");
}

#[test]
fn an_ecg_without_samples_says_that_they_are_missing() {
    for strip in [Ecg { microvolts: Vec::new(), hertz: 130 }, Ecg { microvolts: vec![1], hertz: 0 }]
    {
        let all = sent(&reading(Measurement::Ecg(strip)));
        let lead = &all[0]["component"][0];
        assert!(lead.get("valueSampledData").is_none());
        assert_eq!(codes(&lead["dataAbsentReason"]), "error");
    }
}

#[test]
fn the_time_is_the_corrected_one_and_never_the_device_s_own() {
    let corrected = RECEIVED.plus_millis(-60_000);
    let strap = Measurement::HeartRate(HeartRate { rate: 72.into() });
    let stored = Reading {
        device_time: Some(RECEIVED.plus_millis(-9_000_000)),
        corrected_time: Some(corrected),
        quality: vec![Quality::ClockOff],
        ..reading(strap.clone())
    };
    assert_eq!(sent(&stored)[0]["effectiveDateTime"], corrected.to_string());
    assert_eq!(sent(&reading(strap))[0]["effectiveDateTime"], RECEIVED.to_string());
}
