//! Links to real ports: pseudo-terminals, TCP and HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bumble;
mod fault_table;
mod faults;
mod network;
mod onvif;
mod plain;
mod port;
mod python;
mod serial;
mod support;
