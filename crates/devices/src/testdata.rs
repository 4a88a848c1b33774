//! Reads the vectors in `testdata/`: bytes in hexadecimal, what they mean, and who says so.

use serde_json::Value;

pub(crate) fn vectors(file: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(file).unwrap();
    let vectors = file["vectors"].as_array().unwrap().clone();
    assert!(!vectors.is_empty());
    vectors
}

pub(crate) fn bytes(vector: &Value) -> Vec<u8> {
    hex(vector["hex"].as_str().unwrap())
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
