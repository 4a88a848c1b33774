//! The only writer of the vitals page. The call page shows the same tiles.

use cart_api::{DeviceState, DeviceStatus, EncounterState, Measurable, SavedReading, SyncStage};
use clinical::{Measurement, Quality};
use slint::{Model as _, ModelRc, VecModel};

mod score;
pub mod shown;
mod trend;

use self::{
    score::score,
    shown::{beside, shown},
    trend::trend,
};
use super::{format::Clock, rows};
use crate::{
    model::{Model, Wish},
    ui::{DeviceLook, EarlierValue, Gauge, Remark, Stage, VitalTile, VitalsAdapter},
};

const TILES: [Measurable; 3] =
    [Measurable::BloodPressure, Measurable::Oximetry, Measurable::Temperature];
/// Shown where the cart has such a device, or its value came from elsewhere.
const MORE: [Measurable; 3] = [Measurable::HeartRate, Measurable::Glucose, Measurable::Weight];
/// A device that ends within the shift; per cent.
const LOW_BATTERY: u8 = 20;
/// As many as the tallest screen shows; an oximeter may have sent hundreds.
const EARLIER: usize = 12;

pub fn draw(model: &Model, clock: &Clock<'_>, page: &VitalsAdapter<'_>) {
    let patient = model.encounter().map(|encounter| clock.patient(&encounter.patient));
    page.set_patient(patient.unwrap_or_default());
    let tiles = TILES.map(|what| tile(model, what, clock)).to_vec();
    if let Some(list) = rows::update_by(&page.get_tiles(), tiles, same) {
        page.set_tiles(list);
    }
    let more = MORE.into_iter().filter(|what| is_there(model, *what));
    let more = more.map(|what| tile(model, what, clock)).collect();
    if let Some(list) = rows::update_by(&page.get_more(), more, same) {
        page.set_more(list);
    }
    let warning = model.encounter().map(|encounter| score(&encounter.early_warning));
    page.set_score(warning.unwrap_or_default());
    page.set_can_call(!model.is_asked(Wish::Call));
    page.set_calling(model.is_asked(Wish::Call));
    page.set_ask_end(model.asks_end());
    page.set_unsent(model.unsent().try_into().unwrap_or(i32::MAX));
    page.set_ending(model.is_asked(Wish::End));
}

fn is_there(model: &Model, what: Measurable) -> bool {
    let with_it = |saved: &SavedReading| match saved.reading.measurement {
        Measurement::Ecg(_) => what == Measurable::HeartRate,
        Measurement::BodyComposition(_) => what == Measurable::Weight,
        _ => false,
    };
    model.device(what).is_some()
        || newest_first(model.encounter(), what).next().is_some()
        || model.encounter().is_some_and(|encounter| encounter.readings.iter().any(with_it))
}

fn tile(model: &Model, what: Measurable, clock: &Clock<'_>) -> VitalTile {
    let device = model.device(what);
    let cuff = cuff_pressure(device);
    let frame = VitalTile {
        what: gauge(what),
        device: look(device),
        cuff_known: cuff.is_some(),
        cuff: cuff.map_or(0, i32::from),
        asked: model.is_asked(Wish::Measure(what)),
        low_battery: low_battery(device),
        ..VitalTile::default()
    };
    let frame = beside(frame, model.encounter(), clock);
    let mut readings = newest_first(model.encounter(), what).take(1 + EARLIER);
    if cuff.is_some() {
        // The place of the value is the cuff's now: a pressure beside an old time would be misread.
        return VitalTile { earlier: list(readings.map(|saved| earlier(saved, clock))), ..frame };
    }
    let Some(newest) = readings.next() else { return frame };
    let shown = shown(&newest.reading.measurement);
    let mut readings = readings.peekable();
    let before = readings.peek().map(|saved| &saved.reading.measurement);
    VitalTile {
        value: shown.value.into(),
        trend: trend(&newest.reading.measurement, before),
        pulse: shown.pulse.into(),
        site: shown.site,
        in_mmol: shown.in_mmol,
        meal: shown.meal,
        time: clock.time(newest.reading.measured_at()).into(),
        model: newest.reading.device.model.as_str().into(),
        stage: stage(newest.stage),
        remarks: list(newest.reading.quality.iter().map(|quality| remark(*quality))),
        earlier: list(readings.map(|saved| earlier(saved, clock))),
        ..frame
    }
}

