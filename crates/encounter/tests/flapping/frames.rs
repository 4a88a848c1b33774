//! The bytes of the simulated devices, written from the specifications and not from the codecs.

use clinical::Timestamp;

/// Date Time (0x2A08) of what a clock shows.
pub fn date_time(shown: Timestamp) -> [u8; 7] {
    let text = shown.to_string();
    let part = |from: usize, to: usize| text[from..to].parse::<u16>().unwrap();
    let [low, high] = part(0, 4).to_le_bytes();
    let small = |from: usize| part(from, from + 2) as u8;
    [low, high, small(5), small(8), small(11), small(14), small(17)]
}

/// Current Time (0x2A2B), the day of the week unknown.
pub fn current_time(shown: Timestamp) -> Vec<u8> {
    let fractions = shown.millis().rem_euclid(1000) * 256 / 1000;
    [&date_time(shown)[..], &[0, fractions as u8, 0]].concat()
}

/// What a written Current Time says.
pub fn shown(bytes: &[u8]) -> Timestamp {
    let year = u16::from_le_bytes([bytes[0], bytes[1]]);
    let [month, day, hour, minute, second] = bytes[2..7].try_into().unwrap();
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
    let whole: Timestamp = text.parse().unwrap();
    whole.plus_millis(i64::from(bytes[8]) * 1000 / 256)
}

/// Glucose Measurement (0x2A18): 95 mg/dL in capillary whole blood.
pub fn glucose(number: u16, shown: Timestamp, context_follows: bool) -> Vec<u8> {
    let [low, high] = number.to_le_bytes();
    let flags = if context_follows { 0x12 } else { 0x02 };
    [&[flags, low, high], &date_time(shown)[..], &[0x5F, 0xB0, 0x11]].concat()
}

/// Glucose Measurement Context (0x2A34): after a meal.
pub fn context(number: u16) -> Vec<u8> {
    let [low, high] = number.to_le_bytes();
    vec![0x02, low, high, 0x02]
}

/// Blood Pressure Measurement (0x2A35), in mmHg, with a time. The pressures tell which one it is.
pub fn blood_pressure(number: u16, shown: Timestamp) -> Vec<u8> {
    let (systolic, diastolic) = pressures(number);
    [&[0x02, systolic, 0, diastolic, 0, 0xFF, 0x07], &date_time(shown)[..]].concat()
}

fn pressures(number: u16) -> (u8, u8) {
    (100 + (number % 80) as u8, 50 + (number / 80) as u8)
}

/// Which one the pressures are of.
pub fn number_of(systolic: f64, diastolic: f64) -> u16 {
    (systolic as u16 - 100) + 80 * (diastolic as u16 - 50)
}

/// PLX Continuous Measurement (0x2A5F): 97 %, 72 per minute.
pub const OXIMETRY: [u8; 5] = [0x00, 0x61, 0x00, 0x48, 0x00];
