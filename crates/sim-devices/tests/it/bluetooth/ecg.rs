//! The ten seconds of ECG that a simulated Polar H10 streams in ten seconds.

use super::bedside::{Simulated, Watched};
use clinical::{Ecg, Measurement};
use device_links::DeviceEvent;
use devices::{Command, Failure, Measured, Report, Status};

/// A strap on a chest, and its driver.
fn worn() -> (Simulated, Watched) {
    let strap = Simulated::start("h10");
    strap.say("on 72");
    let watched = strap.watch("polar-h10");
    // It has given a rate, so it is subscribed to.
    watched.until_status(|status| status == Status::Ready);
    (strap, watched)
}

fn record(watched: &Watched) {
    watched.handle.command(Command::Measure).unwrap();
}

fn strip(measured: &Measured) -> Option<&Ecg> {
    match &measured.measurement {
        Measurement::Ecg(ecg) => Some(ecg),
        _ => None,
    }
}

#[track_caller]
fn until_failed(watched: &Watched) {
    let failed = DeviceEvent::Report(Report::Failed(Failure::Device));
    loop {
        let event = watched.event();
        let DeviceEvent::Report(Report::Measured(measured)) = &event else {
            if event == failed {
                return;
            }
            continue;
        };
        assert_eq!(strip(measured), None, "a strip with a gap");
    }
}

#[test]
fn ten_seconds_have_the_beats_of_the_heart_that_was_simulated() {
    let (_strap, watched) = worn();
    record(&watched);
    let measured = loop {
        let measured = watched.measured();
        if strip(&measured).is_some() {
            break measured;
        }
    };
    let Ecg { microvolts, hertz } = strip(&measured).unwrap();
    assert_eq!((*hertz, microvolts.len()), (130, 1300));
    // An R wave begins where the trace passes half of its height upwards.
    let beats = microvolts.windows(2).filter(|pair| pair[0] < 500 && pair[1] >= 500).count();
    assert_eq!(beats, 12, "72 per minute for ten seconds");
}

#[test]
fn a_strip_of_which_samples_are_lost_is_none() {
    let (strap, watched) = worn();
    record(&watched);
    watched.until_status(|status| status == Status::Measuring { cuff_mmhg: None });
    strap.say("ecg loses-one");
    until_failed(&watched);
}

#[test]
fn a_strap_that_does_not_record_says_so() {
    let (strap, watched) = worn();
    strap.say("ecg takes-none");
    record(&watched);
    until_failed(&watched);
}
