//! What is of the moment: who is connected, who rings, who is in a call, what was just recorded.
//!
//! One task, the switchboard, owns all of it and takes one event after the other; the rules of calls
//! are `call::desk`'s. Everything durable is in the record before an event says so.

mod audit;
mod cart_events;
mod carts;
mod context;
mod effects;
mod event;
mod line;
mod monitoring;
mod physicians;
mod seats;
mod switchboard;
pub mod websocket;

pub use event::{CartEvent, Event, PhysicianEvent};
pub use line::{ConnectionId, Line};
pub use switchboard::{EVENTS_WAITING, Switchboard};
