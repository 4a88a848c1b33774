//! What the vault promises, on real files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod admissions;
mod anchors;
mod audit;
mod calls;
mod common;
mod kill;
mod opening;
mod purge;
mod purge_model;
mod receipts;
mod record;
mod rekeying;
mod summaries;
mod tray;
