//! The 14-byte records in the memory of an Omron cuff.
//!
//! Two layouts: models of the big-endian kind pack `diastolic systolic-25 year pulse` and the rest of
//! the time into bits, those of the little-endian kind begin with `systolic-25 diastolic pulse year`.
//! Known from userx14/omblepy, and from the captures of eigger/hass-omron.

use crate::{Fields, Undecoded, Wrong, date_time::DateTime, fields::Field};

pub(super) const LENGTH: usize = 14;
/// What a cuff adds to the byte; it measures no less.
const SYSTOLIC_FROM: u16 = 25;
/// Above it the little-endian kind marks an empty slot.
const HIGHEST: u8 = 0xE1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Big,
    Little,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// mmHg.
    pub(super) systolic: u16,
    pub(super) diastolic: u8,
    /// Per minute; 0 where there is none.
    pub(super) pulse: u8,
    /// A date that does not exist is one of a clock that nobody set.
    pub(super) time: Result<DateTime, Wrong>,
    pub(super) moved: bool,
    pub(super) irregular: bool,
}

/// `None` for a slot that holds nothing.
pub(super) fn parse(layout: Layout, bytes: &[u8; LENGTH]) -> Option<Record> {
    let (&[a, b, c, d, e, f, g, h], _) = bytes.split_first_chunk()?;
    let (first, second, [systolic, diastolic, pulse, year]) = match layout {
        Layout::Big => (u16::from_be_bytes([e, f]), u16::from_be_bytes([g, h]), [b, a, d, c]),
        Layout::Little => (u16::from_le_bytes([e, f]), u16::from_le_bytes([g, h]), [a, b, c, d]),
    };
    let erased = bytes.iter().all(|&byte| byte == 0xFF);
    let never_written = [diastolic, pulse, year] == [0; 3] && first == 0 && second == 0;
    let marked = layout == Layout::Little && systolic > HIGHEST;
    if erased || never_written || marked {
        return None;
    }
    Some(Record {
        systolic: u16::from(systolic) + SYSTOLIC_FROM,
        diastolic,
        pulse,
        time: time(year, first, second),
        moved: first & 0x8000 != 0,
        irregular: first & 0x4000 != 0,
    })
}

/// From the lowest bits: hour 5, day 5, month 4; second 6, minute 6. The two highest bits of the
/// year's byte are not of the year on some models, and no cuff lives until 2064.
fn time(year: u8, first: u16, second: u16) -> Result<DateTime, Wrong> {
    let [low, high] = (2000 + u16::from(year & 0x3F)).to_le_bytes();
    let bits = |word: u16, from: u32, count: u32| (word >> from & ((1 << count) - 1)) as u8;
    let (month, day, hour) = (bits(first, 10, 4), bits(first, 5, 5), bits(first, 0, 5));
    // Seconds up to 63 have been seen.
    let (minute, second) = (bits(second, 6, 6), bits(second, 0, 6).min(59));
    let time = DateTime::from_bytes([low, high, month, day, hour, minute, second])?;
    time.timestamp().map(|_| time).ok_or(Wrong::Field)
}

/// The characteristic names the kind: "14-byte LE record", "14-byte big-endian record". Where it does
/// not, only bytes that are a record in one of the two are told.
pub(crate) fn decode(characteristic: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let bytes: &[u8; LENGTH] = bytes.try_into().map_err(|_| Wrong::Length)?;
    let words = || characteristic.into_iter().flat_map(|name| name.split([' ', '-', '(', ')']));
    let named = |names: [&str; 2]| words().any(|word| names.contains(&word));
    let layout = match (named(["LE", "little"]), named(["BE", "big"])) {
        (true, false) => Layout::Little,
        (false, true) => Layout::Big,
        _ => likely(bytes).ok_or(Undecoded::NoSuchCharacteristic)?,
    };
    let record = parse(layout, bytes).ok_or(Wrong::Field)?;
    Ok(Fields::default()
        .with("systolic", record.systolic)
        .with("diastolic", record.diastolic)
        .with("pulse", (record.pulse != 0).then_some(record.pulse))
        .with("timestamp", record.time.map_or(Field::Absent, Field::from))
        .with("movement", record.moved)
        .with("irregular_pulse", record.irregular))
}

fn likely(bytes: &[u8; LENGTH]) -> Option<Layout> {
    let fits = |layout: Layout| {
        parse(layout, bytes).is_some_and(|record| {
            record.time.is_ok() && u16::from(record.diastolic) < record.systolic
        })
    };
    match (fits(Layout::Big), fits(Layout::Little)) {
        (true, false) => Some(Layout::Big),
        (false, true) => Some(Layout::Little),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::hex;

    fn check(layout: Layout, bytes: &str, expected: &str) {
        let bytes = hex(bytes).try_into().unwrap();
        let said = parse(layout, &bytes).map(|record| {
            let time = record.time.ok().and_then(DateTime::timestamp);
            let Record { systolic, diastolic, pulse, .. } = record;
            let time = time.map_or("no time".to_owned(), |time| time.to_string());
            format!("{systolic}/{diastolic} {pulse} {time}")
        });
        assert_eq!(said.as_deref().unwrap_or("empty"), expected);
    }

    #[test]
    fn records_of_real_cuffs_say_what_the_cuffs_showed() {
        let little = "125/87 67 2026-05-19T19:48:22.000Z";
        check(Layout::Little, "6457431a7316161c000046001900", little);
        let big = "145/91 72 2026-06-14T23:45:02.000Z";
        check(Layout::Big, "5b781a4819d71b42000014006996", big);
    }

    #[test]
    fn a_slot_that_was_never_written_is_empty() {
        check(Layout::Little, "e200000000000000000000000000", "empty");
        for layout in [Layout::Big, Layout::Little] {
            check(layout, "0000000000000000000000000000", "empty");
            check(layout, "ffffffffffffffffffffffffffff", "empty");
        }
    }

    #[test]
    fn a_date_that_does_not_exist_is_none() {
        check(Layout::Big, "5b781a4800001b42000014006996", "145/91 72 no time");
    }

    #[test]
    fn without_a_name_only_what_is_certain_is_told() {
        let told = |bytes: &str| decode(None, &hex(bytes)).is_ok();
        assert!(told("5b781a4819d71b42000014006996"));
        let named = |name| decode(Some(name), &hex("5b781a4819d71b42000014006996")).is_ok();
        assert!(named("14-byte big-endian record") && named("HEM-7600T"));
        assert!(!told("ffffffffffffffffffffffffffff"));
        assert_eq!(decode(None, &hex("5b78")), Err(Wrong::Length.into()));
    }
}
