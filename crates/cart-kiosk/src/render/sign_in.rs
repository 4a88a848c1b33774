//! The only writer of the sign-in page.

use cart_api::SignInState;
use clinical::Timestamp;

use super::rows;
use crate::{
    model::{Model, PinState},
    ui::{NurseTile, PinLook, SignInAdapter},
};

pub fn draw(model: &Model, page: &SignInAdapter<'_>) {
    let pin = model.pin();
    if let Some(list) = rows::update(&page.get_nurses(), nurses(model)) {
        page.set_nurses(list);
    }
    page.set_chosen(pin.nurse.as_ref().map_or("", |nurse| &nurse.id).into());
    page.set_chosen_name(pin.nurse.as_ref().map_or("", |nurse| &nurse.name).into());
    page.set_digits(pin.typed().try_into().unwrap_or(i32::MAX));
    let (look, count) = look(pin.state, model.now());
    page.set_look(look);
    page.set_count(count);
    page.set_can_type(pin.can_type());
    page.set_can_submit(pin.can_submit());
    page.set_encounter_open(model.encounter().is_some());
}

fn nurses(model: &Model) -> Vec<NurseTile> {
    match model.state().map(|state| &state.sign_in) {
        Some(SignInState::SignedOut { nurses }) => nurses
            .iter()
            .map(|nurse| NurseTile {
                id: nurse.id.as_str().into(),
                name: nurse.name.as_str().into(),
            })
            .collect(),
        Some(SignInState::SignedIn { .. }) | None => Vec::new(),
    }
}

fn look(state: PinState, now: Timestamp) -> (PinLook, i32) {
    match state {
        PinState::Typing => (PinLook::Typing, 0),
        PinState::Checking => (PinLook::Checking, 0),
        PinState::Wrong { tries_left } => {
            (PinLook::Wrong, tries_left.try_into().unwrap_or(i32::MAX))
        }
        PinState::WaitUntil(until) => (PinLook::Wait, seconds_until(until, now)),
        PinState::Locked => (PinLook::Locked, 0),
        PinState::Failed => (PinLook::Failed, 0),
    }
}

/// Rounded up: "0 seconds" would not be true.
fn seconds_until(until: Timestamp, now: Timestamp) -> i32 {
    let millis = until.millis_since(now).max(0);
    (millis.saturating_add(999) / 1000).try_into().unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_counts_down_to_one() {
        let now = Timestamp::from_millis(0);
        assert_eq!(seconds_until(now.plus_millis(4_000), now), 4);
        assert_eq!(seconds_until(now.plus_millis(1), now), 1);
    }
}
