//! A Polar H10 strap: its heart rate live, and ten seconds of its ECG when somebody asks.
//!
//! The rate comes by the Bluetooth Heart Rate Service, as from any strap. The strap has no clock
//! that anybody sets, so a strip is of now.

mod control;
mod pmd;
mod strip;

use clinical::{Ecg, Measurement};
use pmd::{HERTZ, START_ECG, STOP_ECG};
use strip::Strip;

pub(crate) use pmd::decode;

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Malformation, Measured, Millis, Report,
    Status, Uuid, Wrong,
    catalogue::{Advertised, Device, Purpose, Transport},
    heart_rate::Strap,
};

pub(crate) const DEVICE: Device = Device {
    id: "polar-h10",
    title: "Polar H10",
    purpose: Purpose::HeartRate,
    transports: &[Transport::Gatt],
    usb: &[],
    bluetooth: &[Advertised::Name("Polar H10")],
    driver: || Box::new(Polar::new()),
};

const SERVICE: Uuid = Uuid::new(0xFB00_5C80_02E7_F387_1CAD_8ACD_2D8D_F0C8);
const CONTROL: Channel = Channel::Gatt {
    service: SERVICE,
    characteristic: Uuid::new(0xFB00_5C81_02E7_F387_1CAD_8ACD_2D8D_F0C8),
};
const DATA: Channel = Channel::Gatt {
    service: SERVICE,
    characteristic: Uuid::new(0xFB00_5C82_02E7_F387_1CAD_8ACD_2D8D_F0C8),
};

/// First octets of an answer to the command that starts ECG; the result follows.
const ANSWER_TO_START: [u8; 3] = [0xF0, 0x02, 0x00];
const SUCCESS: u8 = 0;
/// It streams already, such as for a host that was here before.
const ALREADY: u8 = 6;

/// Notifications come every 0.6 s; the first takes longer.
const SILENCE: Millis = 5_000;
/// Ten seconds and some for the start. A strap that sends fewer samples than it should never ends.
const WHOLE: Millis = 20_000;

const MEASURING: Report = Report::Status(Status::Measuring { cuff_mmhg: None });

#[derive(Debug)]
pub(crate) struct Polar {
    strap: Strap,
    recording: Option<Recording>,
}

#[derive(Debug)]
struct Recording {
    strip: Strip,
    silent_at: Millis,
    over_at: Millis,
}

impl Polar {
    fn new() -> Self {
        Self { strap: Strap::new(), recording: None }
    }

    /// What is the strap's alone. Its reading would end the recording for who looks on.
    fn forward(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        let mut actions = self.strap.handle(now, event);
        let reported = |action: &Action| matches!(action, Action::Report(_));
        if self.recording.is_some() && actions.iter().any(reported) {
            actions.push(Action::Report(MEASURING));
        }
        actions
    }

    fn start(&mut self, now: Millis) -> Vec<Action> {
        if self.recording.is_some() {
            return Vec::new();
        }
        let strip = Strip::default();
        self.recording = Some(Recording { strip, silent_at: now + SILENCE, over_at: now + WHOLE });
        vec![write(&START_ECG), Action::Report(MEASURING)]
    }

    /// Nothing when there is nothing to end.
    fn end(&mut self, report: Report) -> Vec<Action> {
        match self.recording.take() {
            None => Vec::new(),
            Some(_) => vec![write(&STOP_ECG), Action::Report(report)],
        }
    }

    fn answered(&mut self, bytes: &[u8]) -> Vec<Action> {
        match bytes.strip_prefix(&ANSWER_TO_START) {
            None | Some([SUCCESS | ALREADY, ..]) => Vec::new(),
            Some(_) => self.end(Report::Failed(Failure::Device)),
        }
    }

    fn data(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        // After a stop some of it is still under way.
        let Some(recording) = &mut self.recording else { return Vec::new() };
        recording.silent_at = now + SILENCE;
        let notification = match pmd::notification(bytes) {
            Ok(notification) => notification,
            // Other measurements that another host has started.
            Err(Wrong::Unexpected) => return Vec::new(),
            Err(wrong) => {
                let malformed = Report::Malformed(Malformation::new(wrong, bytes));
                let mut actions = vec![Action::Report(malformed)];
                actions.extend(self.end(Report::Failed(Failure::Device)));
                return actions;
            }
        };
        if recording.strip.add(&notification, bytes).is_err() {
            return self.end(Report::Failed(Failure::Device));
        }
        let Some((microvolts, raw)) = recording.strip.whole() else { return Vec::new() };
        let measurement = Measurement::Ecg(Ecg { microvolts, hertz: HERTZ });
        let value = self.strap.value(now, Measured::new(measurement, &raw));
        self.end(value)
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        let mut actions = self.forward(now, Event::Timer);
        if self.recording.as_ref().is_some_and(|recording| now >= recording.late_at()) {
            actions.extend(self.end(Report::Failed(Failure::TimedOut)));
        }
        actions
    }
}

impl Recording {
    fn late_at(&self) -> Millis {
        self.silent_at.min(self.over_at)
    }
}

fn write(command: &[u8]) -> Action {
    Action::Write { channel: CONTROL, bytes: command.to_vec() }
}

impl Driver for Polar {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) => {
                self.recording = None;
                let mut actions = self.strap.handle(now, event);
                actions.extend([Action::Subscribe(CONTROL), Action::Subscribe(DATA)]);
                actions
            }
            Event::Down => {
                self.recording = None;
                self.strap.handle(now, event)
            }
            Event::Bytes { channel: CONTROL, bytes } => self.answered(bytes),
            Event::Bytes { channel: DATA, bytes } => self.data(now, bytes),
            Event::Refused(CONTROL | DATA) => {
                self.recording = None;
                vec![Action::Report(Report::Failed(Failure::Device))]
            }
            Event::Timer => self.timer(now),
            Event::Command(Command::Measure) => self.start(now),
            Event::Command(Command::StopMeasuring) => self.end(Report::Failed(Failure::Stopped)),
            Event::Bytes { .. } | Event::Refused(_) => self.forward(now, event),
            Event::Command(Command::Ptz(_)) | Event::Controls(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        let late_at = self.recording.as_ref().map(Recording::late_at);
        late_at.into_iter().chain(self.strap.deadline()).min()
    }
}

#[cfg(test)]
mod tests;
