//! The devices as a technician sees them, and who watches which.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

use cart_api::{
    DeviceHealth, DiskHealth, RecordKey, TechnicianAnswer, TechnicianCommand, TechnicianRefusal,
    TechnicianRequest,
};
use clinical::{ChainHead, DeviceId};
use device_links::{DeviceEvent, DeviceHandle};
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use vault::AuditChain;

use super::{FromTechnician, Saw, health};
use crate::{clock, config::DeviceConfig, kiosk::ClientId, vaulting::blocking};

pub struct Bench {
    devices: Vec<DeviceHealth>,
    links: Vec<(DeviceId, Weak<DeviceHandle>)>,
    disk: watch::Receiver<Option<DiskHealth>>,
    /// As it was at the start.
    key: RecordKey,
    technicians: HashMap<ClientId, Technician>,
    audit: AuditChain,
    /// One walk over the audit at a time.
    verifying: Arc<Semaphore>,
}

struct Technician {
    answers: mpsc::Sender<TechnicianAnswer>,
    /// Before the greeting nobody knows whether both mean the same by a request.
    greeted: bool,
    watches: Option<DeviceId>,
}

impl Bench {
    pub fn new(
        configured: &[DeviceConfig],
        links: Vec<(DeviceId, Weak<DeviceHandle>)>,
        disk: watch::Receiver<Option<DiskHealth>>,
        key: RecordKey,
        audit: AuditChain,
    ) -> Self {
        let now = clock::now();
        let devices = configured.iter().map(|device| health::of(device, now)).collect();
        let verifying = Arc::new(Semaphore::new(1));
        Self { devices, links, disk, key, technicians: HashMap::new(), audit, verifying }
    }

    /// Until nothing can happen any more.
    pub async fn run(
        mut self,
        mut devices: mpsc::Receiver<Saw>,
        mut technicians: mpsc::Receiver<FromTechnician>,
    ) {
        loop {
            tokio::select! {
                Some(saw) = devices.recv() => self.saw(&saw),
                Some(message) = technicians.recv() => self.technician_said(message),
                else => return,
            }
        }
    }

    fn saw(&mut self, Saw { device, at, event }: &Saw) {
        let Some(known) = self.devices.iter_mut().find(|known| known.id == *device) else { return };
        health::follow(known, *at, event);
        self.technicians.retain(|client, technician| {
            technician.watches.as_ref() != Some(device) || {
                let event = told(event);
                let answer = TechnicianAnswer::Saw { device: device.clone(), at: *at, event };
                technician.tell(*client, answer)
            }
        });
    }

    fn technician_said(&mut self, message: FromTechnician) {
        match message {
            FromTechnician::Joined { client, answers } => {
                let technician = Technician { answers, greeted: false, watches: None };
                self.technicians.insert(client, technician);
            }
            FromTechnician::Left { client } => {
                self.technicians.remove(&client);
            }
            FromTechnician::NotUnderstood { client, number } => {
                let why = TechnicianRefusal::NotUnderstood;
                self.answer(client, TechnicianAnswer::Refused { number, why });
            }
            FromTechnician::Asked { client, request } => self.asked(client, request),
        }
    }

    fn asked(
        &mut self,
        client: ClientId,
        TechnicianRequest { number, command }: TechnicianRequest,
    ) {
        let Some(technician) = self.technicians.get_mut(&client) else { return };
        let refused = |why| TechnicianAnswer::Refused { number, why };
        let answer = match command {
            TechnicianCommand::Hello { version } if version != cart_api::VERSION => {
                refused(TechnicianRefusal::WrongVersion)
            }
            TechnicianCommand::Hello { .. } => {
                technician.greeted = true;
                TechnicianAnswer::Done { number }
            }
            _ if !technician.greeted => refused(TechnicianRefusal::NotUnderstood),
            TechnicianCommand::ListDevices => TechnicianAnswer::Devices {
                number,
                now: clock::now(),
                devices: self.devices.clone(),
            },
            TechnicianCommand::LookAtDisk => {
                TechnicianAnswer::Disk { number, disk: *self.disk.borrow() }
            }
            TechnicianCommand::LookAtKey => TechnicianAnswer::Key { number, key: self.key },
            TechnicianCommand::WatchDevice { device } => {
                if self.devices.iter().any(|known| known.id == device) {
                    technician.watches = Some(device);
                    TechnicianAnswer::Done { number }
                } else {
                    refused(TechnicianRefusal::NoSuchDevice)
                }
            }
            TechnicianCommand::TakeRecording { device } => match self.recording(&device) {
                Some(text) => TechnicianAnswer::Recording { number, text },
                None => refused(TechnicianRefusal::NoSuchDevice),
            },
            TechnicianCommand::VerifyAudit { holds } => {
                let answers = technician.answers.clone();
                match Arc::clone(&self.verifying).try_acquire_owned() {
                    Ok(turn) => return self.verify(number, holds, answers, turn),
                    Err(_) => refused(TechnicianRefusal::Busy),
                }
            }
        };
        self.answer(client, answer);
    }

    /// Beside everything else: the devices are heard meanwhile.
    fn verify(
        &self,
        number: u64,
        holds: Option<ChainHead>,
        answers: mpsc::Sender<TechnicianAnswer>,
        turn: OwnedSemaphorePermit,
    ) {
        let audit = self.audit.clone();
        tokio::spawn(async move {
            let answer = match blocking(move || audit.verify(holds)).await {
                Ok(report) => TechnicianAnswer::Audit { number, report },
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "The audit could not be verified");
                    TechnicianAnswer::Refused { number, why: TechnicianRefusal::RecordFailed }
                }
            };
            drop(turn);
            if answers.try_send(answer).is_err() {
                tracing::debug!("Who asked for the audit has left");
            }
        });
    }

    /// At most some hundred kilobytes: a link bounds what it keeps.
    fn recording(&self, device: &DeviceId) -> Option<String> {
        let (_, link) = self.links.iter().find(|(known, _)| known == device)?;
        Some(link.upgrade()?.recording().to_string())
    }

    fn answer(&mut self, client: ClientId, answer: TechnicianAnswer) {
        let Some(technician) = self.technicians.get(&client) else { return };
        if !technician.tell(client, answer) {
            self.technicians.remove(&client);
        }
    }
}

impl Technician {
    /// Whether it was taken. Letting go of who does not read ends the connection.
    fn tell(&self, client: ClientId, answer: TechnicianAnswer) -> bool {
        let taken = self.answers.try_send(answer).is_ok();
        if !taken {
            tracing::warn!(?client, "A technician's tool does not read");
        }
        taken
    }
}

fn told(event: &DeviceEvent) -> Value {
    match event {
        DeviceEvent::Up => "link_up".into(),
        DeviceEvent::Down => "link_down".into(),
        DeviceEvent::Report(report) => {
            serde_json::to_value(report).expect("a report is plain data")
        }
    }
}
