//! What a USB camera says by itself on its interrupt endpoint: a button was pressed, a control has
//! changed. USB Device Class Definition for Video Devices 1.5, section 2.4.2.2.
//!
//! The kernel reads these and makes key events of the button; the codec is for a technician who
//! looks at a camera whose button does nothing.

use crate::{
    Fields, Undecoded, Wrong,
    fields::{Field, hex},
};

/// `bStatusType`, the low four bits of the first byte.
const CONTROL: u8 = 1;
const STREAMING: u8 = 2;

pub(crate) fn decode(interface: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let kind = bytes.first().ok_or(Wrong::Length)? & 0x0F;
    let expected = match interface {
        None => kind,
        Some("VideoControl status") => CONTROL,
        Some("VideoStreaming status") => STREAMING,
        Some(_) => return Err(Undecoded::NoSuchCharacteristic),
    };
    match kind {
        _ if kind != expected => Err(Wrong::Field.into()),
        CONTROL => Ok(control(bytes)?),
        STREAMING => Ok(streaming(bytes)?),
        _ => Err(Wrong::Field.into()),
    }
}

/// Table 2-1: originator (0 is the interface, else a unit or terminal), event (only 0, a change),
/// selector, attribute, value. A change of the value brings the value, other changes need not.
fn control(bytes: &[u8]) -> Result<Fields, Wrong> {
    let &[_, originator, event, selector, attribute, ref value @ ..] = bytes else {
        return Err(Wrong::Length);
    };
    if value.is_empty() {
        return Err(Wrong::Length);
    }
    let change = match attribute {
        0 => "value",
        1 => "info",
        2 => "failure",
        3 => "minimum",
        4 => "maximum",
        _ => return Err(Wrong::Field),
    };
    if event != 0 {
        return Err(Wrong::Field);
    }
    Ok(Fields::default()
        .with("originator", originator)
        .with("event", event)
        .with("selector", selector)
        .with("attribute", attribute)
        .with("change", change)
        .with("value", hex(value)))
}

/// Table 2-2: interface, event (0 is the button, others are errors of the stream), value. Of the
/// button 1 is pressed; a public table that says the opposite is wrong.
fn streaming(bytes: &[u8]) -> Result<Fields, Wrong> {
    let &[_, interface, event, ref value @ ..] = bytes else { return Err(Wrong::Length) };
    let button = match (event, value) {
        (0, [0]) => Field::from("released"),
        (0, [1]) => Field::from("pressed"),
        (0, [_]) => return Err(Wrong::Field),
        (0, _) => return Err(Wrong::Length),
        _ => Field::Absent,
    };
    Ok(Fields::default()
        .with("intf", interface)
        .with("event", event)
        .with("button", button)
        .with("value", hex(value)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testdata;

    fn check(interface: Option<&str>, bytes: &str, expected: &str) {
        let said = match decode(interface, &testdata::hex(bytes)) {
            Ok(fields) => format!("{fields:?}"),
            Err(error) => error.to_string(),
        };
        assert!(said.contains(expected), "{bytes}: {said}");
    }

    #[test]
    fn a_button_is_pressed_by_one_and_released_by_zero() {
        check(None, "02010001", "pressed");
        check(None, "02010000", "released");
        check(None, "02010002", "malformed: field");
        check(None, "020100", "malformed: length");
    }

    #[test]
    fn a_changed_control_names_who_changed_what() {
        check(None, "0102000400 2c01", "\"value\"");
        check(None, "010200040300", "minimum");
        check(None, "0102000400", "malformed: length");
        check(None, "010200040500", "malformed: field");
    }

    #[test]
    fn the_interface_has_to_be_the_one_that_speaks() {
        check(Some("VideoControl status"), "02010001", "malformed: field");
        check(Some("audio"), "02010001", "no such characteristic");
        check(None, "03010001", "malformed: field");
        check(None, "", "malformed: length");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            if let Ok(fields) = decode(None, &bytes) {
                prop_assert!(fields.get("value").is_some());
            }
        }
    }
}
