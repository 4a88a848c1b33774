//! Commands of VISCA that set the picture, in words: exposure, colour, sharpness. No driver sends
//! them; a technician may find them in what another program sent. From the command lists of
//! PTZOptics (G2, 2023) and Sony.

use super::orders::word;

/// Put back, one step up, one step down.
const STEPPED: [(u8, &str); 6] = [
    (0x02, "sharpness"),
    (0x0A, "shutter"),
    (0x0B, "iris"),
    (0x0C, "gain"),
    (0x0D, "bright"),
    (0x0E, "exposure compensation"),
];

/// Set to a number.
const DIRECT: [(u8, &str); 11] = [
    (0x42, "sharpness"),
    (0x49, "saturation"),
    (0x4A, "shutter"),
    (0x4B, "iris"),
    (0x4C, "gain"),
    (0x4D, "bright"),
    (0x4E, "exposure compensation"),
    (0x4F, "hue"),
    (0x25, "dynamic range"),
    (0xA1, "luminance"),
    (0xA2, "contrast"),
];

/// Of what follows `8x 01 04`.
pub(super) fn words(body: &[u8]) -> Option<String> {
    let named = |names: &[(u8, &'static str)], code: u8| {
        names.iter().find(|(found, _)| *found == code).map(|(_, name)| *name)
    };
    match *body {
        [what, how] => match (what, how) {
            (0x05, 0x02) => Some("sharpness auto".to_owned()),
            (0x05, 0x03) => Some("sharpness manual".to_owned()),
            (0x3E, 0x02) => Some("exposure compensation on".to_owned()),
            (0x3E, 0x03) => Some("exposure compensation off".to_owned()),
            (0x23, 0x00) => Some("anti-flicker off".to_owned()),
            (0x23, 0x01) => Some("anti-flicker 50 Hz".to_owned()),
            (0x23, 0x02) => Some("anti-flicker 60 Hz".to_owned()),
            (0x2C, 0..=15) => Some(format!("gain limit {how}")),
            (what, 0x00) => named(&STEPPED, what).map(|name| format!("{name} reset")),
            (what, 0x02) => named(&STEPPED, what).map(|name| format!("{name} up")),
            (what, 0x03) => named(&STEPPED, what).map(|name| format!("{name} down")),
            _ => None,
        },
        [what, ref number @ ..] => {
            let name = named(&DIRECT, what)?;
            Some(format!("{name} direct {:#06x}", word(number)?))
        }
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::hex;

    fn check(body: &str, expected: Option<&str>) {
        assert_eq!(words(&hex(body)).as_deref(), expected, "{body}");
    }

    #[test]
    fn what_the_makers_list_is_named() {
        check("0b00", Some("iris reset"));
        check("0c02", Some("gain up"));
        check("0e03", Some("exposure compensation down"));
        check("3e02", Some("exposure compensation on"));
        check("4b0000000c", Some("iris direct 0x000c"));
        check("a20000000e", Some("contrast direct 0x000e"));
        check("2301", Some("anti-flicker 50 Hz"));
        check("2c0f", Some("gain limit 15"));
    }

    #[test]
    fn what_they_do_not_list_is_not() {
        for body in ["", "0b", "0b01", "0b0200", "2c10", "4b00000010", "4b000c", "9900"] {
            check(body, None);
        }
    }
}
