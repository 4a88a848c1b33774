//! Why a Bluetooth link is over, or did not begin.

use std::fmt;

use devices::Channel;

use super::central::Why;

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Prepare,
    Scan,
    Connect,
    Discover,
    Listen,
    Subscribe,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prepare => "to make the Bluetooth adapter ready",
            Self::Scan => "to look for the device",
            Self::Connect => "to connect",
            Self::Discover => "to learn the characteristics",
            Self::Listen => "to listen to the device",
            Self::Subscribe => "to subscribe",
        })
    }
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum RadioError {
    /// The cart no longer needs the link.
    #[error("closed")]
    Closed,
    #[error("out of range, or switched off")]
    NotInRange,
    #[error("it took too long {0}")]
    TimedOut(Step),
    #[error("could not manage {step}: {why}")]
    Failed { step: Step, why: Why },
    #[error("could not subscribe: the device wants to be paired first (cartctl pair): {0}")]
    NotPaired(Why),
    #[error("the device has nothing to subscribe to at {0:?}")]
    NoSubscription(Channel),
    #[error("the connection is lost")]
    Lost,
}

impl RadioError {
    pub(super) fn failed(step: Step) -> impl Fn(Why) -> Self {
        move |why| Self::Failed { step, why }
    }

    /// BlueZ tells of a device that wants to be paired in these words only: the names are those of
    /// its errors, the last ones its texts for the error codes 05, 0C and 0F of the Attribute
    /// Protocol (Bluetooth Core, Vol 3, Part F, 3.4.1.1).
    pub(super) fn subscription(why: Why) -> Self {
        const WORDS: [&str; 5] =
            ["NotPermitted", "NotAuthorized", "Authentication", "Encryption", "encryption"];
        match WORDS.iter().any(|word| why.0.contains(word)) {
            true => Self::NotPaired(why),
            false => Self::Failed { step: Step::Subscribe, why },
        }
    }
}
