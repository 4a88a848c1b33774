//! Every kind of resource that delivery makes, as the bytes that leave.

use std::collections::BTreeMap;

use clinical::{
    Act, Actor, AuditEvent, AuditRow, BloodPressure, BodyComposition, BodySite, Decimal, Ecg,
    EncounterId, EntryId, Finding, Glucose, GlucoseSample, GlucoseUnit, HeartRate, Hex, Meal,
    Measurement, Note, Observed, Oximetry, Quality, Still, Subject, Temperature, Weight,
    news2::{Breathing, Consciousness, Spo2Scale},
};
use fhir::{
    Resource, Visit, audit_event, encounter, note, observations, observed, receipt, still,
    transaction,
};

use crate::payloads::{TIME, chart, id, opened, reading, sound};

/// By a name that says what it is.
pub type Sent = BTreeMap<String, String>;

/// Each resource as a create sends it and as an update under our own id does, all of one thing as a
/// transaction, and the rows of the audit as they are exported.
pub fn everything() -> Sent {
    let mut all = Sent::new();
    for (name, resources) in things() {
        all.insert(format!("{name}, transaction"), transaction(&resources));
        for (number, resource) in resources.into_iter().enumerate() {
            let name = format!("{name}, {} {number}", resource.kind);
            all.insert(format!("{name}, put"), resource.json_with_id());
            all.insert(name, resource.json);
        }
    }
    all.extend(Act::ALL.iter().map(|act| (format!("audit {}", act.word()), row(*act))));
    all
}

fn things() -> Vec<(String, Vec<Resource>)> {
    let mut all: Vec<_> = measurements()
        .into_iter()
        .map(|(name, measurement)| {
            let reading = reading(measurement, "Model", vec![Quality::Motion, Quality::Unusual]);
            (name.to_owned(), observations(&reading, &chart()))
        })
        .collect();
    all.extend(findings().into_iter().map(|what| (format!("{what:?}"), vec![seen(what)])));
    all.extend([
        ("still".to_owned(), vec![picture()]),
        ("auscultation".to_owned(), vec![sound()]),
        ("note".to_owned(), vec![written()]),
        ("receipt".to_owned(), vec![told()]),
        ("opened".to_owned(), vec![visit(false)]),
        ("closed".to_owned(), vec![visit(true)]),
    ]);
    all
}

/// With all that a device may tell, and with nothing that it may leave out.
fn measurements() -> [(&'static str, Measurement); 17] {
    let d = |digits, exponent| Decimal::new(digits, exponent);
    let cuff = |mean, pulse| {
        let (systolic, diastolic) = (d(128, 0), d(82, 0));
        Measurement::BloodPressure(BloodPressure { systolic, diastolic, mean, pulse })
    };
    let oximeter = |pulse| Measurement::Oximetry(Oximetry { spo2: d(97, 0), pulse });
    let thermometer = |site| Measurement::Temperature(Temperature { celsius: d(3760, -2), site });
    let meter = |sample, unit, meal| {
        Measurement::Glucose(Glucose { concentration: d(62, -1), unit, sample, meal })
    };
    let scale =
        |height_m, bmi| Measurement::Weight(Weight { kilograms: d(72_500, -3), height_m, bmi });
    let body = |muscle_percent, water_kg, impedance_ohm| {
        let fat_percent = d(213, -1);
        let body = BodyComposition { fat_percent, muscle_percent, water_kg, impedance_ohm };
        Measurement::BodyComposition(body)
    };
    let strip = |microvolts, hertz| Measurement::Ecg(Ecg { microvolts, hertz });
    let interstitial = Some(GlucoseSample::InterstitialFluid);
    let capillary = Some(GlucoseSample::CapillaryWholeBlood);
    [
        ("cuff", cuff(Some(d(97, 0)), Some(d(74, 0)))),
        ("cuff without mean and pulse", cuff(None, None)),
        ("oximeter", oximeter(Some(d(74, 0)))),
        ("oximeter without pulse", oximeter(None)),
        ("thermometer", thermometer(Some(BodySite::Tympanum))),
        ("thermometer without site", thermometer(None)),
        ("strap", Measurement::HeartRate(HeartRate { rate: d(72, 0) })),
        ("meter", meter(capillary, GlucoseUnit::MmolPerL, Some(Meal::Fasting))),
        ("meter of tissue", meter(interstitial, GlucoseUnit::MgPerDl, None)),
        ("meter without sample", meter(None, GlucoseUnit::MgPerDl, None)),
        ("scale", scale(Some(d(1_755, -3)), Some(d(235, -1)))),
        ("scale without height", scale(None, None)),
        ("body scale", body(Some(d(402, -1)), Some(d(381, -1)), Some(d(512, 0)))),
        ("body scale of fat only", body(None, None, None)),
        ("strip", strip(vec![-12, 0, 845], 130)),
        ("strip without samples", strip(Vec::new(), 130)),
        ("strip without a rate", strip(vec![1], 0)),
    ]
}

fn findings() -> Vec<Finding> {
    let levels = [
        Consciousness::Alert,
        Consciousness::Confusion,
        Consciousness::Voice,
        Consciousness::Pain,
        Consciousness::Unresponsive,
    ];
    let mut all: Vec<_> = levels.map(|level| Finding::Consciousness { level }).into();
    all.extend([
        Finding::RespiratoryRate { per_minute: 18 },
        Finding::RespiratoryRate { per_minute: 0 },
        Finding::Breathing { of: Breathing::Air },
        Finding::Breathing { of: Breathing::Oxygen },
        Finding::Pregnancy { pregnant: true },
        Finding::Pregnancy { pregnant: false },
        Finding::OxygenScale { scale: Spo2Scale::One },
        Finding::OxygenScale { scale: Spo2Scale::Two },
    ]);
    all
}

fn seen(what: Finding) -> Resource {
    observed(EntryId::new(id(5)), &Observed { what, by: "Maria Silva".into() }, TIME, &chart())
}

fn picture() -> Resource {
    let words = Still {
        sha256: "00".repeat(32),
        media_type: "image/jpeg".into(),
        bytes: 4,
        width: 1920,
        height: 1080,
        taken: TIME,
        examined: None,
    };
    still(EntryId::new(id(3)), &words, &[0xff, 0xd8, 0xff, 0xd9], &chart())
}

fn written() -> Resource {
    let words = Note { author: "Dr. Amara Weiss".into(), text: "Lungs clear. 37.6 °C.\n".into() };
    note(EntryId::new(id(4)), &words, TIME, &chart())
}

fn told() -> Resource {
    let text = include_str!("../../testdata/receipt.txt").to_owned();
    let words = Note { author: "Telemedicine cart cart-3-east".into(), text };
    receipt(EntryId::new(id(6)), &words, TIME, &chart())
}

fn visit(is_over: bool) -> Resource {
    let until = is_over.then(|| TIME.plus_millis(900_000));
    let opened = opened();
    let visit = Visit { id: EncounterId::new(id(1)), opened: &opened, from: TIME, until };
    encounter(&visit, "Patient/okafor")
}

fn row(act: Act) -> String {
    let event = AuditEvent::new(TIME, Actor::nurse("4711"), act)
        .about(Subject::Encounter(EncounterId::new(id(1))))
        .about(Subject::Nurse("4711".into()));
    audit_event(&AuditRow { position: 65, event, hash: Hex([0xa5; 32]) }, "Bedside hub")
}
