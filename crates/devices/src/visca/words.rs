//! What a packet of VISCA says, in words, for a person who looks at bytes.
//!
//! Both ways: what is sent to a camera and what it answers. From Sony's command lists for its EVI,
//! BRC and SRG cameras; an answer to an inquiry does not say what was asked, so its payload stays
//! in bytes.

use super::{orders::word, packet, picture};
use crate::{
    Fields, Undecoded, Wrong,
    fields::{Field, hex},
    framer::Scan,
};

const END: u8 = 0xFF;
const BROADCAST: u8 = 0x88;

/// Without the kind of packet its first byte tells: cameras answer as 90 to F0. A broadcast that
/// comes back from the last camera begins as it was sent, so only the changed number shows it.
pub(crate) fn decode(kind: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let returned = matches!(bytes, [BROADCAST, 0x30, 2..=8, END]);
    match (kind, bytes.first()) {
        (Some("command" | "inquiry"), _) => Ok(command(bytes)?),
        (Some("reply"), _) => Ok(reply(bytes)?),
        (Some(_), _) => Err(Undecoded::NoSuchCharacteristic),
        (None, Some(0x81..=BROADCAST)) if !returned => Ok(command(bytes)?),
        (None, _) => Ok(reply(bytes)?),
    }
}

/// The whole packet, or what is wrong with it as one.
fn whole(bytes: &[u8]) -> Result<(u8, &[u8]), Wrong> {
    match bytes {
        [first, body @ .., END] if !body.is_empty() && bytes.len() <= packet::LONGEST => {
            if body.contains(&END) {
                return Err(Wrong::Length);
            }
            Ok((*first, body))
        }
        _ => Err(Wrong::Length),
    }
}

fn reply(bytes: &[u8]) -> Result<Fields, Wrong> {
    let (first, body) = whole(bytes)?;
    if packet::scan(bytes) != Scan::Frame(bytes.len()) {
        return Err(Wrong::Field);
    }
    let from = Fields::default();
    match (first, body) {
        (BROADCAST, [0x30, next @ 1..=8]) => {
            let cameras = next.saturating_sub(1);
            Ok(from
                .with("kind", "address set")
                .with("next_address", *next)
                .with("cameras", cameras))
        }
        (BROADCAST, [0x01, 0x00, 0x01]) => Ok(from.with("kind", "clear")),
        (BROADCAST, _) => Err(Wrong::Field),
        _ => answer(from, (first - 0x80) >> 4, body),
    }
}

fn answer(fields: Fields, address: u8, body: &[u8]) -> Result<Fields, Wrong> {
    let of = |kind: &str, socket: u8| {
        fields.clone().with("kind", kind).with("address", address).with("socket", socket & 0x0F)
    };
    match *body {
        [0x38] => Ok(fields.clone().with("kind", "network change").with("address", address)),
        [kind @ 0x40..=0x4F] => Ok(of("ack", kind)),
        [kind @ 0x50..=0x5F] => Ok(of("completion", kind).with("payload", Field::Absent)),
        [kind @ 0x50..=0x5F, ref payload @ ..] => {
            Ok(of("completion", kind).with("payload", hex(payload)))
        }
        [kind @ 0x60..=0x6F, code] => {
            Ok(of("error", kind).with("code", code).with("meaning", meaning(code, kind & 0x0F)))
        }
        _ => Err(Wrong::Field),
    }
}

fn meaning(code: u8, socket: u8) -> String {
    match code {
        0x01 => "message length error".to_owned(),
        0x02 => "syntax error".to_owned(),
        0x03 => "command buffer full".to_owned(),
        0x04 => "command cancelled".to_owned(),
        0x05 => format!("no socket {socket}"),
        0x41 => "command not executable".to_owned(),
        _ => format!("unknown error {code:#04x}"),
    }
}

