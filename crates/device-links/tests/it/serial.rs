//! Serial ports on pseudo-terminals: plugged in late, pulled out, used by others.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use crate::port::{Port, open_as_another_program};
use crate::support::{READY, watch};
use device_links::{DeviceAway, DeviceEvent};
use devices::{Command, Report, Status};
use rustix::fs::{FlockOperation, flock};

const GET_PRESSURE: [u8; 5] = [0x3A, 0x79, 0x05, 0x00, 0x48];
const NO_PRESSURE: [u8; 5] = [0x3E, 0x05, 0x00, 0x00, 0xBD];
const START: [u8; 3] = [0x3A, 0x20, 0xA6];
const ABORT: [u8; 5] = [0x3A, 0x79, 0x01, 0x00, 0x4C];

struct Place {
    _folder: tempfile::TempDir,
    link: PathBuf,
    address: String,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("cuff");
    let address = format!("serial:{}", link.display());
    Place { _folder: folder, link, address }
}

#[test]
fn a_cuff_on_a_serial_line_is_ready_when_it_answers() {
    let place = place();
    let mut port = Port::plug_in(&place.link);
    let cuff = watch("suntech-advantage", &place.address);
    cuff.expect(DeviceEvent::Up);
    port.hears(&GET_PRESSURE);
    for byte in NO_PRESSURE {
        port.says(&[byte]);
    }
    cuff.expect(READY);
}

#[test]
fn commands_reach_the_device_and_its_deadlines_are_kept() {
    let place = place();
    let mut port = Port::plug_in(&place.link);
    let cuff = watch("suntech-advantage", &place.address);
    port.hears(&GET_PRESSURE);
    port.says(&NO_PRESSURE);
    cuff.until(&READY);
    cuff.handle.command(Command::Measure).unwrap();
    port.hears(&START);
    cuff.expect(DeviceEvent::Report(Report::Status(Status::Measuring { cuff_mmhg: None })));
    let started = Instant::now();
    port.hears(&GET_PRESSURE);
    port.says(&[0x3E, 0x05, 0x5A, 0x00, 0x63]);
    cuff.expect(DeviceEvent::Report(Report::Status(Status::Measuring { cuff_mmhg: Some(90) })));
    assert!(started.elapsed() >= Duration::from_millis(100), "a quarter of a second apart");
}

#[test]
fn a_cuff_that_is_pulled_out_is_away_and_comes_back() {
    let place = place();
    let port = Port::plug_in(&place.link);
    let cuff = watch("suntech-advantage", &place.address);
    cuff.expect(DeviceEvent::Up);
    drop(port);
    cuff.expect(DeviceEvent::Down);
    assert_eq!(cuff.handle.command(Command::Measure), Err(DeviceAway));
    let mut port = Port::plug_in(&place.link);
    cuff.expect(DeviceEvent::Up);
    port.hears(&GET_PRESSURE);
    port.says(&NO_PRESSURE);
    cuff.expect(READY);
}

#[test]
fn a_port_that_appears_after_a_while_is_opened_without_the_whole_wait() {
    let place = place();
    let cuff = watch("suntech-advantage", &place.address);
    // Long enough for the waits to have grown beyond what is asserted below.
    cuff.expect_silence(Duration::from_secs(4));
    let appeared = Instant::now();
    let _port = Port::plug_in(&place.link);
    cuff.expect(DeviceEvent::Up);
    assert!(appeared.elapsed() < Duration::from_millis(1500), "{:?}", appeared.elapsed());
}

#[test]
fn a_port_that_another_program_uses_is_left_alone_until_it_is_free() {
    let place = place();
    let _port = Port::plug_in(&place.link);
    let other = open_as_another_program(&place.link);
    flock(&other, FlockOperation::LockExclusive).unwrap();
    let cuff = watch("suntech-advantage", &place.address);
    cuff.expect_silence(Duration::from_millis(300));
    drop(other);
    cuff.expect(DeviceEvent::Up);
}

#[test]
fn what_is_no_serial_port_is_not_opened() {
    let place = place();
    std::fs::write(&place.link, "not a port").unwrap();
    let cuff = watch("suntech-advantage", &place.address);
    cuff.expect_silence(Duration::from_millis(700));
}

#[test]
fn closing_lets_the_air_out() {
    let place = place();
    let mut port = Port::plug_in(&place.link);
    let cuff = watch("suntech-advantage", &place.address);
    port.hears(&GET_PRESSURE);
    port.says(&NO_PRESSURE);
    cuff.until(&READY);
    cuff.handle.command(Command::Measure).unwrap();
    port.hears(&START);
    drop(cuff.handle);
    port.hears(&ABORT);
}

#[test]
fn a_device_that_is_away_is_let_go_at_once() {
    let place = place();
    let cuff = watch("suntech-advantage", &place.address);
    cuff.expect_silence(Duration::from_millis(700));
    let dropped = Instant::now();
    drop(cuff.handle);
    assert!(dropped.elapsed() < Duration::from_secs(1), "{:?}", dropped.elapsed());
}
