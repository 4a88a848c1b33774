//! An adult with the usual limits: SpO2 from 92, pulse from 41 to 130.

use clinical::{
    DeviceIdentity, HeartRate, Oximetry, Quality, ReadingId, Temperature,
    news2::{Applies, Spo2Scale},
};
use proptest::prelude::*;

use super::*;

fn clip() -> DeviceId {
    DeviceId("clip".into())
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_795_333_320_000 + second * 1_000)
}

fn watch() -> Watch {
    let adult = Applies::to(Some(40), false).unwrap();
    let mut watch = Watch::default();
    watch.set_limits(Limits::usual(adult, Spo2Scale::One));
    watch
}

fn spo2(value: u16) -> Measurement {
    Measurement::Oximetry(Oximetry { spo2: value.into(), pulse: None })
}

fn rate(value: u16) -> Measurement {
    Measurement::HeartRate(HeartRate { rate: value.into() })
}

/// One value a second; the seconds, from 1, in which somebody is told.
fn told(watch: &mut Watch, values: impl IntoIterator<Item = Measurement>) -> Vec<usize> {
    let mut told = Vec::new();
    for (second, value) in (1..).zip(values) {
        let beyond = watch.live(&clip(), &value, at(second as i64));
        told.extend(beyond.iter().map(|_| second));
    }
    told
}

fn beyond(watch: &Watch) -> Vec<(VitalSign, Side)> {
    let watched = watch.watched().into_iter();
    watched.filter_map(|watched| Some((watched.sign, watched.beyond?))).collect()
}

fn reading(measurement: Measurement, second: i64) -> Reading {
    Reading {
        id: "0193a5e0-0000-7000-8000-000000000001".parse::<ReadingId>().unwrap(),
        measurement,
        device: DeviceIdentity { id: clip(), model: "Clip".into(), serial: None, firmware: None },
        device_time: None,
        corrected_time: None,
        sequence: None,
        received: at(second),
        quality: Vec::new(),
        raw_sha256: String::new(),
    }
}

fn celsius(tenths: i64) -> Measurement {
    Measurement::Temperature(Temperature { celsius: Decimal::new(tenths, -1), site: None })
}

#[test]
fn ten_values_in_a_row_are_believed_and_told_once() {
    let mut watch = watch();
    assert_eq!(told(&mut watch, vec![spo2(97); 60]), [0; 0]);
    assert_eq!(told(&mut watch, vec![spo2(85); 60]), [10]);
    assert_eq!(beyond(&watch), [(VitalSign::Spo2, Side::Low)]);
}

#[test]
fn one_bad_beat_alarms_nobody() {
    let mut watch = watch();
    for _ in 0..20 {
        assert_eq!(told(&mut watch, vec![rate(200); 9]), [0; 0]);
        assert_eq!(told(&mut watch, [rate(80)]), [0; 0]);
    }
    assert_eq!(beyond(&watch), []);
}

#[test]
fn a_value_on_the_edge_does_not_come_and_go() {
    let mut watch = watch();
    assert_eq!(told(&mut watch, vec![rate(131); 10]), [10]);
    let edge = [128, 129, 130, 131, 132].repeat(50).into_iter().map(rate);
    assert_eq!(told(&mut watch, edge), [0; 0], "three beats within are not back");
    assert_eq!(beyond(&watch), [(VitalSign::PulseRate, Side::High)]);
    assert_eq!(told(&mut watch, vec![rate(127); 9]), [0; 0]);
    assert_eq!(beyond(&watch).len(), 1);
    assert_eq!(told(&mut watch, [rate(127)]), [0; 0], "that it is back alarms nobody");
    assert_eq!(beyond(&watch), []);
    assert_eq!(told(&mut watch, vec![rate(131); 10]), [10], "and then it is news again");
}

#[test]
fn from_too_low_to_too_high_is_told() {
    let mut watch = watch();
    assert_eq!(told(&mut watch, vec![rate(35); 10]), [10]);
    let turning = [vec![rate(80); 5], vec![rate(150); 10]].concat();
    assert_eq!(told(&mut watch, turning), [15], "the values between count for neither");
    assert_eq!(beyond(&watch), [(VitalSign::PulseRate, Side::High)]);
}

#[test]
fn what_is_told_names_value_and_limit() {
    let mut watch = watch();
    let said = (0..10).flat_map(|second| watch.live(&clip(), &spo2(85), at(second)));
    let said: Vec<_> = said.collect();
    let (value, bound) = (85.into(), 92.into());
    assert_eq!(said, [Beyond { sign: VitalSign::Spo2, value, side: Side::Low, bound }]);
}

