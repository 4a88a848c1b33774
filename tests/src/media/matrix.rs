//! The figures of the network: the cart beside a browser under the same conditions, cell by cell.

use std::{future::Future, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};

use super::{
    cells::{Arena, Cell, Seen},
    meeting::Meeting,
    network::{self, Conditions},
    picture,
};
use crate::{
    browser::Browser,
    figures::{Figure, p50, p95},
    place,
};

const LOSS: Cell = Cell::Narrow(Conditions { rate: 100_000_000, queue: 250, loss: 5 });
/// A queue of 30 kB.
const DROP: Cell = Cell::Narrow(Conditions { rate: 500_000, queue: 480, loss: 0 });

/// Plays it in a program of its own, which adds its figures to those in `json`: only there may the network be spoilt.
///
/// # Errors
/// There is no network namespace to be had, or the program fails.
pub fn measure_apart(json: &Path, only: &[&str]) -> Result<()> {
    let mut unshare = Command::new("unshare");
    // Who is not root becomes it in there, because only root may shape a network.
    let flags: &[&str] = if rustix::process::geteuid().is_root() {
        &["--net"]
    } else {
        &["--net", "--map-root-user"]
    };
    unshare.args(flags).arg("--").arg(place::program("bedside-stage")?).arg("media-network");
    let done = unshare.arg("--json").arg(json).args(only).status().context("unshare")?;
    ensure!(done.success(), "the network's figures could not be taken");
    Ok(())
}

/// Of the cells with these names, or of all; `loss`, `drop`, `away` and `moved` have bounds of their own.
///
/// # Errors
/// This program has no network of its own, Chromium is missing, or no picture arrives.
pub async fn measure(only: &[String]) -> Result<Vec<Figure>> {
    network::begin()?;
    let mut folder = tempfile::Builder::new().prefix("network-").tempdir()?;
    let measured = all(folder.path(), only).await;
    folder.disable_cleanup(measured.is_err());
    measured.with_context(|| format!("the logs are left in {}", folder.path().display()))
}

async fn all(folder: &Path, only: &[String]) -> Result<Vec<Figure>> {
    let camera = picture::serve()?;
    let meeting = Meeting::open().await?;
    let viewer = folder.join("viewer");
    place::private(&viewer)?;
    let viewer = Browser::start(&viewer).await?;
    viewer.open(&meeting.page("viewer.html")).await?;
    super::connected(&viewer).await?;
    let arena = Arena { folder, meeting: &meeting, viewer: &viewer, camera };
    let mut figures = Vec::new();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|one| one == name);
    if wanted("loss") {
        figures.extend(loss(&arena).await?);
    }
    if wanted("drop") {
        figures.extend(drop_of_rate(&arena).await?);
    }
    if wanted("away") {
        figures.push(away(&arena).await?);
    }
    if wanted("moved") {
        figures.push(moved(&arena).await?);
    }
    let cells: Vec<Cell> = Cell::all().into_iter().filter(|cell| wanted(&cell.name())).collect();
    figures.extend(matrix(&arena, &cells).await?);
    Ok(figures)
}

async fn loss(arena: &Arena<'_>) -> Result<[Figure; 2]> {
    let (cart, browser) = (arena.cart(LOSS, false).await?, arena.browser(LOSS, false).await?);
    let late = |seen: &Seen| p95(&seen.latencies).context("nothing was seen at 5 % loss");
    let gap = cart.longest_gap;
    Ok([
        Figure::at_most_times("loss_latency_p95", late(&cart)?, "ms", late(&browser)?, 0.5),
        Figure::at_most_times("loss_longest_gap", gap, "ms", browser.longest_gap, 1.),
    ])
}

async fn drop_of_rate(arena: &Arena<'_>) -> Result<[Figure; 3]> {
    let (cart, browser) = (arena.cart(DROP, true).await?, arena.browser(DROP, true).await?);
    let settled = |seen: &Seen| p50(&seen.settled).context("nothing was seen at 500 kb/s");
    let gap = Figure::at_most("drop_longest_gap", cart.longest_gap, "ms", 500.);
    let later = Figure::at_most("drop_latency_later", settled(&cart)?, "ms", 80.);
    // Not within the time that it was looked at.
    let full = |seen: &Seen| seen.full_size.unwrap_or(f64::INFINITY).min(99_999.);
    let back = Figure::at_most("drop_full_size_again", full(&cart), "ms", 6_000.);
    Ok([
        gap.beside(browser.longest_gap),
        later.beside(settled(&browser)?),
        back.beside(full(&browser)),
    ])
}

/// A browser that sends has no page here that would connect it anew, so there is no peer.
async fn away(arena: &Arena<'_>) -> Result<Figure> {
    let back = arena.cart(Cell::Away, true).await?.back;
    let back = back.unwrap_or(f64::INFINITY).min(99_999.);
    Ok(Figure::at_most("away_picture_back", back, "ms", 600.))
}

/// Only told: here the page has lost its address too, and Chromium looks for new ones every two seconds.
async fn moved(arena: &Arena<'_>) -> Result<Figure> {
    let back = arena.cart(Cell::Moved, true).await?.back;
    Ok(Figure::told("moved_picture_back", back.unwrap_or(f64::INFINITY).min(99_999.), "ms"))
}

async fn matrix(arena: &Arena<'_>, cells: &[Cell]) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let (mut better, mut collapsed) = (0, 0);
    for (number, cell) in cells.iter().copied().enumerate() {
        println!("Cell {} of {}: {} …", number + 1, cells.len(), cell.name());
        let cart = retried(|| arena.cart(cell, false)).await?;
        let browser = retried(|| arena.browser(cell, false)).await?;
        let late = |seen: &Seen| p95(&seen.latencies).unwrap_or(99_999.);
        let name = |what| format!("{}_{what}", cell.name());
        let own = [
            Figure::told(name("gap"), cart.longest_gap, "ms").beside(browser.longest_gap),
            Figure::told(name("p95"), late(&cart), "ms").beside(late(&browser)),
            Figure::told(name("rate"), cart.rate_at_end, "1/s").beside(browser.rate_at_end),
        ];
        own.iter().for_each(|figure| println!("{}", figure.line()));
        better += usize::from(own.iter().take(2).all(|figure| figure.ratio < Some(1.)));
        collapsed += usize::from(cart.collapsed());
        figures.extend(own);
    }
    if cells.is_empty() {
        return Ok(figures);
    }
    let share = better as f64 / cells.len() as f64;
    figures.push(Figure::exactly("cells_collapsed", collapsed as f64, "cells", 0.));
    figures.push(Figure::at_least("cells_better", share, "of all", 0.9));
    Ok(figures)
}

/// A connection that does not come about on a free network, once: the browser's side may take its time too.
async fn retried<F: Future<Output = Result<Seen>>>(play: impl Fn() -> F) -> Result<Seen> {
    match play().await {
        Ok(seen) => Ok(seen),
        Err(error) => {
            println!("Again, because: {error:#}");
            play().await
        }
    }
}
