//! The only writer of the worklist page.

use super::{format::Clock, rows};
use crate::{
    model::Model,
    ui::{WorklistAdapter, WorklistRow},
};

pub fn draw(model: &Model, clock: &Clock<'_>, page: &WorklistAdapter<'_>) {
    let worklist = model.state().map_or(&[][..], |state| &state.worklist);
    let shown = worklist.iter().map(|entry| WorklistRow {
        patient: clock.patient(&entry.patient),
        place: entry.place.as_str().into(),
        reason: entry.reason.as_str().into(),
    });
    if let Some(list) = rows::update(&page.get_rows(), shown.collect()) {
        page.set_rows(list);
    }
    let as_of = model.state().and_then(|state| state.worklist_as_of);
    page.set_as_of(as_of.map(|at| clock.time(at)).unwrap_or_default().into());
}
