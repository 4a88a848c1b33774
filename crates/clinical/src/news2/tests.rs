//! Every value of every band of the chart, and the published examples.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::*;

fn adult() -> Applies {
    Applies::to(Some(16), false).unwrap()
}

fn healthy() -> Observations {
    Observations {
        respiratory_rate: Some(16.into()),
        spo2: Some(97.into()),
        scale: Spo2Scale::One,
        breathing: Some(Breathing::Air),
        systolic: Some(120.into()),
        pulse: Some(75.into()),
        consciousness: Some(Consciousness::Alert),
        temperature: Some(Decimal::new(370, -1)),
    }
}

fn score(observed: &Observations) -> News2 {
    News2::of(observed, adult())
}

/// Points of the chart's columns for ranges without a gap; `part` scores one value.
fn check_bands(columns: &[(RangeInclusive<u16>, u8)], part: impl Fn(u16) -> Option<u8>) {
    let mut next = *columns[0].0.start();
    for (values, points) in columns {
        assert_eq!(*values.start(), next, "the test's own columns have a gap");
        next = values.end() + 1;
        for value in values.clone() {
            assert_eq!(part(value), Some(*points), "{value}");
        }
    }
}

#[test]
fn each_respiratory_rate_has_the_points_of_the_chart() {
    let columns = [(0..=8, 3), (9..=11, 1), (12..=20, 0), (21..=24, 2), (25..=120, 3)];
    check_bands(&columns, |rate| {
        score(&Observations { respiratory_rate: Some(rate.into()), ..healthy() }).parts.rr
    });
}

#[test]
fn each_saturation_on_scale_1_has_the_same_points_on_air_and_on_oxygen() {
    let columns = [(0..=91, 3), (92..=93, 2), (94..=95, 1), (96..=100, 0)];
    for breathing in [Some(Breathing::Air), Some(Breathing::Oxygen), None] {
        check_bands(&columns, |spo2| {
            score(&Observations { spo2: Some(spo2.into()), breathing, ..healthy() }).parts.spo2
        });
    }
}

fn on_scale_2(spo2: u16, breathing: Option<Breathing>) -> Option<u8> {
    let spo2 = Some(spo2.into());
    score(&Observations { spo2, scale: Spo2Scale::Two, breathing, ..healthy() }).parts.spo2
}

#[test]
fn each_saturation_on_scale_2_has_the_points_of_the_chart() {
    let oxygen = [
        (0..=83, 3),
        (84..=85, 2),
        (86..=87, 1),
        (88..=92, 0),
        (93..=94, 1),
        (95..=96, 2),
        (97..=100, 3),
    ];
    check_bands(&oxygen, |spo2| on_scale_2(spo2, Some(Breathing::Oxygen)));
    let air = [(0..=83, 3), (84..=85, 2), (86..=87, 1), (88..=100, 0)];
    check_bands(&air, |spo2| on_scale_2(spo2, Some(Breathing::Air)));
}

#[test]
fn a_high_saturation_on_scale_2_is_not_judged_before_it_is_known_what_is_breathed() {
    assert_eq!(on_scale_2(92, None), Some(0));
    assert_eq!(on_scale_2(85, None), Some(2));
    assert_eq!(on_scale_2(93, None), None);
    assert_eq!(on_scale_2(97, None), None);
}

#[test]
fn each_systolic_pressure_has_the_points_of_the_chart() {
    let columns = [(0..=90, 3), (91..=100, 2), (101..=110, 1), (111..=219, 0), (220..=300, 3)];
    check_bands(&columns, |systolic| {
        score(&Observations { systolic: Some(systolic.into()), ..healthy() }).parts.sbp
    });
}

#[test]
fn each_pulse_has_the_points_of_the_chart() {
    let columns =
        [(0..=40, 3), (41..=50, 1), (51..=90, 0), (91..=110, 1), (111..=130, 2), (131..=300, 3)];
    check_bands(&columns, |pulse| {
        score(&Observations { pulse: Some(pulse.into()), ..healthy() }).parts.pulse
    });
}

#[test]
fn each_tenth_of_a_degree_has_the_points_of_the_chart() {
    let columns = [(250..=350, 3), (351..=360, 1), (361..=380, 0), (381..=390, 1), (391..=450, 2)];
    check_bands(&columns, |tenths| {
        let temperature = Some(Decimal::new(tenths.into(), -1));
        score(&Observations { temperature, ..healthy() }).parts.temp
    });
}

