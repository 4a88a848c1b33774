//! What the profiles of the Bluetooth SIG have in common: the fields of their values, and what a
//! peripheral says of itself besides what it measures.

mod battery;
mod information;
mod live;
mod reader;
mod time;
mod timekeeper;

use clinical::Timestamp;
pub(crate) use live::{Heard, Live, Signal};
pub(crate) use reader::Reader;
pub(crate) use time::decode as decode_time;
pub(crate) use timekeeper::CURRENT_TIME;

use crate::{
    Action, Channel, Clock, Measured, Millis, Report,
    date_time::DateTime,
    decode::Undecoded,
    gatt::{information::Information, timekeeper::Timekeeper},
};

/// When a value was measured, by its own word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// It says nothing of it: a device without a clock tells what it measures at once.
    Nothing,
    /// On some day: out of a memory that keeps no times, or by a clock that was never set.
    Unknown,
    /// What the device's clock showed, written as if it were UTC.
    At(Timestamp),
}

impl Shown {
    /// Of a value that has a field for it, in which there may be no date.
    pub(crate) fn dated(time: Option<Timestamp>) -> Self {
        time.map_or(Self::Unknown, Self::At)
    }

    /// `field`: whether the value has a field for it.
    pub(crate) fn in_field(field: bool, time: Option<DateTime>) -> Self {
        if field { Self::dated(time.and_then(DateTime::timestamp)) } else { Self::Nothing }
    }
}

/// Who a peripheral is, its battery and its clock, since the link is open. A device that lacks any of
/// it, or refuses, is as good as before.
#[derive(Debug, Default)]
pub(crate) struct Peripheral {
    information: Information,
    /// `None`: the link has not been up yet.
    time: Option<Timekeeper>,
}

impl Peripheral {
    /// Begins anew. The answers come before anything that is subscribed to after these actions.
    /// `clocks`: where the device may have a clock, the best one first.
    pub(crate) fn up(
        &mut self,
        now: Millis,
        cart: Clock,
        clocks: &'static [Channel],
    ) -> Vec<Action> {
        let time = match self.time.take() {
            Some(time) => time.again(now, cart, clocks),
            None => Timekeeper::new(now, cart, clocks),
        };
        let mut actions = Vec::from(Information::ask());
        actions.extend(time.ask());
        actions.extend(battery::ask());
        *self = Self { information: Information::default(), time: Some(time) };
        actions
    }

    /// As [`Self::up`], for a device that is asked for its records: a clock that is wrong is left as it
    /// is until [`Self::fetched`].
    pub(crate) fn up_to_fetch(
        &mut self,
        now: Millis,
        cart: Clock,
        clocks: &'static [Channel],
    ) -> Vec<Action> {
        let actions = self.up(now, cart, clocks);
        if let Some(time) = &mut self.time {
            time.later = true;
        }
        actions
    }

    /// All records have come.
    pub(crate) fn fetched(&mut self, now: Millis) -> Option<Action> {
        self.time.as_mut()?.put_right(now)
    }

    /// `None`: the bytes are meant for the driver itself.
    pub(crate) fn bytes(
        &mut self,
        now: Millis,
        channel: Channel,
        bytes: &[u8],
    ) -> Option<Vec<Action>> {
        if channel == battery::LEVEL {
            return Some(vec![Action::Report(battery::report(bytes))]);
        }
        if self.information.bytes(channel, bytes) {
            return Some(Vec::new());
        }
        self.time.as_mut()?.bytes(now, channel, bytes)
    }

    #[must_use]
    pub(crate) fn refused(&mut self, channel: Channel) -> Vec<Action> {
        self.time.as_mut().and_then(|time| time.refused(channel)).into_iter().collect()
    }

    /// The only way a driver of a peripheral reports a value: with the device's name and times.
    pub(crate) fn value(&self, now: Millis, shown: Shown, mut measured: Measured) -> Report {
        match (shown, &self.time) {
            (Shown::Nothing, _) => {}
            (Shown::Unknown, _) => measured = measured.undated(),
            (Shown::At(shown), time) => {
                measured.device_time = Some(shown);
                if let Some(time) = time {
                    let (corrected, remark) = time.judge(now, shown);
                    measured.corrected_time = corrected;
                    measured.quality.extend(remark);
                }
            }
        }
        Report::value(self.information.sign(measured))
    }
}

