//! Any cuff with the Bluetooth Blood Pressure Service (0x1810).
//!
//! It sends each measurement that it has stored, oldest first, as soon as it may indicate. All of
//! them are reported, with the time of the cuff's clock where it has one; whose they are is decided
//! elsewhere. The profile has no way to start a measurement: the patient presses the cuff's button.

mod decode;
mod quirks;
mod value;

use clinical::{BloodPressure, Decimal, Measurement, Quality};
pub(crate) use decode::decode;
use quirks::{AND_UA651, BEURER_BM85, Quirks, STANDARD};
use value::Indication;

use crate::{
    Action, Channel, Driver, Event, Failure, Malformation, Measured, Millis, Report, Status, Uuid,
    Wrong,
    catalogue::{Advertised, Device, Purpose, Transport},
    gatt::Peripheral,
};

pub(crate) const DEVICE: Device = Device {
    id: "ble-blood-pressure",
    title: "Bluetooth blood pressure cuff",
    purpose: Purpose::BloodPressure,
    transports: &[Transport::Gatt],
    usb: &[],
    bluetooth: &[Advertised::Service(Uuid::sig(SERVICE))],
    driver: || Box::new(Cuff::new(&STANDARD)),
};

pub(crate) const BM85: Device = Device {
    id: "beurer-bm85",
    title: "Beurer BM85",
    bluetooth: &[Advertised::Name("BM85")],
    driver: || Box::new(Cuff::new(&BEURER_BM85)),
    ..DEVICE
};

pub(crate) const UA651: Device = Device {
    id: "and-ua651",
    title: "A&D UA-651BLE",
    bluetooth: &[Advertised::Name("A&D_UA-651BLE")],
    driver: || Box::new(Cuff::new(&AND_UA651)),
    ..DEVICE
};

const SERVICE: u16 = 0x1810;
const MEASUREMENT: Channel = Channel::sig(SERVICE, 0x2A35);
/// Not every cuff tells the pressure while it measures.
const CUFF_PRESSURE: Channel = Channel::sig(SERVICE, 0x2A36);

/// Bits of a measurement's status (0x2A35, "Measurement Status"); the others are reserved.
mod status {
    pub(super) const MOVEMENT: u16 = 0x01;
    pub(super) const LOOSE: u16 = 0x02;
    pub(super) const IRREGULAR: u16 = 0x04;
    /// Above or below what the cuff measures well.
    pub(super) const PULSE_RANGE: u16 = 0x18;
    pub(super) const POSITION: u16 = 0x20;
}

#[derive(Debug)]
pub(crate) struct Cuff {
    quirks: &'static Quirks,
    peripheral: Peripheral,
    subscribe_at: Option<Millis>,
}

impl Cuff {
    fn new(quirks: &'static Quirks) -> Self {
        Self { quirks, peripheral: Peripheral::default(), subscribe_at: None }
    }

    /// Stored measurements come as soon as the subscription stands, so it comes last.
    fn subscribe(&mut self, now: Millis) -> Vec<Action> {
        if self.subscribe_at.take_if(|at| now >= *at).is_none() {
            return Vec::new();
        }
        vec![Action::SubscribeIfThere(CUFF_PRESSURE), Action::Subscribe(MEASUREMENT)]
    }

    fn bytes(&mut self, now: Millis, channel: Channel, bytes: &[u8]) -> Vec<Action> {
        if let Some(actions) = self.peripheral.bytes(now, channel, bytes) {
            return actions;
        }
        let report = match channel {
            MEASUREMENT => self.measurement(now, bytes),
            CUFF_PRESSURE => self.read(bytes).map(|indication| measuring(&indication)),
            _ => return Vec::new(),
        };
        let malformed = |wrong| Report::Malformed(Malformation::new(wrong, bytes));
        vec![Action::Report(report.unwrap_or_else(malformed))]
    }

    fn read(&self, bytes: &[u8]) -> Result<Indication, Wrong> {
        match self.quirks.layout {
            Some(layout) => value::read(bytes, layout),
            None => value::decode(bytes),
        }
    }

    fn measurement(&self, now: Millis, bytes: &[u8]) -> Result<Report, Wrong> {
        let indication = self.read(bytes)?;
        let status = indication.status.unwrap_or(0);
        let Some(pressure) = pressure(&indication) else {
            return Ok(Report::Failed(failure(status)));
        };
        let measured = Measured {
            quality: quality(status),
            ..Measured::new(Measurement::BloodPressure(pressure), bytes)
        };
        Ok(self.peripheral.value(now, indication.shown(), measured))
    }
}

/// `None`: the cuff could not measure.
fn pressure(indication: &Indication) -> Option<BloodPressure> {
    let [systolic, diastolic, mean] = indication.pressures.map(|number| indication.mmhg(number));
    // Where the standard wants a NaN, some cuffs send 0 for what they do not measure; nobody has it.
    let measured = |value: &Decimal| value.mantissa() != 0;
    Some(BloodPressure {
        systolic: systolic?,
        diastolic: diastolic?,
        mean: mean.filter(measured),
        pulse: indication.pulse.and_then(|pulse| pulse.value()).filter(measured),
    })
}

fn quality(status: u16) -> Vec<Quality> {
    [
        (status::MOVEMENT, Quality::Motion),
        (status::LOOSE, Quality::LooseCuff),
        (status::IRREGULAR, Quality::IrregularPulse),
        (status::PULSE_RANGE, Quality::PulseOutOfRange),
        (status::POSITION, Quality::WrongPosition),
    ]
    .into_iter()
    .filter(|(bits, _)| status & bits != 0)
    .map(|(_, quality)| quality)
    .collect()
}

fn failure(status: u16) -> Failure {
    match status {
        _ if status & status::LOOSE != 0 => Failure::LooseCuff,
        _ if status & status::MOVEMENT != 0 => Failure::Motion,
        _ => Failure::Device,
    }
}

fn measuring(indication: &Indication) -> Report {
    let [cuff, ..] = indication.pressures;
    // A screen shows whole millimetres; what no cuff bears is not shown.
    let cuff_mmhg = indication
        .mmhg(cuff)
        .map(|pressure| pressure.to_f64().round())
        .filter(|pressure| (0.0..=400.0).contains(pressure))
        .map(|pressure| pressure as u16);
    Report::Status(Status::Measuring { cuff_mmhg })
}

impl Driver for Cuff {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(clock) => {
                let mut actions = self.peripheral.up(now, clock, self.quirks.clocks);
                actions.push(Action::Report(Report::Status(Status::Ready)));
                self.subscribe_at = Some(now + self.quirks.subscribe_delay_ms);
                actions.extend(self.subscribe(now));
                actions
            }
            Event::Bytes { channel, bytes } => self.bytes(now, channel, bytes),
            Event::Refused(MEASUREMENT) => vec![Action::Report(Report::Failed(Failure::Device))],
            Event::Refused(channel) => self.peripheral.refused(channel),
            Event::Down => {
                self.subscribe_at = None;
                Vec::new()
            }
            Event::Timer => self.subscribe(now),
            Event::Command(_) | Event::Controls(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.subscribe_at
    }
}

#[cfg(test)]
mod tests;
