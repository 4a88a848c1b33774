//! The five-byte packet of the BCI protocol, which Contec's first firmware and Berry speak.
//!
//! Bit 7 is set in the first byte only; there is no checksum. 60 packets per second. Layout: the
//! tests of atbrask/CMS50Dplus, and berry-oximeter for the codes of missing values.

use crate::{Fields, Undecoded, Wrong, finger_clip::Sample, framer::Scan};

pub(super) const PACKETS_PER_SECOND: u32 = 60;
const LENGTH: usize = 5;
const SYNC: u8 = 0x80;
/// What the pulse and the saturation are while there is none.
const NO_PULSE: u8 = 0xFF;
const NO_SATURATION: u8 = 0x7F;

/// As it was sent, with the codes of missing values in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    signal: u8,
    off: bool,
    /// Contec: the saturation drops. Berry: the probe is unplugged.
    dropping_or_unplugged: bool,
    beep: bool,
    pleth: u8,
    bar: u8,
    /// Contec: an error of the probe. Berry: no finger.
    probe_error: bool,
    searching: bool,
    pulse: u8,
    saturation: u8,
}

/// Whose packets they are, where two makers use one bit differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    Contec,
    Berry,
}

pub(super) fn scan(bytes: &[u8]) -> Scan {
    let Some((&first, rest)) = bytes.split_first() else { return Scan::Incomplete };
    if first & SYNC == 0 {
        return Scan::No(Wrong::Noise);
    }
    if rest.iter().take(LENGTH - 1).any(|byte| byte & SYNC != 0) {
        return Scan::No(Wrong::Length);
    }
    if bytes.len() < LENGTH { Scan::Incomplete } else { Scan::Frame(LENGTH) }
}

/// Of a packet that [`scan`] has found.
pub(super) fn parse([first, pleth, third, pulse, saturation]: [u8; LENGTH]) -> Packet {
    Packet {
        signal: first & 0x0F,
        off: first & 0x10 != 0,
        dropping_or_unplugged: first & 0x20 != 0,
        beep: first & 0x40 != 0,
        pleth: pleth & 0x7F,
        bar: third & 0x0F,
        probe_error: third & 0x10 != 0,
        searching: third & 0x20 != 0,
        pulse: (third & 0x40) << 1 | pulse & 0x7F,
        saturation: saturation & 0x7F,
    }
}

impl Packet {
    /// Zeros are sent while nothing has been measured yet.
    pub(super) fn sample(&self, maker: Maker) -> Sample {
        let unplugged = maker == Maker::Berry && self.dropping_or_unplugged;
        Sample {
            pulse: (!matches!(self.pulse, 0 | NO_PULSE)).then_some(self.pulse.into()),
            spo2: self.saturation().filter(|&spo2| spo2 != 0).map(u16::from),
            off: self.off || self.probe_error || unplugged,
            searching: self.searching,
            ..Sample::default()
        }
    }

    fn saturation(&self) -> Option<u8> {
        (self.saturation != NO_SATURATION).then_some(self.saturation)
    }
}

/// The pulse is printed as sent, 255 too: the published examples of Contec have it so.
pub(crate) fn decode(_: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let bytes: [u8; LENGTH] = bytes.try_into().map_err(|_| Wrong::Length)?;
    if let Scan::No(wrong) = scan(&bytes) {
        return Err(wrong.into());
    }
    let packet = parse(bytes);
    Ok(Fields::default()
        .with("pulse_rate", packet.pulse)
        .with("spo2", packet.saturation())
        .with("finger_out_or_no_signal", packet.off)
        .with("beep", packet.beep)
        .with("bar", packet.bar)
        .with("searching", packet.searching)
        .with("signal_strength", packet.signal)
        .with("pleth", (packet.pleth != 0).then_some(packet.pleth))
        .with("dropping_spo2", packet.dropping_or_unplugged)
        .with("probe_error", packet.probe_error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: [u8; 5], maker: Maker, expected: Sample) {
        assert_eq!(parse(bytes).sample(maker), expected, "{bytes:02x?}");
    }

    #[test]
    fn a_packet_says_what_its_bits_mean() {
        let finger = Sample { pulse: Some(72), spo2: Some(97), ..Sample::default() };
        check([0x85, 40, 0x07, 72, 97], Maker::Contec, finger);
        let fast = Sample { pulse: Some(200), ..finger };
        check([0xC5, 40, 0x47, 72, 97], Maker::Contec, fast);
        check([0x90, 0, 0, 72, 97], Maker::Contec, Sample { off: true, ..finger });
        check([0x80, 0, 0x10, 72, 97], Maker::Berry, Sample { off: true, ..finger });
        check([0x80, 0, 0x20, 72, 97], Maker::Berry, Sample { searching: true, ..finger });
        check([0xA0, 0, 0, 72, 97], Maker::Contec, finger);
        check([0xA0, 0, 0, 72, 97], Maker::Berry, Sample { off: true, ..finger });
    }

    #[test]
    fn missing_values_never_become_numbers() {
        check([0x80, 0, 0x40, 0x7F, 0x7F], Maker::Berry, Sample::default());
        check([0x80, 0, 0, 0, 0], Maker::Contec, Sample::default());
        let half = Sample { spo2: Some(127 - 1), ..Sample::default() };
        check([0x80, 0, 0x40, 0x7F, 126], Maker::Contec, half);
    }

    #[test]
    fn a_second_sync_bit_is_no_packet() {
        for at in 1..5 {
            let mut bytes = [0x80, 0, 0, 72, 97];
            bytes[at] |= 0x80;
            assert_eq!(scan(&bytes), Scan::No(Wrong::Length));
        }
    }
}
