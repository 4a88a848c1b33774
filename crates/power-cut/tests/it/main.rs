//! What a power cut and a failing disk do to the cart's record.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ballast;
mod cuts;
mod faults;
mod migrating;
mod purging;
mod rekeying;
