//! The only writer of the vitals page. The call page shows the same tiles.

use cart_api::{DeviceState, DeviceStatus, EncounterState, Measurable, SavedReading, SyncStage};
use clinical::{BodySite, Measurement, Quality};
use slint::{Model as _, ModelRc, VecModel};

use super::{format::Clock, rows};
use crate::{
    model::{Model, Wish},
    ui::{DeviceLook, EarlierValue, Gauge, Remark, Site, Stage, VitalTile, VitalsAdapter},
};

const TILES: [Measurable; 3] =
    [Measurable::BloodPressure, Measurable::Oximetry, Measurable::Temperature];
/// As many as the tallest screen shows; an oximeter may have sent hundreds.
const EARLIER: usize = 12;

pub fn draw(model: &Model, clock: &Clock<'_>, page: &VitalsAdapter<'_>) {
    let patient = model.encounter().map(|encounter| clock.patient(&encounter.patient));
    page.set_patient(patient.unwrap_or_default());
    let tiles = TILES.map(|what| tile(model, what, clock)).to_vec();
    if let Some(list) = rows::update_by(&page.get_tiles(), tiles, same) {
        page.set_tiles(list);
    }
    page.set_can_call(!model.is_asked(Wish::Call));
    page.set_calling(model.is_asked(Wish::Call));
    page.set_ask_end(model.asks_end());
    page.set_unsent(model.unsent().try_into().unwrap_or(i32::MAX));
    page.set_ending(model.is_asked(Wish::End));
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
        ..VitalTile::default()
    };
    let mut readings = newest_first(model.encounter(), what).take(1 + EARLIER);
    if cuff.is_some() {
        // The place of the value is the cuff's now: a pressure beside an old time would be misread.
        return VitalTile { earlier: list(readings.map(|saved| earlier(saved, clock))), ..frame };
    }
    let Some(newest) = readings.next() else { return frame };
    let shown = shown(&newest.reading.measurement);
    VitalTile {
        value: shown.value.into(),
        pulse: shown.pulse.into(),
        site: shown.site,
        time: clock.time(newest.reading.received).into(),
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
    readings.iter().rev().filter(move |saved| kind(&saved.reading.measurement) == what)
}

const fn kind(measurement: &Measurement) -> Measurable {
    match measurement {
        Measurement::BloodPressure(_) => Measurable::BloodPressure,
        Measurement::Oximetry(_) => Measurable::Oximetry,
        Measurement::Temperature(_) => Measurable::Temperature,
    }
}

struct Shown {
    value: String,
    pulse: String,
    site: Site,
}

fn shown(measurement: &Measurement) -> Shown {
    let digits = |pulse: Option<clinical::Decimal>| pulse.map(|it| it.to_string());
    match measurement {
        Measurement::BloodPressure(found) => Shown {
            value: format!("{}/{}", found.systolic, found.diastolic),
            pulse: digits(found.pulse).unwrap_or_default(),
            site: Site::None,
        },
        Measurement::Oximetry(found) => Shown {
            value: found.spo2.to_string(),
            pulse: digits(found.pulse).unwrap_or_default(),
            site: Site::None,
        },
        Measurement::Temperature(found) => Shown {
            value: found.celsius.to_string(),
            pulse: String::new(),
            site: found.site.map_or(Site::None, site),
        },
    }
}

fn earlier(saved: &SavedReading, clock: &Clock<'_>) -> EarlierValue {
    EarlierValue {
        value: shown(&saved.reading.measurement).value.into(),
        time: clock.time(saved.reading.received).into(),
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
    }
}

const fn stage(stage: SyncStage) -> Stage {
    match stage {
        SyncStage::OnCart => Stage::OnCart,
        SyncStage::Sent => Stage::Sent,
        SyncStage::InEhr => Stage::InEhr,
        SyncStage::SetAside => Stage::SetAside,
    }
}

const fn remark(quality: Quality) -> Remark {
    match quality {
        Quality::Motion => Remark::Motion,
        Quality::LooseCuff => Remark::LooseCuff,
        Quality::IrregularPulse => Remark::IrregularPulse,
        Quality::LowPerfusion => Remark::LowPerfusion,
        Quality::Artifact => Remark::Artifact,
        Quality::Unusual => Remark::Unusual,
    }
}

const fn site(site: BodySite) -> Site {
    match site {
        BodySite::Armpit => Site::Armpit,
        BodySite::Body => Site::Body,
        BodySite::Ear => Site::Ear,
        BodySite::Finger => Site::Finger,
        BodySite::GastroIntestinal => Site::Gut,
        BodySite::Mouth => Site::Mouth,
        BodySite::Rectum => Site::Rectum,
        BodySite::Toe => Site::Toe,
        BodySite::Tympanum => Site::Tympanum,
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
