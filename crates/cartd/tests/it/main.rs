//! `cartd` as its neighbours meet it: the real program, a kiosk on its socket, a hub on loopback, devices that speak their bytes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod audit;
mod auscultation;
mod calling;
mod cart;
mod hub;
mod kiosk;
mod observing;
mod patience;
mod power;
mod recording;
mod rings;
mod room;
mod signing_in;
mod socket;
mod space;
mod technician;
mod tray;
mod watching;
