//! `cartctl decode`: bytes from a log or a manual, read by the codecs that the cart itself uses.

use std::process::ExitCode;

use clap::Args;
use devices::{Undecoded, Uuid, Wrong};

use crate::{NOT_UNDERSTOOD, fields::Printed, print, print_refusal};

#[derive(Args)]
pub struct Arguments {
    /// Whose bytes they are, such as `ieee11073_sfloat`; a wrong one lists those there are.
    protocol: String,
    /// The bytes in hexadecimal, in either case; spaces, colons, dashes, commas and 0x do not matter.
    #[arg(required = true)]
    hex: Vec<String>,
    /// Which kind of frame: a Bluetooth characteristic (2A35, 0x2A35 or in full), or a word such as
    /// `reply`, `command` or `stream`.
    #[arg(long, value_name = "UUID or word")]
    characteristic: Option<String>,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let protocol = arguments.protocol.as_str();
    if !devices::protocols().any(|known| known == protocol) {
        let known: Vec<&str> = devices::protocols().collect();
        eprintln!("There is no protocol `{protocol}`. There are:\n  {}", known.join("\n  "));
        return Ok(ExitCode::from(NOT_UNDERSTOOD));
    }
    let bytes = match bytes_of(&arguments.hex.join(" ")) {
        Ok(bytes) => bytes,
        Err(why) => {
            eprintln!("{why}");
            return Ok(ExitCode::from(NOT_UNDERSTOOD));
        }
    };
    let characteristic = arguments.characteristic.as_deref().map(as_codecs_name_it);
    match devices::decode(protocol, characteristic.as_deref(), &bytes) {
        Ok(fields) => print(&Printed(&fields)),
        Err(refusal) => print_refusal(&words(refusal)),
    }
}

/// `(0x)` is what the phone apps begin with by which people look at Bluetooth values.
fn bytes_of(hex: &str) -> Result<Vec<u8>, String> {
    let between = |character: char| character.is_whitespace() || ":-,;".contains(character);
    let prefixes = ["(0x)", "0x", "0X"];
    let digits: Vec<u8> = hex
        .split(between)
        .map(|part| prefixes.iter().find_map(|prefix| part.strip_prefix(prefix)).unwrap_or(part))
        .flat_map(str::chars)
        .map(|character| match character.to_digit(16) {
            Some(digit) => Ok(digit as u8),
            None => Err(format!("`{character}` is no hexadecimal digit: write bytes as 06 80 FF")),
        })
        .collect::<Result<_, _>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return Err("The last byte has one digit only: each byte is written with two".to_owned());
    }
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// A UUID as the Bluetooth SIG writes it; words stay as they are.
fn as_codecs_name_it(given: &str) -> String {
    uuid(given).map_or_else(|| given.to_owned(), |uuid| uuid.to_string())
}

/// Of 16, 32 or 128 bits. No kind of frame is called by a word that reads as one of these.
fn uuid(text: &str) -> Option<Uuid> {
    let text = text.strip_prefix("0x").or(text.strip_prefix("0X")).unwrap_or(text);
    let digits: String = text.chars().filter(|character| *character != '-').collect();
    if !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let number = u128::from_str_radix(&digits, 16).ok()?;
    match digits.len() {
        4 | 8 => Some(Uuid::new(number << 96 | Uuid::sig(0).bits())),
        32 => Some(Uuid::new(number)),
        _ => None,
    }
}

fn words(refusal: Undecoded) -> String {
    let explained = match refusal {
        // Asked for before.
        Undecoded::NoSuchProtocol => "",
        Undecoded::NoSuchCharacteristic => {
            ": say with --characteristic which kind of frame it is, as docs/field/devices.md lists them"
        }
        Undecoded::Malformed(Wrong::Noise) => " (no frame begins here)",
        Undecoded::Malformed(Wrong::Checksum) => " (the check value does not fit the bytes)",
        Undecoded::Malformed(Wrong::Length) => " (cut short, or longer than such a frame is)",
        Undecoded::Malformed(Wrong::Field) => " (a field holds what the protocol does not allow)",
        Undecoded::Malformed(Wrong::Unexpected) => " (well-formed, but not what belongs here)",
        Undecoded::Malformed(Wrong::Implausible) => " (a value that no patient has)",
    };
    format!("{refusal}{explained}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_people_write_them() {
        for text in [
            "0680ff",
            "06 80 FF",
            "06:80:fF",
            " 0 68 0\tff\n",
            "0x0680ff",
            "0X06, 0X80, 0XFF",
            "(0x) 06-80-FF",
            "0x06 80 0xff",
        ] {
            assert_eq!(bytes_of(text).unwrap(), [0x06, 0x80, 0xFF], "{text}");
        }
        assert!(bytes_of("").unwrap().is_empty());
    }

    #[test]
    fn half_a_byte_and_other_letters_are_said() {
        assert!(bytes_of("068").unwrap_err().contains("one digit"));
        assert!(bytes_of("06 8g").unwrap_err().contains("`g`"));
        assert!(bytes_of("é0").unwrap_err().contains("`é`"));
        assert!(bytes_of("060x80").unwrap_err().contains("`x`"));
    }

    #[test]
    fn a_characteristic_is_known_in_every_spelling() {
        for text in [
            "2A35",
            "2a35",
            "0x2A35",
            "0X2a35",
            "00002a35",
            "00002A35-0000-1000-8000-00805F9B34FB",
            "00002a3500001000800000805f9b34fb",
        ] {
            assert_eq!(as_codecs_name_it(text), "2A35", "{text}");
        }
        assert_eq!(
            as_codecs_name_it("49535343-fe7d-4ae5-8fa9-9fafd205e455"),
            "49535343-FE7D-4AE5-8FA9-9FAFD205E455"
        );
    }

    #[test]
    fn a_word_stays_as_it_is() {
        for word in ["reply", "command", "stream", "5-byte packet", "CRC", "SFLOAT", "", "2A3"] {
            assert_eq!(as_codecs_name_it(word), word);
        }
    }
}
