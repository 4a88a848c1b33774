//! The tray of unassigned readings: its ways in, its list, and both decisions.

use cart_api::{CartState, Discarded, Identifier, Notice, NoticeKind, Refusal};
use clinical::{DeviceId, Quality, Sex};

use super::{Scene, offline, showing};
use crate::model::{Model, OwnKind, Press, TrayPress, testing::*};

pub fn all() -> Vec<Scene> {
    let scene = |name, model| Scene { name, model };
    vec![
        scene("worklist-unassigned", showing(told(signed_in()))),
        scene("vitals-unassigned", showing(told(measured()))),
        scene("unassigned", list(opened())),
        scene("unassigned-full", list(offline(fullest()))),
        scene("unassigned-no-encounter", list(signed_in())),
        scene("unassigned-empty", emptied()),
        scene("claim", claiming()),
        scene("claim-full", claim_full()),
        scene("claim-no-encounter", deciding(signed_in(), 1)),
        scene("claim-control", deciding(opened(), 3)),
        scene("discard", discarding()),
        scene("discard-full", discard_full()),
    ]
}

pub fn told(state: CartState) -> CartState {
    let device = DeviceId("oximeter".into());
    let notices = vec![Notice { id: 1, at: NOW, kind: NoticeKind::Unassigned { device } }];
    CartState { notices, ..with_tray(state) }
}

pub fn list(state: CartState) -> Model {
    let mut model = showing(with_tray(state));
    press_all(&mut model, [Press::Tray(TrayPress::Open)]);
    model
}

fn emptied() -> Model {
    let mut model = list(opened());
    say(&mut model, opened());
    model.tell_for_a_test(OwnKind::Claimed);
    model
}

/// The page of this reading of the tray.
pub fn deciding(state: CartState, number: u128) -> Model {
    let mut model = list(state);
    press_all(&mut model, [Press::Tray(TrayPress::Reading(reading_id(number)))]);
    model
}

pub fn claiming() -> Model {
    let mut model = deciding(opened(), 1);
    press_all(&mut model, [Press::Compared(Identifier::Name)]);
    model
}

pub fn discarding() -> Model {
    let mut model = deciding(opened(), 3);
    let reason = TrayPress::Reason(Discarded::NotAPatients);
    press_all(&mut model, [TrayPress::Discard, reason].map(Press::Tray));
    model
}

/// The longest name, every remark that a row has room for, and four rows.
fn fullest() -> CartState {
    let mut state = opened();
    let name = ["20261122-0031", "Schwarzenberger-Villanueva", "Maria Magdalena"];
    let long = patient(name[0], name[1], name[2], "1931-09-28", Sex::Unknown);
    state.encounter.as_mut().expect("it is open").patient = long;
    state
}

fn claim_full() -> Model {
    let mut model = deciding(offline(fullest()), 1);
    model.tell_for_a_test(OwnKind::Refused { refusal: Refusal::NotSaved, device: None });
    model
}

fn discard_full() -> Model {
    let mut state = offline(with_tray(fullest()));
    let remarks = [Quality::Unusual, Quality::ClockOff];
    state.tray.readings[0].reading.quality = remarks.to_vec();
    let mut model = showing(state);
    let reading = TrayPress::Reading(reading_id(1));
    press_all(&mut model, [TrayPress::Open, reading, TrayPress::Discard].map(Press::Tray));
    model.tell_for_a_test(OwnKind::NotReached);
    model
}
