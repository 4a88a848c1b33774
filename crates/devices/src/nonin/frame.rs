//! Nonin serial data format 2: five-byte frames, 25 of which are one packet.
//!
//! `01 status pleth data checksum`, 75 frames per second. The first frame of a packet carries the
//! sync bit; which value a `data` byte is part of follows from its place in the packet
//! (Nonin, "Serial Data Format #2" of the Xpod and OEM III specifications).

use crate::{Wrong, framer::Scan};

const START: u8 = 0x01;
const LENGTH: usize = 5;
const FRAMES: usize = 25;

/// Bits of the status byte; bit 7 is always set.
mod status {
    pub(super) const ALWAYS: u8 = 0x80;
    pub(super) const SENSOR_DISCONNECTED: u8 = 0x40;
    pub(super) const ARTIFACT: u8 = 0x20;
    pub(super) const OUT_OF_TRACK: u8 = 0x10;
    /// The sensor gives nothing that can be used, such as when the finger is taken out.
    pub(super) const SENSOR_ALARM: u8 = 0x08;
    pub(super) const PERFUSION: u8 = 0x06;
    pub(super) const RED: u8 = 0x04;
    pub(super) const SYNC: u8 = 0x01;
}

pub(super) fn scan(bytes: &[u8]) -> Scan {
    match *bytes {
        [] | [START] => Scan::Incomplete,
        [START, status, ..] if status & status::ALWAYS == 0 => Scan::No(Wrong::Noise),
        [START, status, pleth, data, sum, ..] => {
            if START.wrapping_add(status).wrapping_add(pleth).wrapping_add(data) == sum {
                Scan::Frame(LENGTH)
            } else {
                Scan::No(Wrong::Checksum)
            }
        }
        [START, ..] => Scan::Incomplete,
        _ => Scan::No(Wrong::Noise),
    }
}

/// A third of a second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    /// Per minute, average of four beats.
    pub(super) pulse: Option<u16>,
    /// Per cent, average of four beats.
    pub(super) spo2: Option<u16>,
    /// The oximeter's firmware, as a number.
    pub(super) revision: u8,
    /// Over all frames of the packet.
    pub(super) flags: Flags,
    pub(super) raw: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags {
    /// No sensor, or no finger in it.
    pub(super) off: bool,
    pub(super) out_of_track: bool,
    pub(super) artifact: bool,
    /// A beat so weak that the value is marginal.
    pub(super) red: bool,
}

/// Gathers frames into packets. Only 25 frames between two syncs are one: a line that loses whole
/// frames would shift the values otherwise. So a packet is known one frame (13 ms) after its end.
#[derive(Debug, Default)]
pub(super) struct Assembler {
    raw: Vec<u8>,
}

impl Assembler {
    pub(super) fn frame(&mut self, frame: &[u8]) -> Option<Packet> {
        let sync = frame[1] & status::SYNC != 0;
        if sync {
            let raw = std::mem::replace(&mut self.raw, frame.to_vec());
            return (raw.len() == FRAMES * LENGTH).then(|| packet(raw));
        }
        if self.raw.is_empty() || self.raw.len() == FRAMES * LENGTH {
            self.raw.clear();
        } else {
            self.raw.extend(frame);
        }
        None
    }

    /// A frame is missing from here on.
    pub(super) fn broken(&mut self) {
        self.raw.clear();
    }
}

fn packet(raw: Vec<u8>) -> Packet {
    let data = |frame: usize| raw[frame * LENGTH + 3];
    let pulse = u16::from(data(0) & 0x03) << 7 | u16::from(data(1) & 0x7F);
    let spo2 = u16::from(data(2) & 0x7F);
    Packet {
        pulse: (pulse != 511).then_some(pulse),
        spo2: (spo2 != 127).then_some(spo2),
        revision: data(3),
        flags: raw.chunks(LENGTH).fold(Flags::default(), |flags, frame| flags.with(frame[1])),
        raw,
    }
}

impl Flags {
    fn with(self, status: u8) -> Self {
        Self {
            off: self.off || status & (status::SENSOR_DISCONNECTED | status::SENSOR_ALARM) != 0,
            out_of_track: self.out_of_track || status & status::OUT_OF_TRACK != 0,
            artifact: self.artifact || status & status::ARTIFACT != 0,
            // Red and green together mean yellow: weaker, but good.
            red: self.red || status & status::PERFUSION == status::RED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        framer::{Framer, Piece},
        testdata::{bytes, vectors},
    };

    fn packets(bytes: &[u8]) -> (usize, Vec<Packet>) {
        let mut assembler = Assembler::default();
        let mut packets = Vec::new();
        let mut frames = 0;
        for piece in Framer::new(scan).feed(bytes) {
            if let Piece::Frame(frame) = piece {
                frames += 1;
                packets.extend(assembler.frame(&frame));
            }
        }
        (frames, packets)
    }

    #[test]
    fn packets_of_public_sources_decode_as_they_say() {
        for vector in vectors(include_str!("../../testdata/nonin_df2.json")) {
            let bytes = bytes(&vector);
            let (frames, _) = packets(&bytes);
            let (_, packets) = packets(&bytes.repeat(2));
            let expected = &vector["expect"];
            if let Some(expected) = expected["frames"].as_u64() {
                assert_eq!(frames as u64, expected, "{vector}");
            }
            if let Some(pulse) = expected["hr"].as_u64() {
                assert_eq!(packets[0].pulse.map(u64::from), Some(pulse));
                assert_eq!(packets[0].spo2.map(u64::from), expected["spo2"].as_u64());
            }
            if let Some(revision) = expected["rev"].as_u64() {
                assert_eq!(u64::from(packets[0].revision), revision);
            }
        }
    }

    #[test]
    fn a_packet_with_a_frame_too_few_or_too_many_is_none() {
        let packet = &bytes(&vectors(include_str!("../../testdata/nonin_df2.json"))[0]);
        let (_, sound) = packets(&packet.repeat(3));
        assert_eq!(sound.len(), 2);
        let fewer = [&packet[..5], &packet[10..], packet].concat();
        assert_eq!(packets(&fewer).1, []);
        let more = [packet, &packet[120..], packet].concat();
        assert_eq!(packets(&more).1, []);
        // One frame lost, and the sync that would have told it.
        let shifted = [&packet[..5], &packet[10..], &packet[5..], packet].concat();
        assert_eq!(packets(&shifted).1, []);
    }

    fn check(status: u8, expected: Flags) {
        assert_eq!(Flags::default().with(status), expected, "{status:02x}");
    }

    #[test]
    fn status_bits_say_what_they_mean() {
        let none = Flags::default();
        check(0x82, none);
        check(0x86, none);
        check(0x84, Flags { red: true, ..none });
        check(0x90, Flags { out_of_track: true, ..none });
        check(0xA0, Flags { artifact: true, ..none });
        check(0xC0, Flags { off: true, ..none });
        check(0x88, Flags { off: true, ..none });
    }
}
