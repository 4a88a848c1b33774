//! The bytes of Nonin's serial data format 2 (Xpod; 9600 8N1).
//!
//! 75 frames a second of `01 status pleth data sum`; 25 frames make a packet, and the data byte's
//! meaning depends on its place in the packet. Source: Nonin's OEM documentation as used by
//! pez-globo/pufferfish-software (Apache-2.0), whose test packet is the test below.

pub const FRAMES_PER_SECOND: u32 = 75;
pub const FRAMES_PER_PACKET: usize = 25;

/// Bits of the status byte.
pub mod status {
    pub const ALWAYS: u8 = 0x80;
    pub const ARTIFACT: u8 = 0x20;
    pub const OUT_OF_TRACK: u8 = 0x10;
    pub const SENSOR_ALARM: u8 = 0x08;
    /// Low perfusion, during the pulse only.
    pub const RED: u8 = 0x04;
    /// Good perfusion, during the pulse only.
    pub const GREEN: u8 = 0x02;
    /// The first frame of a packet.
    pub const SYNC: u8 = 0x01;
}

/// The numbers of one packet; `None` is sent as the code for "missing".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    pub spo2_percent: Option<u8>,
    pub pulse_per_minute: Option<u16>,
    pub revision: u8,
}

/// One moment of the pulse wave with its status bits (without `SYNC`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub pleth: u8,
    pub status: u8,
}

const MISSING_SPO2: u8 = 127;
const MISSING_PULSE: u16 = 511;

pub fn packet(numbers: &Numbers, wave: &[Moment; FRAMES_PER_PACKET]) -> Vec<[u8; 5]> {
    let data = data_bytes(numbers);
    let frames = wave.iter().zip(data).enumerate().map(|(place, (moment, data))| {
        let sync = if place == 0 { status::SYNC } else { 0 };
        frame(moment.status | sync, moment.pleth, data)
    });
    frames.collect()
}

fn data_bytes(numbers: &Numbers) -> [u8; FRAMES_PER_PACKET] {
    let spo2 = numbers.spo2_percent.unwrap_or(MISSING_SPO2);
    let [high, low] = pulse_bytes(numbers.pulse_per_minute.unwrap_or(MISSING_PULSE));
    let mut data = [0; FRAMES_PER_PACKET];
    // Averages for recording, then with the display's rounding, then the extended averages.
    for at in [0, 13, 19, 21] {
        data[at] = high;
        data[at + 1] = low;
    }
    for at in [2, 8, 9, 10, 15, 16] {
        data[at] = spo2;
    }
    data[3] = numbers.revision;
    data
}

/// Nine bits, the upper two in the first byte: data bytes never have bit 7 set.
fn pulse_bytes(pulse: u16) -> [u8; 2] {
    [(pulse >> 7) as u8 & 0x03, pulse as u8 & 0x7F]
}

fn frame(status: u8, pleth: u8, data: u8) -> [u8; 5] {
    let sum = 1_u8.wrapping_add(status).wrapping_add(pleth).wrapping_add(data);
    [1, status, pleth, data, sum]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    /// pez-globo/pufferfish-software, TestPacketReceiver.cpp: pulse 72, SpO2 97, revision 48.
    const PUFFERFISH: &str = "018101008301800148ca01800161e301800130b2018001008201800100820180010082\
        018001008201800161e301800161e301800161e301800100820180010082018001008201800148ca01800161e3\
        01800161e301800100820180010082018001008201800148ca018001008201800148ca01800100820180010082";

    fn encoded(pulse: Option<u16>, spo2: Option<u8>) -> Vec<u8> {
        let numbers = Numbers { spo2_percent: spo2, pulse_per_minute: pulse, revision: 48 };
        let flat = Moment { pleth: 1, status: status::ALWAYS };
        packet(&numbers, &[flat; FRAMES_PER_PACKET]).concat()
    }

    #[test]
    fn the_published_packet_is_encoded_byte_for_byte() {
        assert_eq!(encoded(Some(72), Some(97)), hex::parse(PUFFERFISH).unwrap());
    }

    #[test]
    fn a_pulse_above_127_needs_the_upper_byte() {
        let bytes = encoded(Some(130), Some(97));
        assert_eq!((bytes[3], bytes[8]), (0x01, 0x02));
    }

    #[test]
    fn missing_numbers_have_their_own_codes() {
        let bytes = encoded(None, None);
        assert_eq!((bytes[3], bytes[8], bytes[13]), (0x03, 0x7F, 0x7F));
    }
}
