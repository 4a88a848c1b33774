//! Situations that tests start from.

use cart_api::{
    CallState, CartState, DeviceState, DeviceStatus, EncounterState, HubLink, Measurable, Nurse,
    PowerState, SavedObserved, SavedReading, SignInState, Space, Sync, SyncStage, Tray,
    TrayReading,
};
use clinical::{
    BloodPressure, BodySite, CallId, Decimal, DeviceId, DeviceIdentity, EarlyWarning, EncounterId,
    EntryId, Finding, Glucose, GlucoseUnit, Measurement, Monitoring, Observed, Oximetry, Patient,
    Quality, Reading, ReadingId, Sex, Temperature, Timestamp, Vital,
};
use hub_api::WorklistEntry;
use uuid::Uuid;

use super::{Effect, Input, Model, Press};

/// 2026-11-22 at 14:05 UTC.
pub const NOW: Timestamp = Timestamp::from_millis(1_795_356_300_000);
pub const CALL: CallId = CallId::new(Uuid::from_u128(7));

pub fn nurse() -> Nurse {
    Nurse { id: "4711".into(), name: "Amara Diallo".into() }
}

pub fn patient(number: &str, family: &str, given: &str, birth_date: &str, sex: Sex) -> Patient {
    let [number, family, given, birth_date] =
        [number, family, given, birth_date].map(str::to_owned);
    Patient { system: "urn:hospital".into(), number, family, given, birth_date, sex }
}

pub fn worklist() -> Vec<WorklistEntry> {
    let entry = |patient, place: &str, reason: &str| WorklistEntry {
        patient,
        place: place.into(),
        reason: reason.into(),
    };
    vec![
        entry(
            patient("100234", "Okafor", "Grace", "1958-03-14", Sex::Female),
            "Ward 3 East, bed 12",
            "Shortness of breath since this morning",
        ),
        entry(
            patient("100871", "Lindqvist", "Karl-Henrik", "1941-11-30", Sex::Male),
            "Ward 3 East, bed 14",
            "Follow-up after stroke",
        ),
        entry(patient("101502", "Nguyen", "Thi Mai", "1990-07-02", Sex::Female), "Emergency 2", ""),
    ]
}

pub fn signed_out() -> CartState {
    CartState {
        cart: "cart-07".into(),
        hub: HubLink::Connected,
        power: PowerState { on_mains: Some(true), charge: Some(100) },
        space: Space::Enough,
        sign_in: SignInState::SignedOut {
            nurses: vec![nurse(), Nurse { id: "4712".into(), name: "Ben Ortiz".into() }],
        },
        worklist: Vec::new(),
        worklist_as_of: None,
        encounter: None,
        devices: devices(DeviceStatus::Ready, DeviceStatus::Ready, DeviceStatus::Ready),
        call: CallState::None,
        sync: Sync::default(),
        notices: Vec::new(),
        tray: Tray::default(),
    }
}

pub fn signed_in() -> CartState {
    CartState {
        sign_in: SignInState::SignedIn { nurse: nurse() },
        worklist: worklist(),
        worklist_as_of: Some(NOW.plus_millis(-120_000)),
        ..signed_out()
    }
}

/// An encounter is open; nothing is measured.
pub fn opened() -> CartState {
    let encounter = EncounterState {
        id: EncounterId::new(Uuid::from_u128(5)),
        patient: worklist().remove(0).patient,
        opened: NOW.plus_millis(-600_000),
        readings: Vec::new(),
        observed: Vec::new(),
        stills: Vec::new(),
        auscultations: Vec::new(),
        early_warning: EarlyWarning::of(&worklist()[0].patient, [], NOW),
        monitoring: Monitoring::default(),
        stage: SyncStage::InEhr,
    };
    CartState { encounter: Some(encounter), ..signed_in() }
}

/// All three vitals, two of them twice, in different stages.
pub fn measured() -> CartState {
    let mut state = opened();
    let readings = vec![
        saved(1, pressure(141, 93), 9, &[], SyncStage::InEhr),
        saved(2, oximetry(95), 8, &[Quality::LowPerfusion], SyncStage::InEhr),
        saved(3, temperature(376), 5, &[], SyncStage::InEhr),
        saved(4, oximetry(97), 3, &[], SyncStage::Sent),
        saved(5, pressure(128, 82), 2, &[Quality::IrregularPulse], SyncStage::OnCart),
    ];
    let encounter = state.encounter.as_mut().expect("it is open");
    let vitals = readings.iter().map(|saved| Vital::Measured(&saved.reading));
    encounter.early_warning = EarlyWarning::of(&encounter.patient, vitals, NOW);
    encounter.readings = readings;
    state.sync = Sync { on_cart: 1, sent: 1, set_aside: 0 };
    state
}

pub fn in_call() -> CartState {
    let since = NOW.plus_millis(-151_000);
    let physician = "Dr. Priya Raman".to_owned();
    CartState {
        call: CallState::Answered { call: CALL, physician, since, relays: None },
        ..measured()
    }
}

pub fn ringing() -> CartState {
    CartState {
        call: CallState::Ringing { call: CALL, since: NOW.plus_millis(-8_000) },
        ..measured()
    }
}

