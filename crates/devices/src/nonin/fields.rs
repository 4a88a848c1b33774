//! What frames of data formats 2 and 7 say, for a person who looks at bytes.

use super::frame::{Assembler, DF2, DF7, Format, Packet, status};
use crate::{
    Fields, Undecoded, Wrong,
    framer::{Found, Framer},
};

/// The first whole packet of some frames. The last one may lack the frame that would prove its end.
struct Seen {
    frames: u32,
    first: Option<[u8; 5]>,
    packet: Option<Packet>,
}

fn look(format: Format, bytes: &[u8]) -> Seen {
    let mut assembler = Assembler::new(format);
    let mut seen = Seen { frames: 0, first: None, packet: None };
    Framer::new(format.scan).run(bytes, |found| match found {
        Found::Frame(frame) => {
            seen.frames += 1;
            seen.first = seen.first.or_else(|| frame.try_into().ok());
            let packet = assembler.frame(frame);
            seen.packet = seen.packet.or(packet);
        }
        Found::Malformed(_) => assembler.broken(),
    });
    seen.packet = seen.packet.or_else(|| assembler.whole());
    seen
}

pub(crate) fn df2(characteristic: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    match (characteristic, bytes) {
        // A stream of one byte says nothing, so a lone byte is a status.
        (Some("status byte"), &[status]) | (None, &[status]) => status_byte(status),
        (Some("status byte"), _) => Err(Wrong::Length.into()),
        (Some("stream" | "frame" | "packet") | None, _) => {
            let seen = look(DF2, bytes);
            Ok(values(Fields::default().with("frames", seen.frames), seen.packet.as_ref()))
        }
        (Some(_), _) => Err(Undecoded::NoSuchCharacteristic),
    }
}

pub(crate) fn df7(characteristic: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    if !matches!(characteristic, Some("stream" | "frame" | "packet") | None) {
        return Err(Undecoded::NoSuchCharacteristic);
    }
    let seen = look(DF7, bytes);
    let pleth = seen.first.map(|[_, high, low, ..]| u16::from_be_bytes([high, low]));
    let fields = Fields::default().with("frames", seen.frames).with("pleth0", pleth);
    let packet = seen.packet.as_ref();
    // Two times seven bits of a timer; the second status byte has bits of its own.
    let timer = packet.map(|of| u16::from(of.data(5) & 0x7F) << 7 | u16::from(of.data(6) & 0x7F));
    let second = packet.map(|of| of.data(7));
    Ok(values(fields, packet)
        .with("timer", timer)
        .with("smart_point", second.map(|bits| bits & 0x20 != 0))
        .with("low_battery", second.map(|bits| bits & 0x01 != 0)))
}

/// "D": as shown on a display; "E": averaged over eight beats; "fast": over four without
/// resilience; "bb": beat to beat.
fn values(fields: Fields, packet: Option<&Packet>) -> Fields {
    let rate = |frame| packet.and_then(|packet| packet.rate(frame));
    let saturation = |frame| packet.and_then(|packet| packet.saturation(frame));
    fields
        .with("hr", rate(0))
        .with("spo2", saturation(2))
        .with("rev", packet.map(Packet::revision))
        .with("spo2_d", saturation(8))
        .with("spo2_fast", saturation(9))
        .with("spo2_bb", saturation(10))
        .with("e_hr", rate(13))
        .with("e_spo2", saturation(15))
        .with("e_spo2_d", saturation(16))
        .with("hr_d", rate(19))
        .with("e_hr_d", rate(21))
}

/// What matters most, when several bits are set.
fn status_byte(bits: u8) -> Result<Fields, Undecoded> {
    if bits & status::ALWAYS == 0 {
        return Err(Wrong::Field.into());
    }
    let set = |bit: u8| bits & bit != 0;
    let flag = match bits & status::PERFUSION {
        _ if set(status::SENSOR_DISCONNECTED) => Some("sensor disconnected"),
        _ if set(status::SENSOR_ALARM) => Some("sensor alarm"),
        _ if set(status::OUT_OF_TRACK) => Some("out of track"),
        _ if set(status::ARTIFACT) => Some("artifact"),
        status::PERFUSION => Some("yellow perfusion (medium)"),
        status::RED => Some("red perfusion (low)"),
        status::GREEN => Some("green perfusion (good)"),
        _ => None,
    };
    Ok(Fields::default().with("flag", flag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, testdata::hex};

    fn frames(bytes: &str) -> Option<Field> {
        df2(Some("stream"), &hex(bytes)).unwrap().get("frames").cloned()
    }

    #[test]
    fn a_frame_is_found_inside_of_a_broken_one() {
        assert_eq!(frames("0181 0181010083"), Some(Field::Whole(1)));
        assert_eq!(frames("017f020082"), Some(Field::Whole(0)));
        assert_eq!(frames("0180020083"), Some(Field::Whole(1)));
        assert_eq!(frames(""), Some(Field::Whole(0)));
    }

    #[test]
    fn missing_values_are_absent() {
        let mut packet = [0x01, 0x80, 1, 0x7F, 0x01].repeat(25);
        packet[1] = 0x81;
        packet[4] = 0x02;
        let fields = df2(Some("stream"), &packet).unwrap();
        assert_eq!(fields.get("frames"), Some(&Field::Whole(25)));
        for name in ["hr", "spo2", "spo2_fast", "e_hr", "e_hr_d"] {
            assert_eq!(fields.get(name), Some(&Field::Absent), "{name}");
        }
    }

    #[test]
    fn the_second_status_byte_of_format_7_has_its_bits() {
        let frame = |number: usize| {
            let data = [0, 72, 97, 48, 0, 1, 2, 0x21].get(number).copied().unwrap_or(0);
            let status = if number == 0 { 0x83 } else { 0x82u8 };
            [status, 0x12, 0x34, data, status.wrapping_add(0x46).wrapping_add(data)]
        };
        let packet: Vec<u8> = (0..25).flat_map(frame).collect();
        let fields = df7(Some("frame"), &packet).unwrap();
        assert_eq!(fields.get("hr"), Some(&Field::Whole(72)));
        assert_eq!(fields.get("timer"), Some(&Field::Whole(130)));
        assert_eq!(fields.get("smart_point"), Some(&Field::Flag(true)));
        assert_eq!(fields.get("low_battery"), Some(&Field::Flag(true)));
    }

    #[test]
    fn a_status_byte_says_the_worst_first() {
        let said = |bits: u8| df2(None, &[bits]).unwrap().get("flag").cloned();
        assert_eq!(said(0x80), Some(Field::Absent));
        assert_eq!(said(0x84), Some("red perfusion (low)".into()));
        assert_eq!(said(0xD2), Some("sensor disconnected".into()));
        assert_eq!(df2(None, &[0x02]), Err(Wrong::Field.into()));
    }
}
