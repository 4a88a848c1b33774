//! What single cuffs do otherwise than the standard, as data.
//!
//! Omron cuffs with this service have no row: they want a bond, which is the link's business, and keep
//! to the standard otherwise. Their name (`BLESmart_`) is also that of Omron cuffs without the service.

use super::SERVICE;
use crate::{Channel, Millis, gatt::CURRENT_TIME};

/// How one cuff is spoken with.
#[derive(Debug)]
pub(super) struct Quirks {
    /// `None`: as the standard has it, unless the bytes themselves betray another layout.
    pub(super) layout: Option<Layout>,
    /// How long after the link is open the cuff hears a subscription.
    pub(super) subscribe_delay_ms: Millis,
    /// Where its clock is, the likeliest place first.
    pub(super) clocks: &'static [Channel],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Standard,
    /// Pulse and status are big-endian, and the user's byte is there although no flag announces it.
    Bm85,
}

/// Date Time in the cuff's own service, where A&D cuffs have it.
pub(super) const OWN_CLOCK: Channel = Channel::sig(SERVICE, 0x2A08);

pub(super) const STANDARD: Quirks =
    Quirks { layout: None, subscribe_delay_ms: 0, clocks: &[CURRENT_TIME, OWN_CLOCK] };

/// It acknowledges a subscription that comes at once, and then stays silent
/// (derdilla/blood-pressure-monitor-fl, pull request 729).
pub(super) const BEURER_BM85: Quirks =
    Quirks { layout: Some(Layout::Bm85), subscribe_delay_ms: 100, ..STANDARD };

/// It has no Current Time Service.
pub(super) const AND_UA651: Quirks = Quirks { clocks: &[OWN_CLOCK], ..STANDARD };
