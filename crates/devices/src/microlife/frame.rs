//! Frames of Microlife's Bluetooth cuffs, and the measurements in them.
//!
//! `4D direction length payload sum`: the direction is FF from the host and 3A from the cuff, the
//! length counts payload and sum in 16 bits, big-endian, and the sum is that of all bytes before.
//! Known from derdilla/blood-pressure-monitor-fl, which names its own sources.

use crate::{Fields, Undecoded, Wrong, date_time::DateTime, fields, framer::Scan};

const START: u8 = 0x4D;
const FROM_HOST: u8 = 0xFF;
const FROM_CUFF: u8 = 0x3A;
const HEAD: usize = 4;
/// 255 records are more than a cuff of this kind stores.
const LONGEST: usize = HEAD + RECORDS_AT + 255 * STRIDE + 1;

/// Where the records of a "get measurements" answer begin, and how far they are apart.
const RECORDS_AT: usize = 38;
const STRIDE: usize = 10;

const SET_TIME: u8 = 0x0D;
const GET_MEASUREMENTS: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 0xFD];
const DISCONNECT: [u8; 1] = [0x04];

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, &byte| sum.wrapping_add(byte))
}

fn command(payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len() + 1).expect("a command has at most eight bytes");
    let mut frame = [&[START, FROM_HOST, 0, length], payload].concat();
    frame.push(sum(&frame));
    frame
}

/// Years from 2000 to 2255; the cuff has no others.
pub(super) fn set_time(time: DateTime) -> Vec<u8> {
    let DateTime { year, month, day, hour, minute, second } = time;
    let year = u8::try_from(year.saturating_sub(2000)).unwrap_or(u8::MAX);
    command(&[SET_TIME, year, month, day, hour, minute, second])
}

pub(super) fn get_measurements() -> Vec<u8> {
    command(&GET_MEASUREMENTS)
}

pub(super) fn disconnect() -> Vec<u8> {
    command(&DISCONNECT)
}

/// Of frames from the cuff.
pub(super) fn scan(bytes: &[u8]) -> Scan {
    match *bytes {
        [] | [START] => Scan::Incomplete,
        [START, FROM_CUFF] | [START, FROM_CUFF, _] => Scan::Incomplete,
        [START, FROM_CUFF, high, low, ..] => whole(bytes, u16::from_be_bytes([high, low])),
        _ => Scan::No(Wrong::Noise),
    }
}

fn whole(bytes: &[u8], length: u16) -> Scan {
    let end = HEAD + usize::from(length);
    if length == 0 || end > LONGEST {
        return Scan::No(Wrong::Length);
    }
    match bytes.get(..end) {
        None => Scan::Incomplete,
        Some([counted @ .., check]) if sum(counted) == *check => Scan::Frame(end),
        Some(_) => Scan::No(Wrong::Checksum),
    }
}

/// Of a frame that [`scan`] has found.
pub(super) fn payload(frame: &[u8]) -> &[u8] {
    &frame[HEAD..frame.len() - 1]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) systolic: u8,
    pub(super) diastolic: u8,
    pub(super) pulse: u8,
    /// To the minute.
    pub(super) time: DateTime,
}

/// Slot by slot, without those that are empty. `None` for a payload that is no list of records.
pub(super) fn records(
    payload: &[u8],
) -> Option<impl Iterator<Item = (&[u8], Result<Record, Wrong>)>> {
    let slots = payload.get(RECORDS_AT..)?.chunks(STRIDE);
    let used = |slot: &&[u8]| slot.len() >= 8 && slot[..3] != [0; 3];
    Some(slots.filter(used).map(|slot| (slot, record(slot))))
}

fn record(slot: &[u8]) -> Result<Record, Wrong> {
    let &[systolic, diastolic, pulse, year, month, day, hour, minute, ..] = slot else {
        return Err(Wrong::Length);
    };
    let [low, high] = (2000 + u16::from(year)).to_le_bytes();
    let time = DateTime::from_bytes([low, high, month, day, hour, minute, 0])?;
    // An unknown month or day would make a reading that could be of any time.
    time.timestamp().ok_or(Wrong::Field)?;
    Ok(Record { systolic, diastolic, pulse, time })
}

/// A frame of either side. A characteristic that speaks of a "payload" or a "record" names what of the
/// cuff's frame the bytes are, without the rest of it.
pub(crate) fn decode(characteristic: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let named = |word| characteristic.is_some_and(|name| name.contains(word));
    if named("payload") {
        return Ok(of_payload(bytes));
    }
    if named("record") {
        return Ok(print(record(bytes)?));
    }
    if bytes.starts_with(&[START, FROM_HOST]) {
        return Ok(Fields::default().with("encode", name(bytes)?));
    }
    match scan(bytes) {
        Scan::Frame(length) if length == bytes.len() => {}
        Scan::No(wrong) => return Err(wrong.into()),
        Scan::Frame(_) | Scan::Incomplete => return Err(Wrong::Length.into()),
    }
    Ok(of_payload(payload(bytes)))
}