#[test]
fn a_sensor_that_comes_off_neither_alarms_nor_calms() {
    let mut watch = watch();
    told(&mut watch, vec![spo2(85); 9]);
    watch.lost(&clip());
    assert_eq!(watch.watched(), []);
    assert_eq!(told(&mut watch, vec![spo2(85); 9]), [0; 0], "it counts anew");
    assert_eq!(told(&mut watch, [spo2(85)]), [1]);
    watch.lost(&clip());
    let shown = watch.watched();
    assert_eq!((shown[0].live, shown[0].beyond), (false, Some(Side::Low)));
    assert_eq!(told(&mut watch, vec![spo2(95); 10]), [0; 0]);
    assert_eq!(beyond(&watch), []);
}

#[test]
fn a_single_reading_is_judged_at_once() {
    let mut watch = watch();
    assert_eq!(watch.reading(&reading(celsius(351), 1)), []);
    assert_eq!(watch.reading(&reading(celsius(350), 2)).len(), 1);
    assert_eq!(beyond(&watch), [(VitalSign::Temperature, Side::Low)]);
    assert_eq!(watch.reading(&reading(celsius(360), 1)), [], "an older one changes nothing");
    assert_eq!(beyond(&watch).len(), 1);
    assert_eq!(watch.reading(&reading(celsius(360), 3)), []);
    assert_eq!(beyond(&watch), []);
}

#[test]
fn the_readings_of_a_live_device_tell_nothing_twice() {
    let mut watch = watch();
    told(&mut watch, vec![spo2(97); 3]);
    assert_eq!(watch.reading(&reading(spo2(85), 4)), [], "its live values judge");
    watch.lost(&clip());
    assert_eq!(watch.reading(&reading(spo2(85), 5)).len(), 1);
}

#[test]
fn what_a_device_doubts_is_not_judged() {
    let mut watch = watch();
    let doubted = Reading { quality: vec![Quality::Questionable], ..reading(spo2(80), 1) };
    assert_eq!(watch.reading(&doubted), []);
    assert_eq!(watch.watched(), []);
}

#[test]
fn a_newer_single_value_says_more_than_a_sensor_that_is_off() {
    let mut watch = watch();
    told(&mut watch, vec![rate(35); 10]);
    watch.lost(&clip());
    assert_eq!(watch.counted(VitalSign::PulseRate, 72.into(), at(60)), None);
    assert_eq!(watch.watched(), []);
}

#[test]
fn new_limits_judge_what_is_known() {
    let mut watch = watch();
    watch.counted(VitalSign::RespiratoryRate, 22.into(), at(1));
    assert_eq!(beyond(&watch), []);
    let respiratory_rate = Limit { low: None, high: Some(20.into()) };
    watch.set_limits(Limits { respiratory_rate, ..Limits::default() });
    assert_eq!(beyond(&watch), [(VitalSign::RespiratoryRate, Side::High)]);
}

/// What is believed of one sign, said as simply as it can be: it changes when the last ten values
/// agree on something else, where "within" is measured from the side that is believed.
fn believed(values: &[u16]) -> Option<Side> {
    let says = |believed: Option<Side>, value: u16| match (value, believed) {
        (0..41, _) => Some(Side::Low),
        (131.., _) => Some(Side::High),
        (41..44, Some(Side::Low)) => Some(Side::Low),
        (128..131, Some(Side::High)) => Some(Side::High),
        _ => None,
    };
    let (mut believed, mut since) = (None, 0);
    for end in 1..=values.len() {
        let last = &values[since.max(end.saturating_sub(10))..end];
        let now = says(believed, values[end - 1]);
        let agree = last.iter().all(|value| says(believed, *value) == now);
        if last.len() == 10 && agree && now != believed {
            (believed, since) = (now, end);
        }
    }
    believed
}

proptest! {
    #[test]
    fn any_beats_are_believed_as_the_rule_says(
        runs in proptest::collection::vec((20_u16..200, 1_usize..14), 1..20),
    ) {
        let values: Vec<u16> =
            runs.iter().flat_map(|(value, count)| vec![*value; *count]).collect();
        let mut watch = watch();
        told(&mut watch, values.iter().map(|value| rate(*value)));
        let side = watch.watched()[0].beyond;
        prop_assert_eq!(side, believed(&values));
    }

    #[test]
    fn nobody_is_told_without_ten_values_in_a_row(
        values in proptest::collection::vec(0_u16..101, 0..200),
    ) {
        let mut watch = watch();
        let mut low = 0;
        for value in values {
            low = if value < 92 { low + 1 } else { 0 };
            let told = watch.live(&clip(), &spo2(value), at(1));
            prop_assert!(told.is_empty() || low >= 10, "{low} in a row");
        }
    }
}
