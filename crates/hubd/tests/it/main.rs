//! The real `hubd` on a loopback port, with the cart's real client, a browser's requests and an EHR
//! that can be made to fail.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod access;
mod adt;
mod adt_peers;
mod archive;
mod audit;
mod authorization;
mod browser;
mod call;
mod charts;
mod delivery;
mod ehr_mutual_tls;
mod ehr_sign_in;
mod engine;
mod intake;
mod monitoring;
mod page;
mod receipts;
mod relays;
mod sign_in;
mod sockets;
mod sounds;
mod vendors;
mod words;
mod worklist;
mod world;

#[path = "../../../device-links/tests/it/python.rs"]
mod python;
