//! The client of the Attribute Protocol and the drivers above it, against a Bluetooth stack that somebody
//! else wrote: bumble's GATT server, its profiles, and its host and controllers on a virtual radio.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
};

use crate::{
    python::program,
    support::{Watched, watch},
};
use clinical::{BloodPressure, Decimal, HeartRate, Measurement, Quality};
use device_links::DeviceEvent;
use devices::{Failure, Field, Measured, Report, decode};

/// Bumble, as long as this lives.
struct Peer {
    child: Child,
    port: u16,
}

impl Peer {
    fn start() -> Self {
        let mut bumble = program("bumble_gatt.py", &["bumble==0.0.236"]);
        let mut child = bumble.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let port = port.trim().parse().expect("bumble listens; if not, it has said why");
        Self { child, port }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn connected(driver: &str) -> (Peer, Watched) {
    let peer = Peer::start();
    let watched = watch(driver, &format!("att+tcp://127.0.0.1:{}", peer.port));
    (peer, watched)
}

#[track_caller]
fn measured(watched: &Watched) -> Measured {
    loop {
        match watched.next() {
            DeviceEvent::Report(Report::Measured(measured)) => return measured,
            DeviceEvent::Report(Report::Malformed(wrong)) => panic!("{wrong:?}"),
            DeviceEvent::Down => panic!("the link was lost"),
            _ => {}
        }
    }
}

/// Serial number, firmware and battery come from bumble's profiles of these.
#[track_caller]
fn named(measured: &Measured) {
    assert_eq!(measured.serial.as_deref(), Some("BUMBLE-1"));
    assert_eq!(measured.firmware.as_deref(), Some("0.0.236"));
}

#[test]
fn a_heart_rate_that_bumble_encoded_is_the_one_that_is_read() {
    let (_peer, strap) = connected("ble-heart-rate");
    strap.until(&DeviceEvent::Report(Report::Battery(67)));
    let measured = measured(&strap);
    named(&measured);
    assert_eq!(measured.measurement, Measurement::HeartRate(HeartRate { rate: 72_u16.into() }));
    let fields = decode("ble_heart_rate", Some("2A37"), &measured.raw).unwrap();
    assert_eq!(fields.get("energy_kj"), Some(&Field::Whole(300)));
    // 0.8125 s and 0.84375 s.
    let intervals = Field::List(vec![Field::Whole(832), Field::Whole(864)]);
    assert_eq!(fields.get("rr_1_1024s"), Some(&intervals));
}

#[test]
fn what_bumble_indicates_is_read_and_confirmed_one_after_the_other() {
    let (_peer, cuff) = connected("ble-blood-pressure");
    let measured = measured(&cuff);
    named(&measured);
    let whole = |number: u16| Decimal::from(number);
    let pressure = BloodPressure {
        systolic: whole(124),
        diastolic: whole(86),
        mean: Some(whole(97)),
        pulse: Some(whole(51)),
    };
    assert_eq!(measured.measurement, Measurement::BloodPressure(pressure));
    assert!(measured.quality.contains(&Quality::Motion), "{:?}", measured.quality);
    // Bumble sends the second one only after the first is confirmed.
    cuff.until(&DeviceEvent::Report(Report::Failed(Failure::Device)));
}