/// The assigned number in `2A35`, `0x2a35` or `00002a35-0000-1000-8000-00805f9b34fb`.
pub(crate) fn characteristic(name: Option<&str>) -> Result<Option<u16>, Undecoded> {
    let Some(name) = name else { return Ok(None) };
    let name = name.to_ascii_lowercase();
    let digits = name
        .strip_suffix("-0000-1000-8000-00805f9b34fb")
        .and_then(|name| name.strip_prefix("0000"))
        .or_else(|| name.strip_prefix("0x"))
        .unwrap_or(&name);
    let hexadecimal = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = hexadecimal.then(|| u16::from_str_radix(digits, 16).ok()).flatten();
    number.map(Some).ok_or(Undecoded::NoSuchCharacteristic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::TEST, testdata::hex};

    const SERIAL: Channel = Channel::sig(0x180A, 0x2A25);
    const FIRMWARE: Channel = Channel::sig(0x180A, 0x2A26);

    fn measured(peripheral: &Peripheral, shown: Shown) -> Measured {
        let rate = clinical::Measurement::HeartRate(clinical::HeartRate { rate: 72_u16.into() });
        let report = peripheral.value(0, shown, Measured::new(rate, &[0, 72]));
        let Report::Measured(measured) = report else { panic!("{report:?}") };
        measured
    }

    #[test]
    fn a_reading_carries_who_measured_it_and_when() {
        let mut peripheral = Peripheral::default();
        let asked = peripheral.up(0, TEST, &[CURRENT_TIME]);
        assert!(
            asked.contains(&Action::Read(SERIAL)) && asked.contains(&Action::Read(CURRENT_TIME))
        );
        assert_eq!(peripheral.bytes(0, SERIAL, b"A1\0"), Some(Vec::new()));
        assert_eq!(peripheral.bytes(0, FIRMWARE, b"1.0"), Some(Vec::new()));
        let measured = measured(&peripheral, Shown::At(TEST.wall()));
        assert_eq!(measured.serial.as_deref(), Some("A1"));
        assert_eq!(measured.firmware.as_deref(), Some("1.0"));
        assert_eq!(measured.device_time, Some(TEST.wall()));
        assert_eq!(measured.corrected_time, Some(TEST.utc));
    }

    #[test]
    fn another_device_on_the_same_link_is_not_taken_for_the_last_one() {
        let mut peripheral = Peripheral::default();
        let _ = peripheral.up(0, TEST, &[CURRENT_TIME]);
        peripheral.bytes(0, SERIAL, b"A1");
        let _ = peripheral.up(1, TEST, &[CURRENT_TIME]);
        let measured = measured(&peripheral, Shown::Nothing);
        assert_eq!((measured.serial, measured.corrected_time), (None, None));
    }

    #[test]
    fn a_peripheral_that_says_nothing_of_itself_still_measures() {
        let mut peripheral = Peripheral::default();
        for action in peripheral.up(0, TEST, &[CURRENT_TIME]) {
            if let Action::Read(channel) | Action::SubscribeIfThere(channel) = action {
                assert_eq!(peripheral.refused(channel), []);
            }
        }
        assert_eq!(measured(&peripheral, Shown::Nothing).serial, None);
    }

    #[test]
    fn a_value_of_the_driver_s_own_is_left_to_it() {
        let mut peripheral = Peripheral::default();
        let _ = peripheral.up(0, TEST, &[CURRENT_TIME]);
        assert_eq!(peripheral.bytes(0, Channel::sig(0x1810, 0x2A35), &hex("00")), None);
    }

    fn check(name: &str, expected: Result<Option<u16>, Undecoded>) {
        assert_eq!(characteristic(Some(name)), expected, "{name}");
    }

    #[test]
    fn a_characteristic_is_named_short_or_long() {
        check("2A35", Ok(Some(0x2A35)));
        check("0x2a35", Ok(Some(0x2A35)));
        check("00002a35-0000-1000-8000-00805F9B34FB", Ok(Some(0x2A35)));
        check("2A", Err(Undecoded::NoSuchCharacteristic));
        check("+A35", Err(Undecoded::NoSuchCharacteristic));
        check("cuff", Err(Undecoded::NoSuchCharacteristic));
        assert_eq!(characteristic(None), Ok(None));
    }
}
