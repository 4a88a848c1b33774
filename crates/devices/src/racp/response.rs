//! What the device answers.

use crate::Wrong;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Response {
    /// So many records fit the request.
    Count(u32),
    /// How the request with this op code ended.
    Ended { request: u8, code: u8 },
}

/// It was done; for a report, every record has been sent.
pub(crate) const SUCCESS: u8 = 1;
/// Nothing fits the request.
pub(crate) const NO_RECORDS: u8 = 6;

const COUNT: u8 = 5;
const ENDED: u8 = 6;
/// Responses have no operator.
const NULL: u8 = 0;

impl Response {
    /// The count has 16 bits (Bluetooth Glucose Service 1.0.1, 3.4.1.4); services that came later may
    /// use 8 or 32. Codes that are reserved are kept: they say that it did not work, at any rate.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Wrong> {
        match *bytes {
            [COUNT, NULL, count] => Ok(Self::Count(count.into())),
            [COUNT, NULL, low, high] => Ok(Self::Count(u16::from_le_bytes([low, high]).into())),
            [COUNT, NULL, a, b, c, d] => Ok(Self::Count(u32::from_le_bytes([a, b, c, d]))),
            [ENDED, NULL, request, code] => Ok(Self::Ended { request, code }),
            [COUNT | ENDED, NULL, ..] | [] | [_] => Err(Wrong::Length),
            _ => Err(Wrong::Field),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::hex;

    fn check(bytes: &str, expected: Result<Response, Wrong>) {
        assert_eq!(Response::from_bytes(&hex(bytes)), expected, "{bytes}");
    }

    #[test]
    fn a_response_is_read_and_anything_else_refused() {
        check("05 00 01", Ok(Response::Count(1)));
        check("05 00 d204", Ok(Response::Count(1234)));
        check("05 00 04030201", Ok(Response::Count(0x0102_0304)));
        check("06 00 01 0a", Ok(Response::Ended { request: 1, code: 10 }));
        check("05 00 030201", Err(Wrong::Length));
        check("05 00", Err(Wrong::Length));
        check("05 01 d204", Err(Wrong::Field));
        check("06 01 01", Err(Wrong::Field));
        check("06 00 01", Err(Wrong::Length));
        check("06 00 01 01 01", Err(Wrong::Length));
        check("01 03 01 0200", Err(Wrong::Field));
        check("", Err(Wrong::Length));
    }
}
