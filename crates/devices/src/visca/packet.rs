//! The packets of VISCA, as Sony's command lists define them: `8x .. FF` to camera x, `y0 .. FF`
//! back, at most 16 bytes.
//!
//! One camera per line, so its address is always 1.

use crate::{Wrong, framer::Scan};

pub(super) const END: u8 = 0xFF;
pub(super) const LONGEST: usize = 16;
const MAX_PAN: f32 = 24.0;
const MAX_TILT: f32 = 20.0;
const ZOOM_SPEEDS: f32 = 8.0;

/// Broadcast: cameras number themselves along the line and answer with the next free number.
pub(super) const ADDRESS_SET: [u8; 4] = [0x88, 0x30, 0x01, END];
/// Broadcast: forget commands that are under way.
pub(super) const CLEAR: [u8; 5] = [0x88, 0x01, 0x00, 0x01, END];
pub(super) const HOME: [u8; 5] = [0x81, 0x01, 0x06, 0x04, END];

/// Speeds −1…1, positive is right and up. A direction at speed 0 stands still.
pub(super) fn pan_tilt(pan: f32, tilt: f32) -> Vec<u8> {
    let (pan_speed, pan_way) = axis(pan, MAX_PAN, [0x01, 0x02]);
    let (tilt_speed, tilt_way) = axis(tilt, MAX_TILT, [0x02, 0x01]);
    vec![0x81, 0x01, 0x06, 0x01, pan_speed, tilt_speed, pan_way, tilt_way, END]
}

/// Speed byte, and which way: `ways` are those of negative and positive speeds.
fn axis(speed: f32, max: f32, ways: [u8; 2]) -> (u8, u8) {
    const STANDS: u8 = 0x03;
    match steps(speed, max) {
        // A standing axis still needs a speed that the camera accepts.
        0 => (max as u8, STANDS),
        steps => (steps, ways[usize::from(speed > 0.0)]),
    }
}

/// Speed −1…1, positive is nearer.
pub(super) fn zoom(speed: f32) -> Vec<u8> {
    let way = match steps(speed, ZOOM_SPEEDS) {
        0 => 0x00,
        steps if speed > 0.0 => 0x20 | (steps - 1),
        steps => 0x30 | (steps - 1),
    };
    vec![0x81, 0x01, 0x04, 0x07, way, END]
}

/// 0 for no speed, else 1 to `max`: rounded up, so that the gentlest push moves.
fn steps(speed: f32, max: f32) -> u8 {
    // Without the grain a speed of 10/24 becomes the eleventh step. The cast turns NaN into 0.
    const GRAIN: f32 = 1e-4;
    (speed.abs().clamp(0.0, 1.0) * max - GRAIN).ceil() as u8
}

/// Gives up what the camera does in this socket.
pub(super) fn cancel(socket: u8) -> Vec<u8> {
    vec![0x81, 0x20 | socket, END]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// Taken; the camera has put it into this socket.
    Ack {
        socket: u8,
    },
    /// Carried out. Socket 0 answers an inquiry.
    Done {
        socket: u8,
    },
    Refused {
        socket: u8,
        why: Refusal,
    },
    /// To [`ADDRESS_SET`].
    Addressed,
    /// To [`CLEAR`].
    Cleared,
    /// The camera has restarted: addresses are void.
    NetworkChange,
    /// Well formed, and of no use here.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Wrong length or syntax: a command that this camera does not have.
    NotUnderstood,
    /// Both sockets are taken.
    Full,
    Cancelled,
    /// Nothing was in the socket that was to be cancelled.
    NoSocket,
    /// Not now: at its end stop, say, or switched off.
    NotExecutable,
    Other,
}

pub(super) fn scan(bytes: &[u8]) -> Scan {
    let Some(&first) = bytes.first() else { return Scan::Incomplete };
    // 88 is a broadcast that went round; a camera answers as 90, A0 .. F0.
    if first != 0x88 && (first < 0x90 || first & 0x0F != 0) {
        return Scan::No(Wrong::Noise);
    }
    match bytes.iter().position(|&byte| byte == END) {
        Some(end) if end < 2 => Scan::No(Wrong::Length),
        Some(end) => Scan::Frame(end + 1),
        None if bytes.len() >= LONGEST => Scan::No(Wrong::Length),
        None => Scan::Incomplete,
    }
}

/// Of a packet that [`scan`] has found.
pub(super) fn decode(packet: &[u8]) -> Reply {
    match *packet {
        [0x88, 0x30, _, _] => Reply::Addressed,
        [0x88, 0x01, 0x00, 0x01, _] => Reply::Cleared,
        [_, 0x38, _] => Reply::NetworkChange,
        [_, kind @ 0x40..=0x4F, _] => Reply::Ack { socket: kind & 0x0F },
        [_, kind @ 0x50..=0x5F, ..] => Reply::Done { socket: kind & 0x0F },
        [_, kind @ 0x60..=0x6F, why, _] => {
            Reply::Refused { socket: kind & 0x0F, why: refusal(why) }
        }
        _ => Reply::Other,
    }
}

fn refusal(code: u8) -> Refusal {
    match code {
        0x01 | 0x02 => Refusal::NotUnderstood,
        0x03 => Refusal::Full,
        0x04 => Refusal::Cancelled,
        0x05 => Refusal::NoSocket,
        0x41 => Refusal::NotExecutable,
        _ => Refusal::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::{bytes, vectors};

    fn ours(name: &str) -> Vec<u8> {
        match name {
            "address set" => ADDRESS_SET.to_vec(),
            "home" => HOME.to_vec(),
            "up" => pan_tilt(0.0, 1.0),
            "left" => pan_tilt(-1.0, 0.0),
            "right 0a, up 05" => pan_tilt(10.0 / 24.0, 5.0 / 20.0),
            "pan and tilt stop" => pan_tilt(0.0, 0.0),
            "zoom stop" => zoom(0.0),
            "zoom wide 7" => zoom(-1.0),
            "zoom tele 5" => zoom(6.0 / 8.0),
            _ => panic!("{name}"),
        }
    }

    fn said(bytes: &[u8]) -> String {
        match scan(bytes) {
            Scan::Frame(length) => format!("{:?}", decode(&bytes[..length])),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn packets_of_public_sources_read_and_write_as_they_say() {
        for vector in vectors(include_str!("../../testdata/visca.json")) {
            match vector["expect"]["command"].as_str() {
                Some(name) => assert_eq!(ours(name), bytes(&vector), "{vector}"),
                None => {
                    let expected = vector["expect"]["reads"].as_str().unwrap();
                    assert_eq!(said(&bytes(&vector)), expected, "{vector}");
                }
            }
        }
    }

    #[test]
    fn speeds_reach_from_the_gentlest_push_to_the_limit() {
        let speeds = |pan, tilt| pan_tilt(pan, tilt)[4..6].to_vec();
        assert_eq!(speeds(0.001, -0.001), [0x01, 0x01]);
        assert_eq!(speeds(1.0, 1.0), [0x18, 0x14]);
        assert_eq!(speeds(900.0, f32::NEG_INFINITY), [0x18, 0x14]);
        assert_eq!(zoom(0.001)[4], 0x20);
        assert_eq!(zoom(9.0)[4], 0x27);
    }

    #[test]
    fn what_is_no_speed_stands_still() {
        assert_eq!(pan_tilt(f32::NAN, f32::NAN), pan_tilt(0.0, 0.0));
        assert_eq!(zoom(f32::NAN), zoom(0.0));
    }
}
