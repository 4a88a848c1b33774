//! Any thermometer with the Bluetooth Health Thermometer Service (0x1809).
//!
//! It sends each measurement that it has stored, oldest first, as soon as it may indicate. All of
//! them are reported, with the time of the device's clock where it has one; whose they are is
//! decided elsewhere.

mod value;

use clinical::{BodySite, Measurement, Temperature};
use value::Indication;
pub(crate) use value::decode;

use crate::{
    Action, Channel, Driver, Event, Failure, Malformation, Measured, Millis, Report, Status, Uuid,
    Wrong,
    catalogue::{Advertised, Device, Purpose, Transport},
    gatt::{CURRENT_TIME, Peripheral},
};

pub(crate) const DEVICE: Device = Device {
    id: "ble-thermometer",
    title: "Bluetooth thermometer",
    purpose: Purpose::Temperature,
    transports: &[Transport::Gatt],
    usb: &[],
    bluetooth: &[Advertised::Service(Uuid::sig(SERVICE))],
    driver: || Box::<Thermometer>::default(),
};

const SERVICE: u16 = 0x1809;
const MEASUREMENT: Channel = Channel::sig(SERVICE, 0x2A1C);
/// Where such a thermometer always measures; not every one says it, nor says it here.
const TEMPERATURE_TYPE: Channel = Channel::sig(SERVICE, 0x2A1D);
/// A&D thermometers have their clock in the thermometer's own service.
const CLOCKS: &[Channel] = &[CURRENT_TIME, Channel::sig(SERVICE, 0x2A08)];

/// It does not ask for Intermediate Temperature (0x2A1E): that is a value still rising.
#[derive(Debug, Default)]
pub(crate) struct Thermometer {
    site: Option<BodySite>,
    peripheral: Peripheral,
}

impl Thermometer {
    fn bytes(&mut self, now: Millis, channel: Channel, bytes: &[u8]) -> Vec<Action> {
        if let Some(actions) = self.peripheral.bytes(now, channel, bytes) {
            return actions;
        }
        let report = match (channel, bytes) {
            (MEASUREMENT, _) => self.indication(now, bytes),
            (TEMPERATURE_TYPE, &[number]) => {
                self.site = value::body_site(number);
                return Vec::new();
            }
            (TEMPERATURE_TYPE, _) => Err(Wrong::Length),
            _ => return Vec::new(),
        };
        let malformed = |wrong| Report::Malformed(Malformation::new(wrong, bytes));
        vec![Action::Report(report.unwrap_or_else(malformed))]
    }

    fn indication(&self, now: Millis, bytes: &[u8]) -> Result<Report, Wrong> {
        let indication = Indication::read(bytes)?;
        let Some(celsius) = indication.celsius()? else {
            return Ok(Report::Failed(Failure::Device));
        };
        let site = indication.body_site().or(self.site);
        let measurement = Measurement::Temperature(Temperature { celsius, site });
        Ok(self.peripheral.value(now, indication.shown(), Measured::new(measurement, bytes)))
    }
}

impl Driver for Thermometer {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            // Everything else first: stored measurements come as soon as the subscription stands.
            Event::Up(clock) => {
                self.site = None;
                let mut actions = self.peripheral.up(now, clock, CLOCKS);
                actions.extend([
                    Action::Read(TEMPERATURE_TYPE),
                    Action::Report(Report::Status(Status::Ready)),
                    Action::Subscribe(MEASUREMENT),
                ]);
                actions
            }
            Event::Bytes { channel, bytes } => self.bytes(now, channel, bytes),
            Event::Refused(MEASUREMENT) => vec![Action::Report(Report::Failed(Failure::Device))],
            Event::Refused(channel) => self.peripheral.refused(channel),
            Event::Down | Event::Timer | Event::Command(_) | Event::Controls(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        None
    }
}

#[cfg(test)]
mod tests {
    use clinical::Quality;
    use proptest::prelude::*;

    use super::*;
    use crate::{clock::TEST, testdata::hex};

    fn indicate(driver: &mut Thermometer, bytes: &str) -> Report {
        let bytes = &hex(bytes);
        let actions = driver.handle(0, Event::Bytes { channel: MEASUREMENT, bytes });
        let [Action::Report(report)] = &actions[..] else { panic!("{actions:?}") };
        report.clone()
    }

    fn measured(report: Report) -> Measured {
        let Report::Measured(measured) = report else { panic!("{report:?}") };
        measured
    }

