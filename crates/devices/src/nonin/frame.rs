//! Nonin serial data formats 2 and 7: five-byte frames, 25 of which are one packet.
//!
//! Format 2 is `01 status pleth data checksum`, format 7 `status pleth-high pleth-low data checksum`;
//! both come 75 times per second. The first frame of a packet carries the sync bit; which value a
//! `data` byte is part of follows from its place in the packet (Nonin, "Serial Data Format #2" and
//! "#7" of the Xpod and OEM III specifications).

use crate::{Wrong, finger_clip::Sample, framer::Scan};

const START: u8 = 0x01;
pub(super) const LENGTH: usize = 5;
pub(super) const FRAMES: usize = 25;
const PACKET: usize = FRAMES * LENGTH;
/// A third of a second is one packet.
pub(super) const PACKETS_PER_SECOND: u32 = 3;

/// Bits of the status byte; bit 7 is always set.
pub(super) mod status {
    pub(in super::super) const ALWAYS: u8 = 0x80;
    pub(in super::super) const SENSOR_DISCONNECTED: u8 = 0x40;
    pub(in super::super) const ARTIFACT: u8 = 0x20;
    pub(in super::super) const OUT_OF_TRACK: u8 = 0x10;
    /// The sensor gives nothing that can be used, such as when the finger is taken out.
    pub(in super::super) const SENSOR_ALARM: u8 = 0x08;
    /// Red and green together mean yellow.
    pub(in super::super) const PERFUSION: u8 = 0x06;
    pub(in super::super) const RED: u8 = 0x04;
    pub(in super::super) const GREEN: u8 = 0x02;
    pub(super) const SYNC: u8 = 0x01;
}

/// What differs between the two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Format {
    pub(super) scan: fn(&[u8]) -> Scan,
    /// Where the status byte stands in a frame.
    status: usize,
}

pub(super) const DF2: Format = Format { scan: scan_df2, status: 1 };
pub(super) const DF7: Format = Format { scan: scan_df7, status: 0 };

fn scan_df2(bytes: &[u8]) -> Scan {
    match *bytes {
        [] | [START] => Scan::Incomplete,
        [START, status, ..] if status & status::ALWAYS == 0 => Scan::No(Wrong::Noise),
        [START, status, pleth, data, sum, ..] => checked([START, status, pleth, data], sum),
        [START, ..] => Scan::Incomplete,
        _ => Scan::No(Wrong::Noise),
    }
}

fn scan_df7(bytes: &[u8]) -> Scan {
    match *bytes {
        [status, ..] if status & status::ALWAYS == 0 => Scan::No(Wrong::Noise),
        [status, high, low, data, sum, ..] => checked([status, high, low, data], sum),
        _ => Scan::Incomplete,
    }
}

fn checked(counted: [u8; 4], sum: u8) -> Scan {
    if counted.into_iter().fold(0, u8::wrapping_add) == sum {
        Scan::Frame(LENGTH)
    } else {
        Scan::No(Wrong::Checksum)
    }
}

/// A third of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    pub(super) raw: [u8; PACKET],
    status: usize,
}

impl Packet {
    /// The data byte of this frame, counted from 0.
    pub(super) fn data(&self, frame: usize) -> u8 {
        self.raw[frame * LENGTH + 3]
    }

    /// Per minute, of the frame with the high bits and the one after it.
    pub(super) fn rate(&self, frame: usize) -> Option<u16> {
        let rate = u16::from(self.data(frame) & 0x03) << 7 | u16::from(self.data(frame + 1) & 0x7F);
        (rate != 511).then_some(rate)
    }

    /// Per cent.
    pub(super) fn saturation(&self, frame: usize) -> Option<u16> {
        let saturation = u16::from(self.data(frame) & 0x7F);
        (saturation != 127).then_some(saturation)
    }

    /// The oximeter's firmware, as a number.
    pub(super) fn revision(&self) -> u8 {
        self.data(3)
    }

