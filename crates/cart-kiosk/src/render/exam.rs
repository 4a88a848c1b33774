//! The only writer of the exam cameras' buttons and names, their picture excepted.

use clinical::{ExamCamera, Examined, Laterality};

use super::rows;
use crate::{
    model::Model,
    ui::{ExamAdapter, ExamWord, SideWord},
};

/// Beside the room; a third name would be cut on the smallest screen.
const FIRST_ROW: usize = 2;

pub fn draw(model: &Model, bar: &ExamAdapter<'_>) {
    let examining = model.examining();
    let words: Vec<_> = examining.cameras.iter().map(|camera| word(*camera)).collect();
    let (first, more) = words.split_at(words.len().min(FIRST_ROW));
    if let Some(list) = rows::update(&bar.get_cameras(), first.to_vec()) {
        bar.set_cameras(list);
    }
    if let Some(list) = rows::update(&bar.get_more_cameras(), more.to_vec()) {
        bar.set_more_cameras(list);
    }
    bar.set_examined(examining.examined.map_or(ExamWord::None, |examined| word(examined.with)));
    bar.set_has_sides(examining.examined.is_some_and(has_sides));
    bar.set_side(match examining.examined.and_then(|examined| examined.side) {
        None => SideWord::None,
        Some(Laterality::Right) => SideWord::Right,
        Some(Laterality::Left) => SideWord::Left,
    });
}

fn has_sides(examined: Examined) -> bool {
    examined.with.of_a_pair().is_some()
}

const fn word(camera: ExamCamera) -> ExamWord {
    match camera {
        ExamCamera::Otoscope => ExamWord::Otoscope,
        ExamCamera::Dermatoscope => ExamWord::Dermatoscope,
        ExamCamera::Ophthalmoscope => ExamWord::Ophthalmoscope,
        ExamCamera::HandCamera => ExamWord::HandCamera,
    }
}

/// What was pressed; `None`: the room.
pub const fn camera(word: ExamWord) -> Option<ExamCamera> {
    match word {
        ExamWord::None => None,
        ExamWord::Otoscope => Some(ExamCamera::Otoscope),
        ExamWord::Dermatoscope => Some(ExamCamera::Dermatoscope),
        ExamWord::Ophthalmoscope => Some(ExamCamera::Ophthalmoscope),
        ExamWord::HandCamera => Some(ExamCamera::HandCamera),
    }
}