fn of_payload(payload: &[u8]) -> Fields {
    let fields = Fields::default().with("payload", fields::hex(payload));
    let Some(records) = records(payload) else { return fields };
    let measurements: Vec<Fields> =
        records.filter_map(|(_, record)| Some(print(record.ok()?))).collect();
    fields.with("measurements", measurements)
}

fn print(record: Record) -> Fields {
    Fields::default()
        .with("systolic", record.systolic)
        .with("diastolic", record.diastolic)
        .with("pulse", (record.pulse != 0).then_some(record.pulse))
        .with("timestamp", record.time)
}

/// What a host asks for.
fn name(bytes: &[u8]) -> Result<String, Wrong> {
    let [_, _, high, low, payload @ .., check] = bytes else { return Err(Wrong::Length) };
    if usize::from(u16::from_be_bytes([*high, *low])) != payload.len() + 1 {
        return Err(Wrong::Length);
    }
    if sum(&bytes[..bytes.len() - 1]) != *check {
        return Err(Wrong::Checksum);
    }
    match *payload {
        [SET_TIME, y, m, d, h, min, s] => {
            Ok(format!("set time 20{y:02}-{m:02}-{d:02} {h:02}:{min:02}:{s:02}"))
        }
        _ if payload == GET_MEASUREMENTS => Ok("get measurements".to_owned()),
        _ if payload == DISCONNECT => Ok("disconnect".to_owned()),
        _ => Err(Wrong::Field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, testdata::hex};

    #[test]
    fn commands_are_those_of_the_public_source() {
        let time = DateTime { year: 2024, month: 6, day: 15, hour: 14, minute: 30, second: 45 };
        assert_eq!(set_time(time), hex("4dff00080d18060f0e1e2de7"));
        assert_eq!(get_measurements(), hex("4dff000900000000000000fd52"));
        assert_eq!(disconnect(), hex("4dff00020452"));
        for (bytes, text) in
            [(get_measurements(), "get measurements"), (disconnect(), "disconnect")]
        {
            assert_eq!(decode(None, &bytes).unwrap().get("encode"), Some(&Field::from(text)));
        }
    }

    fn check(bytes: &str, expected: Wrong) {
        assert_eq!(decode(None, &hex(bytes)), Err(expected.into()), "{bytes}");
    }

    #[test]
    fn header_length_and_sum_are_looked_at() {
        check("4d3b0002810b", Wrong::Noise);
        check("4d3a0002810b", Wrong::Checksum);
        check("4d3a0005810a", Wrong::Length);
        check("4d3a0002810a00", Wrong::Length);
        check("4d3affff810a", Wrong::Length);
        check("4d3a0000", Wrong::Length);
        check("4d3a", Wrong::Length);
        check("", Wrong::Length);
        check("4dff0002810a", Wrong::Checksum);
        check("4dff000204", Wrong::Length);
    }

    /// Records of the public source's tests.
    #[test]
    fn a_payload_or_a_record_may_stand_alone() {
        let record = "78503c18060f0e1e0000";
        let said = decode(Some("10-byte record"), &hex(record)).unwrap();
        assert_eq!(said.get("systolic"), Some(&Field::Whole(120)));
        assert_eq!(said.get("timestamp"), Some(&Field::from("2024-06-15T14:30:00")));
        let payload = [&[0; RECORDS_AT], &hex(record)[..]].concat();
        let list = decode(Some("payload"), &payload).unwrap().get("measurements").cloned();
        assert_eq!(list, Some(Field::List(vec![Field::Fields(said)])));
        let month_0 = hex("6e464118000f0e1e0000");
        assert_eq!(decode(Some("record"), &month_0), Err(Wrong::Field.into()));
        assert_eq!(decode(Some("record"), &month_0[..7]), Err(Wrong::Length.into()));
    }

    #[test]
    fn empty_slots_are_skipped_and_dates_that_do_not_exist_refused() {
        let slots: [&[u8]; 4] = [
            &[120, 80, 60, 24, 6, 15, 14, 30, 0, 0],
            &[0; 10],
            &[110, 70, 65, 24, 0, 15, 14, 30, 0, 0],
            &[130, 85, 70, 25, 1, 2, 3, 4],
        ];
        let payload = [&[0; RECORDS_AT], &slots.concat()[..]].concat();
        let all: Vec<_> = records(&payload).unwrap().map(|(_, record)| record).collect();
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].unwrap().time.minute, 30);
        assert_eq!(all[1], Err(Wrong::Field));
        assert_eq!(all[2].unwrap().systolic, 130);
        assert!(records(&[0x81]).is_none());
    }
}
