//! Any blood glucose meter with the Bluetooth Glucose Service (0x1808).
//!
//! It tells nothing by itself: its records are asked for by number. All of them are reported; whose
//! they are is decided elsewhere. What the patient told it about a record comes as a second value
//! and is joined here.

mod context;
mod measurement;

use std::collections::VecDeque;

use clinical::{Glucose, Measurement};
pub(crate) use measurement::sample_of;

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Fields, Malformation, Measured, Millis,
    Report, Status, Undecoded, Uuid, Wrong,
    catalogue::{Advertised, Device, Purpose, Transport},
    gatt::{CURRENT_TIME, Peripheral, Shown},
    one_of::{Codec, one_of},
    racp::{Procedure, Step},
};
use context::Context;
use measurement::Record;

pub(crate) const DEVICE: Device = Device {
    id: "ble-glucose",
    title: "Bluetooth glucose meter",
    purpose: Purpose::Glucose,
    transports: &[Transport::Gatt],
    usb: &[],
    bluetooth: &[Advertised::Service(Uuid::sig(SERVICE))],
    driver: || Box::<Meter>::default(),
};

const SERVICE: u16 = 0x1808;
const MEASUREMENT: Channel = Channel::sig(SERVICE, 0x2A18);
const CONTEXT: Channel = Channel::sig(SERVICE, 0x2A34);
const FEATURE: Channel = Channel::sig(SERVICE, 0x2A51);
const CONTROL: Channel = Channel::sig(SERVICE, 0x2A52);
const SERIAL: Channel = Channel::sig(0x180A, 0x2A25);

/// Records whose context has not come. It follows its record at once, so that more than one wait
/// only at a meter that sends all records before all contexts; the oldest goes without then.
const HELD: usize = 64;

#[derive(Debug, Default)]
pub(crate) struct Meter {
    peripheral: Peripheral,
    procedure: Procedure,
    held: VecDeque<(Record, Vec<u8>)>,
    /// What this link's meter calls itself.
    serial: Option<Vec<u8>>,
    /// The meter whose records were being fetched when the link was lost.
    interrupted: Option<Vec<u8>>,
}

impl Meter {
    fn bytes(&mut self, now: Millis, channel: Channel, bytes: &[u8]) -> Vec<Action> {
        match channel {
            MEASUREMENT => self.record(now, bytes),
            CONTEXT => self.context(now, bytes),
            CONTROL => match self.procedure.response(now, bytes) {
                Ok(steps) => self.perform(now, steps),
                Err(wrong) => vec![malformed(wrong, bytes)],
            },
            FEATURE => {
                self.answered(now);
                Vec::new()
            }
            _ => {
                if channel == SERIAL {
                    self.serial = Some(bytes.to_vec());
                }
                self.peripheral.bytes(now, channel, bytes).unwrap_or_default()
            }
        }
    }

    /// The feature is asked for last, so now everything else is known or refused.
    fn answered(&mut self, now: Millis) {
        if self.interrupted != self.serial {
            self.procedure.forget();
        }
        self.procedure.ready(now);
    }

    fn record(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let record = match measurement::decode(bytes) {
            Ok(record) => record,
            Err(wrong) => return vec![malformed(wrong, bytes)],
        };
        self.procedure.record(now, record.sequence);
        // Without a procedure, nothing would end the wait for a context that never comes.
        if !record.context_follows || !self.procedure.is_running() {
            return vec![self.report(now, &record, None, bytes)];
        }
        self.held.push_back((record, bytes.to_vec()));
        if self.held.len() > HELD { self.flush(now, 1) } else { Vec::new() }
    }

    fn context(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let context = match context::decode(bytes) {
            Ok(context) => context,
            Err(wrong) => return vec![malformed(wrong, bytes)],
        };
        let waits = |(record, _): &(Record, Vec<u8>)| record.sequence == context.sequence;
        let Some((record, raw)) =
            self.held.iter().position(waits).and_then(|place| self.held.remove(place))
        else {
            return Vec::new();
        };
        vec![self.report(now, &record, Some(&context), &[&raw, bytes].concat())]
    }

