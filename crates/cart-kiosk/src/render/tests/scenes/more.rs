//! A cart that carries more than three devices: small tiles at their barest and at their fullest.

use cart_api::{CartState, DeviceState, DeviceStatus, Measurable, Notice, NoticeKind, SyncStage};
use clinical::{BodyComposition, Decimal, DeviceId, Ecg, HeartRate, Measurement, Quality, Weight};

use super::{Scene, full, in_call, showing};
use crate::model::testing::*;

pub fn all() -> Vec<Scene> {
    let scene = |name, state| Scene { name, model: showing(state) };
    vec![
        scene("more-new", carrying(opened())),
        scene("more", carrying(weighed(measured()))),
        scene("more-full", full_of_all()),
        scene("more-call", carrying(weighed(in_call()))),
        scene("unusual", unusual()),
    ]
}

/// With a strap, a glucose meter whose battery ends, and a scale.
fn carrying(mut state: CartState) -> CartState {
    let device = |measures, status, battery| DeviceState {
        id: DeviceId(format!("{measures:?}")),
        measures: Some(measures),
        status,
        battery,
    };
    state.devices.extend([
        device(Measurable::HeartRate, DeviceStatus::NotOnPatient, None),
        device(Measurable::Glucose, DeviceStatus::Away, Some(12)),
        device(Measurable::Weight, DeviceStatus::Ready, None),
    ]);
    state
}

fn weighed(mut state: CartState) -> CartState {
    let rate = Measurement::HeartRate(HeartRate { rate: 118.into() });
    let ecg = Measurement::Ecg(Ecg { microvolts: vec![0; 130 * 30], hertz: 130 });
    let kilograms = Decimal::new(1084, -1);
    let weight = Measurement::Weight(Weight { kilograms, height_m: None, bmi: None });
    let fat = Measurement::BodyComposition(BodyComposition {
        fat_percent: Decimal::new(318, -1),
        muscle_percent: None,
        water_kg: None,
        impedance_ohm: None,
    });
    let on_cart = SyncStage::OnCart;
    state.encounter.as_mut().expect("it is open").readings.extend([
        saved(20, ecg, 4, &[], on_cart),
        saved(21, rate, 3, &[], SyncStage::InEhr),
        saved(22, glucose(131), 2, &[Quality::ClockOff], SyncStage::Sent),
        saved(23, weight, 1, &[], on_cart),
        saved(24, fat, 1, &[], on_cart),
    ]);
    state
}

/// Doubt in every tile, a notice, no hub and a full tray at once.
fn full_of_all() -> CartState {
    let mut state = with_tray(carrying(weighed(full())));
    state.tray.waiting = 128;
    for saved in &mut state.encounter.as_mut().expect("it is open").readings {
        if !matches!(saved.reading.measurement, Measurement::BloodPressure(_)) {
            saved.reading.quality = vec![Quality::Unusual, Quality::ClockOff];
        }
    }
    let device = DeviceId(format!("{:?}", Measurable::Glucose));
    state.notices = vec![Notice { id: 1, at: NOW, kind: NoticeKind::Unassigned { device } }];
    state
}

fn unusual() -> CartState {
    let mut state = carrying(weighed(measured()));
    for saved in &mut state.encounter.as_mut().expect("it is open").readings {
        saved.reading.quality = vec![Quality::Unusual];
    }
    state
}
