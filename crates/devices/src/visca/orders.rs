//! Commands and inquiries of VISCA beyond driving the motors: places, memories, focus, power.
//!
//! VISCA has no inquiry for the range of the head, and models differ. The range here is that of
//! the common conference cameras (±170°, −30°…+90° at 14.4 steps per degree); one that turns less
//! far stops at its end.

use super::packet::END;
use crate::Position;

const PAN_STEPS: f32 = 2448.0;
/// The head looks further up than down; straight ahead is 0.
const UP_STEPS: f32 = 1296.0;
const DOWN_STEPS: f32 = 432.0;
/// Sony's optical range.
const ZOOM_STEPS: f32 = 16384.0;

pub(super) const POWER_ON: [u8; 6] = [0x81, 0x01, 0x04, 0x00, 0x02, END];
pub(super) const FOCUS_AUTO: [u8; 6] = [0x81, 0x01, 0x04, 0x38, 0x02, END];
pub(super) const FOCUS_MANUAL: [u8; 6] = [0x81, 0x01, 0x04, 0x38, 0x03, END];
pub(super) const FOCUS_STOP: [u8; 6] = [0x81, 0x01, 0x04, 0x08, 0x00, END];
pub(super) const FOCUS_FAR: [u8; 6] = [0x81, 0x01, 0x04, 0x08, 0x02, END];
pub(super) const FOCUS_NEAR: [u8; 6] = [0x81, 0x01, 0x04, 0x08, 0x03, END];
pub(super) const PAN_TILT_INQUIRY: [u8; 5] = [0x81, 0x09, 0x06, 0x12, END];
pub(super) const ZOOM_INQUIRY: [u8; 5] = [0x81, 0x09, 0x04, 0x47, END];

/// `CAM_Memory`.
#[derive(Clone, Copy)]
pub(super) enum Memory {
    Reset = 0x00,
    Set = 0x01,
    Recall = 0x02,
}

/// Numbers that the camera does not have, it refuses.
pub(super) fn memory(what: Memory, number: u8) -> Option<Vec<u8>> {
    // 255 is the end of a packet, 128 and more are no data bytes.
    (number < 0x80).then(|| vec![0x81, 0x01, 0x04, 0x3F, what as u8, number, END])
}

/// At the highest speed.
pub(super) fn pan_tilt_to(place: Position) -> Vec<u8> {
    let [a, b, c, d] = nibbles(steps(place.pan, PAN_STEPS, PAN_STEPS).cast_unsigned());
    let [e, f, g, h] = nibbles(steps(place.tilt, UP_STEPS, DOWN_STEPS).cast_unsigned());
    vec![0x81, 0x01, 0x06, 0x02, 0x18, 0x14, a, b, c, d, e, f, g, h, END]
}

pub(super) fn zoom_to(place: Position) -> Vec<u8> {
    let [a, b, c, d] = nibbles(steps(place.zoom.max(0.0), ZOOM_STEPS, 0.0).cast_unsigned());
    vec![0x81, 0x01, 0x04, 0x47, a, b, c, d, END]
}

/// −1…1 in steps. The cast turns NaN into 0.
fn steps(part: f32, above: f32, below: f32) -> i16 {
    let part = part.clamp(-1.0, 1.0);
    (part * if part > 0.0 { above } else { below }).round() as i16
}

fn part(steps: i16, above: f32, below: f32) -> f32 {
    let range = if steps > 0 { above } else { below };
    (f32::from(steps) / range).clamp(-1.0, 1.0)
}

/// The answer to one of the two inquiries of where the camera looks. Of the answers of VISCA they
/// are told apart by their length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    PanTilt { pan: f32, tilt: f32 },
    Zoom(f32),
}

/// Of a packet that [`super::packet::scan`] has found.
pub(super) fn place(packet: &[u8]) -> Option<Place> {
    let [_, 0x50, payload @ .., END] = packet else { return None };
    if let Some(zoom) = word(payload) {
        return Some(Place::Zoom((f32::from(zoom) / ZOOM_STEPS).min(1.0)));
    }
    let (pan, tilt) = payload.split_at_checked(4)?;
    let (pan, tilt) = (word(pan)?.cast_signed(), word(tilt)?.cast_signed());
    Some(Place::PanTilt {
        pan: part(pan, PAN_STEPS, PAN_STEPS),
        tilt: part(tilt, UP_STEPS, DOWN_STEPS),
    })
}

/// Sixteen bits, one nibble per byte.
pub(super) fn word(nibbles: &[u8]) -> Option<u16> {
    match *nibbles {
        [a @ 0..=15, b @ 0..=15, c @ 0..=15, d @ 0..=15] => {
            Some([a, b, c, d].into_iter().fold(0, |word, nibble| word << 4 | u16::from(nibble)))
        }
        _ => None,
    }
}

fn nibbles(word: u16) -> [u8; 4] {
    let [high, low] = word.to_be_bytes();
    [high >> 4, high & 0x0F, low >> 4, low & 0x0F]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::hex;

    fn to(pan: f32, tilt: f32, zoom: f32) -> (Vec<u8>, Vec<u8>) {
        let place = Position { pan, tilt, zoom };
        (pan_tilt_to(place), zoom_to(place))
    }

    fn check(pan: f32, tilt: f32, zoom: f32, pan_tilt: &str, zoomed: &str) {
        assert_eq!(to(pan, tilt, zoom), (hex(pan_tilt), hex(zoomed)));
    }

    #[test]
    fn places_are_sent_in_steps_of_the_camera() {
        check(0.0, 0.0, 0.0, "81010602 1814 00000000 00000000 ff", "8101044700000000ff");
        check(1.0, 1.0, 1.0, "81010602 1814 00090900 00050100 ff", "8101044704000000ff");
        check(-9.0, -1.0, -1.0, "81010602 1814 0f060700 0f0e0500 ff", "8101044700000000ff");
        let nowhere = to(f32::NAN, f32::NAN, f32::NAN);
        assert_eq!(nowhere, to(0.0, 0.0, 0.0));
    }

    #[test]
    fn answers_are_places_or_nothing() {
        let read = |text: &str| place(&hex(text));
        let end = Place::PanTilt { pan: 1.0, tilt: -1.0 };
        assert_eq!(read("9050 00090900 0f0e0500 ff"), Some(end));
        assert_eq!(read("9050 04000000 ff"), Some(Place::Zoom(1.0)));
        assert_eq!(read("9050 02000000 ff"), Some(Place::Zoom(0.5)));
        for other in ["905002ff", "9051ff", "9050ff", "9050 10000000 ff", "905000200711010202ff"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn published_commands_are_sent_byte_for_byte() {
        assert_eq!(memory(Memory::Reset, 5).unwrap(), hex("8101043f0005ff"));
        assert_eq!(memory(Memory::Set, 5).unwrap(), hex("8101043f0105ff"));
        assert_eq!(memory(Memory::Recall, 5).unwrap(), hex("8101043f0205ff"));
        assert_eq!(memory(Memory::Recall, 255), None, "that byte ends a packet");
        assert_eq!(POWER_ON.to_vec(), hex("8101040002ff"));
        assert_eq!(FOCUS_MANUAL.to_vec(), hex("8101043803ff"));
        assert_eq!(FOCUS_FAR.to_vec(), hex("8101040802ff"));
        assert_eq!(ZOOM_INQUIRY.to_vec(), hex("81090447ff"));
    }
}
