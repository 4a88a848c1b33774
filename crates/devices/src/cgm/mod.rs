//! Any sensor with the Bluetooth Continuous Glucose Monitoring Service (0x181F).
//!
//! It notifies a record each time its interval has passed, and keeps them for whoever was not there.
//! A record says how many minutes after the beginning of the session it was measured; how many that
//! are now, the sensor's status tells, so no clock but the cart's own is needed.

mod control;
mod crc;
mod measurement;
mod session;

use clinical::{Glucose, GlucoseSample, GlucoseUnit, Measurement, Quality, Timestamp};

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Fields, Malformation, Measured, Millis,
    Number, Report, Status, Undecoded, Uuid, Wrong,
    catalogue::{Advertised, Device, Purpose, Transport},
    clock::DeviceClock,
    date_time::DateTime,
    gatt::{Peripheral, Shown},
    glucose::sample_of,
    one_of::{Codec, one_of},
    racp::{Procedure, Step},
};
use measurement::Record;
use session::{Crc, Feature, Start};

pub(crate) const DEVICE: Device = Device {
    id: "ble-cgm",
    title: "Bluetooth continuous glucose monitor",
    purpose: Purpose::Glucose,
    transports: &[Transport::Gatt],
    usb: &[],
    bluetooth: &[Advertised::Service(Uuid::sig(SERVICE))],
    driver: || Box::<Sensor>::default(),
};

const SERVICE: u16 = 0x181F;
const MEASUREMENT: Channel = Channel::sig(SERVICE, 0x2AA7);
const FEATURE: Channel = Channel::sig(SERVICE, 0x2AA8);
const STATUS: Channel = Channel::sig(SERVICE, 0x2AA9);
const START: Channel = Channel::sig(SERVICE, 0x2AAA);
const CONTROL: Channel = Channel::sig(SERVICE, 0x2A52);

/// Of the service's kinds of fluid, the one that is no patient's.
const CONTROL_SOLUTION: u8 = 10;

#[derive(Debug, Default)]
pub(crate) struct Sensor {
    peripheral: Peripheral,
    procedure: Procedure,
    session: Session,
    /// What the last completed or interrupted procedure was about.
    fetched_of: Option<Timestamp>,
}

/// What has been said since the link is open.
#[derive(Debug, Default)]
struct Session {
    crc: Crc,
    fluid: Option<u8>,
    clock: Option<DeviceClock>,
    /// When it began, by the sensor's clock.
    start: Option<Timestamp>,
    /// When it began, by the cart's clock.
    began: Option<Timestamp>,
    /// Minutes of the record that was notified last.
    newest: Option<u16>,
}

impl Sensor {
    fn bytes(&mut self, now: Millis, channel: Channel, bytes: &[u8]) -> Vec<Action> {
        let done = match channel {
            MEASUREMENT => self.notification(now, bytes),
            CONTROL => self.procedure.response(now, bytes).map(perform),
            FEATURE => self.session.feature(bytes).map(|()| Vec::new()),
            START => self.session.start(bytes).map(|()| Vec::new()),
            STATUS => {
                let done = self.session.status(now, bytes).map(|()| Vec::new());
                self.answered(now);
                done
            }
            _ => return self.peripheral.bytes(now, channel, bytes).unwrap_or_default(),
        };
        done.unwrap_or_else(|wrong| {
            vec![Action::Report(Report::Malformed(Malformation::new(wrong, bytes)))]
        })
    }

    /// The status is asked for last, so now everything else is known or refused. What came of the
    /// same session before does not have to come again.
    fn answered(&mut self, now: Millis) {
        if self.session.start.is_none() || self.session.start != self.fetched_of {
            self.procedure.forget();
        }
        self.fetched_of = self.session.start;
        self.procedure.ready(now);
    }

    fn notification(&mut self, now: Millis, bytes: &[u8]) -> Result<Vec<Action>, Wrong> {
        let records = measurement::decode(bytes, self.session.crc)?;
        // One damaged record makes the bounds of all doubtful.
        if records.iter().any(|record| record.crc_ok == Some(false)) {
            return Err(Wrong::Checksum);
        }
        let mut actions = Vec::new();
        for record in records {
            self.procedure.record(now, record.minutes);
            // The newest record comes twice: as it is measured, and as the last one asked for.
            if self.session.newest.replace(record.minutes) != Some(record.minutes) {
                actions.push(Action::Report(self.report(now, &record)));
            }
        }
        Ok(actions)
    }

