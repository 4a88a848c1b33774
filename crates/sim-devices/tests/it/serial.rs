//! The cuff and the oximeter on their serial ports.

use crate::world::{World, ask, read, until};
use std::io::{Read, Write};
use std::thread::sleep;
use std::time::Duration;

const START: [u8; 3] = [0x3A, 0x20, 0xA6];
const RESULT: [u8; 5] = [0x3A, 0x79, 0x03, 0x00, 0x4A];
const PRESSURE: [u8; 5] = [0x3A, 0x79, 0x05, 0x00, 0x48];

#[test]
fn a_cuff_measures_over_a_serial_port() {
    let world = World::start();
    assert_eq!(world.say("cuff reads 128 82 97 71"), "ok");
    assert_eq!(world.say("cuff duration 2"), "ok");
    let mut port = world.open("cuff");
    assert_eq!(ask(&mut port, &START, 4), [0x3E, 0x04, 0x4F, 0x6F]);
    until("the cuff is pumped up", || ask(&mut port, &PRESSURE, 5)[2] > 140);
    assert_eq!(read(&mut port, 4), [0x3E, 0x04, 0x4B, 0x73], "the end is announced");
    let result = ask(&mut port, &RESULT, 24);
    assert_eq!((result[2], result[4], result[16], result[18], result[20]), (128, 82, 71, 97, 0));
}

#[test]
fn a_split_line_carries_the_same_bytes_and_a_dropping_one_does_not() {
    let world = World::start();
    let mut port = world.open("cuff");
    world.say("cuff fault split");
    assert_eq!(ask(&mut port, &PRESSURE, 5), [0x3E, 0x05, 0x00, 0x00, 0xBD]);
    world.say("cuff fault drop 2");
    assert_eq!(ask(&mut port, &PRESSURE, 5).len(), 5);
    port.write_all(&PRESSURE).unwrap();
    assert_eq!(ask(&mut port, &RESULT, 24)[1], 24, "the second of three answers is lost");
}

#[test]
fn pulling_the_plug_ends_the_port_and_plugging_in_makes_a_new_one() {
    let world = World::start();
    let mut port = world.open("oximeter");
    assert!(read(&mut port, 125).contains(&0x01));
    assert_eq!(world.say("oximeter unplug"), "ok");
    until("the name is gone", || !world.path().join("oximeter").exists());
    until("the port is dead", || !matches!(port.read(&mut [0; 256]), Ok(1..)));
    assert_eq!(world.say("oximeter plug"), "ok");
    until("the name is back", || world.path().join("oximeter").exists());
    assert_eq!(read(&mut world.open("oximeter"), 125).len(), 125);
}

#[test]
fn a_host_that_opens_late_reads_no_old_frames() {
    let world = World::start();
    sleep(Duration::from_secs(2));
    let mut port = world.open("oximeter");
    sleep(Duration::from_millis(300));
    let mut buffer = [0; 4096];
    let waiting = port.read(&mut buffer).unwrap();
    assert!(waiting < 75 * 5, "{waiting} bytes are more than a second");
}

#[test]
fn a_finger_shows_in_the_frames() {
    let world = World::start();
    assert_eq!(world.say("oximeter on 97 72"), "ok");
    let mut port = world.open("oximeter");
    until("the oximeter has found the pulse", || {
        let packet = read(&mut port, 125);
        packet.len() == 125 && (packet[8], packet[13]) == (72, 97)
    });
}