fn command(bytes: &[u8]) -> Result<Fields, Wrong> {
    let (first, body) = whole(bytes)?;
    let words = match (first, body) {
        (BROADCAST, [0x30, 0x01]) => Some("address set (broadcast)".to_owned()),
        (BROADCAST, [0x01, 0x00, 0x01]) => Some("clear (broadcast)".to_owned()),
        (0x81..=0x87, [0x01, 0x00, 0x01]) => Some("clear".to_owned()),
        (0x81..=0x87, [0x01, 0x04, camera @ ..]) => of_camera(camera),
        (0x81..=0x87, [0x01, 0x06, head @ ..]) => of_head(head),
        (0x81..=0x87, [0x09, asked @ ..]) => inquiry(asked).map(|what| format!("{what} inquiry")),
        (0x81..=0x87, [socket @ 0x21..=0x2F]) => Some(format!("cancel socket {}", socket & 0x0F)),
        _ => None,
    };
    let fields = Fields::default().with("encode", words.ok_or(Wrong::Field)?);
    Ok(match first {
        BROADCAST => fields.with("address", Field::Absent),
        _ => fields.with("address", first - 0x80),
    })
}

fn of_camera(body: &[u8]) -> Option<String> {
    let words = match *body {
        [0x00, 0x02] => "power on",
        [0x00, 0x03] => "power off",
        [0x07, how] => return drive("zoom", ["tele", "wide"], how),
        [0x08, how] => return drive("focus", ["far", "near"], how),
        [0x47, ref place @ ..] => return Some(format!("zoom direct {:#06x}", word(place)?)),
        [0x48, ref place @ ..] => return Some(format!("focus direct {:#06x}", word(place)?)),
        [0x38, 0x02] => "focus auto",
        [0x38, 0x03] => "focus manual",
        [0x38, 0x10] => "focus auto/manual",
        [0x18, 0x01] => "focus one push",
        [0x3F, 0x00, preset] => return Some(format!("memory reset preset {preset}")),
        [0x3F, 0x01, preset] => return Some(format!("memory set preset {preset}")),
        [0x3F, 0x02, preset] => return Some(format!("memory recall preset {preset}")),
        [0x35, 0x00] => "white balance auto",
        [0x35, 0x01] => "white balance indoor",
        [0x35, 0x02] => "white balance outdoor",
        [0x35, 0x03] => "white balance one push",
        [0x35, 0x04] => "white balance auto tracing",
        [0x35, 0x05] => "white balance manual",
        [0x35, 0x20] => "white balance color temperature",
        [0x10, 0x05] => "white balance one push trigger",
        [0x39, 0x00] => "exposure auto",
        [0x39, 0x03] => "exposure manual",
        [0x39, 0x0A] => "exposure shutter priority",
        [0x39, 0x0B] => "exposure iris priority",
        [0x39, 0x0D] => "exposure bright",
        [0x33, 0x02] => "backlight on",
        [0x33, 0x03] => "backlight off",
        _ => return picture::words(body),
    };
    Some(words.to_owned())
}

/// Zoom and focus are driven alike. `ways`: what 2 and 3 mean.
fn drive(what: &str, ways: [&str; 2], how: u8) -> Option<String> {
    let way = match how {
        0x00 => return Some(format!("{what} stop")),
        0x02 | 0x20..=0x27 => ways[0],
        0x03 | 0x30..=0x37 => ways[1],
        _ => return None,
    };
    Some(match how {
        // The speed that the camera chooses; the examples name it for the zoom only.
        0x02 | 0x03 if what == "zoom" => format!("{what} {way} std"),
        0x02 | 0x03 => format!("{what} {way}"),
        _ => format!("{what} {way} speed {}", how & 0x07),
    })
}

