//! The sheet of what the nurse sees herself, and the page that counts breaths, at every step.

use cart_api::{CartState, Refusal, SyncStage};
use clinical::{
    Finding, Sex,
    news2::{Breathing, Consciousness},
};

use super::{Scene, offline, showing};
use crate::model::{BreathsPress, Input, Model, ObservePress, OwnKind, Press, testing::*};

pub fn all() -> Vec<Scene> {
    let scene = |name, model| Scene { name, model };
    vec![
        scene("observe-new", sheet(opened())),
        scene("observe", chosen(seen(measured()))),
        scene("observe-saved", sheet(seen(measured()))),
        scene("observe-full", full()),
        scene("breaths", breaths(opened(), &[])),
        scene("breaths-running", counting(9, 24)),
        scene("breaths-counted", counting(9, 31)),
        scene("breaths-none", counting(0, 31)),
        scene("breaths-too-many", counting(60, 31)),
        scene("breaths-spoiled", spoiled()),
        scene("breaths-typed", breaths(measured(), &[1, 8].map(BreathsPress::Digit))),
        scene("breaths-full", breaths_full()),
    ]
}

pub fn sheet(state: CartState) -> Model {
    let mut model = showing(of_age(state));
    press_all(&mut model, [Press::Observe(ObservePress::Open)]);
    model
}

/// A patient of whom everything on the sheet is asked.
fn of_age(mut state: CartState) -> CartState {
    let patient = patient("101502", "Nguyen", "Thi Mai", "1990-07-02", Sex::Female);
    state.encounter.as_mut().expect("it is open").patient = patient;
    state
}

/// Everything is saved already, some of it long ago.
pub fn seen(mut state: CartState) -> CartState {
    state.encounter.as_mut().expect("it is open").observed = vec![
        observed(31, Finding::Pregnancy { pregnant: false }, 135, SyncStage::InEhr),
        observed(32, Finding::Consciousness { level: Consciousness::Alert }, 70, SyncStage::InEhr),
        observed(33, Finding::Breathing { of: Breathing::Air }, 12, SyncStage::Sent),
        observed(34, Finding::RespiratoryRate { per_minute: 22 }, 11, SyncStage::InEhr),
        observed(35, Finding::RespiratoryRate { per_minute: 18 }, 0, SyncStage::OnCart),
    ];
    state
}

pub fn chosen(state: CartState) -> Model {
    let mut model = sheet(state);
    let findings = [
        Finding::Consciousness { level: Consciousness::Voice },
        Finding::Breathing { of: Breathing::Oxygen },
    ];
    press_all(&mut model, findings.map(|what| Press::Observe(ObservePress::Choose(what))));
    model
}

/// A notice, no hub, the longest name; everything chosen and on its way to the record.
fn full() -> Model {
    let mut state = offline(seen(measured()));
    for saved in &mut state.encounter.as_mut().expect("it is open").observed {
        saved.observed.what = match saved.observed.what {
            Finding::Consciousness { .. } => Finding::Consciousness { level: Consciousness::Pain },
            Finding::RespiratoryRate { .. } => Finding::RespiratoryRate { per_minute: 44 },
            other => other,
        };
        saved.at = NOW.plus_millis(-3_500_000);
    }
    let mut model = chosen(state);
    for digit in [4, 4] {
        press_all(&mut model, at_breaths(&[BreathsPress::Digit(digit)]));
    }
    let rest = [
        ObservePress::TakeRate,
        ObservePress::Choose(Finding::Pregnancy { pregnant: true }),
        ObservePress::Save,
    ];
    press_all(&mut model, rest.map(Press::Observe));
    model.tell_for_a_test(OwnKind::Refused { refusal: Refusal::NotSaved, device: None });
    model
}

fn at_breaths(presses: &[BreathsPress]) -> Vec<Press> {
    let open = [Press::Observe(ObservePress::OpenBreaths)];
    let presses = presses.iter().map(|press| Press::Observe(ObservePress::Breaths(*press)));
    open.into_iter().chain(presses).collect()
}

pub fn breaths(state: CartState, presses: &[BreathsPress]) -> Model {
    let mut model = sheet(state);
    press_all(&mut model, at_breaths(presses));
    model
}

/// So many taps in the first second, and so many seconds later.
pub fn counting(taps: usize, seconds: i64) -> Model {
    let presses = std::iter::once(BreathsPress::Start).chain(vec![BreathsPress::Tap; taps]);
    let mut model = breaths(opened(), &presses.collect::<Vec<_>>());
    for second in 1..=seconds {
        assert!(model.update(Input::Tick, NOW.plus_millis(second * 1_000)).is_empty());
    }
    model
}

fn spoiled() -> Model {
    let mut model = counting(3, 5);
    assert!(model.update(Input::Tick, NOW).is_empty());
    model
}

fn breaths_full() -> Model {
    let mut model = breaths(offline(measured()), &[4, 4].map(BreathsPress::Digit));
    model.tell_for_a_test(OwnKind::NotReached);
    model
}
