//! The packets of the Contec CMS50 with its later firmware (E, EW, I, D+ from 4.6).
//!
//! `type high-bits bytes..`: bit 7 is clear in the type only and set in all that follow; what bit 7
//! of a byte really is stands in the byte of high bits, lowest bit first. Commands are packets of
//! type 7D with seven bytes. There is no checksum. Commands: tobac/cms50ew; live and stored data:
//! timegrid/CMS50Dplus7; lengths of the other answers: the oximeter import of OSCAR.

use crate::{Field, Fields, Undecoded, Wrong, fields, finger_clip::Sample, framer::Scan};

const COMMAND: u8 = 0x7D;
const LIVE: u8 = 0x01;
const STORED_WITH_PERFUSION: u8 = 0x09;
const STORED: u8 = 0x0F;
const MARK: u8 = 0x80;
const NO_PULSE: u8 = 0xFF;
const NO_SATURATION: u8 = 0x7F;
pub(super) const PACKETS_PER_SECOND: u32 = 60;

pub(super) const START_LIVE: [u8; 9] = command(0xA1);
pub(super) const STOP_LIVE: [u8; 9] = command(0xA2);
/// Without it for some seconds the oximeter ends the stream.
pub(super) const KEEP_ALIVE: [u8; 9] = command(0xAF);

/// Code and what published sources call it.
const COMMANDS: [(u8, &str); 13] = [
    (0xA1, "start live data"),
    (0xA2, "stop live data"),
    (0xA3, "get session count"),
    (0xA4, "get session duration"),
    (0xA5, "get session time"),
    (0xA6, "get session data"),
    (0xA7, "hello"),
    (0xA8, "get model"),
    (0xA9, "get vendor"),
    (0xAA, "get device id"),
    (0xAB, "get user info"),
    (0xAE, "erase session"),
    (0xAF, "keep alive"),
];

/// Without parameters.
const fn command(code: u8) -> [u8; 9] {
    [COMMAND, 0x81, code, MARK, MARK, MARK, MARK, MARK, MARK]
}

/// Of the whole packet, by its type; 0 for one that is not known.
fn length(kind: u8) -> usize {
    match kind {
        0x0C => 2,
        0x0D | 0x0E | 0x10 => 3,
        0x06 | 0x0A | 0x0B => 4,
        STORED_WITH_PERFUSION => 6,
        0x07 | 0x08 | STORED | 0x12 => 8,
        LIVE..=0x05 | 0x11 | 0x13 | 0x14 => 9,
        _ => 0,
    }
}

pub(super) fn scan(bytes: &[u8]) -> Scan {
    let Some((&kind, rest)) = bytes.split_first() else { return Scan::Incomplete };
    let length = length(kind);
    if length == 0 {
        return Scan::No(Wrong::Noise);
    }
    if rest.iter().take(length - 1).any(|byte| byte & MARK == 0) {
        return Scan::No(Wrong::Length);
    }
    if bytes.len() < length { Scan::Incomplete } else { Scan::Frame(length) }
}

/// The bytes after the high bits, with their own bit 7 again.
fn unpack<const N: usize>(packed: [u8; N], high_bits: u8) -> [u8; N] {
    let mut place = 0;
    packed.map(|byte| {
        let high = high_bits >> place & 1;
        place += 1;
        byte & 0x7F | high << 7
    })
}

/// As it was sent, with the codes of missing values in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LivePacket([u8; 7]);

/// Of a packet that [`scan`] has found; `None` for one that is not live.
pub(super) fn live(packet: &[u8]) -> Option<LivePacket> {
    match *packet {
        [LIVE, high, a, b, c, d, e, f, g] => Some(LivePacket(unpack([a, b, c, d, e, f, g], high))),
        _ => None,
    }
}

impl LivePacket {
    pub(super) fn sample(&self) -> Sample {
        let [first, second, ..] = self.0;
        Sample {
            pulse: self.pulse().filter(|&pulse| pulse != 0).map(u16::from),
            spo2: self.saturation().filter(|&spo2| spo2 != 0).map(u16::from),
            // Searched in vain, or an error of the probe.
            off: first & 0x90 != 0,
            searching: second & 0x80 != 0,
            ..Sample::default()
        }
    }

    fn pulse(&self) -> Option<u8> {
        (self.0[3] != NO_PULSE).then_some(self.0[3])
    }

