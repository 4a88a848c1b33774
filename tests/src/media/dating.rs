//! Whether a browser knows when the cart's picture was made: the time in the picture beside the one that the browser tells.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::{connected, meeting::Meeting, picture, run, sender::Sender};
use crate::{
    browser::{Browser, Product},
    figures::{p50, p95},
    wait::seconds,
};

#[derive(Debug)]
pub struct Dating {
    /// Frames, and those of them that the browser dates not at all.
    pub shown: usize,
    pub undated: u32,
    /// By how much it dates them later than they were made, in milliseconds; `None`: it dates none.
    pub error_p50: Option<f64>,
    /// By how much it is off, either way.
    pub off_p95: Option<f64>,
}

/// Half a minute, one call with the cart.
///
/// # Errors
/// A program is not built, the browser is missing, or no picture arrives.
pub async fn date(product: Product) -> Result<Dating> {
    let mut folder = tempfile::Builder::new().prefix("dating-").tempdir()?;
    let dated = in_folder(product, folder.path()).await;
    folder.disable_cleanup(dated.is_err());
    dated.with_context(|| format!("the logs are left in {}", folder.path().display()))
}

async fn in_folder(product: Product, folder: &Path) -> Result<Dating> {
    let camera = picture::serve()?;
    let meeting = Meeting::open().await?;
    let viewer = Browser::start_as(product, folder).await?;
    viewer.open(&meeting.page("viewer.html?seen")).await?;
    connected(&viewer).await?;
    let sender = Sender::cart(&meeting, camera).await?;
    let (mut starts, mut steady) = (run::Starts::default(), run::Steady::default());
    run::call(&sender, &viewer, &mut starts).await?;
    // Browsers believe the second or third report of a connection.
    tokio::time::sleep(seconds(8)).await;
    run::observe(&sender, &viewer, seconds(5), &mut steady).await?;
    run::hang_up(&sender, &viewer).await?;
    viewer.close().await?;
    let off: Vec<f64> = steady.misdated.iter().map(|error| error.abs()).collect();
    Ok(Dating {
        shown: steady.latencies.len(),
        undated: steady.undated,
        error_p50: p50(&steady.misdated),
        off_p95: p95(&off),
    })
}
