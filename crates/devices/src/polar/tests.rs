//! A simulated strap: notifications of 73 samples, and what the driver makes of them.

use proptest::prelude::*;

use super::*;
use crate::clock;

const SAMPLES: usize = 73;

/// The notification of this number, from 1; the trace rises by a microvolt per sample.
fn notification(number: usize) -> Vec<u8> {
    let nanos = number as u64 * 561_538_461;
    let mut bytes = vec![0];
    bytes.extend(nanos.to_le_bytes());
    bytes.push(0);
    for sample in 0..SAMPLES {
        let microvolts = ((number - 1) * SAMPLES + sample) as u32;
        bytes.extend(&microvolts.to_le_bytes()[..3]);
    }
    bytes
}

fn feed(driver: &mut Polar, bytes: &[u8]) -> Vec<Action> {
    driver.handle(100, Event::Bytes { channel: DATA, bytes })
}

fn started() -> Polar {
    let mut driver = Polar::new();
    let told = driver.handle(0, Event::Up(clock::TEST));
    for channel in [HEART_RATE, CONTROL, DATA] {
        assert!(told.contains(&Action::Subscribe(channel)), "{told:?}");
    }
    let told = driver.handle(0, Event::Command(Command::Measure));
    assert_eq!(told[0], write(&START_ECG));
    driver
}

const HEART_RATE: Channel = Channel::sig(0x180D, 0x2A37);

/// 72 beats a minute, with contact, at this second; what is said at it.
fn beat(driver: &mut Polar, second: Millis) -> Vec<Action> {
    let bytes = &[0x06, 72];
    driver.handle(second * 1_000, Event::Bytes { channel: HEART_RATE, bytes })
}

fn is_rate(action: &Action) -> bool {
    let Action::Report(Report::Measured(measured)) = action else { return false };
    matches!(measured.measurement, Measurement::HeartRate(_))
}

fn failed(failure: Failure) -> [Action; 2] {
    [write(&STOP_ECG), Action::Report(Report::Failed(failure))]
}

#[test]
fn ten_seconds_are_one_strip() {
    let mut driver = started();
    for number in 1..=17 {
        assert_eq!(feed(&mut driver, &notification(number)), []);
    }
    let told = feed(&mut driver, &notification(18));
    let [stop, Action::Report(Report::Measured(measured))] = &told[..] else { panic!("{told:?}") };
    assert_eq!(*stop, write(&STOP_ECG));
    let Measurement::Ecg(Ecg { microvolts, hertz: 130 }) = &measured.measurement else { panic!() };
    assert!(microvolts.iter().copied().eq(0..1300));
    assert_eq!(measured.raw.len(), 18 * notification(1).len());
    assert_eq!(feed(&mut driver, &notification(19)), [], "what is under way after the stop");
    assert_eq!(driver.deadline(), None);
}

#[test]
fn a_lost_notification_fails_the_strip() {
    let mut driver = started();
    assert_eq!(feed(&mut driver, &notification(1)), []);
    assert_eq!(feed(&mut driver, &notification(3)), failed(Failure::Device));
}

#[test]
fn a_notification_cut_short_fails_the_strip() {
    let mut driver = started();
    let bytes = &notification(1)[..101];
    let told = feed(&mut driver, bytes);
    let malformed = Report::Malformed(Malformation::new(Wrong::Length, bytes));
    assert_eq!(told[0], Action::Report(malformed));
    assert_eq!(told[1..], failed(Failure::Device));
}

#[test]
fn a_strap_that_does_not_start_or_falls_silent_fails() {
    let mut driver = started();
    assert_eq!(driver.deadline(), Some(5_000));
    assert_eq!(driver.handle(5_000, Event::Timer), failed(Failure::TimedOut));
    let mut driver = started();
    let bytes = &[0xF0, 0x02, 0x00, 0x05, 0x00];
    let told = driver.handle(10, Event::Bytes { channel: CONTROL, bytes });
    assert_eq!(told, failed(Failure::Device));
}

#[test]
fn an_answer_that_it_streams_is_no_failure() {
    for result in [SUCCESS, ALREADY] {
        let bytes = &[0xF0, 0x02, 0x00, result, 0x00];
        let told = started().handle(10, Event::Bytes { channel: CONTROL, bytes });
        assert_eq!(told, []);
    }
}

#[test]
fn who_stops_it_gets_no_strip() {
    let mut driver = started();
    let stop = Event::Command(Command::StopMeasuring);
    assert_eq!(driver.handle(10, stop), failed(Failure::Stopped));
    assert_eq!(driver.handle(20, Event::Command(Command::StopMeasuring)), []);
}

#[test]
fn the_rate_is_live_without_being_asked() {
    let mut driver = Polar::new();
    let _ = driver.handle(0, Event::Up(clock::TEST));
    let told: Vec<Action> = (1..80).flat_map(|second| beat(&mut driver, second)).collect();
    assert_eq!(told.iter().filter(|action| is_rate(action)).count(), 2, "{told:?}");
    assert_eq!(driver.deadline(), Some(84_000));
    let silent = Action::Report(Report::Failed(Failure::Device));
    assert_eq!(driver.handle(84_000, Event::Timer), [silent]);
}

#[test]
fn a_rate_that_comes_while_it_records_does_not_end_the_recording() {
    let mut driver = Polar::new();
    let _ = driver.handle(0, Event::Up(clock::TEST));
    (1..11).for_each(|second| drop(beat(&mut driver, second)));
    let _ = driver.handle(10_500, Event::Command(Command::Measure));
    let told = crate::said::without_live(beat(&mut driver, 11));
    assert!(is_rate(&told[0]), "{told:?}");
    assert_eq!(told[1..], [Action::Report(MEASURING)]);
    assert_eq!(driver.deadline(), Some(15_500));
    assert_eq!(driver.handle(15_500, Event::Timer), failed(Failure::TimedOut));
}

#[test]
fn a_strip_carries_the_name_of_its_strap() {
    let mut driver = started();
    let serial = Event::Bytes { channel: Channel::sig(0x180A, 0x2A25), bytes: b"A1B2C3D4" };
    let _ = driver.handle(1, serial);
    let told = (1..=18).flat_map(|number| feed(&mut driver, &notification(number)));
    let Some(Action::Report(Report::Measured(measured))) = told.last() else { panic!() };
    assert_eq!(measured.serial.as_deref(), Some("A1B2C3D4"));
}

proptest! {
    #[test]
    fn no_order_of_notifications_joins_what_does_not_belong_together(
        order in proptest::collection::vec(prop_oneof![
            9 => (1usize..40).prop_map(notification),
            1 => proptest::collection::vec(any::<u8>(), 0..300),
        ], 0..40),
        runs in 0usize..40,
    ) {
        let mut driver = started();
        let sound = (1..runs).map(notification);
        for bytes in order.into_iter().chain(sound) {
            for action in feed(&mut driver, &bytes) {
                let Action::Report(Report::Measured(measured)) = action else { continue };
                let Measurement::Ecg(ecg) = measured.measurement else { panic!() };
                let rises = ecg.microvolts.windows(2).all(|pair| pair[1] == pair[0] + 1);
                prop_assert!(rises && ecg.microvolts.len() == 1300);
            }
        }
    }
}
