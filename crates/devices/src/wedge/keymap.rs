//! What a key types on a US keyboard, which is how scanners are delivered.
//!
//! Codes are those of uapi/linux/input-event-codes.h.

/// Both codes of each.
pub(super) const SHIFT: [u16; 2] = [42, 54];
pub(super) const CONTROL: [u16; 2] = [29, 97];
/// Return, and that of the number pad.
pub(super) const ENTER: [u16; 2] = [28, 96];

/// Each row of the keyboard: its first code, and what its keys type without and with shift.
const ROWS: [(u16, &[u8], &[u8]); 5] = [
    (2, b"1234567890-=", b"!@#$%^&*()_+"),
    (16, b"qwertyuiop[]", b"QWERTYUIOP{}"),
    (30, b"asdfghjkl;'`", b"ASDFGHJKL:\"~"),
    (43, b"\\zxcvbnm,./", b"|ZXCVBNM<>?"),
    // Number pad, from 7 to the point. Shift does not change it.
    (71, b"789-456+1230.", b"789-456+1230."),
];
/// Keys that lie alone: tabulator, space, and `*` and `/` of the number pad.
const ALONE: [(u16, u8); 4] = [(15, b'\t'), (57, b' '), (55, b'*'), (98, b'/')];

/// The character of a key, `None` for a key that types none. With control, the characters that
/// ASCII has for it: scanners send the group separator of GS1 as control and `]`.
pub(super) fn character(code: u16, shift: bool, control: bool) -> Option<char> {
    let typed = typed(code, shift)?;
    if !control {
        return Some(char::from(typed));
    }
    match typed.to_ascii_uppercase() {
        upper @ b'@'..=b'_' => Some(char::from(upper - b'@')),
        _ => None,
    }
}

fn typed(code: u16, shift: bool) -> Option<u8> {
    let in_row = |(first, plain, shifted): &(u16, &[u8], &[u8])| {
        let at = usize::from(code.checked_sub(*first)?);
        (if shift { shifted } else { plain }).get(at).copied()
    };
    let alone = || ALONE.iter().find(|(key, _)| *key == code).map(|(_, typed)| *typed);
    ROWS.iter().find_map(in_row).or_else(alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(codes: &[u16], plain: &str, shifted: &str) {
        let typed = |shift| -> String {
            codes.iter().map(|code| character(*code, shift, false).unwrap()).collect()
        };
        assert_eq!((typed(false).as_str(), typed(true).as_str()), (plain, shifted));
    }

    #[test]
    fn keys_type_what_is_printed_on_them() {
        check(&[2, 3, 11, 12, 13], "120-=", "!@)_+");
        check(&[16, 25, 26, 27], "qp[]", "QP{}");
        check(&[30, 38, 39, 40, 41], "al;'`", "AL:\"~");
        check(&[43, 44, 50, 51, 52, 53], "\\zm,./", "|ZM<>?");
        check(&[79, 80, 81, 82, 83, 74, 78], "1230.-+", "1230.-+");
        check(&[15, 57, 55, 98], "\t */", "\t */");
    }

    #[test]
    fn control_types_what_ascii_has_for_it() {
        assert_eq!(character(27, false, true), Some('\u{1d}'));
        assert_eq!(character(7, true, true), Some('\u{1e}'));
        assert_eq!(character(36, false, true), Some('\n'));
        assert_eq!(character(2, false, true), None);
    }

    #[test]
    fn other_keys_type_nothing() {
        // Escape, backspace, caps lock, F1, num lock, home, and codes that no keyboard has.
        for code in [0, 1, 14, 58, 59, 69, 102, 212, 767, u16::MAX] {
            assert_eq!(character(code, false, false), None, "{code}");
        }
    }
}
