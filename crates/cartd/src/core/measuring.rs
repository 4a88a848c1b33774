//! The devices as the nurse sees them; what they say becomes a reading, a notice, or bytes kept for the technician.

use std::sync::{Arc, Weak};

use cart_api::{DeviceState, DeviceStatus, FailureCause, Measurable, NoticeKind, Refusal};
use clinical::{DeviceId, DeviceIdentity, Reading, ReadingId, Timestamp};
use device_links::{DeviceEvent, DeviceHandle};
use devices::{
    Command, Failure, Malformation, Measured, Report, Status, Wrong,
    catalogue::{Device, Purpose},
};
use encounter::Input;
use ring::digest::{SHA256, digest};
use uuid::Uuid;

use super::{Answer, Core};
use crate::vaulting::blocking;

/// What a device's link tells the core.
pub struct FromDevice {
    pub device: DeviceId,
    /// When the last byte of it reached the cart.
    pub at: Timestamp,
    pub event: DeviceEvent,
}

/// All devices of the configuration.
pub struct Devices {
    devices: Vec<OneDevice>,
}

pub struct OneDevice {
    pub id: DeviceId,
    pub kind: &'static Device,
    pub handle: Arc<DeviceHandle>,
    /// Its link is open, whether or not it has said anything.
    is_linked: bool,
    status: DeviceStatus,
    battery: Option<u8>,
}

impl OneDevice {
    pub fn new(id: DeviceId, kind: &'static Device, handle: Arc<DeviceHandle>) -> Self {
        let (is_linked, status) = (false, DeviceStatus::Away);
        Self { id, kind, handle, is_linked, status, battery: None }
    }

    /// A driver does not say again that its device is ready; what streams fails by falling silent.
    fn failed(&mut self, failure: Failure) {
        let streams = matches!(self.kind.purpose, Purpose::Oximetry | Purpose::HeartRate);
        let silent = streams && failure == Failure::Device;
        self.status = if silent { DeviceStatus::Away } else { DeviceStatus::Ready };
    }

    fn measures(&self) -> Option<Measurable> {
        match self.kind.purpose {
            Purpose::BloodPressure => Some(Measurable::BloodPressure),
            Purpose::Oximetry => Some(Measurable::Oximetry),
            Purpose::Temperature => Some(Measurable::Temperature),
            Purpose::HeartRate => Some(Measurable::HeartRate),
            Purpose::Glucose => Some(Measurable::Glucose),
            Purpose::Weight => Some(Measurable::Weight),
            Purpose::RoomCamera => None,
        }
    }

    fn reading(&self, measured: Measured, received: Timestamp) -> Reading {
        Reading {
            id: ReadingId::new(Uuid::now_v7()),
            measurement: measured.measurement,
            device: DeviceIdentity {
                id: self.id.clone(),
                model: self.kind.title.to_owned(),
                serial: measured.serial,
                firmware: measured.firmware,
            },
            device_time: measured.device_time,
            corrected_time: measured.corrected_time,
            sequence: measured.sequence,
            received,
            quality: measured.quality,
            raw_sha256: sha256(&measured.raw),
        }
    }
}

impl Devices {
    pub fn new(devices: Vec<OneDevice>) -> Self {
        Self { devices }
    }

    pub fn states(&self) -> Vec<DeviceState> {
        let state = |device: &OneDevice| DeviceState {
            id: device.id.clone(),
            measures: device.measures(),
            status: device.status.clone(),
            battery: device.battery,
        };
        self.devices.iter().map(state).collect()
    }

    /// For who looks at a link, and must not keep it open.
    pub fn handles(&self) -> Vec<(DeviceId, Weak<DeviceHandle>)> {
        let handle = |device: &OneDevice| (device.id.clone(), Arc::downgrade(&device.handle));
        self.devices.iter().map(handle).collect()
    }

    fn find(&mut self, id: &DeviceId) -> Option<&mut OneDevice> {
        self.devices.iter_mut().find(|device| device.id == *id)
    }

