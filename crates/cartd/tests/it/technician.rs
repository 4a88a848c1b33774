//! The technician's socket of the real `cartd`: what is plugged in, what it says, and no patient.

use std::{
    io::{Read, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
};

use cart_api::{
    DeviceHealth, DeviceLink, Frame, HEADER_BYTES, Header, TechnicianAnswer, TechnicianCommand,
    TechnicianRefusal, TechnicianRequest, VERSION,
};
use clinical::{ChainHead, DeviceId, Hex};
use serde_json::Value;

use crate::{cart::Cart, patience::PATIENCE};

pub struct Technician {
    socket: UnixStream,
    number: u64,
}

impl Technician {
    fn silent(cart: &Cart) -> Self {
        let socket = UnixStream::connect(cart.path("technician.sock")).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { socket, number: 0 }
    }

    pub fn of(cart: &Cart) -> Self {
        let mut technician = Self::silent(cart);
        let answer = technician.ask(TechnicianCommand::Hello { version: VERSION });
        assert_eq!(answer, TechnicianAnswer::Done { number: 1 });
        technician
    }

    pub fn ask(&mut self, command: TechnicianCommand) -> TechnicianAnswer {
        self.number += 1;
        let request = TechnicianRequest { number: self.number, command };
        let frame = Frame::new(&request, Vec::new()).unwrap();
        self.socket.write_all(&frame.to_bytes()).unwrap();
        loop {
            match self.hear() {
                TechnicianAnswer::Saw { .. } => {}
                answer => return answer,
            }
        }
    }

    fn hear(&mut self) -> TechnicianAnswer {
        let mut header = [0; HEADER_BYTES];
        self.socket.read_exact(&mut header).unwrap();
        let mut json = vec![0; Header::read(header).unwrap().json as usize];
        self.socket.read_exact(&mut json).unwrap();
        Frame { json, blob: Vec::new() }.message().unwrap()
    }

    fn devices(&mut self) -> Vec<DeviceHealth> {
        match self.ask(TechnicianCommand::ListDevices) {
            TechnicianAnswer::Devices { devices, .. } => devices,
            other => panic!("{other:?}"),
        }
    }

    fn watch(&mut self, device: &str) -> TechnicianAnswer {
        self.ask(TechnicianCommand::WatchDevice { device: DeviceId(device.into()) })
    }

    /// The first event that has this name.
    fn sees(&mut self, name: &str) -> Value {
        loop {
            if let TechnicianAnswer::Saw { event, .. } = self.hear()
                && let Some(found) = event.get(name)
            {
                return found.clone();
            }
        }
    }
}

fn started() -> Cart {
    let mut cart = Cart::new();
    cart.start();
    cart
}

#[test]
fn a_technician_sees_what_is_plugged_in_and_what_it_says_but_not_whose_it_is() {
    let cart = started();
    let _nurse = cart.in_encounter();
    let mut technician = Technician::of(&cart);
    assert_eq!(technician.watch("thermometer"), TechnicianAnswer::Done { number: 2 });
    cart.room.thermometer_measures(376);
    let measured = technician.sees("measured");
    let temperature = serde_json::json!({
        "kind": "temperature", "celsius": "37.6", "site": "mouth"
    });
    assert_eq!(measured["measurement"], temperature);
    let thermometer = DeviceId("thermometer".into());
    let taken = technician.ask(TechnicianCommand::TakeRecording { device: thermometer });
    let TechnicianAnswer::Recording { text, .. } = taken else { panic!("{taken:?}") };
    assert!(text.starts_with("bedside recording 1 of ble-thermometer\n"), "{text}");
    assert!(text.contains(" in 1809/2A1C "), "{text}");
    let devices = technician.devices();
    let found = devices.iter().find(|device| device.id.0 == "thermometer");
    let thermometer = found.expect("it is in the configuration");
    assert_eq!((thermometer.title.as_str(), thermometer.lost), ("Bluetooth thermometer", 0));
    assert!(matches!(thermometer.link, DeviceLink::Up { .. }), "{thermometer:?}");
    assert_eq!(thermometer.last_reading.as_ref().unwrap().kind, "temperature");
    let told = serde_json::to_string(&devices).unwrap();
    assert!(!told.contains("Canary") && !told.contains("\"37.6\""), "{told}");
}

#[test]
fn what_the_technician_may_not_ask_is_refused_and_the_connection_survives() {
    let cart = started();
    let mut technician = Technician::silent(&cart);
    let refused = |number, why| TechnicianAnswer::Refused { number, why };
    let not_understood = TechnicianRefusal::NotUnderstood;
    assert_eq!(technician.ask(TechnicianCommand::ListDevices), refused(1, not_understood));
    let hello = TechnicianCommand::Hello { version: VERSION + 1 };
    assert_eq!(technician.ask(hello), refused(2, TechnicianRefusal::WrongVersion));
    let sign_out = br#"{"number":71,"command":{"command":"sign_out"}}"#.to_vec();
    let frame = Frame { json: sign_out, blob: Vec::new() };
    technician.socket.write_all(&frame.to_bytes()).unwrap();
    assert_eq!(technician.hear(), refused(71, not_understood));
    technician.ask(TechnicianCommand::Hello { version: VERSION });
    assert_eq!(technician.watch("toaster"), refused(4, TechnicianRefusal::NoSuchDevice));
    assert_eq!(technician.devices().len(), 3);
}

#[test]
fn only_the_owner_and_the_group_reach_the_socket() {
    let cart = started();
    let mode = std::fs::metadata(cart.path("technician.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
}

#[test]
fn a_technician_has_the_audit_verified_and_reads_nothing_of_it() {
    let cart = started();
    let _nurse = cart.in_encounter();
    let mut technician = Technician::of(&cart);
    let TechnicianAnswer::Audit { report, .. } =
        technician.ask(TechnicianCommand::VerifyAudit { holds: None })
    else {
        panic!("no report");
    };
    assert!(report.is_whole() && report.rows >= 4, "{report:?}");
    let told = serde_json::to_string(&report).unwrap();
    assert!(!told.contains("4711") && !told.contains("patient"), "{told}");
    let other = ChainHead { position: 1, hash: Hex([7; 32]) };
    let TechnicianAnswer::Audit { report, .. } =
        technician.ask(TechnicianCommand::VerifyAudit { holds: Some(other) })
    else {
        panic!("no report");
    };
    assert!(!report.is_whole() && !report.asked.unwrap().contained);
}