#[test]
fn only_alert_has_no_points_and_oxygen_has_two() {
    for (letter, points) in [("A", 0), ("C", 3), ("V", 3), ("P", 3), ("U", 3)] {
        let consciousness = Consciousness::from_letter(letter);
        assert!(consciousness.is_some(), "{letter}");
        let parts = score(&Observations { consciousness, ..healthy() }).parts;
        assert_eq!(parts.consciousness, Some(points), "{letter}");
    }
    assert_eq!(Consciousness::from_letter("X"), None);
    let on_oxygen = Observations { breathing: Some(Breathing::Oxygen), ..healthy() };
    assert_eq!(score(&on_oxygen).parts.o2, Some(2));
    assert_eq!(score(&healthy()).parts.o2, Some(0));
}

#[test]
fn a_value_finer_than_the_device_shows_is_rounded_first() {
    let temperature = |text: &str| {
        let temperature = Some(text.parse().unwrap());
        score(&Observations { temperature, ..healthy() }).parts.temp
    };
    assert_eq!(temperature("38.04"), Some(0));
    assert_eq!(temperature("38.05"), Some(1));
    assert_eq!(temperature("35.049"), Some(3));
    let spo2 = Some(Decimal::new(955, -1));
    assert_eq!(score(&Observations { spo2, ..healthy() }).parts.spo2, Some(0));
}

#[test]
fn the_risk_follows_from_the_sum_and_from_a_single_three() {
    for (parts, expected) in [
        ([0, 0, 0, 0, 0, 0, 0], Risk::Low),
        ([1, 1, 0, 1, 1, 0, 0], Risk::Low),
        ([0, 2, 2, 0, 0, 0, 0], Risk::Low),
        ([3, 0, 0, 0, 0, 0, 0], Risk::LowMedium),
        ([3, 0, 0, 0, 0, 0, 1], Risk::LowMedium),
        ([3, 0, 2, 0, 0, 0, 0], Risk::Medium),
        ([1, 1, 0, 1, 1, 0, 1], Risk::Medium),
        ([0, 2, 2, 2, 0, 0, 0], Risk::Medium),
        ([1, 2, 2, 2, 0, 0, 0], Risk::High),
        ([3, 3, 2, 3, 3, 3, 3], Risk::High),
    ] {
        assert_eq!(risk(&parts), expected, "{parts:?}");
    }
}

#[test]
fn a_score_with_something_missing_has_neither_total_nor_risk_and_says_what() {
    let check = |observed: Observations, said: &str| {
        let score = score(&observed);
        assert_eq!((score.total, score.risk), (None, None), "{said}");
        assert_eq!(score.partial().as_deref(), Some(said));
    };
    check(Observations { respiratory_rate: None, ..healthy() }, "partial: RR missing");
    check(Observations { spo2: None, ..healthy() }, "partial: SpO2 missing");
    check(Observations { breathing: None, ..healthy() }, "partial: air or oxygen missing");
    check(Observations { systolic: None, ..healthy() }, "partial: systolic pressure missing");
    check(
        Observations { pulse: None, consciousness: None, temperature: None, ..healthy() },
        "partial: pulse, consciousness, temperature missing",
    );
    assert_eq!(score(&healthy()).partial(), None);
}

#[test]
fn children_and_pregnant_patients_have_no_score() {
    assert_eq!(Applies::to(Some(15), false), Err(NotFor::Under16));
    assert_eq!(Applies::to(Some(15), true), Err(NotFor::Under16));
    assert_eq!(Applies::to(Some(30), true), Err(NotFor::Pregnant));
    assert_eq!(Applies::to(None, true), Err(NotFor::Pregnant));
    assert!(Applies::to(Some(16), false).is_ok());
    assert!(Applies::to(None, false).is_ok());
}

fn observed(vector: &Value) -> Observations {
    let number = |name: &str| match &vector[name] {
        Value::Null => None,
        number => Some(number.to_string().parse().unwrap()),
    };
    Observations {
        respiratory_rate: number("rr"),
        spo2: number("spo2"),
        scale: if vector["spo2_scale"] == 2 { Spo2Scale::Two } else { Spo2Scale::One },
        breathing: vector["on_oxygen"].as_bool().map(|oxygen| match oxygen {
            true => Breathing::Oxygen,
            false => Breathing::Air,
        }),
        systolic: number("sbp"),
        pulse: number("pulse"),
        consciousness: vector["acvpu"].as_str().and_then(Consciousness::from_letter),
        temperature: number("temp_c"),
    }
}

#[test]
fn published_examples_score_as_they_say() {
    let file: Value = serde_json::from_str(include_str!("../../testdata/news2.json")).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert!(!vectors.is_empty());
    for vector in vectors {
        let said = serde_json::to_value(score(&observed(vector))).unwrap();
        for (name, expected) in vector["expect"].as_object().unwrap() {
            assert_eq!(&said[name], expected, "{name} of {vector}");
        }
    }
}
