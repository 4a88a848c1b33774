//! A message that is ready to be sent.

use std::fmt;

/// The same bytes at every retry.
pub struct Outgoing {
    /// MSH-10: the acknowledgement names it.
    pub control_id: String,
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({}, {} bytes)", self.control_id, self.bytes.len())
    }
}
