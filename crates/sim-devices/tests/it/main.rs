//! The simulated devices as a host meets them: real pseudo-terminals, real sockets.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

mod bluetooth;
mod grafton_visca;
mod network;
mod onvif;
mod serial;
mod visca_clients;
mod world;
