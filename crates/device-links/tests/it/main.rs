//! Links to real ports: pseudo-terminals and TCP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bumble;
mod faults;
mod network;
mod plain;
mod port;
mod python;
mod serial;
mod support;
