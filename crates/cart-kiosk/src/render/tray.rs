//! The only writer of the tray's pages: the list, whose a reading is, and why it is nobody's.

use cart_api::{Discarded, Identifier, TrayReading};
use clinical::{Measurement, Quality, Timestamp};

use super::{
    format::Clock,
    rows,
    vitals::{
        remark,
        shown::{seconds, shown},
    },
};
use crate::{
    model::{Model, Step, Wish},
    ui::{Finding, MeasuredLook, ReasonLook, TrayAdapter, TrayRow, WhyLook},
};
pub fn draw(model: &Model, clock: &Clock<'_>, page: &TrayAdapter<'_>) {
    let kept = model.tray().map_or(&[][..], |tray| &tray.readings);
    let list = kept.iter().map(|kept| row(kept, clock)).collect();
    if let Some(list) = rows::update(&page.get_rows(), list) {
        page.set_rows(list);
    }
    page.set_waiting(model.tray().map_or(0, |tray| tray.waiting).try_into().unwrap_or(i32::MAX));
    page.set_encounter_open(model.encounter().is_some());
    let patient = model.encounter().map(|encounter| clock.patient(&encounter.patient));
    page.set_patient(patient.unwrap_or_default());
    draw_decision(model, clock, page);
}

fn draw_decision(model: &Model, clock: &Clock<'_>, page: &TrayAdapter<'_>) {
    let decision = model.decision();
    let reading = decision.map(|(decision, _)| decision.reading);
    page.set_chosen(decision.map(|(_, kept)| row(kept, clock)).unwrap_or_default());
    let remarks = decision.map_or(&[][..], |(_, kept)| &kept.reading.quality);
    let remarks = remarks.iter().map(|quality| remark(*quality)).collect();
    if let Some(list) = rows::update(&page.get_remarks(), remarks) {
        page.set_remarks(list);
    }
    let compared = decision.map_or(&[][..], |(decision, _)| decision.compared.as_slice());
    page.set_name_compared(compared.contains(&Identifier::Name));
    page.set_birth_date_compared(compared.contains(&Identifier::BirthDate));
    page.set_number_compared(compared.contains(&Identifier::Number));
    let claiming = reading.is_some_and(|reading| model.is_asked(Wish::Claim(reading)));
    page.set_claiming(claiming);
    page.set_can_claim(model.can_claim() && !claiming);
    let reason = decision.map_or(ReasonLook::None, |(decision, _)| reason(decision.step));
    page.set_reason(reason);
    let discarding = reading.is_some_and(|reading| model.is_asked(Wish::Discard(reading)));
    page.set_discarding(discarding);
    page.set_can_discard(reason != ReasonLook::None && !discarding);
}

const fn reason(step: Step) -> ReasonLook {
    match step {
        Step::Whose | Step::Discard(None) => ReasonLook::None,
        Step::Discard(Some(Discarded::NotAPatients)) => ReasonLook::NotAPatients,
        Step::Discard(Some(Discarded::Unknown)) => ReasonLook::Unknown,
        Step::Discard(Some(Discarded::Wrong)) => ReasonLook::Wrong,
    }
}

fn row(kept: &TrayReading, clock: &Clock<'_>) -> TrayRow {
    let reading = &kept.reading;
    let shown = shown(&reading.measurement);
    let (value, finding) = match &reading.measurement {
        Measurement::Ecg(strip) => (seconds(strip).unwrap_or(0).to_string(), Finding::Ecg),
        other => (shown.value, finding(other)),
    };
    let (measured_by, measured) = measured(kept);
    TrayRow {
        id: reading.id.to_string().into(),
        finding,
        value: value.into(),
        in_mmol: shown.in_mmol,
        pulse: shown.pulse.into(),
        site: shown.site,
        meal: shown.meal,
        device: reading.device.model.as_str().into(),
        measured_by,
        measured: clock.moment(measured),
        received: clock.moment(reading.received),
        why: why(kept),
        claimable: kept.claimable,
    }
}

const fn finding(measurement: &Measurement) -> Finding {
    match measurement {
        Measurement::BloodPressure(_) => Finding::BloodPressure,
        Measurement::Oximetry(_) => Finding::Oximetry,
        Measurement::Temperature(_) => Finding::Temperature,
        Measurement::HeartRate(_) => Finding::HeartRate,
        Measurement::Glucose(_) => Finding::Glucose,
        Measurement::Weight(_) => Finding::Weight,
        Measurement::BodyComposition(_) => Finding::BodyFat,
        Measurement::Ecg(_) => Finding::Ecg,
    }
}

