//! Any thermometer with the Bluetooth Health Thermometer Service (0x1809).
//!
//! It sends each measurement that it has stored, oldest first, as soon as it may indicate. All of
//! them are reported, with the time of the device's clock where it has one; whose they are is
//! decided elsewhere.

mod value;

use clinical::{BodySite, Measurement, Temperature};

use crate::{
    Action, Channel, Driver, Event, Failure, Malformation, Measured, Millis, Report, Status, Uuid,
    Wrong,
    catalogue::{Advertised, Device, Purpose, Transport},
    clock::DeviceClock,
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

#[derive(Debug, Default)]
pub(crate) struct Thermometer {
    site: Option<BodySite>,
    clock: Option<DeviceClock>,
}

impl Thermometer {
    fn bytes(&mut self, channel: Channel, bytes: &[u8]) -> Vec<Action> {
        let report = match channel {
            MEASUREMENT => self.indication(bytes),
            TEMPERATURE_TYPE => match *bytes {
                [number] => {
                    self.site = value::body_site(number);
                    return Vec::new();
                }
                _ => Report::Malformed(Malformation::new(Wrong::Length, bytes)),
            },
            _ => return Vec::new(),
        };
        vec![Action::Report(report)]
    }

    fn indication(&self, bytes: &[u8]) -> Report {
        let indication = match value::decode(bytes) {
            Ok(indication) => indication,
            Err(malformation) => return Report::Malformed(malformation),
        };
        let Some(celsius) = indication.celsius else { return Report::Failed(Failure::Device) };
        let site = indication.site.or(self.site);
        let measurement = Measurement::Temperature(Temperature { celsius, site });
        let device_time = indication.time;
        let corrected_time =
            device_time.map(|time| self.clock.map_or(time, |clock| clock.corrected(time)));
        Report::value(Measured { device_time, corrected_time, ..Measured::new(measurement, bytes) })
    }
}

impl Driver for Thermometer {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            // The site first: stored measurements come as soon as the subscription stands.
            Event::Up(clock) => {
                *self = Self { site: None, clock: Some(DeviceClock::new(now, clock)) };
                let ready = Action::Report(Report::Status(Status::Ready));
                vec![Action::Read(TEMPERATURE_TYPE), Action::Subscribe(MEASUREMENT), ready]
            }
            Event::Bytes { channel, bytes } => self.bytes(channel, bytes),
            Event::Down | Event::Refused(_) | Event::Timer | Event::Command(_) => Vec::new(),
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
    use crate::testdata::hex;

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
    fn the_site_is_asked_for_before_measurements_may_come() {
        let actions = Thermometer::default().handle(0, Event::Up(crate::clock::TEST));
        assert_eq!(actions[..2], [Action::Read(TEMPERATURE_TYPE), Action::Subscribe(MEASUREMENT)]);
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
