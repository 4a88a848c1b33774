//! The GATT server that every simulated Bluetooth device speaks through, over a byte stream.
//!
//! A device is a [`Peripheral`]: its table, and what it does when a host writes, reads, subscribes
//! or waits. One file each; [`crate::peripherals`] lists them.

mod att;
mod l2cap;
mod peripheral;
mod session;
pub mod table;
mod uuid;

pub use peripheral::{Peripheral, Push, Refusal, Subscriptions};
pub use session::Session;
pub use table::Service;
pub use uuid::Uuid;