    fn report(&self, now: Millis, record: &Record, told: Option<&Context>, raw: &[u8]) -> Action {
        let Some((concentration, unit)) = record.concentration() else {
            return Action::Report(Report::Failed(Failure::Device));
        };
        let measurement = Measurement::Glucose(Glucose {
            concentration,
            unit,
            sample: record.sample(),
            meal: told.and_then(Context::meal),
        });
        let measured = Measured {
            sequence: Some(record.sequence.into()),
            quality: record.quality(),
            ..Measured::new(measurement, raw)
        };
        let mut report = self.peripheral.value(now, Shown::dated(record.device_time()), measured);
        if let Report::Measured(measured) = &mut report {
            // Meter and cart may both have found the clock wrong.
            measured.quality.dedup();
        }
        Action::Report(report)
    }

    fn perform(&mut self, now: Millis, steps: Vec<Step>) -> Vec<Action> {
        let mut actions = Vec::new();
        for step in steps {
            match step {
                Step::Write(bytes) => actions.push(Action::Write { channel: CONTROL, bytes }),
                Step::Done => {
                    actions.extend(self.flush(now, HELD));
                    actions.extend(self.peripheral.fetched(now));
                }
                Step::Failed(failure) => {
                    actions.extend(self.flush(now, HELD));
                    actions.push(Action::Report(Report::Failed(failure)));
                }
            }
        }
        actions
    }

    /// Reports the oldest that wait, without their context.
    fn flush(&mut self, now: Millis, count: usize) -> Vec<Action> {
        let oldest: Vec<_> = self.held.drain(..count.min(self.held.len())).collect();
        oldest.iter().map(|(record, raw)| self.report(now, record, None, raw)).collect()
    }

    fn down(&mut self, now: Millis) -> Vec<Action> {
        if !self.procedure.is_open() {
            return Vec::new();
        }
        let waiting = self.flush(now, HELD);
        self.interrupted = self.serial.take().filter(|_| self.procedure.is_running());
        self.procedure.down();
        if self.interrupted.is_none() {
            self.procedure.forget();
        }
        waiting
    }

    fn refused(&mut self, now: Millis, channel: Channel) -> Vec<Action> {
        match channel {
            MEASUREMENT | CONTROL => {
                let steps = self.procedure.refused();
                self.perform(now, steps)
            }
            FEATURE => {
                self.answered(now);
                Vec::new()
            }
            _ => self.peripheral.refused(channel),
        }
    }
}

fn malformed(wrong: Wrong, bytes: &[u8]) -> Action {
    Action::Report(Report::Malformed(Malformation::new(wrong, bytes)))
}

impl Driver for Meter {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(clock) => {
                let mut actions = self.down(now);
                self.procedure.up(now);
                actions.extend(self.peripheral.up_to_fetch(now, clock, &[CURRENT_TIME]));
                actions.extend([
                    Action::Subscribe(MEASUREMENT),
                    Action::SubscribeIfThere(CONTEXT),
                    Action::Subscribe(CONTROL),
                    Action::Read(FEATURE),
                    Action::Report(Report::Status(Status::Ready)),
                ]);
                actions
            }
            Event::Bytes { channel, bytes } => self.bytes(now, channel, bytes),
            Event::Down => self.down(now),
            Event::Refused(channel) => self.refused(now, channel),
            Event::Timer => {
                let steps = self.procedure.timer(now);
                self.perform(now, steps)
            }
            Event::Command(Command::Measure) => {
                let steps = self.procedure.begin(now);
                self.perform(now, steps)
            }
            Event::Command(Command::StopMeasuring) => {
                let steps = self.procedure.abort(now);
                self.perform(now, steps)
            }
            Event::Command(Command::Ptz(_)) | Event::Controls(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.procedure.deadline()
    }
}

/// The codec for `ble_glucose`. Without a characteristic, the one that is the only one to have such
/// a value.
pub(crate) fn decode(name: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let codecs: &[(u16, Codec)] =
        &[(0x2A18, measurement::fields), (0x2A34, context::fields), (0x2A51, feature)];
    one_of(codecs, name, bytes)
}

/// Glucose Feature (0x2A51): which errors the meter detects, by the bits of the sensor status.
fn feature(bytes: &[u8]) -> Result<Fields, Wrong> {
    let bits = bytes.try_into().map(u16::from_le_bytes).map_err(|_| Wrong::Length)?;
    Ok(Fields::default().with("features", bits))
}

#[cfg(test)]
mod tests;