    fn report(&self, now: Millis, record: &Record<'_>) -> Report {
        let Number::Value(concentration) = record.glucose else {
            return Report::Failed(Failure::Device);
        };
        let fluid = self.session.fluid;
        let measurement = Measurement::Glucose(Glucose {
            concentration,
            unit: GlucoseUnit::MgPerDl,
            sample: fluid.map_or(Some(GlucoseSample::InterstitialFluid), sample_of),
            meal: None,
        });
        let mut quality = record.annunciation.remarks();
        if fluid == Some(CONTROL_SOLUTION) {
            quality.push(Quality::ControlSolution);
        }
        if self.session.is_off() && !quality.contains(&Quality::ClockOff) {
            quality.push(Quality::ClockOff);
        }
        let measured = Measured { quality, ..Measured::new(measurement, record.raw) };
        let after = |begin: Timestamp| begin.plus_millis(i64::from(record.minutes) * 60_000);
        let began = self.session.began_by_cart();
        // Without the begin of its session, a record is of any day.
        let shown = if began.is_none() { Shown::Unknown } else { Shown::Nothing };
        let mut report = self.peripheral.value(now, shown, measured);
        if let Report::Measured(measured) = &mut report {
            measured.device_time = self.session.start.map(after);
            measured.corrected_time = began.map(after);
        }
        report
    }
}

impl Session {
    fn feature(&mut self, bytes: &[u8]) -> Result<(), Wrong> {
        let feature = Feature::decode(bytes)?;
        if feature.is_damaged() {
            return Err(Wrong::Checksum);
        }
        self.crc = feature.crc();
        self.fluid = Some(feature.fluid());
        Ok(())
    }

    fn start(&mut self, bytes: &[u8]) -> Result<(), Wrong> {
        let start = Start::decode(bytes, self.crc)?;
        if start.crc_ok == Some(false) {
            return Err(Wrong::Checksum);
        }
        self.start = start.wall.and_then(DateTime::timestamp);
        Ok(())
    }

    fn status(&mut self, now: Millis, bytes: &[u8]) -> Result<(), Wrong> {
        let status = session::Status::decode(bytes, self.crc)?;
        if status.crc_ok == Some(false) {
            return Err(Wrong::Checksum);
        }
        let Some(clock) = &mut self.clock else { return Ok(()) };
        let since_start = i64::from(status.minutes) * 60_000;
        let wall = clock.wall(now);
        let start = self.start.unwrap_or_else(|| wall.plus_millis(-since_start));
        clock.device_shows(now, start.plus_millis(since_start));
        self.began = Some(clock.corrected(start));
        Ok(())
    }

    /// Of a sensor without status, its clock is believed.
    fn began_by_cart(&self) -> Option<Timestamp> {
        self.began.or_else(|| Some(self.clock?.corrected(self.start?)))
    }

    fn is_off(&self) -> bool {
        self.clock.is_some_and(|clock| clock.is_off())
    }
}

fn perform(steps: Vec<Step>) -> Vec<Action> {
    steps
        .into_iter()
        .filter_map(|step| match step {
            Step::Write(bytes) => Some(Action::Write { channel: CONTROL, bytes }),
            Step::Failed(failure) => Some(Action::Report(Report::Failed(failure))),
            Step::Done => None,
        })
        .collect()
}

impl Driver for Sensor {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(clock) => {
                self.procedure.down();
                self.procedure.up(now);
                self.session =
                    Session { clock: Some(DeviceClock::new(now, clock)), ..Session::default() };
                let mut actions = self.peripheral.up(now, clock, &[]);
                actions.extend([
                    Action::Read(FEATURE),
                    Action::Read(START),
                    Action::Subscribe(MEASUREMENT),
                    Action::Subscribe(CONTROL),
                    Action::Read(STATUS),
                    Action::Report(Report::Status(Status::Ready)),
                ]);
                actions
            }
            Event::Bytes { channel, bytes } => self.bytes(now, channel, bytes),
            Event::Down => {
                self.procedure.down();
                Vec::new()
            }
            Event::Refused(MEASUREMENT | CONTROL) => perform(self.procedure.refused()),
            Event::Refused(STATUS) => {
                self.answered(now);
                Vec::new()
            }
            Event::Refused(channel) => self.peripheral.refused(channel),
            Event::Timer => perform(self.procedure.timer(now)),
            Event::Command(Command::Measure) => perform(self.procedure.begin(now)),
            Event::Command(Command::StopMeasuring) => perform(self.procedure.abort(now)),
            Event::Command(Command::Ptz(_)) | Event::Controls(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.procedure.deadline()
    }
}

/// The codec for `ble_cgm`; `CRC` gives that of the bytes, whatever they are. Without a
/// characteristic, the one that is the only one to have such a value.
pub(crate) fn decode(name: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    if name.is_some_and(|name| name.eq_ignore_ascii_case("CRC")) {
        return Ok(Fields::default().with("crc16_mcrf4xx", crc::crc(bytes)));
    }
    let codecs: &[(u16, Codec)] = &[
        (0x2AA7, measurement::fields),
        (0x2AA8, session::feature_fields),
        (0x2AA9, session::status_fields),
        (0x2AAA, session::start_fields),
        (0x2AAB, session::run_time_fields),
        (0x2AAC, control::fields),
    ];
    one_of(codecs, name, bytes)
}

#[cfg(test)]
mod tests;
