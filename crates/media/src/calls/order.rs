//! What the thread of the calls is told to do.

use clinical::CallId;
use hub_api::{CartOnChannel, Relays, Signal};

use crate::peer::PeerNews;

pub(crate) enum Order {
    Prepare,
    Join(CallId, Relays),
    Signal(CallId, Signal),
    Leave,
    Say(CartOnChannel),
    News(u64, PeerNews),
    Stop,
}