    /// The averages over four beats, with what all frames of the packet say of them.
    pub(super) fn sample(&self) -> Sample {
        let statuses = self.raw.chunks_exact(LENGTH).map(|frame| frame[self.status]);
        let values = Sample { pulse: self.rate(0), spo2: self.saturation(2), ..Sample::default() };
        statuses.fold(values, remark)
    }
}

fn remark(sample: Sample, status: u8) -> Sample {
    let off = status & (status::SENSOR_DISCONNECTED | status::SENSOR_ALARM) != 0;
    Sample {
        off: sample.off || off,
        searching: sample.searching || status & status::OUT_OF_TRACK != 0,
        artifact: sample.artifact || status & status::ARTIFACT != 0,
        // Yellow is weaker, but good.
        low_perfusion: sample.low_perfusion || status & status::PERFUSION == status::RED,
        ..sample
    }
}

/// Gathers frames into packets. Only 25 frames between two syncs are one: a line that loses whole
/// frames would shift the values otherwise. So a packet is known one frame (13 ms) after its end.
#[derive(Debug)]
pub(super) struct Assembler {
    status: usize,
    raw: [u8; PACKET],
    /// Bytes gathered since the last sync; 0 when there was none or a frame is missing.
    filled: usize,
}

impl Assembler {
    pub(super) fn new(format: Format) -> Self {
        Self { status: format.status, raw: [0; PACKET], filled: 0 }
    }

    /// Of a frame that the scan has found.
    pub(super) fn frame(&mut self, frame: &[u8]) -> Option<Packet> {
        let sync = frame[self.status] & status::SYNC != 0;
        let packet = if sync { self.whole() } else { None };
        if sync {
            self.filled = 0;
        } else if self.filled == 0 || self.filled == PACKET {
            self.filled = 0;
            return None;
        }
        self.raw[self.filled..self.filled + LENGTH].copy_from_slice(frame);
        self.filled += LENGTH;
        packet
    }

    /// The 25 frames gathered, should the next one begin a packet.
    pub(super) fn whole(&self) -> Option<Packet> {
        (self.filled == PACKET).then_some(Packet { raw: self.raw, status: self.status })
    }

    /// A frame is missing from here on.
    pub(super) fn broken(&mut self) {
        self.filled = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        framer::{Found, Framer},
        testdata::{bytes, vectors},
    };

    fn packets(bytes: &[u8]) -> Vec<Packet> {
        let mut assembler = Assembler::new(DF2);
        let mut packets = Vec::new();
        Framer::new(DF2.scan).run(bytes, |found| {
            if let Found::Frame(frame) = found {
                packets.extend(assembler.frame(frame));
            }
        });
        packets
    }

    #[test]
    fn a_packet_with_a_frame_too_few_or_too_many_is_none() {
        let packet = &bytes(&vectors(include_str!("../../testdata/nonin_df2.json"))[0]);
        assert_eq!(packets(&packet.repeat(3)).len(), 2);
        let fewer = [&packet[..5], &packet[10..], packet].concat();
        assert_eq!(packets(&fewer), []);
        let more = [packet, &packet[120..], packet].concat();
        assert_eq!(packets(&more), []);
        // One frame lost, and the sync that would have told it.
        let shifted = [&packet[..5], &packet[10..], &packet[5..], packet].concat();
        assert_eq!(packets(&shifted), []);
    }

    fn check(status: u8, expected: Sample) {
        assert_eq!(remark(Sample::default(), status), expected, "{status:02x}");
    }

    #[test]
    fn status_bits_say_what_they_mean() {
        let none = Sample::default();
        check(0x82, none);
        check(0x86, none);
        check(0x84, Sample { low_perfusion: true, ..none });
        check(0x90, Sample { searching: true, ..none });
        check(0xA0, Sample { artifact: true, ..none });
        check(0xC0, Sample { off: true, ..none });
        check(0x88, Sample { off: true, ..none });
    }
}