    /// Also one that is silent until it is used: a clip on a cable says nothing without a finger.
    pub fn that_are_there(&self) -> Vec<DeviceId> {
        let there = self.devices.iter().filter(|device| device.is_linked);
        there.map(|device| device.id.clone()).collect()
    }

    pub fn start(&self, id: &DeviceId) -> Result<(), Refusal> {
        let device = self.devices.iter().find(|device| device.id == *id);
        let device = device.ok_or(Refusal::DeviceAway)?;
        device.handle.command(Command::Measure).map_err(|_| Refusal::DeviceAway)
    }

    /// An oximeter gives its next steady value at once. A strap is not asked: it may begin an ECG.
    pub fn read_now(&self, id: &DeviceId) {
        let asked = self.devices.iter().find(|device| device.id == *id);
        let is_oximeter = asked.is_some_and(|device| device.kind.purpose == Purpose::Oximetry);
        if is_oximeter && self.start(id).is_err() {
            tracing::debug!(device = %id, "An oximeter is away that was live just now");
        }
    }

    pub fn stop(&self, id: &DeviceId) {
        let Some(device) = self.devices.iter().find(|device| device.id == *id) else { return };
        if device.handle.command(Command::StopMeasuring).is_err() {
            tracing::warn!(device = %id, "A device that is away cannot be stopped");
        }
    }

    /// Of two devices that measure the same, the one that is there.
    fn that_measures(&self, what: Measurable) -> Option<&OneDevice> {
        let fitting = || self.devices.iter().filter(|device| device.measures() == Some(what));
        fitting().find(|device| device.status != DeviceStatus::Away).or_else(|| fitting().next())
    }
}

impl Core {
    pub(super) async fn measure(&mut self, what: Measurable) -> Answer {
        let device = self.devices.that_measures(what).ok_or(Refusal::DeviceAway)?;
        if device.status == DeviceStatus::Away {
            return Err(Refusal::DeviceAway);
        }
        let id = device.id.clone();
        self.notices.forget_measurement(&id);
        match what {
            Measurable::BloodPressure => self.advance(Input::Measure(id), None).await,
            // They measure whenever they are on the patient. After the encounter a value is not that of its patient.
            Measurable::Oximetry
            | Measurable::Temperature
            | Measurable::HeartRate
            | Measurable::Glucose
            | Measurable::Weight => {
                self.visit.open().ok_or(Refusal::NoEncounter)?;
                self.devices.start(&id)?;
                Ok(None)
            }
        }
    }

    pub(super) fn stop_measuring(&mut self, what: Measurable) -> Answer {
        let device = self.devices.that_measures(what).ok_or(Refusal::DeviceAway)?.id.clone();
        self.devices.stop(&device);
        Ok(None)
    }

    pub(super) async fn device_said(&mut self, message: FromDevice) {
        let FromDevice { device: id, at, event } = message;
        let Some(device) = self.devices.find(&id) else {
            return tracing::error!(device = %id, "A device speaks that is not configured");
        };
        match event {
            // It is ready when its driver says that it answers.
            DeviceEvent::Up => {
                device.is_linked = true;
                self.tell_visit(Input::Arm(id)).await;
            }
            DeviceEvent::Down => self.device_down(id, at).await,
            DeviceEvent::Report(Report::Status(status)) => {
                device.status = status_of(status);
                if status != Status::Ready {
                    self.watching.lost(&id);
                }
            }
            DeviceEvent::Report(Report::Live(value)) => self.watch_live(&id, &value, at),
            DeviceEvent::Report(Report::Battery(per_cent)) => device.battery = Some(per_cent),
            DeviceEvent::Report(Report::Measured(measured)) => {
                device.status = DeviceStatus::Ready;
                let undated = measured.undated;
                let reading = device.reading(measured, at);
                self.take_reading(reading, undated).await;
            }
            // It could not turn away: not every camera can, and nobody asked for it.
            DeviceEvent::Report(Report::Failed(_))
                if self.camera_is_parked && device.kind.purpose == Purpose::RoomCamera => {}
            DeviceEvent::Report(Report::Failed(failure)) => {
                device.failed(failure);
                self.watching.lost(&id);
                self.measurement_failed(id, cause(failure), at).await;
            }
            DeviceEvent::Report(Report::Malformed(malformation)) => {
                self.take_malformation(id, at, malformation).await;
            }
            // Nobody in the cart asks a camera where it looks.
            DeviceEvent::Report(Report::Position(_)) => {}
        }
    }

