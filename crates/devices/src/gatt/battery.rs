//! Battery Service (0x180F, Bluetooth BAS 1.0): the charge of the device's own battery.

use crate::{Action, Channel, Malformation, Report, Wrong};

pub(super) const LEVEL: Channel = Channel::sig(0x180F, 0x2A19);

pub(super) fn ask() -> [Action; 2] {
    [Action::Read(LEVEL), Action::SubscribeIfThere(LEVEL)]
}

/// Battery Level (0x2A19): per cent.
pub(super) fn report(bytes: &[u8]) -> Report {
    match *bytes {
        [level @ 0..=100] => Report::Battery(level),
        [_] => Report::Malformed(Malformation::new(Wrong::Field, bytes)),
        _ => Report::Malformed(Malformation::new(Wrong::Length, bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<u8, Wrong>) {
        let said = match report(bytes) {
            Report::Battery(level) => Ok(level),
            Report::Malformed(malformation) => Err(malformation.what),
            other => panic!("{other:?}"),
        };
        assert_eq!(said, expected, "{bytes:?}");
    }

    #[test]
    fn a_charge_is_a_percentage() {
        check(&[0], Ok(0));
        check(&[100], Ok(100));
        check(&[101], Err(Wrong::Field));
        check(&[], Err(Wrong::Length));
        check(&[50, 0], Err(Wrong::Length));
    }
}