fn newest_first(
    encounter: Option<&EncounterState>,
    what: Measurable,
) -> impl Iterator<Item = &SavedReading> {
    let readings = encounter.map_or(&[][..], |encounter| &encounter.readings);
    readings.iter().rev().filter(move |saved| kind(&saved.reading.measurement) == Some(what))
}

/// Whose tile shows it as its value. An ECG and what a scale infers stand beside a value.
const fn kind(measurement: &Measurement) -> Option<Measurable> {
    match measurement {
        Measurement::BloodPressure(_) => Some(Measurable::BloodPressure),
        Measurement::Oximetry(_) => Some(Measurable::Oximetry),
        Measurement::Temperature(_) => Some(Measurable::Temperature),
        Measurement::HeartRate(_) => Some(Measurable::HeartRate),
        Measurement::Glucose(_) => Some(Measurable::Glucose),
        Measurement::Weight(_) => Some(Measurable::Weight),
        Measurement::BodyComposition(_) | Measurement::Ecg(_) => None,
    }
}

fn low_battery(device: Option<&DeviceState>) -> i32 {
    let charge = device.and_then(|device| device.battery);
    // Shown as 1 at its very end: 0 is "nothing to say".
    charge.filter(|charge| *charge <= LOW_BATTERY).map_or(0, |charge| i32::from(charge.max(1)))
}

fn earlier(saved: &SavedReading, clock: &Clock<'_>) -> EarlierValue {
    EarlierValue {
        value: shown(&saved.reading.measurement).value.into(),
        time: clock.time(saved.reading.measured_at()).into(),
        stage: stage(saved.stage),
    }
}

fn look(device: Option<&DeviceState>) -> DeviceLook {
    match device.map(|device| &device.status) {
        None => DeviceLook::Absent,
        Some(DeviceStatus::Away) => DeviceLook::Away,
        Some(DeviceStatus::Ready) => DeviceLook::Ready,
        Some(DeviceStatus::Measuring { .. }) => DeviceLook::Measuring,
        Some(DeviceStatus::NotOnPatient) => DeviceLook::NotOnPatient,
    }
}

fn cuff_pressure(device: Option<&DeviceState>) -> Option<u16> {
    match device?.status {
        DeviceStatus::Measuring { cuff_mmhg } => cuff_mmhg,
        DeviceStatus::Away | DeviceStatus::Ready | DeviceStatus::NotOnPatient => None,
    }
}

const fn gauge(what: Measurable) -> Gauge {
    match what {
        Measurable::BloodPressure => Gauge::BloodPressure,
        Measurable::Oximetry => Gauge::Oximetry,
        Measurable::Temperature => Gauge::Temperature,
        Measurable::HeartRate => Gauge::HeartRate,
        Measurable::Glucose => Gauge::Glucose,
        Measurable::Weight => Gauge::Weight,
    }
}

pub const fn stage(stage: SyncStage) -> Stage {
    match stage {
        SyncStage::OnCart => Stage::OnCart,
        SyncStage::Sent => Stage::Sent,
        SyncStage::InEhr => Stage::InEhr,
        SyncStage::SetAside => Stage::SetAside,
    }
}

pub const fn remark(quality: Quality) -> Remark {
    match quality {
        Quality::Motion => Remark::Motion,
        Quality::LooseCuff => Remark::LooseCuff,
        Quality::IrregularPulse => Remark::IrregularPulse,
        Quality::LowPerfusion => Remark::LowPerfusion,
        Quality::Artifact => Remark::Artifact,
        Quality::WrongPosition => Remark::WrongPosition,
        Quality::PulseOutOfRange => Remark::PulseOutOfRange,
        Quality::Questionable => Remark::Questionable,
        Quality::DeviceFault => Remark::DeviceFault,
        Quality::ControlSolution => Remark::ControlSolution,
        Quality::Demonstration => Remark::Demonstration,
        Quality::ClockOff => Remark::ClockOff,
        Quality::Unusual => Remark::Unusual,
    }
}

fn list<T: Clone + 'static>(rows: impl Iterator<Item = T>) -> ModelRc<T> {
    ModelRc::new(VecModel::from(rows.collect::<Vec<_>>()))
}

fn same(old: &VitalTile, new: &VitalTile) -> bool {
    let lists =
        old.remarks.iter().eq(new.remarks.iter()) && old.earlier.iter().eq(new.earlier.iter());
    let with_lists_of_old =
        VitalTile { remarks: old.remarks.clone(), earlier: old.earlier.clone(), ..new.clone() };
    lists && *old == with_lists_of_old
}
