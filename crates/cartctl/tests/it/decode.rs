//! Frames are decoded as the published examples say, in whatever form the bytes are typed.

use std::{fs, path::Path};

use serde_json::{Map, Value};

use crate::program::cartctl;

#[test]
fn a_decimal_is_printed_with_the_places_of_the_device() {
    let said = cartctl(&["decode", "ieee11073_sfloat", "6EF1"]);
    assert_eq!((said.out.as_str(), said.code), ("{\"value\":36.6}\n", Some(0)));
}

#[test]
fn bytes_may_be_typed_with_spaces_and_colons_and_as_several_words() {
    for hex in [&["ff070000"][..], &["FF 07 00 00"], &["ff:07:00:00"], &["FF", "07", "00", "00"]] {
        let said = cartctl(&[&["decode", "ieee11073_float"], hex].concat());
        assert_eq!(said.json()["value"], 2047, "{hex:?}");
    }
}

#[test]
fn a_refused_frame_is_an_error_in_json() {
    cartctl(&["decode", "ieee11073_sfloat", "6E"]).is_refused("length");
    cartctl(&["decode", "ieee11073_sfloat", ""]).is_refused("length");
}

#[test]
fn an_unknown_protocol_lists_those_there_are() {
    let said = cartctl(&["decode", "morse", "00"]);
    said.is_not_understood("`morse`");
    said.is_not_understood("ieee11073_sfloat");
}

#[test]
fn what_is_no_byte_is_said_in_words() {
    cartctl(&["decode", "ieee11073_sfloat", "6EF"]).is_not_understood("two");
    cartctl(&["decode", "ieee11073_sfloat", "6E F1 x"]).is_not_understood("`x`");
    cartctl(&["decode", "ieee11073_sfloat"]).is_not_understood("HEX");
}

#[test]
fn published_examples_are_printed_as_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../devices/testdata/vectors");
    let mut compared = 0;
    for file in fs::read_dir(folder).unwrap() {
        let file: Value =
            serde_json::from_str(&fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
        let protocol = file["protocol"].as_str().unwrap();
        if ::devices::protocols().all(|known| known != protocol) {
            continue;
        }
        for vector in file["vectors"].as_array().unwrap() {
            compare(protocol, vector);
            compared += 1;
        }
    }
    assert!(compared >= 30, "{compared}");
}

fn compare(protocol: &str, vector: &Value) {
    let mut arguments = vec!["decode", protocol, vector["input_hex"].as_str().unwrap()];
    if let Some(characteristic) = vector["characteristic"].as_str() {
        arguments.extend(["--characteristic", characteristic]);
    }
    let said = cartctl(&arguments);
    let expected = vector["expect"].as_object().unwrap();
    if expected.contains_key("error") {
        return said.is_refused("");
    }
    assert_eq!(said.code, Some(0), "{vector}: {}", said.out);
    is_among(expected, said.json().as_object().unwrap(), vector);
}

/// A program may say more than the example.
fn is_among(expected: &Map<String, Value>, said: &Map<String, Value>, vector: &Value) {
    for (name, expected) in expected {
        let said = said.get(name).unwrap_or_else(|| panic!("no `{name}`: {vector}"));
        assert!(is_same(expected, said), "{name}: {said} in {vector}");
    }
}

/// 37 and 37.0 are one number.
fn is_same(expected: &Value, said: &Value) -> bool {
    match (expected, said) {
        (Value::Number(expected), Value::Number(said)) => {
            let (expected, said) = (expected.as_f64().unwrap(), said.as_f64().unwrap());
            (expected - said).abs() <= expected.abs() * 1e-12
        }
        (Value::Array(expected), Value::Array(said)) => {
            expected.len() == said.len()
                && expected.iter().zip(said).all(|(expected, said)| is_same(expected, said))
        }
        _ => expected == said,
    }
}
