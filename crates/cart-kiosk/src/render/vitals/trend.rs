//! Whether a vital sign rises or falls against the reading before it.
//!
//! The rule is the portal's (`hubd/portal/src/state/trend.ts`), so that nurse and physician see one arrow;
//! a test compares the limits.

use clinical::{Decimal, Measurement};

use crate::ui::TrendLook;

/// From how many tenths of its unit on a difference is more than devices differ by: two cuffs that may be
/// 5 mmHg off each, a pulse that varies with every breath, one oximeter on one finger, two thermometers.
const SYSTOLIC_TENTHS: i64 = 100;
const PULSE_TENTHS: i64 = 100;
const SATURATION_TENTHS: i64 = 30;
const TEMPERATURE_TENTHS: i64 = 5;

/// None where the two cannot be compared, such as an ear with an armpit.
pub fn trend(newest: &Measurement, before: Option<&Measurement>) -> TrendLook {
    use Measurement::{BloodPressure, HeartRate, Oximetry, Temperature};
    match (newest, before) {
        (BloodPressure(now), Some(BloodPressure(then))) => {
            compare(now.systolic, then.systolic, SYSTOLIC_TENTHS)
        }
        (Oximetry(now), Some(Oximetry(then))) => compare(now.spo2, then.spo2, SATURATION_TENTHS),
        (HeartRate(now), Some(HeartRate(then))) => compare(now.rate, then.rate, PULSE_TENTHS),
        (Temperature(now), Some(Temperature(then))) if now.site == then.site => {
            compare(now.celsius, then.celsius, TEMPERATURE_TENTHS)
        }
        _ => TrendLook::None,
    }
}

fn compare(now: Decimal, then: Decimal, differs_from: i64) -> TrendLook {
    let (now, then) = (now.in_units(1), then.in_units(1));
    if now.abs_diff(then) < differs_from.unsigned_abs() {
        TrendLook::Steady
    } else if now > then {
        TrendLook::Rising
    } else {
        TrendLook::Falling
    }
}

#[cfg(test)]
mod tests {
    use clinical::{BodySite, HeartRate, Temperature};

    use super::*;
    use crate::model::testing::{glucose, oximetry, pressure, temperature};

    fn check(newest: &Measurement, before: &Measurement, expected: TrendLook) {
        assert_eq!(trend(newest, Some(before)), expected, "{before:?} → {newest:?}");
    }

    #[test]
    fn a_difference_that_devices_may_make_is_steady() {
        check(&temperature(372), &temperature(368), TrendLook::Steady);
        check(&temperature(373), &temperature(368), TrendLook::Rising);
        check(&temperature(363), &temperature(368), TrendLook::Falling);
        check(&oximetry(95), &oximetry(97), TrendLook::Steady);
        check(&oximetry(94), &oximetry(97), TrendLook::Falling);
        check(&pressure(129, 80), &pressure(120, 80), TrendLook::Steady);
        check(&pressure(130, 80), &pressure(120, 80), TrendLook::Rising);
        let rate = |rate: u16| Measurement::HeartRate(HeartRate { rate: rate.into() });
        check(&rate(84), &rate(75), TrendLook::Steady);
        check(&rate(85), &rate(75), TrendLook::Rising);
    }

    #[test]
    fn what_cannot_be_compared_has_no_trend() {
        let armpit = Temperature { celsius: Decimal::new(372, -1), site: Some(BodySite::Armpit) };
        check(&Measurement::Temperature(armpit), &temperature(362), TrendLook::None);
        check(&glucose(131), &glucose(71), TrendLook::None);
        assert_eq!(trend(&oximetry(97), None), TrendLook::None);
    }

    #[test]
    fn the_limits_are_those_of_the_portal() {
        let portal = include_str!("../../../../hubd/portal/src/state/trend.ts");
        let limits = [
            ("blood_pressure", SYSTOLIC_TENTHS),
            ("pulse", PULSE_TENTHS),
            ("oximetry", SATURATION_TENTHS),
            ("temperature", TEMPERATURE_TENTHS),
        ];
        for (kind, tenths) in limits {
            assert!(portal.contains(&format!("\n  {kind}: {tenths},\n")), "{kind}: {tenths}");
        }
    }
}