fn of_head(body: &[u8]) -> Option<String> {
    match *body {
        [0x01, pan @ 0..=0x18, tilt @ 0..=0x18, across, upward] => {
            let way = way(across, upward)?;
            // The examples name the highest speed in one direction of four only.
            Some(match ((pan, tilt), way) {
                (_, "stop") => way.to_owned(),
                ((0x18, 0x14), way) if way != "up" => way.to_owned(),
                _ => format!("pan-tilt {way} speed {pan:#04x}/{tilt:#04x}"),
            })
        }
        [how @ (0x02 | 0x03), 1..=0x18, 1..=0x18, ref places @ ..] => {
            let (pan, tilt) = places.split_at_checked(4)?;
            let (pan, tilt) = (word(pan)?.cast_signed(), word(tilt)?.cast_signed());
            let how = if how == 0x02 { "absolute" } else { "relative" };
            Some(format!("{how} pan {pan:+} tilt {tilt:+}"))
        }
        [0x04] => Some("home".to_owned()),
        [0x05] => Some("reset".to_owned()),
        _ => None,
    }
}

fn way(across: u8, upward: u8) -> Option<&'static str> {
    Some(match (across, upward) {
        (0x03, 0x03) => "stop",
        (0x03, 0x01) => "up",
        (0x03, 0x02) => "down",
        (0x01, 0x03) => "left",
        (0x02, 0x03) => "right",
        (0x01, 0x01) => "up-left",
        (0x02, 0x01) => "up-right",
        (0x01, 0x02) => "down-left",
        (0x02, 0x02) => "down-right",
        _ => return None,
    })
}

fn inquiry(body: &[u8]) -> Option<&'static str> {
    Some(match body {
        [0x00, 0x02] => "version",
        [0x04, 0x00] => "power",
        [0x04, 0x35] => "white balance",
        [0x04, 0x38] => "focus mode",
        [0x04, 0x39] => "exposure mode",
        [0x04, 0x3F] => "memory",
        [0x04, 0x47] => "zoom position",
        [0x04, 0x48] => "focus position",
        [0x06, 0x11] => "pan-tilt max speed",
        [0x06, 0x12] => "pan-tilt position",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testdata::hex;

    fn check(kind: Option<&str>, bytes: &str, name: &str, expected: &str) {
        let said = match decode(kind, &hex(bytes)) {
            Ok(fields) => fields.get(name).map(|field| format!("{field:?}")).unwrap_or_default(),
            Err(error) => error.to_string(),
        };
        assert!(said.contains(expected), "{bytes}: {said}");
    }

    #[test]
    fn commands_beyond_the_examples_read_alike() {
        for (bytes, words) in [
            ("810106010a050201ff", "pan-tilt up-right speed 0x0a/0x05"),
            ("8101060118140302ff", "\"down\""),
            // As visca-over-ip 0.5.2 stops.
            ("8101060100000303ff", "\"stop\""),
            ("810106021814000102030f0a0909ff", "absolute pan +291 tilt -1383"),
            ("8101044704000000ff", "zoom direct 0x4000"),
            ("8101044714000000ff", "malformed: field"),
            ("8101043f0105ff", "memory set preset 5"),
            ("8101040803ff", "\"focus near\""),
            ("8121ff", "cancel socket 1"),
            ("81090612ff", "pan-tilt position inquiry"),
            ("81010435 20ff", "white balance color temperature"),
            ("8101040b02ff", "iris up"),
            ("81990612ff", "malformed: field"),
        ] {
            check(None, bytes, "encode", words);
        }
    }

    #[test]
    fn the_same_broadcast_is_a_command_and_its_own_answer() {
        check(None, "883002ff", "kind", "\"address set\"");
        // Three cameras on the line.
        check(Some("reply"), "883004ff", "cameras", "Whole(3)");
        check(None, "883001ff", "encode", "address set");
        check(Some("reply"), "88010001ff", "kind", "clear");
        check(Some("command"), "88010001ff", "encode", "clear (broadcast)");
        check(Some("datagram"), "88010001ff", "kind", "no such characteristic");
    }

    #[test]
    fn an_end_within_a_packet_or_none_at_all_is_refused() {
        check(None, "9041ff9051ff", "kind", "malformed: length");
        check(None, "90ff", "kind", "malformed: length");
        check(None, "9041", "kind", "malformed: length");
        check(None, "", "kind", "malformed: length");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let longest = bytes.len() > 16;
            prop_assert!(!longest || decode(None, &bytes).is_err());
        }
    }
}
