//! What the remarks of an oximeter mean for its value (Bluetooth PLXS 1.0, "Measurement Status" and
//! "Device and Sensor Status").

use clinical::Quality;

use super::value::{Pair, Remarks};
use crate::gatt::Signal;

/// Bits of Measurement Status; 0 to 4 are reserved.
mod measurement {
    pub(super) const EARLY: u16 = 1 << 6;
    pub(super) const FROM_STORAGE: u16 = 1 << 9;
    pub(super) const DEMONSTRATION: u16 = 1 << 10;
    pub(super) const TESTING: u16 = 1 << 11;
    pub(super) const CALIBRATION: u16 = 1 << 12;
    pub(super) const UNAVAILABLE: u16 = 1 << 13;
    pub(super) const QUESTIONABLE: u16 = 1 << 14;
    pub(super) const INVALID: u16 = 1 << 15;
}

/// Bits of Device and Sensor Status; 16 to 23 are reserved.
mod device {
    pub(super) const EQUIPMENT_MALFUNCTION: u32 = 1 << 1;
    pub(super) const IRREGULAR: u32 = 1 << 2;
    pub(super) const INADEQUATE: u32 = 1 << 3;
    pub(super) const POOR: u32 = 1 << 4;
    pub(super) const LOW_PERFUSION: u32 = 1 << 5;
    pub(super) const ERRATIC: u32 = 1 << 6;
    pub(super) const NONPULSATILE: u32 = 1 << 7;
    pub(super) const QUESTIONABLE_PULSE: u32 = 1 << 8;
    pub(super) const INTERFERENCE: u32 = 1 << 10;
    pub(super) const NOT_ON_USER: u32 = 1 << 11;
    pub(super) const UNKNOWN_SENSOR: u32 = 1 << 12;
    pub(super) const DISPLACED: u32 = 1 << 13;
    pub(super) const SENSOR_MALFUNCTION: u32 = 1 << 14;
    pub(super) const DISCONNECTED: u32 = 1 << 15;
}

impl Remarks {
    /// Whether there is a patient and a value. A value that the oximeter itself calls invalid is none.
    pub(super) fn signal(&self, pair: Pair) -> Signal {
        let off = device::NOT_ON_USER | device::DISPLACED | device::DISCONNECTED;
        let none = measurement::UNAVAILABLE | measurement::INVALID;
        if self.device.unwrap_or(0) & off != 0 {
            Signal::Off
        } else if self.measurement.unwrap_or(0) & none != 0 || pair.spo2.value().is_none() {
            Signal::Searching
        } else {
            Signal::Good
        }
    }

    pub(super) fn is_stored(&self) -> bool {
        self.measurement.unwrap_or(0) & measurement::FROM_STORAGE != 0
    }

    /// Each at most once.
    pub(super) fn quality(&self) -> Vec<Quality> {
        let of_measurement = [
            (
                measurement::DEMONSTRATION | measurement::TESTING | measurement::CALIBRATION,
                Quality::Demonstration,
            ),
            (measurement::EARLY | measurement::QUESTIONABLE, Quality::Questionable),
        ];
        let of_device = [
            (
                device::EQUIPMENT_MALFUNCTION | device::UNKNOWN_SENSOR | device::SENSOR_MALFUNCTION,
                Quality::DeviceFault,
            ),
            (
                device::IRREGULAR
                    | device::INADEQUATE
                    | device::POOR
                    | device::NONPULSATILE
                    | device::QUESTIONABLE_PULSE,
                Quality::Questionable,
            ),
            (device::LOW_PERFUSION, Quality::LowPerfusion),
            (device::ERRATIC | device::INTERFERENCE, Quality::Artifact),
        ];
        let (said, fitted) = (self.measurement.unwrap_or(0), self.device.unwrap_or(0));
        let mut quality = Vec::new();
        let said = of_measurement.into_iter().map(|(bits, remark)| (said & bits != 0, remark));
        let fitted = of_device.into_iter().map(|(bits, remark)| (fitted & bits != 0, remark));
        for (there, remark) in said.chain(fitted) {
            if there && !quality.contains(&remark) {
                quality.push(remark);
            }
        }
        quality
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{oximeter::value::Continuous, testdata::hex};

    fn continuous(measurement: u16, device: u32, spo2: &str) -> (Signal, Vec<Quality>) {
        let [a, b] = measurement.to_le_bytes();
        let [c, d, e, _] = device.to_le_bytes();
        let bytes = [hex(&format!("0c {spo2} 4800")), vec![a, b, c, d, e]].concat();
        let value = Continuous::read(&bytes).unwrap();
        (value.remarks.signal(value.normal), value.remarks.quality())
    }

    fn check(measurement: u16, device: u32, signal: Signal, quality: &[Quality]) {
        let said = continuous(measurement, device, "6200");
        assert_eq!(said, (signal, quality.to_vec()), "{measurement:04x} {device:06x}");
    }

    #[test]
    fn a_value_that_the_oximeter_does_not_stand_by_is_none() {
        check(0x2000, 0, Signal::Searching, &[]);
        check(0x8000, 0, Signal::Searching, &[]);
        for special in ["ff07", "0008", "fe07", "0208", "0108"] {
            assert_eq!(continuous(0, 0, special).0, Signal::Searching, "{special}");
        }
    }

    #[test]
    fn a_sensor_that_is_not_on_the_patient_is_off() {
        for bit in [11, 13, 15] {
            check(0x0020, 1 << bit, Signal::Off, &[]);
        }
    }

    #[test]
    fn what_is_not_of_a_patient_is_marked() {
        for bit in [10, 11, 12] {
            check(1 << bit, 0, Signal::Good, &[Quality::Demonstration]);
        }
    }

    #[test]
    fn remarks_on_the_measurement_and_on_the_sensor_are_kept_once() {
        check(
            0x4020,
            0x22,
            Signal::Good,
            &[Quality::Questionable, Quality::DeviceFault, Quality::LowPerfusion],
        );
        check(0x4040, 0x19C, Signal::Good, &[Quality::Questionable]);
        check(0, 1 << 6, Signal::Good, &[Quality::Artifact]);
        check(0, 1 << 10, Signal::Good, &[Quality::Artifact]);
        check(0, 1 << 12, Signal::Good, &[Quality::DeviceFault]);
        check(0, 1 << 14, Signal::Good, &[Quality::DeviceFault]);
    }

    #[test]
    fn what_is_in_order_or_reserved_is_no_remark() {
        check(0x01BF & !0x0040, 0x00FF_0201, Signal::Good, &[]);
    }
}
