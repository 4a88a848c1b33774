//! Which packets are sent again when the viewer's browser asks.

/// What becomes of a request for one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retransmission {
    /// The picture that it belonged to is no longer needed; it would only fill the queue.
    Swallow,
    /// Browsers repeat a request only after some 100 ms, so one lost repetition is a long gap: two are sent.
    SendTwice,
}

/// Half of the numbers of RTP (RFC 3550, section 5.1: 16 bits that wrap).
const HALF: u16 = 0x8000;

/// True when `number` was sent before `start`, by RTP's wrapping numbers.
pub(crate) fn is_before(number: u16, start: u16) -> bool {
    number.wrapping_sub(start) >= HALF
}

#[cfg(test)]
mod tests {
    use super::is_before;

    #[test]
    fn numbers_that_wrap_keep_their_order() {
        for (number, start, before) in
            [(9, 10, true), (10, 10, false), (11, 10, false), (65_535, 0, true), (0, 65_535, false)]
        {
            assert_eq!(is_before(number, start), before, "{number} {start}");
        }
    }
}