pub fn devices(
    cuff: DeviceStatus,
    oximeter: DeviceStatus,
    thermometer: DeviceStatus,
) -> Vec<DeviceState> {
    let device = |id: &str, measures, status| DeviceState {
        id: DeviceId(id.to_owned()),
        measures: Some(measures),
        status,
        battery: None,
    };
    vec![
        device("cuff", Measurable::BloodPressure, cuff),
        device("oximeter", Measurable::Oximetry, oximeter),
        device("thermometer", Measurable::Temperature, thermometer),
    ]
}

pub fn pressure(systolic: u16, diastolic: u16) -> Measurement {
    Measurement::BloodPressure(BloodPressure {
        systolic: systolic.into(),
        diastolic: diastolic.into(),
        mean: Some(97.into()),
        pulse: Some(71.into()),
    })
}

pub fn oximetry(spo2: u16) -> Measurement {
    Measurement::Oximetry(Oximetry { spo2: spo2.into(), pulse: Some(72.into()) })
}

/// In tenths of a degree.
pub fn temperature(tenths: i64) -> Measurement {
    let celsius = Decimal::new(tenths, -1);
    Measurement::Temperature(Temperature { celsius, site: Some(BodySite::Tympanum) })
}

pub fn saved(
    number: u128,
    measurement: Measurement,
    minutes_ago: i64,
    quality: &[Quality],
    stage: SyncStage,
) -> SavedReading {
    let model = match &measurement {
        Measurement::BloodPressure(_) => "SunTech Advantage",
        Measurement::Oximetry(_) => "Nonin Xpod",
        Measurement::Temperature(_) => "GATT thermometer",
        Measurement::HeartRate(_) | Measurement::Ecg(_) => "Polar H10",
        Measurement::Glucose(_) => "Glucose meter",
        Measurement::Weight(_) | Measurement::BodyComposition(_) => "Body scale",
    };
    let device = DeviceIdentity {
        id: DeviceId("device".into()),
        model: model.into(),
        serial: None,
        firmware: None,
    };
    let reading = Reading {
        id: reading_id(number),
        measurement,
        device,
        device_time: None,
        corrected_time: None,
        sequence: None,
        received: NOW.plus_millis(-60_000 * minutes_ago),
        quality: quality.to_vec(),
        raw_sha256: String::new(),
    };
    SavedReading { entry: EntryId::new(Uuid::from_u128(number)), reading, stage }
}

/// Seen by the nurse who is signed in.
pub fn observed(number: u128, what: Finding, minutes_ago: i64, stage: SyncStage) -> SavedObserved {
    let (entry, at) =
        (EntryId::new(Uuid::from_u128(number)), NOW.plus_millis(-60_000 * minutes_ago));
    SavedObserved { entry, at, observed: Observed { what, by: nurse().name }, stage }
}

/// In tenths of a millimole per litre.
pub fn glucose(tenths: i64) -> Measurement {
    let concentration = Decimal::new(tenths, -1);
    let meal = Some(clinical::Meal::Fasting);
    Measurement::Glucose(Glucose { concentration, unit: GlucoseUnit::MmolPerL, sample: None, meal })
}

/// In the tray for the reason of this word.
pub fn kept(number: u128, measurement: Measurement, why: &str, quality: &[Quality]) -> TrayReading {
    let SavedReading { reading, .. } = saved(number, measurement, 4, quality, SyncStage::OnCart);
    TrayReading { claimable: reading.is_of_a_patient(), reading, why: why.into() }
}

/// Number 1 may be the patient's; 2 is of a device whose clock nobody knows; 3 is no patient's.
pub fn with_tray(state: CartState) -> CartState {
    let mut old = kept(1, pressure(141, 88), "too_old", &[Quality::ClockOff]);
    old.reading.corrected_time = Some(NOW.plus_millis(-20 * 3_600_000));
    old.reading.device_time = Some(NOW.plus_millis(-21 * 3_600_000));
    let mut dateless = kept(2, oximetry(93), "time_unknown", &[]);
    dateless.reading.device_time = Some(NOW.plus_millis(-400 * 24 * 3_600_000));
    let control = kept(3, glucose(71), "not_a_patients", &[Quality::ControlSolution]);
    CartState { tray: Tray { waiting: 3, readings: vec![old, dateless, control] }, ..state }
}

pub fn reading_id(number: u128) -> ReadingId {
    ReadingId::new(Uuid::from_u128(number))
}

/// A screen that was told this state.
pub fn showing(state: CartState) -> Model {
    let mut model = Model::new(NOW);
    say(&mut model, state);
    model
}

pub fn say(model: &mut Model, state: CartState) -> Vec<Effect> {
    model.update(Input::Said(cart_api::Response::State(Box::new(state))), NOW)
}

pub fn press(model: &mut Model, press: Press) -> Vec<Effect> {
    model.update(Input::Press(press), NOW)
}

pub fn press_all(model: &mut Model, presses: impl IntoIterator<Item = Press>) -> Vec<Effect> {
    presses.into_iter().flat_map(|one| press(model, one)).collect()
}

impl Model {
    /// A notice of the screen itself, without the story that leads to it.
    pub fn tell_for_a_test(&mut self, kind: super::OwnKind) {
        self.told.tell(kind, NOW);
    }
}
