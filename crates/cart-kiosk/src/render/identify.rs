//! The only writer of the page that identifies the patient.

use cart_api::Identifier;

use super::format::Clock;
use crate::{
    model::{Model, Wish},
    ui::IdentifyAdapter,
};

pub fn draw(model: &Model, clock: &Clock<'_>, page: &IdentifyAdapter<'_>) {
    let choice = model.choice();
    let patient = choice.map(|choice| clock.patient(&choice.entry.patient));
    page.set_patient(patient.unwrap_or_default());
    let compared = choice.map_or(&[][..], |choice| choice.compared.as_slice());
    page.set_name_compared(compared.contains(&Identifier::Name));
    page.set_birth_date_compared(compared.contains(&Identifier::BirthDate));
    page.set_number_compared(compared.contains(&Identifier::Number));
    page.set_scanner(model.has_scanner());
    let starting = model.is_asked(Wish::Open);
    page.set_starting(starting);
    page.set_can_start(!starting && choice.is_some_and(|choice| choice.compared.is_enough()));
}
