//! A measurement as the tile writes it: digits, and what belongs to them. Words are the window's.

use cart_api::EncounterState;
use clinical::{
    BodySite, Decimal, Ecg, Glucose, GlucoseUnit, Meal, Measurement, Oximetry, Reading,
};

use super::super::format::Clock;
use crate::ui::{Gauge, MealLook, Site, VitalTile};

pub struct Shown {
    pub value: String,
    pub pulse: String,
    pub site: Site,
    pub in_mmol: bool,
    pub meal: MealLook,
}

impl Shown {
    fn plain(value: Decimal) -> Self {
        let value = value.to_string();
        Self { value, pulse: String::new(), site: Site::None, in_mmol: false, meal: MealLook::None }
    }
}

pub fn shown(measurement: &Measurement) -> Shown {
    match measurement {
        Measurement::BloodPressure(found) => Shown {
            value: format!("{}/{}", found.systolic, found.diastolic),
            pulse: digits(found.pulse),
            ..Shown::plain(found.systolic)
        },
        Measurement::Oximetry(Oximetry { spo2, pulse }) => {
            Shown { pulse: digits(*pulse), ..Shown::plain(*spo2) }
        }
        Measurement::Temperature(found) => {
            Shown { site: found.site.map_or(Site::None, site), ..Shown::plain(found.celsius) }
        }
        Measurement::HeartRate(found) => Shown::plain(found.rate),
        Measurement::Glucose(Glucose { concentration, unit, meal: when, .. }) => Shown {
            in_mmol: *unit == GlucoseUnit::MmolPerL,
            meal: when.map_or(MealLook::None, meal),
            ..Shown::plain(*concentration)
        },
        Measurement::Weight(found) => Shown::plain(found.kilograms),
        Measurement::BodyComposition(found) => Shown::plain(found.fat_percent),
        Measurement::Ecg(found) => {
            Shown { value: String::new(), ..Shown::plain(found.hertz.into()) }
        }
    }
}

/// What another measurement of the same device adds to a tile: the ECG of a strap, the fat of a scale.
pub fn beside(tile: VitalTile, encounter: Option<&EncounterState>, clock: &Clock<'_>) -> VitalTile {
    let saved = encounter.map_or(&[][..], |encounter| &encounter.readings);
    let newest_first = || saved.iter().rev().map(|saved| &saved.reading);
    match tile.what {
        Gauge::HeartRate => newest_first().find_map(|reading| ecg(reading, clock)).map_or(
            tile.clone(),
            |(ecg_time, ecg_seconds)| VitalTile { ecg_time, ecg_seconds, ..tile },
        ),
        Gauge::Weight => {
            let fat = newest_first().find_map(|reading| match &reading.measurement {
                Measurement::BodyComposition(found) => Some(found.fat_percent.to_string()),
                _ => None,
            });
            VitalTile { fat: fat.unwrap_or_default().into(), ..tile }
        }
        Gauge::BloodPressure | Gauge::Oximetry | Gauge::Temperature | Gauge::Glucose => tile,
    }
}

/// When it was recorded, and for how many whole seconds.
fn ecg(reading: &Reading, clock: &Clock<'_>) -> Option<(slint::SharedString, i32)> {
    let Measurement::Ecg(strip) = &reading.measurement else { return None };
    Some((clock.time(reading.measured_at()).into(), seconds(strip)?))
}

/// How long an ECG is, in whole seconds; `None` where its rate is none.
pub fn seconds(strip: &Ecg) -> Option<i32> {
    let seconds = strip.microvolts.len().checked_div(usize::from(strip.hertz))?;
    Some(i32::try_from(seconds).unwrap_or(i32::MAX))
}

fn digits(number: Option<Decimal>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

const fn meal(meal: Meal) -> MealLook {
    match meal {
        Meal::BeforeMeal => MealLook::Before,
        Meal::AfterMeal => MealLook::After,
        Meal::Fasting => MealLook::Fasting,
        Meal::Casual => MealLook::Casual,
        Meal::Bedtime => MealLook::Bedtime,
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
