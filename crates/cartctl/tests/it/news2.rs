//! The score of typed values: as the published examples have it, partial, or refused in words.

use serde_json::{Value, json};

use crate::program::{Said, cartctl};

fn news2(arguments: &str) -> Said {
    let mut all = vec!["news2"];
    all.extend(arguments.split_whitespace());
    cartctl(&all)
}

#[test]
fn a_whole_score_has_parts_total_and_risk() {
    let said = news2("--rr 18 --spo2 95 --sbp 120 --pulse 80 --acvpu A --temp 37.0");
    let parts = json!({
        "rr": 0, "spo2": 1, "o2": 0, "sbp": 0, "pulse": 0, "consciousness": 0, "temp": 0
    });
    assert_eq!(said.json(), json!({ "parts": parts, "total": 1, "risk": "low" }));
    assert_eq!(said.code, Some(0));
}

#[test]
fn what_is_left_out_makes_the_score_partial() {
    let said =
        news2("--spo2 95 --scale 2 --oxygen --sbp 120 --pulse 80 --acvpu A --temp 37.0").json();
    assert_eq!(said["partial"], "partial: RR missing");
    assert_eq!((&said["total"], &said["risk"]), (&Value::Null, &Value::Null));
    assert_eq!(said["parts"]["rr"], Value::Null);
    assert_eq!((&said["parts"]["spo2"], &said["parts"]["o2"]), (&json!(2), &json!(2)));
}

#[test]
fn whom_the_score_is_not_for_is_told_so() {
    news2("--rr 18 --age 15").is_refused("under 16");
    news2("--rr 18 --pregnant").is_refused("pregnant");
    assert_eq!(news2("--rr 18 --age 16").json()["parts"]["rr"], 0);
}

#[test]
fn a_value_that_no_living_patient_has_is_refused_and_one_at_the_limit_is_not() {
    for (absurd, limit) in [
        ("--rr 121", "--rr 120"),
        ("--rr 0", "--rr 1"),
        ("--spo2 101", "--spo2 100"),
        ("--sbp 29", "--sbp 30"),
        ("--pulse 301", "--pulse 300"),
        ("--temp 98.6", "--temp 45.0"),
        ("--temp -3", "--temp 25"),
    ] {
        news2(absurd).is_refused("look at the device");
        assert_eq!(news2(limit).code, Some(0), "{limit}");
    }
}

#[test]
fn what_cannot_be_read_is_said_in_words() {
    news2("--rr eighteen").is_not_understood("not a decimal number");
    news2("--acvpu X").is_not_understood("A, C, V, P and U");
    news2("--scale 3").is_not_understood("3");
}

#[test]
fn published_examples_score_as_they_say() {
    let file = include_str!("../../../clinical/testdata/news2.json");
    let file: Value = serde_json::from_str(file).unwrap();
    for vector in file["vectors"].as_array().unwrap() {
        let mut arguments: Vec<String> = vec!["news2".to_owned()];
        for (option, name) in
            [("--rr", "rr"), ("--spo2", "spo2"), ("--scale", "spo2_scale"), ("--sbp", "sbp")]
        {
            arguments.extend([option.to_owned(), vector[name].to_string()]);
        }
        for (option, name) in [("--pulse", "pulse"), ("--temp", "temp_c")] {
            arguments.extend([option.to_owned(), vector[name].to_string()]);
        }
        arguments.extend(["--acvpu".to_owned(), vector["acvpu"].as_str().unwrap().to_owned()]);
        if vector["on_oxygen"] == true {
            arguments.push("--oxygen".to_owned());
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        assert_eq!(cartctl(&arguments).json(), vector["expect"], "{vector}");
    }
}
