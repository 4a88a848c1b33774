//! A power cut at any moment of the cart's record, played on what SQLite told the disk.
//!
//! A [`Disk`] stands below SQLite and keeps a log of every change and every finished sync while a real
//! [`vault::CartVault`] works ([`work`]). A [`Platter`] is what such a disk holds when the power goes
//! after any of these operations; [`trial`] opens the vault on it and compares. The vault is opened as
//! the product opens it: the disk is SQLite's default one in this process, and the vault cannot know.

mod coins;
mod disk;
mod ledger;
mod platter;
mod sqlite;
pub mod trial;
pub mod work;

pub use disk::{Disk, Fault, Op};
pub use ledger::{Account, Ledger};
pub use platter::{Adversary, Image, Platter};
