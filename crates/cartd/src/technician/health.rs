//! What is kept of a device for the technician: how its link fares, and that it measured, not what.

use cart_api::{DeviceHealth, DeviceLink, LastReading};
use clinical::{Measurement, Timestamp};
use device_links::{DeviceEvent, LinkAddress};
use devices::{Measured, Report, catalogue};

use crate::config::DeviceConfig;

/// A device that nothing is known of yet.
pub fn of(configured: &DeviceConfig, now: Timestamp) -> DeviceHealth {
    let kind = catalogue::find(&configured.driver);
    DeviceHealth {
        id: configured.id.clone(),
        driver: configured.driver.clone(),
        title: kind.map_or_else(String::new, |kind| kind.title.to_owned()),
        address: address(&configured.link),
        link: DeviceLink::Away { since: now },
        lost: 0,
        heard: None,
        malformed: 0,
        last_malformed: None,
        serial: None,
        firmware: None,
        battery: None,
        last_reading: None,
    }
}

/// As the links write it, so that two spellings of one place look alike.
fn address(link: &str) -> String {
    link.parse::<LinkAddress>().map_or_else(|_| link.to_owned(), |address| address.to_string())
}

pub fn follow(health: &mut DeviceHealth, at: Timestamp, event: &DeviceEvent) {
    match event {
        DeviceEvent::Up => health.link = DeviceLink::Up { since: at },
        DeviceEvent::Down => {
            health.link = DeviceLink::Away { since: at };
            health.lost = health.lost.saturating_add(1);
            // It may come back with a fresh one.
            health.battery = None;
        }
        DeviceEvent::Report(report) => follow_report(health, at, report),
    }
}

fn follow_report(health: &mut DeviceHealth, at: Timestamp, report: &Report) {
    match report {
        Report::Malformed(malformation) => {
            health.malformed = health.malformed.saturating_add(1);
            health.last_malformed = Some(malformation.what.to_string());
            return;
        }
        // Often that it said nothing at all.
        Report::Failed(_) => return,
        Report::Measured(measured) => follow_measured(health, at, measured),
        Report::Battery(per_cent) => health.battery = Some(*per_cent),
        Report::Live(_) | Report::Status(_) | Report::Position(_) => {}
    }
    health.heard = Some(at);
}

fn follow_measured(health: &mut DeviceHealth, at: Timestamp, measured: &Measured) {
    let kind = kind(&measured.measurement).to_owned();
    health.last_reading = Some(LastReading { kind, at });
    for (kept, told) in
        [(&mut health.serial, &measured.serial), (&mut health.firmware, &measured.firmware)]
    {
        if told.is_some() {
            kept.clone_from(told);
        }
    }
}

fn kind(measurement: &Measurement) -> &'static str {
    match measurement {
        Measurement::BloodPressure(_) => "blood pressure",
        Measurement::Oximetry(_) => "oxygen saturation",
        Measurement::Temperature(_) => "temperature",
        Measurement::HeartRate(_) => "heart rate",
        Measurement::Glucose(_) => "glucose",
        Measurement::Weight(_) => "weight",
        Measurement::BodyComposition(_) => "body composition",
        Measurement::Ecg(_) => "ECG",
    }
}

#[cfg(test)]
mod tests {
    use clinical::{Decimal, DeviceId, Temperature};
    use devices::{Failure, Malformation, Wrong};

    use super::*;

    const START: Timestamp = Timestamp::from_millis(0);
    const LATER: Timestamp = Timestamp::from_millis(5_000);

    fn after(events: &[DeviceEvent]) -> DeviceHealth {
        let configured = DeviceConfig {
            id: DeviceId("cuff".into()),
            driver: "suntech-advantage".into(),
            link: "tcp://127.0.0.1:4000".into(),
            login: None,
        };
        let mut health = of(&configured, START);
        for event in events {
            follow(&mut health, LATER, event);
        }
        health
    }

    fn measured() -> DeviceEvent {
        let celsius = Decimal::new(376, -1);
        let measurement = Measurement::Temperature(Temperature { celsius, site: None });
        let mut measured = Measured::new(measurement, &[1]);
        measured.serial = Some("A-17".into());
        DeviceEvent::Report(Report::Measured(measured))
    }

    #[test]
    fn a_device_is_away_until_its_link_is_up_and_again_when_it_is_lost() {
        let fresh = after(&[]);
        assert_eq!(fresh.link, DeviceLink::Away { since: START });
        assert_eq!(fresh.title, "SunTech Advantage");
        assert_eq!(after(&[DeviceEvent::Up]).link, DeviceLink::Up { since: LATER });
        let battery = DeviceEvent::Report(Report::Battery(80));
        assert_eq!(after(&[DeviceEvent::Up, battery.clone()]).battery, Some(80));
        let lost = after(&[DeviceEvent::Up, battery, DeviceEvent::Down]);
        assert_eq!((lost.link, lost.lost), (DeviceLink::Away { since: LATER }, 1));
        assert_eq!(lost.battery, None);
    }

    #[test]
    fn of_a_reading_only_its_kind_and_time_are_kept() {
        let health = after(&[DeviceEvent::Up, measured()]);
        let kind = "temperature".to_owned();
        assert_eq!(health.last_reading, Some(LastReading { kind, at: LATER }));
        assert_eq!((health.heard, health.serial.as_deref()), (Some(LATER), Some("A-17")));
        assert!(!format!("{health:?}").contains("37.6"), "{health:?}");
    }

    #[test]
    fn garbled_bytes_and_failures_do_not_count_as_heard() {
        let bytes = vec![1];
        let malformed = Report::Malformed(Malformation { what: Wrong::Checksum, bytes });
        let failed = Report::Failed(Failure::Device);
        let health = after(&[malformed, failed].map(DeviceEvent::Report));
        assert_eq!((health.heard, health.malformed), (None, 1));
        assert_eq!(health.last_malformed.as_deref(), Some("checksum"));
    }
}
