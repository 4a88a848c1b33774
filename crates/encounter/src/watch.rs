//! Watches the vital signs of one patient: tells when one goes beyond its limit, and when it is back.
//!
//! What a sensor sends all the time has to say the same thing ten times in a row before it is believed,
//! so that one bad beat alarms nobody; and to be back it has to be clearly within, so that a value on
//! the edge does not come and go. It counts values and reads no clock: a clock that is set changes
//! nothing. What was measured once is judged at once.

use std::collections::BTreeMap;

use clinical::{
    Decimal, DeviceId, Limit, Limits, Measurement, Reading, Side, Timestamp, VitalSign, Watched,
};

/// A live value comes about once a second: ten seconds, as long as the average of an oximeter takes to
/// follow the patient.
const IN_A_ROW: u8 = 10;

#[derive(Clone, Debug, Default)]
pub struct Watch {
    limits: Limits,
    live: BTreeMap<(VitalSign, DeviceId), Live>,
    /// Measured or counted once; the newest of each.
    spot: BTreeMap<VitalSign, Spot>,
}

/// A vital sign has gone beyond its limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beyond {
    pub sign: VitalSign,
    pub value: Decimal,
    pub side: Side,
    /// The limit on that side.
    pub bound: Decimal,
}

#[derive(Clone, Debug)]
struct Live {
    value: Decimal,
    at: Timestamp,
    /// `false`: the sensor is off the patient or silent, and the value is of before.
    is_on: bool,
    beyond: Option<Side>,
    /// What the last values in a row say, where that is not what is believed.
    turning: Option<(Option<Side>, u8)>,
}

#[derive(Clone, Debug)]
struct Spot {
    value: Decimal,
    at: Timestamp,
    device: Option<DeviceId>,
}

impl Watch {
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// What is known already is judged by the new limits with the next value.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// The values of this moment of a device that sends them all the time.
    pub fn live(
        &mut self,
        device: &DeviceId,
        measurement: &Measurement,
        now: Timestamp,
    ) -> Vec<Beyond> {
        let signs = measurement.vital_signs();
        let told = signs.into_iter().filter_map(|(sign, value)| {
            let limit = self.limits.of(sign);
            let key = (sign, device.clone());
            let live = self.live.entry(key).or_insert_with(|| Live::new(value, now));
            let side = live.take(sign, limit, value, now)?;
            Beyond::new(sign, limit, value, side)
        });
        told.collect()
    }

    /// Nothing comes from this device any more: it is off the patient, silent or away. What was beyond
    /// stays so until it is seen to be back.
    pub fn lost(&mut self, device: &DeviceId) {
        for ((_, of), live) in &mut self.live {
            if of == device {
                (live.is_on, live.turning) = (false, None);
            }
        }
        self.live.retain(|_, live| live.is_on || live.beyond.is_some());
    }

    /// A reading that was recorded.
    pub fn reading(&mut self, reading: &Reading) -> Vec<Beyond> {
        let device = &reading.device.id;
        let told = reading.vital_signs().into_iter().filter_map(|(sign, value)| {
            // What the device sends all the time is judged by that.
            if self.live.get(&(sign, device.clone())).is_some_and(|live| live.is_on) {
                return None;
            }
            self.once(sign, value, reading.measured_at(), Some(device.clone()))
        });
        told.collect()
    }

    /// What a person counted.
    pub fn counted(&mut self, sign: VitalSign, value: Decimal, at: Timestamp) -> Option<Beyond> {
        self.once(sign, value, at, None)
    }

    fn once(
        &mut self,
        sign: VitalSign,
        value: Decimal,
        at: Timestamp,
        device: Option<DeviceId>,
    ) -> Option<Beyond> {
        // A device may hand out its memory in any order.
        if self.spot.get(&sign).is_some_and(|known| known.at > at) {
            return None;
        }
        self.spot.insert(sign, Spot { value, at, device });
        // It says more than a sensor that is off the patient.
        self.live.retain(|(of, _), live| *of != sign || live.is_on);
        let limit = self.limits.of(sign);
        Beyond::new(sign, limit, value, limit.side(value)?)
    }

    /// What is live, and what is beyond its limit.
    pub fn watched(&self) -> Vec<Watched> {
        let live = self.live.iter().map(|((sign, device), live)| Watched {
            sign: *sign,
            device: Some(device.clone()),
            value: live.value,
            at: live.at,
            live: live.is_on,
            beyond: live.beyond,
        });
        let spot = self.spot.iter().filter_map(|(sign, spot)| {
            let beyond = Some(self.limits.of(*sign).side(spot.value)?);
            let Spot { value, at, device } = spot.clone();
            Some(Watched { sign: *sign, device, value, at, live: false, beyond })
        });
        live.chain(spot).collect()
    }
}

impl Beyond {
    fn new(sign: VitalSign, limit: Limit, value: Decimal, side: Side) -> Option<Self> {
        Some(Self { sign, value, side, bound: limit.bound(side)? })
    }
}

impl Live {
    fn new(value: Decimal, at: Timestamp) -> Self {
        Self { value, at, is_on: true, beyond: None, turning: None }
    }

    /// The side, when by this value it is believed to be beyond.
    fn take(
        &mut self,
        sign: VitalSign,
        limit: Limit,
        value: Decimal,
        now: Timestamp,
    ) -> Option<Side> {
        (self.value, self.at, self.is_on) = (value, now, true);
        let says = self.judge(sign, limit, value);
        if says == self.beyond {
            self.turning = None;
            return None;
        }
        let before = self.turning.filter(|(side, _)| *side == says).map_or(0, |(_, count)| count);
        if before + 1 < IN_A_ROW {
            self.turning = Some((says, before + 1));
            return None;
        }
        (self.beyond, self.turning) = (says, None);
        says
    }

    fn judge(&self, sign: VitalSign, limit: Limit, value: Decimal) -> Option<Side> {
        let side = limit.side(value);
        let Some(was) = self.beyond.filter(|_| side.is_none()) else { return side };
        let bound = limit.bound(was)?;
        // Whole steps of what the device shows, so that the difference is exact.
        let places = places(sign);
        let (value, bound) = (value.in_units(places), bound.in_units(places));
        (value.abs_diff(bound) < margin(sign)).then_some(was)
    }
}

/// How far within the limit a value has to be to be back, in units of its last place.
fn margin(sign: VitalSign) -> u64 {
    match sign {
        VitalSign::Spo2 | VitalSign::RespiratoryRate => 1,
        // A resting pulse wanders by more than one beat.
        VitalSign::PulseRate => 3,
        VitalSign::Systolic => 5,
        // Two tenths of a degree.
        VitalSign::Temperature => 2,
    }
}

/// Decimals that a device shows.
fn places(sign: VitalSign) -> u8 {
    match sign {
        VitalSign::Temperature => 1,
        VitalSign::Spo2
        | VitalSign::RespiratoryRate
        | VitalSign::PulseRate
        | VitalSign::Systolic => 0,
    }
}

#[cfg(test)]
mod tests;
