//! `struct input_event` of Linux (uapi/linux/input.h), as a 64-bit kernel writes it to `/dev/input`.

/// Bytes of one event: two 64-bit halves of the time, then type, code and value.
pub const INPUT_EVENT: usize = 24;

/// `EV_SYN` and `EV_KEY`.
const SYN: u16 = 0;
const KEY: u16 = 1;
/// `SYN_DROPPED`: the kernel's buffer was full, and events before this are missing.
const DROPPED: u16 = 3;

/// What matters of an event to whoever waits for keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEvent {
    /// By the `KEY_…` or `BTN_…` code of uapi/linux/input-event-codes.h.
    Down(u16),
    Up(u16),
    /// Events before this one are missing.
    Lost,
}

impl KeyEvent {
    /// `None` for what is no key: scan codes, positions, the end of a report, and a key that
    /// repeats because it is held.
    pub fn read(bytes: &[u8; INPUT_EVENT]) -> Option<Self> {
        let [.., k0, k1, c0, c1, v0, v1, v2, v3] = *bytes;
        let kind = u16::from_ne_bytes([k0, k1]);
        let code = u16::from_ne_bytes([c0, c1]);
        let value = i32::from_ne_bytes([v0, v1, v2, v3]);
        match (kind, code, value) {
            (KEY, code, 1) => Some(Self::Down(code)),
            (KEY, code, 0) => Some(Self::Up(code)),
            (SYN, DROPPED, _) => Some(Self::Lost),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2021-01-01T00:00:00.5Z, then type, code and value, least significant byte first.
    fn check(tail: [u8; 8], expected: Option<KeyEvent>) {
        let mut bytes = [0_u8; INPUT_EVENT];
        bytes[..8].copy_from_slice(&1_609_459_200_i64.to_le_bytes());
        bytes[8..16].copy_from_slice(&500_000_i64.to_le_bytes());
        bytes[16..].copy_from_slice(&tail);
        assert_eq!(KeyEvent::read(&bytes), expected, "{tail:?}");
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn keys_are_told_from_everything_else() {
        check([1, 0, 28, 0, 1, 0, 0, 0], Some(KeyEvent::Down(28)));
        check([1, 0, 0xD4, 0, 0, 0, 0, 0], Some(KeyEvent::Up(212)));
        check([1, 0, 28, 0, 2, 0, 0, 0], None);
        check([4, 0, 4, 0, 0x28, 0, 7, 0], None);
        check([0, 0, 0, 0, 0, 0, 0, 0], None);
        check([0, 0, 3, 0, 0, 0, 0, 0], Some(KeyEvent::Lost));
    }
}
