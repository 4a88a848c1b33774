//! The thread that owns the peer connections.

use std::sync::mpsc::Receiver;

use clinical::CallId;
use hub_api::{CartOnChannel, Signal};

pub(crate) enum Order {
    Prepare,
    Join(CallId),
    Signal(CallId, Signal),
    Leave,
    Say(CartOnChannel),
}

pub(crate) fn run(orders: Receiver<Order>) {
    for order in orders {
        let name = match order {
            Order::Prepare => "prepare".to_owned(),
            Order::Join(call) => format!("join {call}"),
            Order::Signal(call, signal) => format!("{signal:?} of {call}"),
            Order::Leave => "leave".to_owned(),
            Order::Say(message) => format!("{message:?}"),
        };
        tracing::warn!(name, "No peer connection is made yet");
    }
}
