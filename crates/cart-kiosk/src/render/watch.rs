//! What is measured all the time, and what is beyond its limit: the line on the vitals page.

use clinical::{Side, VitalSign, Watched};

use super::{format::Clock, rows};
use crate::{
    model::Model,
    ui::{SignWord, WatchAdapter, WatchedCard},
};

/// As many as the line has room for; what is beyond its limit comes first.
const SHOWN: usize = 4;

pub fn draw(model: &Model, clock: &Clock<'_>, line: &WatchAdapter<'_>) {
    let monitoring = model.encounter().map(|encounter| &encounter.monitoring);
    let mut watched: Vec<_> = monitoring.iter().flat_map(|of| &of.watched).collect();
    watched.sort_by_key(|watched| watched.beyond.is_none());
    let limits = monitoring.map(|of| of.limits).unwrap_or_default();
    let bound = |watched: &Watched| limits.of(watched.sign).bound(watched.beyond?);
    let card = |watched: &Watched| WatchedCard {
        sign: sign_word(watched.sign),
        value: watched.value.to_string().into(),
        live: watched.live,
        time: clock.time(watched.at).into(),
        below: watched.beyond == Some(Side::Low),
        above: watched.beyond == Some(Side::High),
        bound: bound(watched).map(|bound| bound.to_string()).unwrap_or_default().into(),
    };
    let cards = watched.into_iter().take(SHOWN).map(card).collect();
    if let Some(list) = rows::update(&line.get_watched(), cards) {
        line.set_watched(list);
    }
}

pub const fn sign_word(sign: VitalSign) -> SignWord {
    match sign {
        VitalSign::Spo2 => SignWord::Spo2,
        VitalSign::PulseRate => SignWord::Pulse,
        VitalSign::Systolic => SignWord::Systolic,
        VitalSign::Temperature => SignWord::Temperature,
        VitalSign::RespiratoryRate => SignWord::Breaths,
    }
}
