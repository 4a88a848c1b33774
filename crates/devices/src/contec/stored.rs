//! What a Contec CMS50 with its first firmware answers when its stored session is asked for.
//!
//! `F2 80 00` three times, three bytes of length, then a record of three bytes for each second
//! (tests of atbrask/CMS50Dplus). A program asks by `F5 F5` and ends by `F6 F6 F6`.

use crate::{Fields, Undecoded, Wrong};

const RECORD: usize = 3;
const PREAMBLE: [u8; 9] = [0xF2, 0x80, 0x00, 0xF2, 0x80, 0x00, 0xF2, 0x80, 0x00];
/// Missing, as in the live packets of this firmware. A pulse is printed as it was sent, 255 too, as
/// theirs is.
const NO_SATURATION: u8 = 0x7F;

/// One record, or the head of the answer with as many records as have come.
pub(crate) fn decode(characteristic: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    match (characteristic, bytes) {
        (Some("command") | None, [0xF5, 0xF5]) => Ok(Fields::default().with("encode", "download")),
        (Some("command") | None, [0xF6, 0xF6, 0xF6]) => {
            Ok(Fields::default().with("encode", "end download"))
        }
        (Some("3-byte record") | None, &[a, b, c]) => Ok(record([a, b, c])?),
        (Some("3-byte record" | "command"), _) => Err(Wrong::Length.into()),
        (Some("download") | None, _) => Ok(download(bytes)?),
        (Some(_), _) => Err(Undecoded::NoSuchCharacteristic),
    }
}

fn record([first, second, saturation]: [u8; RECORD]) -> Result<Fields, Wrong> {
    if first & 0xFE != 0xF0 || second & 0x80 == 0 || saturation & 0x80 != 0 {
        return Err(Wrong::Field);
    }
    let pulse = first << 7 | second & 0x7F;
    Ok(Fields::default()
        .with("pulse_rate", pulse)
        .with("spo2", (saturation != NO_SATURATION).then_some(saturation)))
}

fn download(bytes: &[u8]) -> Result<Fields, Wrong> {
    let rest = bytes.strip_prefix(&PREAMBLE).ok_or(Wrong::Noise)?;
    let (&length, records) = rest.split_first_chunk::<3>().ok_or(Wrong::Length)?;
    let seconds = seconds(length)?;
    // Records that are still under way are no fault; more of them than announced are.
    let whole = records.len().is_multiple_of(RECORD) && records.len() / RECORD <= seconds as usize;
    if !whole {
        return Err(Wrong::Length);
    }
    let records = records.chunks_exact(RECORD).map(|bytes| record([bytes[0], bytes[1], bytes[2]]));
    let records: Vec<Fields> = records.collect::<Result<_, _>>()?;
    Ok(Fields::default().with("seconds", seconds).with("records", records))
}

/// The length counts bytes, less one, in 14 and 7 and 7 bits.
fn seconds([high, middle, low]: [u8; 3]) -> Result<u32, Wrong> {
    if high & 0x80 == 0 || middle & 0x80 == 0 || low & 0x80 != 0 {
        return Err(Wrong::Field);
    }
    let bytes = u32::from(high & 0x7F) << 14 | u32::from(middle & 0x7F) << 7 | u32::from(low);
    if (bytes + 1).is_multiple_of(3) { Ok((bytes + 1) / 3) } else { Err(Wrong::Length) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, testdata::hex};

    fn check(bytes: &str, expected: Result<(u8, u8), Wrong>) {
        let said = decode(Some("3-byte record"), &hex(bytes));
        let expected =
            expected.map(|(pulse, spo2)| [Some(Field::from(pulse)), Some(Field::from(spo2))]);
        let said = said.map(|fields| ["pulse_rate", "spo2"].map(|name| fields.get(name).cloned()));
        assert_eq!(said, expected.map_err(Undecoded::from), "{bytes}");
    }

    #[test]
    fn a_record_has_its_sync_bits() {
        check("f0c861", Ok((72, 97)));
        check("f1c861", Ok((200, 97)));
        check("f00061", Err(Wrong::Field));
        check("f2c861", Err(Wrong::Field));
        check("f0c8e1", Err(Wrong::Field));
        check("f0c8", Err(Wrong::Length));
    }

    #[test]
    fn a_saturation_that_is_missing_is_absent() {
        let said = decode(None, &hex("f1ff7f")).unwrap();
        assert_eq!(said.get("pulse_rate"), Some(&Field::Whole(255)));
        assert_eq!(said.get("spo2"), Some(&Field::Absent));
    }

    #[test]
    fn a_download_holds_as_many_records_as_it_announces() {
        let said = decode(None, &hex("f28000f28000f28000 808005 f0c861 f0c961")).unwrap();
        assert_eq!(said.get("seconds"), Some(&Field::Whole(2)));
        let Some(Field::List(records)) = said.get("records") else { panic!() };
        assert_eq!(records.len(), 2);
        let more = hex("f28000f28000f28000 808002 f0c861 f0c961");
        assert_eq!(decode(None, &more), Err(Wrong::Length.into()));
        let uneven = hex("f28000f28000f28000 808003");
        assert_eq!(decode(None, &uneven), Err(Wrong::Length.into()));
    }
}
