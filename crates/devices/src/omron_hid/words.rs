//! What the Omron HEM-790IT is asked and what it answers, in words, for a person who looks at bytes.
//! Also what no driver asks for. (Protocol notes of openyou/libomron.)

use super::report::{READING, reading, xor};
use crate::{Fields, Undecoded, Wrong, fields::hex};

/// A command, or the data of an answer without its `OK` and the zero after that.
pub(crate) fn decode(characteristic: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let is_command = bytes.first().is_some_and(u8::is_ascii_uppercase);
    match characteristic {
        Some("command") => Ok(Fields::default().with("encode", name(bytes)?)),
        Some("GME response data") => print(bytes),
        Some(_) if xor(bytes) != 0 => Err(Wrong::Checksum.into()),
        Some("GDC response data") => match *bytes {
            [_, _, _, count, _] => Ok(Fields::default().with("count", count)),
            _ => Err(Wrong::Length.into()),
        },
        Some("GMA response data" | "GEA response data") => print_average(bytes),
        Some("VER response data") => Ok(Fields::default().with("version", text(bytes)?)),
        Some("PRF response data") => Ok(Fields::default().with("profile", text(bytes)?)),
        Some("SRL response data") => {
            let (_, serial) = bytes.split_last().ok_or(Wrong::Length)?;
            Ok(Fields::default().with("serial", hex(serial)))
        }
        Some(_) => Err(Undecoded::NoSuchCharacteristic),
        // A reading begins with a year, and no cuff lives until 2065.
        None if is_command => Ok(Fields::default().with("encode", name(bytes)?)),
        None => print(bytes),
    }
}

/// All but the check value.
fn text(bytes: &[u8]) -> Result<String, Wrong> {
    let (_, text) = bytes.split_last().ok_or(Wrong::Length)?;
    Ok(String::from_utf8_lossy(text).into_owned())
}

fn print(bytes: &[u8]) -> Result<Fields, Undecoded> {
    let bytes: &[u8; READING] = bytes.try_into().map_err(|_| Wrong::Length)?;
    let read = reading(bytes)?;
    let parts = ["year", "month", "day", "hour", "minute", "second"].into_iter().zip(read.clock);
    let fields = parts.fold(Fields::default(), |fields, (name, part)| fields.with(name, part));
    Ok(fields
        .with("systolic", read.systolic)
        .with("diastolic", read.diastolic)
        .with("pulse", (read.pulse != 0).then_some(read.pulse))
        .with("checksum_ok", true))
}

/// Of a week's mornings or evenings. It is no measurement, so no driver asks for it.
fn print_average(bytes: &[u8]) -> Result<Fields, Undecoded> {
    let &[_, _, year, month, day, systolic, diastolic, pulse, _] = bytes else {
        return Err(Wrong::Length.into());
    };
    // Zeros stand for a week without readings.
    let measured = diastolic != 0;
    Ok(Fields::default()
        .with("year", year)
        .with("month", month)
        .with("day", day)
        .with("systolic", measured.then_some(u16::from(systolic) + 25))
        .with("diastolic", measured.then_some(diastolic))
        .with("pulse", measured.then_some(pulse))
        .with("checksum_ok", true))
}

fn name(bytes: &[u8]) -> Result<String, Wrong> {
    let [a, b, c, parameters @ .., check] = bytes else { return Err(Wrong::Length) };
    if xor(parameters) != *check {
        return Err(Wrong::Checksum);
    }
    match ([*a, *b, *c], parameters) {
        ([b'G', b'D', b'C'], [0, bank, 0, 0]) => Ok(format!("GDC count bank {bank}")),
        ([b'G', b'M', b'E'], [0, bank, 0, index]) => Ok(format!("GME reading {index} bank {bank}")),
        ([b'G', b'M', b'A'], [0, bank, index, 0, 0]) => {
            Ok(format!("GMA morning average {index} bank {bank}"))
        }
        ([b'G', b'E', b'A'], [0, bank, index, 0, 0]) => {
            Ok(format!("GEA evening average {index} bank {bank}"))
        }
        ([b'V', b'E', b'R'], [_]) => Ok("VER version".to_owned()),
        ([b'P', b'R', b'F'], [_]) => Ok("PRF profile".to_owned()),
        ([b'S', b'R', b'L'], [_]) => Ok("SRL serial number".to_owned()),
        ([b'E', b'N', b'D'], [_]) => Ok("END".to_owned()),
        _ => Err(Wrong::Field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, testdata::hex};

    fn printed(characteristic: &str, bytes: &str, name: &str) -> Option<Field> {
        decode(Some(characteristic), &hex(bytes)).unwrap().get(name).cloned()
    }

    #[test]
    fn what_no_driver_asks_for_can_be_printed() {
        let average = "8001090413716970f7";
        assert_eq!(printed("GMA response data", average, "systolic"), Some(138u8.into()));
        assert_eq!(printed("GDC response data", "000a000802", "count"), Some(8u8.into()));
        let version = "4d37303830495420 3230374a";
        assert_eq!(printed("VER response data", version, "version"), Some("M7080IT 207".into()));
        let profile = "3030313031303030303000";
        assert_eq!(printed("PRF response data", profile, "profile"), Some("0010100000".into()));
        let serial = Some("06000000000000".into());
        assert_eq!(printed("SRL response data", "0600000000000006", "serial"), serial);
        let damaged = decode(Some("GMA response data"), &hex("8001090413716970f6"));
        assert_eq!(damaged, Err(Wrong::Checksum.into()));
    }

    #[test]
    fn a_command_is_named() {
        for (bytes, words) in [
            ("474d450001000302", "GME reading 3 bank 1"),
            ("474d41000006000006", "GMA morning average 6 bank 0"),
            ("474541000102000003", "GEA evening average 2 bank 1"),
            ("5645523030", "VER version"),
            ("454e44ffff", "END"),
        ] {
            let said = decode(None, &hex(bytes)).unwrap();
            assert_eq!(said.get("encode"), Some(&Field::from(words)), "{bytes}");
        }
    }

    #[test]
    fn a_damaged_reading_is_refused() {
        let bytes = hex("0701030006330000704b4700004d");
        assert_eq!(decode(Some("GME response data"), &bytes), Err(Wrong::Checksum.into()));
    }
}