    /// A device that sends its memory at each connection is heard once: the record knows it.
    async fn take_reading(&mut self, reading: Reading, undated: bool) {
        let (vault, asked) = (self.vault.clone(), reading.clone());
        let input = if undated { Input::Undated(reading) } else { Input::Reading(reading) };
        match blocking(move || vault.is_known(&asked)).await {
            Ok(true) => tracing::debug!("A record that is known"),
            Ok(false) => self.tell_visit(input).await,
            // Twice is better than never.
            Err(error) => {
                self.vault_failed("look for a record of a device", &error);
                self.tell_visit(input).await;
            }
        }
    }

    async fn device_down(&mut self, id: DeviceId, at: Timestamp) {
        self.watching.lost(&id);
        let Some(device) = self.devices.find(&id) else { return };
        let before = std::mem::replace(&mut device.status, DeviceStatus::Away);
        device.is_linked = false;
        // It may come back with a fresh one.
        device.battery = None;
        if matches!(before, DeviceStatus::Measuring { .. }) {
            return self.measurement_failed(id, FailureCause::Unplugged, at).await;
        }
        // The driver has told the failure; now it is known why.
        self.notices.was_unplugged(&id, at);
    }

    async fn measurement_failed(&mut self, device: DeviceId, cause: FailureCause, at: Timestamp) {
        self.tell_visit(Input::MeasurementOver(device.clone())).await;
        if self.visit.open().is_some() {
            self.notices.raise(NoticeKind::MeasurementFailed { device, cause }, at);
        }
    }

    /// What the visit refuses of a device concerns nobody; what could not be saved has its notice.
    async fn tell_visit(&mut self, input: Input) {
        if let Err(refusal) = self.advance(input, None).await {
            tracing::warn!(?refusal, "The visit took nothing from a device");
        }
    }

    async fn take_malformation(&mut self, device: DeviceId, at: Timestamp, wrong: Malformation) {
        tracing::warn!(%device, what = %wrong.what, bytes = wrong.bytes.len(), "Malformed bytes");
        let kind = match wrong.what {
            Wrong::Implausible => NoticeKind::Implausible { device: device.clone() },
            Wrong::Noise | Wrong::Checksum | Wrong::Length | Wrong::Field | Wrong::Unexpected => {
                NoticeKind::Garbled { device: device.clone() }
            }
        };
        self.notices.raise(kind, at);
        let kept =
            vault::Malformation { at, device, what: wrong.what.to_string(), bytes: wrong.bytes };
        let vault = self.vault.clone();
        if let Err(error) = blocking(move || vault.keep_malformation(&kept)).await {
            self.vault_failed("keep malformed bytes", &error);
        }
    }
}

fn status_of(status: Status) -> DeviceStatus {
    match status {
        Status::Ready => DeviceStatus::Ready,
        Status::Measuring { cuff_mmhg } => DeviceStatus::Measuring { cuff_mmhg },
        Status::NotOnPatient => DeviceStatus::NotOnPatient,
    }
}

fn cause(failure: Failure) -> FailureCause {
    match failure {
        Failure::LooseCuff => FailureCause::LooseCuff,
        Failure::Motion => FailureCause::Motion,
        Failure::NoPulse => FailureCause::NoPulse,
        Failure::TimedOut => FailureCause::TimedOut,
        Failure::Stopped => FailureCause::Stopped,
        Failure::Device => FailureCause::Device,
    }
}

fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
