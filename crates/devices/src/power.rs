//! What the cart runs on, and when somebody has to plug it in.

use std::time::Duration;

/// What is known of the cart's power. What nobody said is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Power {
    pub on_mains: Option<bool>,
    /// Per cent, 0 to 100.
    pub charge: Option<u8>,
    /// Until the battery is empty; known only while it empties.
    pub left: Option<Duration>,
    pub battery: Option<Battery>,
    /// The battery's own electronics say that it ends soon, whatever the charge.
    pub says_low: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Battery {
    Charging,
    Discharging,
    Empty,
    Full,
}

/// How urgent it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    #[default]
    None,
    /// 20 per cent or less: finish this visit, then plug in.
    Low,
    /// 10 per cent or less, or the battery says so itself: plug in now.
    Critical,
}

const LOW: u8 = 20;
const CRITICAL: u8 = 10;
/// A charge that wavers by a few per cent is told once.
const RISE: u8 = 3;

/// Remembers what was said last.
#[derive(Debug, Default)]
pub struct BatteryWatch {
    urgency: Urgency,
}

impl BatteryWatch {
    /// The new urgency, when it has changed.
    pub fn handle(&mut self, power: &Power) -> Option<Urgency> {
        let urgency = self.judge(power)?;
        (urgency != std::mem::replace(&mut self.urgency, urgency)).then_some(urgency)
    }

    /// `None` when not enough is known to say something else than before.
    fn judge(&self, power: &Power) -> Option<Urgency> {
        if power.on_mains == Some(true) {
            return Some(Urgency::None);
        }
        if power.says_low || power.battery == Some(Battery::Empty) {
            return Some(Urgency::Critical);
        }
        let charge = power.charge?;
        let held = |urgency, limit: u8| {
            charge <= limit || (self.urgency >= urgency && charge < limit + RISE)
        };
        Some(if held(Urgency::Critical, CRITICAL) {
            Urgency::Critical
        } else if held(Urgency::Low, LOW) {
            Urgency::Low
        } else {
            Urgency::None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNPLUGGED: Power =
        Power { on_mains: Some(false), charge: None, left: None, battery: None, says_low: false };

    /// Charges in their order, each with what is said at it.
    #[track_caller]
    fn check(charges: &[(u8, Option<Urgency>)]) {
        let mut watch = BatteryWatch::default();
        for (charge, expected) in charges {
            let power = Power { charge: Some(*charge), ..UNPLUGGED };
            assert_eq!(watch.handle(&power), *expected, "{charge} %");
        }
    }

    #[test]
    fn a_battery_that_empties_is_told_twice() {
        let low = Some(Urgency::Low);
        let critical = Some(Urgency::Critical);
        check(&[(100, None), (21, None), (20, low), (11, None), (10, critical), (0, None)]);
    }

    #[test]
    fn a_charge_that_wavers_is_told_once() {
        let none = Some(Urgency::None);
        check(&[(20, Some(Urgency::Low)), (21, None), (22, None), (20, None), (23, none)]);
        let low = Some(Urgency::Low);
        check(&[(10, Some(Urgency::Critical)), (12, None), (10, None), (13, low), (12, None)]);
    }

    #[test]
    fn a_battery_that_says_that_it_ends_is_believed_over_its_charge() {
        let mut watch = BatteryWatch::default();
        let power = Power { charge: Some(60), says_low: true, ..UNPLUGGED };
        assert_eq!(watch.handle(&power), Some(Urgency::Critical));
    }

    #[test]
    fn mains_end_the_urgency() {
        let mut watch = BatteryWatch::default();
        let low = Power { charge: Some(5), ..UNPLUGGED };
        assert_eq!(watch.handle(&low), Some(Urgency::Critical));
        assert_eq!(watch.handle(&Power { on_mains: Some(true), ..low }), Some(Urgency::None));
    }

    #[test]
    fn what_is_not_known_changes_nothing() {
        let mut watch = BatteryWatch::default();
        assert_eq!(watch.handle(&UNPLUGGED), None);
        assert_eq!(watch.handle(&Power { charge: Some(9), ..UNPLUGGED }), Some(Urgency::Critical));
        assert_eq!(watch.handle(&Power::default()), None);
        let wavers = Power { charge: Some(11), ..Power::default() };
        assert_eq!(watch.handle(&wavers), None);
    }
}
