//! Every published example in `testdata/vectors` says what the codecs say.

use std::{fs, path::Path};

use serde_json::Value;

use super::decode;
use crate::{
    Field, Fields,
    testdata::{hex, vectors},
};

struct Example {
    protocol: String,
    vector: Value,
}

fn examples() -> Vec<Example> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/vectors");
    let mut examples = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        let protocol = file["protocol"].as_str().unwrap();
        let vectors = file["vectors"].as_array().unwrap().iter().cloned();
        examples.extend(vectors.map(|vector| Example { protocol: protocol.to_owned(), vector }));
    }
    examples
}

/// The first field that is not as the example says.
fn deviation(example: &Example) -> Option<String> {
    let Example { protocol, vector } = example;
    let bytes = hex(vector["input_hex"].as_str().unwrap());
    let said = decode(protocol, vector["characteristic"].as_str(), &bytes);
    let expected = vector["expect"].as_object().unwrap();
    match said {
        Err(_) if expected.contains_key("error") => None,
        Err(error) => Some(error.to_string()),
        Ok(fields) if expected.contains_key("error") => Some(format!("not refused: {fields:?}")),
        Ok(fields) => expected.iter().find_map(|(name, value)| differs(&fields, name, value)),
    }
}

fn differs(fields: &Fields, name: &str, expected: &Value) -> Option<String> {
    match fields.get(name) {
        None => Some(format!("no `{name}` in {fields:?}")),
        Some(field) if says(field, expected) => None,
        Some(field) => Some(format!("{name}: {field:?} instead of {expected}")),
    }
}

fn says(field: &Field, expected: &Value) -> bool {
    match (field, expected) {
        (Field::Absent, Value::Null) => true,
        (Field::Flag(flag), Value::Bool(expected)) => flag == expected,
        (Field::Whole(number), Value::Number(_)) => expected.as_f64() == Some(*number as f64),
        (Field::Number(number), Value::Number(_)) => {
            // The examples are JSON; the decimal has to be the one they mean.
            let expected = expected.as_f64().unwrap();
            (number.to_f64() - expected).abs() <= expected.abs() * 1e-12
        }
        (Field::Text(text), Value::String(expected)) => text == expected,
        (Field::List(list), Value::Array(expected)) => {
            list.len() == expected.len()
                && list.iter().zip(expected).all(|(field, expected)| says(field, expected))
        }
        _ => false,
    }
}

fn check(examples: &[Example]) {
    let name = |example: &Example| format!("{} {}", example.protocol, example.vector["input_hex"]);
    let wrong: Vec<String> = examples
        .iter()
        .filter_map(|example| Some(format!("{}: {}", name(example), deviation(example)?)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn published_examples_decode_as_they_say() {
    check(&examples());
}

/// What the public test suites have beside the published examples, under the same names.
#[test]
fn cases_of_public_test_suites_decode_as_they_say() {
    let cases = vectors(include_str!("../../testdata/public_suites.json")).into_iter();
    let example = |vector: Value| {
        let protocol = vector["protocol"].as_str().unwrap().to_owned();
        Example { protocol, vector }
    };
    check(&cases.map(example).collect::<Vec<_>>());
}

/// Published bytes as every kind of frame that its protocol has, cut and with one bit turned over.
#[test]
fn damaged_examples_are_fields_or_refused() {
    let examples = examples();
    for example in &examples {
        let bytes = hex(example.vector["input_hex"].as_str().unwrap());
        let kinds = examples.iter().filter(|other| other.protocol == example.protocol);
        for kind in kinds.map(|other| other.vector["characteristic"].as_str()).chain([None]) {
            for end in 0..=bytes.len() {
                let _ = decode(&example.protocol, kind, &bytes[..end]);
            }
            for bit in 0..bytes.len() * 8 {
                let mut damaged = bytes.clone();
                damaged[bit / 8] ^= 1 << (bit % 8);
                let _ = decode(&example.protocol, kind, &damaged);
            }
        }
    }
}
