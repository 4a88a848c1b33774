//! Decodes a Bluetooth value whose characteristic is named, or can be told from the bytes alone.

use crate::{Fields, Undecoded, Wrong, gatt::characteristic};

pub(crate) type Codec = fn(&[u8]) -> Result<Fields, Wrong>;

/// Without a name, the only codec that takes the bytes is the one; where two do, nothing is guessed.
pub(crate) fn one_of(
    codecs: &[(u16, Codec)],
    name: Option<&str>,
    bytes: &[u8],
) -> Result<Fields, Undecoded> {
    if let Some(number) = characteristic(name)? {
        let (_, codec) = codecs
            .iter()
            .find(|(found, _)| *found == number)
            .ok_or(Undecoded::NoSuchCharacteristic)?;
        return Ok(codec(bytes)?);
    }
    let mut taken = codecs.iter().filter_map(|(_, codec)| codec(bytes).ok());
    match (taken.next(), taken.next()) {
        (Some(fields), None) => Ok(fields),
        (Some(_), Some(_)) => Err(Undecoded::NoSuchCharacteristic),
        (None, _) => Err(Wrong::Noise.into()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn first(bytes: &[u8]) -> Result<Fields, Wrong> {
        if bytes.len() < 3 { Ok(Fields::default().with("first", 1_u8)) } else { Err(Wrong::Length) }
    }

    fn second(bytes: &[u8]) -> Result<Fields, Wrong> {
        if bytes.len() > 1 {
            Ok(Fields::default().with("second", 2_u8))
        } else {
            Err(Wrong::Length)
        }
    }

    fn check(name: Option<&str>, bytes: &[u8], expected: Result<&str, Undecoded>) {
        let said = one_of(&[(0x2A01, first), (0x2A02, second)], name, bytes);
        assert_eq!(said.map(|fields| fields.0[0].0), expected, "{name:?} {bytes:?}");
    }

    #[test]
    fn a_named_characteristic_has_its_codec() {
        check(Some("2A01"), &[1, 2], Ok("first"));
        check(Some("0x2a02"), &[1, 2], Ok("second"));
        check(Some("2A02"), &[1], Err(Undecoded::Malformed(Wrong::Length)));
        check(Some("2A03"), &[1], Err(Undecoded::NoSuchCharacteristic));
    }

    #[test]
    fn without_a_name_only_what_is_certain_is_decoded() {
        check(None, &[1], Ok("first"));
        check(None, &[1, 2, 3], Ok("second"));
        check(None, &[1, 2], Err(Undecoded::NoSuchCharacteristic));
        let neither = one_of(&[(0x2A01, first)], None, &[1, 2, 3]);
        assert_eq!(neither, Err(Undecoded::Malformed(Wrong::Noise)));
    }

    proptest! {
        #[test]
        fn no_bytes_stop_a_codec(
            name in proptest::option::of(0x2A00_u16..0x2AFF),
            bytes in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            let name = name.map(|name| format!("{name:04X}"));
            for protocol in
                ["ble_body_composition", "ble_cgm", "ble_glucose", "ble_racp", "ble_weight_scale"]
            {
                let said = crate::decode(protocol, name.as_deref(), &bytes);
                prop_assert_ne!(said, Err(Undecoded::NoSuchProtocol));
            }
        }
    }
}
