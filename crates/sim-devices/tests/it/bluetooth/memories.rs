//! Devices full of records, and links that are lost while they are fetched: every record comes, and the
//! record layer, which knows repeats by their number or their time, keeps each exactly once.

use super::bedside::{Simulated, Watched};
use device_links::DeviceEvent;
use devices::Measured;
use std::collections::BTreeMap;

const FULL: usize = 500;

/// What the record layer keeps: by the record's own number, or else by its time, and its bytes.
fn keep(watched: &Watched, count: usize) -> BTreeMap<String, Measured> {
    let mut kept = BTreeMap::new();
    while kept.len() < count {
        let measured = watched.measured();
        let again = kept.insert(key(&measured), measured.clone());
        assert!(again.is_none_or(|first| first.raw == measured.raw), "two records under one key");
    }
    kept
}

fn key(measured: &Measured) -> String {
    let time = || measured.device_time.unwrap().to_string();
    measured.sequence.map_or_else(time, |number| format!("{number:05}"))
}

/// All come, once, in the device's order.
#[track_caller]
fn all_in_order(device: &str, driver: &str) {
    let simulated = Simulated::start(device);
    simulated.say("fills 500");
    let watched = simulated.watch(driver);
    let keys: Vec<String> = (0..FULL).map(|_| key(&watched.measured())).collect();
    assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "in order, none twice");
}

#[test]
fn five_hundred_records_come_once_and_in_order() {
    all_in_order("ble-cuff", "ble-blood-pressure");
    all_in_order("glucose-meter", "ble-glucose");
    all_in_order("glucose-sensor", "ble-cgm");
}

/// The link is lost after `count` records.
#[track_caller]
fn lost_after(device: &str, driver: &str, count: usize) {
    let simulated = Simulated::start(device);
    simulated.say("fills 500");
    simulated.say(&format!("breaks-after {count}"));
    let watched = simulated.watch(driver);
    let before: Vec<String> = (0..count).map(|_| key(&watched.measured())).collect();
    watched.until(&DeviceEvent::Down);
    watched.until(&DeviceEvent::Up);
    // What has come in order is not asked for again.
    let after: Vec<String> = (count..FULL).map(|_| key(&watched.measured())).collect();
    let all: Vec<&String> = before.iter().chain(&after).collect();
    assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "in order, none twice");
}

#[test]
fn a_report_that_breaks_off_is_taken_up_where_it_ended() {
    for count in [0, 1, 200, 499] {
        lost_after("glucose-meter", "ble-glucose", count);
    }
    lost_after("glucose-sensor", "ble-cgm", 200);
}

#[test]
fn what_was_sent_and_not_confirmed_before_the_link_was_lost_comes_again() {
    let cuff = Simulated::start("ble-cuff");
    cuff.say("fills 60");
    let watched = cuff.watch("ble-blood-pressure");
    let mut kept = keep(&watched, 20);
    cuff.line.plug(false);
    // More may still be on its way.
    loop {
        match watched.event() {
            DeviceEvent::Down => break,
            DeviceEvent::Report(devices::Report::Measured(measured)) => {
                kept.insert(key(&measured), measured);
            }
            _ => {}
        }
    }
    cuff.line.plug(true);
    let mut repeats = 0;
    while kept.len() < 60 {
        let measured = watched.measured();
        repeats += usize::from(kept.insert(key(&measured), measured).is_some());
    }
    assert!(repeats <= 1, "only one can be unconfirmed, not {repeats}");
    cuff.say("measures 77 55 62 50");
    assert_eq!(watched.answers(1), ["77/55 62 50"], "nothing else comes again");
}

#[test]
fn two_meters_of_one_kind_are_not_confused() {
    let meters = [Simulated::start("glucose-meter"), Simulated::start("glucose-meter")];
    for (meter, name) in meters.iter().zip(["METER-A", "METER-B"]) {
        meter.say(&format!("serial {name}"));
    }
    meters[0].say("fills 20");
    meters[1].say("measures 250 mg/dl");
    let watched = [&meters[0], &meters[1]].map(|meter| meter.watch("ble-glucose"));
    let second = watched[1].measured();
    assert_eq!((second.serial.as_deref(), second.sequence), (Some("METER-B"), Some(1)));
    let first = keep(&watched[0], 20);
    assert!(first.values().all(|measured| measured.serial.as_deref() == Some("METER-A")));
    assert!(first.values().all(|measured| measured.measurement != second.measurement));
}