    fn site(measured: &Measured) -> Option<BodySite> {
        let Measurement::Temperature(temperature) = &measured.measurement else { panic!() };
        temperature.site
    }

    #[test]
    fn everything_is_asked_before_measurements_may_come() {
        let actions = Thermometer::default().handle(0, Event::Up(TEST));
        assert_eq!(actions.last(), Some(&Action::Subscribe(MEASUREMENT)));
        assert!(actions.contains(&Action::Read(TEMPERATURE_TYPE)));
        assert!(actions.contains(&Action::Read(CURRENT_TIME)));
    }

    #[test]
    fn a_temperature_that_still_rises_is_no_reading() {
        let channel = Channel::sig(SERVICE, 0x2A1E);
        let bytes = &hex("00 720100ff");
        let said = Thermometer::default().handle(0, Event::Bytes { channel, bytes });
        assert_eq!(said, []);
    }

    #[test]
    fn a_stored_temperature_is_put_right_by_the_clock_that_was_found() {
        let mut driver = Thermometer::default();
        let _ = driver.handle(0, Event::Up(TEST));
        assert_eq!(driver.handle(0, Event::Refused(CURRENT_TIME)), [Action::Read(CLOCKS[1])]);
        let bytes = &hex("d007 0101 010000");
        let set = driver.handle(0, Event::Bytes { channel: CLOCKS[1], bytes });
        let right = Action::Write { channel: CLOCKS[1], bytes: hex("ea070b16082a00") };
        assert_eq!(set, [right]);
        let stored = measured(indicate(&mut driver, "02 720100ff d007 0101 000000"));
        assert_eq!(stored.corrected_time.unwrap().to_string(), "2026-11-22T06:42:00.000Z");
        assert_eq!(stored.quality, [Quality::ClockOff]);
    }

    #[test]
    fn a_temperature_whose_date_is_none_is_not_taken_as_of_now() {
        let driver = &mut Thermometer::default();
        let unset = measured(indicate(driver, "02 720100ff 0000 0000 000000"));
        assert!(unset.undated && unset.device_time.is_none());
        let no_clock = measured(indicate(driver, "00 720100ff"));
        assert!(!no_clock.undated);
    }

    #[test]
    fn a_thermometer_that_cannot_be_subscribed_to_has_failed() {
        let mut driver = Thermometer::default();
        let _ = driver.handle(0, Event::Up(TEST));
        assert_eq!(driver.handle(0, Event::Refused(TEMPERATURE_TYPE)), []);
        let failed = driver.handle(0, Event::Refused(MEASUREMENT));
        assert_eq!(failed, [Action::Report(Report::Failed(Failure::Device))]);
    }

    #[test]
    fn a_measurement_without_site_has_the_one_of_the_thermometer() {
        let mut driver = Thermometer::default();
        let bytes = &[3];
        let said = driver.handle(0, Event::Bytes { channel: TEMPERATURE_TYPE, bytes });
        assert_eq!(said, []);
        let without = measured(indicate(&mut driver, "00 720100ff"));
        assert_eq!(site(&without), Some(BodySite::Ear));
        let with = measured(indicate(&mut driver, "04 720100ff 06"));
        assert_eq!(site(&with), Some(BodySite::Mouth));
    }

    #[test]
    fn a_thermometer_that_could_not_measure_gives_no_number() {
        let driver = &mut Thermometer::default();
        assert_eq!(indicate(driver, "00 ffff7f00"), Report::Failed(Failure::Device));
        assert_eq!(indicate(driver, "00 00008000"), Report::Failed(Failure::Device));
    }

    #[test]
    fn a_temperature_of_a_corpse_is_asked_about_and_one_of_a_stove_refused() {
        let driver = &mut Thermometer::default();
        let cold = measured(indicate(driver, "00 2c0100ff"));
        assert_eq!(cold.quality, [Quality::Unusual]);
        let Report::Malformed(hot) = indicate(driver, "00 200300ff") else { panic!() };
        assert_eq!(hot.what, Wrong::Implausible);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_reading_or_a_named_fault(
            bytes in proptest::collection::vec(any::<u8>(), 0..100),
        ) {
            let mut driver = Thermometer::default();
            let actions = driver.handle(0, Event::Bytes { channel: MEASUREMENT, bytes: &bytes });
            prop_assert_eq!(actions.len(), 1);
            if let Action::Report(Report::Malformed(wrong)) = &actions[0] {
                prop_assert!(bytes.starts_with(&wrong.bytes));
                prop_assert!(wrong.bytes.len() <= Malformation::LIMIT);
            }
        }
    }
}
