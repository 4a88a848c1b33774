//! The server against requests and answers as Bluetooth Core, Vol 3, Part F writes them.

use super::super::table::{
    READ, characteristic, device_information, generic_access, service, value,
};
use super::super::{Service, Uuid};
use super::*;
use crate::control::hex;

/// Laid out like a thermometer, with a vendor's service behind.
struct Device {
    written: Vec<u8>,
    subscribed: Vec<(Uuid, bool)>,
}

impl Peripheral for Device {
    fn services(&self) -> Vec<Service> {
        vec![
            generic_access("Simulated thermometer"),
            service(0x1809, vec![characteristic(0x2A1C, INDICATE), value(0x2A1D, &[2])]),
            device_information("cart-sim", "SIM-0001"),
            service(
                Uuid::Long(7),
                vec![characteristic(Uuid::Long(8), READ | WRITE | WRITE_COMMAND | NOTIFY)],
            ),
        ]
    }

    fn read(&mut self, what: Uuid, _now: Duration) -> Result<Option<Vec<u8>>, Refusal> {
        Ok((what == Uuid::Long(8)).then(|| self.written.clone()))
    }

    fn write(&mut self, what: Uuid, value: &[u8], _now: Duration) -> Result<(), Refusal> {
        assert_eq!(what, Uuid::Long(8));
        if value == [0xFF] {
            return Err(Refusal(0x80));
        }
        self.written = value.to_vec();
        Ok(())
    }

    fn subscribed(&mut self, what: Uuid, wanted: bool, _now: Duration) {
        self.subscribed.push((what, wanted));
    }

    fn due(&mut self, _now: Duration, _host: &Subscriptions) -> Option<Push> {
        None
    }

    fn obey(&mut self, _words: &[&str], _now: Duration) -> Result<String, String> {
        Err("it has no buttons".into())
    }
}

fn device() -> Device {
    Device { written: vec![7; 30], subscribed: Vec::new() }
}

fn ask(server: &mut Server, device: &mut Device, request: &str) -> Option<Vec<u8>> {
    server.answer(&hex::parse(request).unwrap(), device, Duration::ZERO)
}

fn check(request: &str, expected: &str) {
    let device = &mut device();
    let answer = ask(&mut Server::new(device), device, request);
    assert_eq!(answer, Some(hex::parse(expected).unwrap()), "{request}");
}

#[test]
fn a_client_discovers_the_thermometer_in_the_usual_ways() {
    check("10 0100 ffff 0028", "11 06 0100 0300 0018 1000 1500 0918 2000 2600 0a18");
    check("06 0100 ffff 0028 0918", "07 1000 1500");
    check("08 1000 1500 0328", "09 07 1100 20 1200 1c2a 1400 02 1500 1d2a");
    check("04 1200 1300", "05 01 1200 1c2a 1300 0229");
    check("0a 1500", "0b 02");
}

#[test]
fn every_wrong_request_gets_its_own_error() {
    check("0a 1200", "01 0a 1200 02");
    check("0a 9999", "01 0a 9999 01");
    check("0a 12", "01 0a 0000 04");
    check("10 0100 ffff 0128", "01 10 0100 10");
    check("08 3400 ffff 0328", "01 08 3400 0a");
    check("04 0000 ffff", "01 04 0000 01");
    check("12 1300 0100", "01 12 1300 fd");
    check("12 1300 02", "01 12 1300 0d");
    check("12 1500 0200", "01 12 1500 03");
    check("16 1300 0000 02", "01 16 0000 06");
}

#[test]
fn subscribing_and_the_size_of_packets_are_remembered() {
    let device = &mut device();
    let mut server = Server::new(device);
    let push = Push::new(0x2A1C, vec![7; 40]);
    assert_eq!(server.push(&push), None);
    assert_eq!(ask(&mut server, device, "12 1300 0200"), Some(vec![0x13]));
    assert!(server.subscriptions().has(0x2A1C) && !server.subscriptions().has(Uuid::Long(8)));
    let packet = server.push(&push).unwrap();
    assert_eq!(
        (packet.pdu.len(), packet.confirm, &packet.pdu[..3]),
        (23, true, &[0x1D, 0x12, 0][..])
    );
    assert_eq!(ask(&mut server, device, "02 0002"), Some(vec![0x03, 64, 0]));
    assert_eq!(server.push(&push).unwrap().pdu.len(), 43);
    ask(&mut server, device, "12 1300 0000");
    assert_eq!(server.push(&push), None);
    assert_eq!(device.subscribed, [(Uuid::Short(0x2A1C), true), (Uuid::Short(0x2A1C), false)]);
}

#[test]
fn a_service_of_a_vendor_is_found_by_its_long_uuid() {
    let long = "07000000000000000000000000000000";
    check(&format!("06 0100 ffff 0028 {long}"), "07 3000 3300");
    let value = "08000000000000000000000000000000";
    check("08 3000 3300 0328", &format!("09 15 3100 1e 3200 {value}"));
    check("04 3200 3300", &format!("05 02 3200 {value}"));
    check("04 3300 3300", "05 01 3300 0229");
}

#[test]
fn a_value_longer_than_a_packet_is_read_in_parts() {
    check("0a 3200", &format!("0b {}", "07".repeat(22)));
    check("0c 3200 1600", &format!("0d {}", "07".repeat(8)));
    check("0c 3200 1e00", "0d");
    check("0c 3200 1f00", "01 0c 3200 07");
}

#[test]
fn writes_reach_the_device_and_its_refusals_the_host() {
    let device = &mut device();
    let mut server = Server::new(device);
    assert_eq!(ask(&mut server, device, "12 3200 0102"), Some(vec![0x13]));
    assert_eq!(device.written, [1, 2]);
    assert_eq!(ask(&mut server, device, "12 3200 ff"), Some(vec![1, 0x12, 0x32, 0, 0x80]));
    assert_eq!(ask(&mut server, device, "52 3200 03"), None);
    assert_eq!(device.written, [3]);
}

#[test]
fn commands_are_never_answered() {
    let device = &mut device();
    let mut server = Server::new(device);
    assert_eq!(ask(&mut server, device, "52 9900 02"), None);
    assert_eq!(ask(&mut server, device, "d2 1300 0200"), None);
    assert_eq!(server.answer(&[], device, Duration::ZERO), None);
}
