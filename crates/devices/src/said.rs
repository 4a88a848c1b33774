//! For tests: what the actions of a driver say.

use crate::{Action, Channel, Measured, Report};

/// What is written to the channel, in hexadecimal.
pub(crate) fn written_to(channel: Channel, actions: &[Action]) -> Vec<String> {
    let hexadecimal = |bytes: &Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    actions
        .iter()
        .filter_map(|action| match action {
            Action::Write { channel: to, bytes } if *to == channel => Some(hexadecimal(bytes)),
            _ => None,
        })
        .collect()
}

pub(crate) fn measured(actions: &[Action]) -> Vec<Measured> {
    actions
        .iter()
        .filter_map(|action| match action {
            Action::Report(Report::Measured(measured)) => Some(measured.clone()),
            _ => None,
        })
        .collect()
}

/// Without what is told to who watches.
pub(crate) fn without_live(actions: Vec<Action>) -> Vec<Action> {
    let live = |action: &Action| matches!(action, Action::Report(Report::Live(_)));
    actions.into_iter().filter(|action| !live(action)).collect()
}
