//! What the record costs, and what of it can be read by whoever takes the disk.
//!
//! Everything is measured beside something of the same run, because machines differ and are busy: a
//! commit beside one synced page, the draining of a hub beside a client that does nothing but send, a
//! start with a full record beside one with an empty record.

mod canaries;
mod cores;
pub(crate) mod cpu;
mod draining;
mod filling;
mod month;
mod saving;
mod starting;
mod visits;

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::figures::Figure;

pub use month::Month;

/// `gib`: how much the record holds that a killed cart starts with.
///
/// # Errors
/// A program is not built, does not start, or does not do what is measured.
pub async fn measure(gib: u32) -> Result<Vec<Figure>> {
    in_a_folder(async |folder| all(folder, gib).await).await
}

/// A month without a network, alone.
///
/// # Errors
/// A program is not built or does not start, or not everything comes to an end.
pub async fn play_month(visits: usize) -> Result<Month> {
    in_a_folder(async |folder| month::play(folder, visits).await).await
}

async fn in_a_folder<T>(play: impl AsyncFnOnce(&Path) -> Result<T>) -> Result<T> {
    // Refused when somebody in this process has set it: then it is there.
    let _already_there = rustls::crypto::ring::default_provider().install_default();
    // Beside the programs, because a folder for temporary files may be no disk at all.
    let programs = std::env::current_exe()?;
    let programs = programs.parent().context("a program is in a folder")?;
    let mut folder = tempfile::Builder::new().prefix("record-").tempdir_in(programs)?;
    let played = play(folder.path()).await;
    folder.disable_cleanup(played.is_err());
    played.with_context(|| format!("the logs are left in {}", folder.path().display()))
}

async fn all(folder: &Path, gib: u32) -> Result<Vec<Figure>> {
    let mut figures = saving::measure(&folder.join("saving"))?;
    figures.extend(draining::measure(&folder.join("draining")).await?);
    figures.extend(month::play(&folder.join("month"), month::VISITS).await?.figures());
    figures.extend(canaries::measure(&folder.join("canaries")).await?);
    figures.extend(starting::measure(&folder.join("starting"), gib).await?);
    Ok(figures)
}
