//! Any oximeter with the Bluetooth Pulse Oximeter Service (0x1822).
//!
//! Some send one finished measurement when it is done (spot-check), some a stream of live values,
//! some both. A finished one is a reading; a stream gives one when it can be stood by.

mod remarks;
mod value;

use std::collections::VecDeque;

use clinical::{Measurement, Oximetry, Quality};
pub(crate) use value::decode;
use value::{Continuous, Pair, Spot};

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Malformation, Measured, Millis, Report,
    Status, Uuid, Wrong,
    catalogue::{Advertised, Device, Purpose, Transport},
    date_time::DateTime,
    gatt::{CURRENT_TIME, Heard, Live, Peripheral, Shown, Signal},
};

pub(crate) const DEVICE: Device = Device {
    id: "ble-oximeter",
    title: "Bluetooth oximeter",
    purpose: Purpose::Oximetry,
    transports: &[Transport::Gatt],
    usb: &[],
    bluetooth: &[Advertised::Service(Uuid::sig(SERVICE))],
    driver: || Box::new(Oximeter::new()),
};

const SERVICE: u16 = 0x1822;
const SPOT: Channel = Channel::sig(SERVICE, 0x2A5E);
const CONTINUOUS: Channel = Channel::sig(SERVICE, 0x2A5F);

/// The average over a few beats has filled with beats of this finger.
const SETTLE: Millis = 4_000;
/// Of more values than come in [`SETTLE`] at the once a second of the standard.
const REMEMBERED: usize = 16;

#[derive(Debug)]
pub(crate) struct Oximeter {
    peripheral: Peripheral,
    live: Live,
    /// What was remarked on the last live values, newest last: it stays with a reading for as long as
    /// the oximeter may still average over them.
    remarked: VecDeque<(Millis, Vec<Quality>)>,
    /// Which of the two measurements it has not.
    refused: [bool; 2],
}

impl Oximeter {
    fn new() -> Self {
        Self {
            peripheral: Peripheral::default(),
            live: Live::new(SETTLE),
            remarked: VecDeque::new(),
            refused: [false; 2],
        }
    }

    fn bytes(&mut self, now: Millis, channel: Channel, bytes: &[u8]) -> Vec<Action> {
        if let Some(actions) = self.peripheral.bytes(now, channel, bytes) {
            return actions;
        }
        let actions = match channel {
            SPOT => Spot::read(bytes).map(|spot| vec![self.spot(now, &spot, bytes)]),
            CONTINUOUS => Continuous::read(bytes).map(|value| self.continuous(now, &value, bytes)),
            _ => return Vec::new(),
        };
        let malformed =
            |wrong: Wrong| vec![Action::Report(Report::Malformed(Malformation::new(wrong, bytes)))];
        actions.unwrap_or_else(malformed)
    }

    fn spot(&self, now: Millis, spot: &Spot, bytes: &[u8]) -> Action {
        let report = match (spot.remarks.signal(spot.normal), oximetry(spot.normal)) {
            (Signal::Off, _) => Report::Failed(Failure::NoPulse),
            (Signal::Searching, _) | (_, None) => Report::Failed(Failure::Device),
            (Signal::Good, Some(oximetry)) => {
                let time = spot.time.filter(|_| spot.clock_set).and_then(DateTime::timestamp);
                // A finished measurement that is not out of the memory is of now, dated or not.
                let shown = match time {
                    None if !spot.remarks.is_stored() => Shown::Nothing,
                    time => Shown::dated(time),
                };
                let quality = spot.remarks.quality();
                let measured = Measured { quality, ..Measured::new(oximetry, bytes) };
                self.peripheral.value(now, shown, measured)
            }
        };
        Action::Report(report)
    }

    fn continuous(&mut self, now: Millis, value: &Continuous, bytes: &[u8]) -> Vec<Action> {
        let signal = value.remarks.signal(value.normal);
        // A live value without a pulse is not yet one.
        let signal = match value.normal.pulse.value() {
            None if signal == Signal::Good => Signal::Searching,
            _ => signal,
        };
        let remarks = value.remarks.quality();
        let is_doubted = remarks.iter().any(|remark| *remark != Quality::LowPerfusion);
        self.remember(now, remarks);
        let Heard { live, reading, news } = self.live.hear(now, signal);
        let live = (live && !is_doubted).then(|| oximetry(value.normal)).flatten();
        let reading = reading.then(|| oximetry(value.normal)).flatten().map(|oximetry| {
            let quality = self.remembered();
            let measured = Measured { quality, ..Measured::new(oximetry, bytes) };
            self.peripheral.value(now, Shown::Nothing, measured)
        });
        let reports = live.and_then(Report::live).into_iter().chain(reading);
        news.into_iter().chain(reports.map(Action::Report)).collect()
    }

    fn remember(&mut self, now: Millis, quality: Vec<Quality>) {
        self.remarked.retain(|(at, _)| now.saturating_sub(*at) < SETTLE);
        if self.remarked.len() == REMEMBERED {
            self.remarked.pop_front();
        }
        self.remarked.push_back((now, quality));
    }

    /// Each at most once.
    fn remembered(&self) -> Vec<Quality> {
        let mut quality = Vec::new();
        for remark in self.remarked.iter().flat_map(|(_, remarks)| remarks) {
            if !quality.contains(remark) {
                quality.push(*remark);
            }
        }
        quality
    }

    /// It needs one of the two measurements.
    fn refused(&mut self, channel: Channel) -> Vec<Action> {
        let [spot, continuous] = &mut self.refused;
        match channel {
            SPOT => *spot = true,
            CONTINUOUS => *continuous = true,
            _ => return self.peripheral.refused(channel),
        }
        match self.refused {
            [true, true] => vec![Action::Report(Report::Failed(Failure::Device))],
            _ => Vec::new(),
        }
    }
}

/// `None`: the oximeter could not measure.
fn oximetry(Pair { spo2, pulse }: Pair) -> Option<Measurement> {
    Some(Measurement::Oximetry(Oximetry { spo2: spo2.value()?, pulse: pulse.value() }))
}

impl Driver for Oximeter {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            // Everything else first: stored measurements may come as soon as a subscription stands.
            Event::Up(clock) => {
                *self = Self::new();
                let mut actions = self.peripheral.up(now, clock, &[CURRENT_TIME]);
                actions.extend([
                    Action::Report(Report::Status(Status::Ready)),
                    Action::SubscribeIfThere(SPOT),
                    Action::SubscribeIfThere(CONTINUOUS),
                ]);
                actions
            }
            Event::Down => {
                *self = Self::new();
                Vec::new()
            }
            Event::Bytes { channel, bytes } => self.bytes(now, channel, bytes),
            Event::Refused(channel) => self.refused(channel),
            Event::Timer => self.live.timer(now),
            Event::Command(Command::Measure) => {
                self.live.ask();
                Vec::new()
            }
            Event::Command(Command::StopMeasuring | Command::Ptz(_)) | Event::Controls(_) => {
                Vec::new()
            }
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.live.deadline()
    }
}

#[cfg(test)]
mod tests;