/// A device's clock that was not put right is told as what it is: the word of the device.
fn measured(kept: &TrayReading) -> (MeasuredLook, Timestamp) {
    let reading = &kept.reading;
    match (reading.corrected_time, reading.device_time) {
        (Some(corrected), _) => (MeasuredLook::Known, corrected),
        (None, Some(device)) => (MeasuredLook::ByDevice, device),
        (None, None) if why(kept) == WhyLook::TimeUnknown => {
            (MeasuredLook::SomeDay, reading.received)
        }
        (None, None) => (MeasuredLook::OnArrival, reading.received),
    }
}

/// By the word under which `encounter` put it into the tray; one of another version has none here.
fn why(kept: &TrayReading) -> WhyLook {
    let quality = &kept.reading.quality;
    match kept.why.as_str() {
        _ if quality.contains(&Quality::ControlSolution) => WhyLook::ControlSolution,
        _ if quality.contains(&Quality::Demonstration) => WhyLook::Demonstration,
        "no_encounter" => WhyLook::NoEncounter,
        "not_armed" => WhyLook::NotArmed,
        "too_old" => WhyLook::TooOld,
        "from_the_future" => WhyLook::FromTheFuture,
        "time_unknown" => WhyLook::TimeUnknown,
        _ => WhyLook::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{NOW, kept, pressure};

    #[test]
    fn the_words_are_those_of_the_rules() {
        use encounter::Unassigned;
        let rules = [
            Unassigned::NoEncounter,
            Unassigned::NotArmed,
            Unassigned::TooOld,
            Unassigned::FromTheFuture,
            Unassigned::TimeUnknown,
        ];
        for rule in rules {
            let kept = kept(1, pressure(120, 80), rule.word(), &[]);
            assert_ne!(why(&kept), WhyLook::Unknown, "{rule:?}");
        }
    }

    fn check_why(word: &str, quality: &[Quality], expected: WhyLook) {
        assert_eq!(why(&kept(1, pressure(120, 80), word, quality)), expected, "{word}");
    }

    #[test]
    fn every_reason_has_words_of_its_own() {
        check_why("no_encounter", &[], WhyLook::NoEncounter);
        check_why("not_armed", &[], WhyLook::NotArmed);
        check_why("too_old", &[Quality::ClockOff], WhyLook::TooOld);
        check_why("from_the_future", &[], WhyLook::FromTheFuture);
        check_why("time_unknown", &[], WhyLook::TimeUnknown);
        check_why("not_a_patients", &[Quality::ControlSolution], WhyLook::ControlSolution);
        check_why("not_a_patients", &[Quality::Demonstration], WhyLook::Demonstration);
        check_why("of_a_later_version", &[], WhyLook::Unknown);
    }

    fn check_measured(
        corrected: Option<i64>,
        device: Option<i64>,
        expected: (MeasuredLook, Timestamp),
    ) {
        let mut old = kept(1, pressure(120, 80), "too_old", &[]);
        let reading = &mut old.reading;
        reading.corrected_time = corrected.map(|minutes| NOW.plus_millis(60_000 * minutes));
        reading.device_time = device.map(|minutes| NOW.plus_millis(60_000 * minutes));
        assert_eq!(measured(&old), expected);
    }

    #[test]
    fn a_clock_that_was_not_put_right_is_not_told_as_the_time() {
        let at = |minutes: i64| NOW.plus_millis(60_000 * minutes);
        check_measured(Some(-30), Some(-90), (MeasuredLook::Known, at(-30)));
        check_measured(None, Some(-90), (MeasuredLook::ByDevice, at(-90)));
        let received = kept(1, pressure(120, 80), "too_old", &[]).reading.received;
        check_measured(None, None, (MeasuredLook::OnArrival, received));
    }

    #[test]
    fn what_came_out_of_a_memory_without_times_is_not_told_as_measured_on_arrival() {
        let stored = kept(1, pressure(120, 80), "time_unknown", &[]);
        assert_eq!(measured(&stored).0, MeasuredLook::SomeDay);
    }
}
