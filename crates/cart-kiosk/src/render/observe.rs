//! The only writer of the sheet of what the nurse sees herself, and of the page that counts breaths.

use cart_api::SavedObserved;
use clinical::{
    Finding, Patient, Sex,
    news2::{Breathing, Consciousness},
};

use super::{format::Clock, vitals::stage};
use crate::{
    model::{Aspect, COUNTED_MS, Count, Model},
    ui::{BreathsAdapter, CountLook, FindingLook, ObserveAdapter, ObservedRow},
};

/// Outside these years nobody is asked whether she is pregnant.
const CAN_BE_PREGNANT: std::ops::RangeInclusive<i32> = 10..=60;
const MINUTE_MS: i64 = 60_000;

pub fn draw(model: &Model, clock: &Clock<'_>, page: &ObserveAdapter<'_>) {
    page.set_rate(row(model, Aspect::Breaths, clock));
    page.set_consciousness(row(model, Aspect::Consciousness, clock));
    page.set_oxygen(row(model, Aspect::Oxygen, clock));
    page.set_pregnancy(row(model, Aspect::Pregnancy, clock));
    let patient = model.encounter().map(|encounter| &encounter.patient);
    let noted = model.saved_finding(Aspect::Pregnancy).is_some();
    page.set_offers_pregnancy(noted || patient.is_some_and(|of| can_be_pregnant(of, clock)));
    let chosen = model.all_chosen();
    page.set_unsaved(chosen.len().try_into().unwrap_or(i32::MAX));
    page.set_saving(chosen.iter().any(|chosen| model.is_saving(Aspect::of(chosen.what))));
}

/// By what the record says. Where it says nothing of sex or age, the question is offered.
fn can_be_pregnant(patient: &Patient, clock: &Clock<'_>) -> bool {
    let sex = match patient.sex {
        Sex::Male => false,
        Sex::Female | Sex::Other | Sex::Unknown => true,
    };
    sex && clock.age(patient).is_none_or(|age| CAN_BE_PREGNANT.contains(&age))
}

fn row(model: &Model, aspect: Aspect, clock: &Clock<'_>) -> ObservedRow {
    let chosen = model.chosen(aspect);
    let row = ObservedRow {
        chosen: chosen.map_or(FindingLook::None, |it| look(it.what)),
        chosen_rate: chosen.map_or(0, |it| rate(it.what)),
        counted: chosen.and_then(|it| it.counted).map_or(0, i32::from),
        saving: model.is_saving(aspect),
        ..ObservedRow::default()
    };
    let Some(SavedObserved { at, observed, stage: reached, .. }) = model.saved_finding(aspect)
    else {
        return row;
    };
    ObservedRow {
        saved: look(observed.what),
        saved_rate: rate(observed.what),
        time: clock.time(*at).into(),
        minutes: (model.now().millis_since(*at) / MINUTE_MS).max(0).try_into().unwrap_or(i32::MAX),
        stage: stage(*reached),
        ..row
    }
}

pub fn draw_breaths(model: &Model, page: &BreathsAdapter<'_>) {
    let breaths = model.breaths().unwrap_or_default();
    let (look, taps, left_ms) = match breaths.count {
        Count::NotStarted => (CountLook::NotStarted, 0, 0),
        Count::Running { started, taps, .. } => {
            (CountLook::Running, taps, COUNTED_MS - model.now().millis_since(started))
        }
        Count::Over { taps } => (CountLook::Over, taps, 0),
        Count::Spoiled => (CountLook::Spoiled, 0, 0),
    };
    page.set_count(look);
    page.set_taps(taps.into());
    // 30 at the start, 1 in the last second.
    page.set_seconds_left((left_ms + 999).div_euclid(1000).clamp(0, 30).try_into().unwrap_or(0));
    page.set_typed(breaths.typed.map(|typed| typed.to_string()).unwrap_or_default().into());
    let rate = breaths.rate();
    page.set_rate(rate.map_or(0, |rate| rate.per_minute.into()));
    page.set_can_take(rate.is_some());
}

pub const fn look(what: Finding) -> FindingLook {
    match what {
        Finding::RespiratoryRate { .. } => FindingLook::Rate,
        Finding::Consciousness { level } => match level {
            Consciousness::Alert => FindingLook::Alert,
            Consciousness::Confusion => FindingLook::Confusion,
            Consciousness::Voice => FindingLook::Voice,
            Consciousness::Pain => FindingLook::Pain,
            Consciousness::Unresponsive => FindingLook::Unresponsive,
        },
        Finding::Breathing { of: Breathing::Air } => FindingLook::Air,
        Finding::Breathing { of: Breathing::Oxygen } => FindingLook::Oxygen,
        Finding::Pregnancy { pregnant: true } => FindingLook::Pregnant,
        Finding::Pregnancy { pregnant: false } => FindingLook::NotPregnant,
        // It stands with the score.
        Finding::OxygenScale { .. } => FindingLook::None,
    }
}

fn rate(what: Finding) -> i32 {
    match what {
        Finding::RespiratoryRate { per_minute } => per_minute.into(),
        Finding::Consciousness { .. }
        | Finding::Breathing { .. }
        | Finding::Pregnancy { .. }
        | Finding::OxygenScale { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::model::testing::{NOW, patient};

    fn check(birth_date: &str, sex: Sex, offered: bool) {
        let zone = TimeZone::UTC;
        let of = patient("1", "A", "B", birth_date, sex);
        assert_eq!(can_be_pregnant(&of, &Clock::new(&zone, NOW)), offered, "{birth_date} {sex:?}");
    }

    #[test]
    fn pregnancy_is_asked_where_the_record_does_not_exclude_it() {
        check("1990-07-02", Sex::Female, true);
        check("1990-07-02", Sex::Other, true);
        check("1990-07-02", Sex::Unknown, true);
        check("1990-07-02", Sex::Male, false);
        check("2016-11-22", Sex::Female, true);
        check("2016-11-23", Sex::Female, false);
        check("1965-11-23", Sex::Female, true);
        check("1965-11-22", Sex::Female, false);
        check("", Sex::Female, true);
    }
}
