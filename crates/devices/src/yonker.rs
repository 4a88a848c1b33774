//! Blood pressure cuffs that Yonker makes (YK-IBPA1, YK-BPW5, also sold as Yongrow and METIKO), over
//! Bluetooth.
//!
//! They send the last measurement when a host subscribes, in one notification of 15 bytes: `81
//! systolic diastolic pulse .. .. day month year hour minute ..` (derdilla/blood-pressure-monitor-fl).
//! There is no checksum.

use clinical::{BloodPressure, Decimal, Measurement};

use crate::{
    Action, Channel, Driver, Event, Failure, Fields, Malformation, Measured, Millis, Report,
    Status, Undecoded, Uuid, Wrong,
    catalogue::{Advertised, Device, Purpose, Transport},
    clock::DeviceClock,
    date_time::DateTime,
    fields::Field,
};

pub(crate) const DEVICE: Device = Device {
    id: "yonker",
    title: "Yonker cuff",
    purpose: Purpose::BloodPressure,
    transports: &[Transport::Gatt],
    usb: &[],
    bluetooth: &[Advertised::Service(SERVICE)],
    driver: || Box::<Yonker>::default(),
};

const SERVICE: Uuid = Uuid::new(0xCDEA_CD80_5235_4C07_8846_93A3_7EE6_B86D);
const NOTIFY: Channel = Channel::Gatt {
    service: SERVICE,
    characteristic: Uuid::new(0xCDEA_CD81_5235_4C07_8846_93A3_7EE6_B86D),
};

const MEASUREMENT: u8 = 0x81;

struct Sent {
    systolic: u8,
    diastolic: u8,
    /// 0 where there is none.
    pulse: u8,
    time: DateTime,
}

fn parse(bytes: &[u8]) -> Result<Sent, Wrong> {
    let bytes: &[u8; 15] = bytes.try_into().map_err(|_| Wrong::Length)?;
    let &[kind, systolic, diastolic, pulse, _, _, day, month, year, hour, minute, ..] = bytes;
    if kind != MEASUREMENT {
        return Err(Wrong::Unexpected);
    }
    let [low, high] = (2000 + u16::from(year)).to_le_bytes();
    let time = DateTime::from_bytes([low, high, month, day, hour, minute, 0])?;
    Ok(Sent { systolic, diastolic, pulse, time })
}

pub(crate) fn decode(_: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let Sent { systolic, diastolic, pulse, time } = parse(bytes)?;
    Ok(Fields::default()
        .with("systolic", systolic)
        .with("diastolic", diastolic)
        .with("pulse", (pulse != 0).then_some(pulse))
        .with("timestamp", time.timestamp().map(|_| Field::from(time)).unwrap_or(Field::Absent)))
}

#[derive(Debug, Default)]
struct Yonker {
    clock: Option<DeviceClock>,
}

impl Yonker {
    /// Without a time nobody could tell a new measurement from the one of the patient before, so it
    /// is no reading then. The cuff's clock is often wrong; such a reading waits for a person.
    fn report(&self, bytes: &[u8]) -> Report {
        let refused = |wrong| Report::Malformed(Malformation::new(wrong, bytes));
        let Sent { systolic, diastolic, pulse, time } = match parse(bytes) {
            Ok(sent) => sent,
            Err(wrong) => return refused(wrong),
        };
        let Some(device_time) = time.timestamp() else { return refused(Wrong::Field) };
        let corrected = self.clock.map_or(device_time, |clock| clock.corrected(device_time));
        let measurement = Measurement::BloodPressure(BloodPressure {
            systolic: u16::from(systolic).into(),
            diastolic: u16::from(diastolic).into(),
            mean: None,
            pulse: (pulse != 0).then(|| Decimal::from(u16::from(pulse))),
        });
        Report::value(Measured {
            device_time: Some(device_time),
            corrected_time: Some(corrected),
            ..Measured::new(measurement, bytes)
        })
    }
}

impl Driver for Yonker {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(clock) => {
                self.clock = Some(DeviceClock::new(now, clock));
                vec![Action::Subscribe(NOTIFY), Action::Report(Report::Status(Status::Ready))]
            }
            Event::Bytes { channel: NOTIFY, bytes } => vec![Action::Report(self.report(bytes))],
            Event::Refused(NOTIFY) => vec![Action::Report(Report::Failed(Failure::Device))],
            Event::Down => {
                self.clock = None;
                Vec::new()
            }
            Event::Bytes { .. }
            | Event::Refused(_)
            | Event::Timer
            | Event::Command(_)
            | Event::Controls(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{clock, testdata::hex};

    const SAMPLE: &str = "818367510000190b18131200000000";

    fn notify(bytes: &[u8]) -> Report {
        let mut driver = Yonker::default();
        let told = driver.handle(0, Event::Up(clock::TEST));
        assert_eq!(told[0], Action::Subscribe(NOTIFY));
        let mut told = driver.handle(0, Event::Bytes { channel: NOTIFY, bytes });
        let Some(Action::Report(report)) = told.pop() else { panic!("{told:?}") };
        report
    }

    fn check(bytes: &str, expected: Wrong) {
        let Report::Malformed(said) = notify(&hex(bytes)) else { panic!("{bytes}") };
        assert_eq!(said.what, expected, "{bytes}");
    }

    #[test]
    fn a_measurement_has_the_time_of_the_cuff() {
        let Report::Measured(measured) = notify(&hex(SAMPLE)) else { panic!() };
        let Measurement::BloodPressure(pressure) = measured.measurement else { panic!() };
        assert_eq!(pressure.systolic, 131u16.into());
        assert_eq!(pressure.pulse, Some(81u16.into()));
        let shown = measured.device_time.unwrap();
        assert_eq!(shown.to_string(), "2024-11-25T19:18:00.000Z");
        // The place of the test is an hour ahead.
        assert_eq!(measured.corrected_time, Some(shown.plus_millis(-3_600_000)));
    }

    #[test]
    fn another_kind_length_or_date_is_no_reading() {
        check("828367510000190b18131200000000", Wrong::Unexpected);
        check("818367510000190b1813", Wrong::Length);
        check("81836751000019001813120000 0000", Wrong::Field);
        check("818367510000200d18131200000000", Wrong::Field);
        check("816783510000190b18131200000000", Wrong::Implausible);
    }

    #[test]
    fn no_pulse_is_absent() {
        let fields = decode(None, &hex("818367000000190b18131200000000")).unwrap();
        assert_eq!(fields.get("pulse"), Some(&Field::Absent));
    }

    proptest! {
        #[test]
        fn any_notification_is_one_report(
            mut bytes in proptest::collection::vec(any::<u8>(), 0..20),
        ) {
            if let Some(first) = bytes.first_mut() {
                *first = MEASUREMENT;
            }
            if let Report::Measured(measured) = notify(&bytes) {
                prop_assert!(bytes.len() == 15 && measured.corrected_time.is_some());
            }
        }
    }
}