    fn saturation(&self) -> Option<u8> {
        (self.0[4] != NO_SATURATION).then_some(self.0[4])
    }

    fn fields(&self) -> Fields {
        let [first, second, third, ..] = self.0;
        Fields::default()
            .with("pulse_rate", self.pulse())
            .with("spo2", self.saturation())
            .with("signal_strength", first & 0x0F)
            .with("finger_out_or_no_signal", first & 0x10 != 0)
            .with("dropping_spo2", first & 0x20 != 0)
            .with("beep", first & 0x40 != 0)
            .with("probe_error", first & 0x80 != 0)
            .with("pleth", second & 0x7F)
            .with("searching", second & 0x80 != 0)
            .with("bar", third & 0x0F)
    }
}

pub(crate) fn decode(_: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    if let Ok([COMMAND, ..]) = <[u8; 9]>::try_from(bytes) {
        let known = COMMANDS.iter().find(|(code, _)| command(*code) == bytes);
        let (_, name) = known.ok_or(Wrong::Field)?;
        return Ok(Fields::default().with("encode", *name));
    }
    match scan(bytes) {
        Scan::Frame(length) if length == bytes.len() => {}
        Scan::No(wrong) => return Err(wrong.into()),
        Scan::Frame(_) | Scan::Incomplete => return Err(Wrong::Length.into()),
    }
    match *bytes {
        [STORED, high, a, b, c, d, e, f] => {
            let [a, b, c, d, e, f] = unpack([a, b, c, d, e, f], high);
            let points = vec![point(a, b), point(c, d), point(e, f)];
            Ok(Fields::default().with("points", points))
        }
        [STORED_WITH_PERFUSION, high, a, b, c, d] => {
            let [a, b, ..] = unpack([a, b, c, d], high);
            Ok(Fields::default().with("points", vec![point(a, b)]))
        }
        _ => match live(bytes) {
            Some(packet) => Ok(packet.fields()),
            None => Ok(Fields::default().with("packet", fields::hex(bytes))),
        },
    }
}

/// One second of a stored session.
fn point(saturation: u8, pulse: u8) -> Field {
    Fields::default()
        .with("pulse_rate", (pulse != NO_PULSE).then_some(pulse))
        .with("spo2", (saturation != NO_SATURATION).then_some(saturation))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::hex;

    fn sample(bytes: &str) -> Option<Sample> {
        live(&hex(bytes)).map(|packet| packet.sample())
    }

    #[test]
    fn commands_are_those_of_public_sources() {
        assert_eq!(START_LIVE[..], hex("7d81a1808080808080"));
        for (code, name) in COMMANDS {
            let said = decode(None, &command(code)).unwrap();
            assert_eq!(said.get("encode"), Some(&Field::from(name)));
        }
        assert!(decode(None, &command(0xFE)).is_err());
    }

    #[test]
    fn high_bits_come_from_the_second_byte() {
        let finger = Sample { pulse: Some(72), spo2: Some(97), ..Sample::default() };
        assert_eq!(sample("01 80 85a887c8e1 8080"), Some(finger));
        let fast = Sample { pulse: Some(200), ..finger };
        assert_eq!(sample("01 88 85a887c8e1 8080"), Some(fast));
        assert_eq!(sample("01 81 85a887c8e1 8080"), Some(Sample { off: true, ..finger }));
        assert_eq!(sample("01 82 85a887c8e1 8080"), Some(Sample { searching: true, ..finger }));
    }

    #[test]
    fn missing_values_never_become_numbers() {
        assert_eq!(sample("01 88 85a887ffff 8080"), Some(Sample::default()));
        assert_eq!(sample("01 80 85a8878080 8080"), Some(Sample::default()));
    }

    #[test]
    fn three_seconds_of_a_stored_session_are_one_packet() {
        let said = decode(None, &hex("0f80dec2dec2ffc2")).unwrap();
        let Some(Field::List(points)) = said.get("points") else { panic!() };
        assert_eq!(points[0], point(94, 66));
        assert_eq!(points[2], point(NO_SATURATION, 66));
    }

    #[test]
    fn a_packet_cut_short_by_the_next_is_none() {
        assert_eq!(scan(&hex("0180858001808580")), Scan::No(Wrong::Length));
        assert_eq!(scan(&[0x80]), Scan::No(Wrong::Noise));
    }
}
