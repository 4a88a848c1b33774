//! What sets up one peer connection between a cart and a physician's browser (RFC 8829, RFC 8838).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The cart always offers. A reconnect is a new generation with a new peer connection, because
/// GStreamer's webrtcbin has no ICE restart; signals of older generations are ignored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Signal {
    /// Cart to browser.
    Offer { generation: u32, sdp: String },
    /// Browser to cart.
    Answer { generation: u32, sdp: String },
    /// Either way. `candidate` is a line without the leading "a=".
    Ice { generation: u32, mline: u32, candidate: String },
    /// Browser to cart: the first frame of this generation is on the screen, older peers may close.
    Shown { generation: u32 },
    /// Browser to cart: there is no live peer connection here (page reloaded); offer anew.
    WantOffer,
}

impl std::fmt::Debug for Signal {
    // An SDP holds addresses of the hospital's network and fills a log; its kind is enough.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Offer { generation, .. } => write!(f, "Offer({generation})"),
            Self::Answer { generation, .. } => write!(f, "Answer({generation})"),
            Self::Ice { generation, mline, .. } => write!(f, "Ice({generation}, {mline})"),
            Self::Shown { generation } => write!(f, "Shown({generation})"),
            Self::WantOffer => f.write_str("WantOffer"),
        }
    }
}
