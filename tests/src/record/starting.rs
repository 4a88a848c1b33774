//! How long a cart that was killed takes until it shows and takes something again, with much in its record.

use std::{
    net::TcpListener,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use super::{filling::fill, visits::patient};
use crate::{
    cart::Cart,
    figures::{Figure, p50},
    observer::Observer,
    place,
    wait::seconds,
};

const TIMES: usize = 5;
const READY_MS: f64 = 1_000.;

pub async fn measure(folder: &Path, gib: u32) -> Result<Vec<Figure>> {
    let mut empty = prepare(&folder.join("empty"))?;
    let mut full = prepare(&folder.join("full"))?;
    let begin = Instant::now();
    fill(&full.vault()?, gib)?;
    let filled = begin.elapsed();
    let (mut with_much, mut with_nothing) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        with_much.push(killed_and_back(&mut full).await?);
        with_nothing.push(killed_and_back(&mut empty).await?);
    }
    let median = |values: &[f64]| p50(values).context("nothing was measured");
    let slowest = with_much.iter().copied().fold(0., f64::max);
    let rate = f64::from(gib) * 1024. / filled.as_secs_f64();
    Ok(vec![
        Figure::told("buffer", f64::from(gib), "GiB"),
        Figure::told("filling", rate, "MiB/s"),
        Figure::at_most("ready_after_a_kill_p50", median(&with_much)?, "ms", READY_MS)
            .beside(median(&with_nothing)?),
        Figure::at_most("ready_after_a_kill_most", slowest, "ms", READY_MS),
    ])
}

fn prepare(folder: &Path) -> Result<Cart> {
    let logs = folder.join("logs");
    place::private(&logs)?;
    let cart = Cart::prepare(&folder.join("cart"), &logs)?;
    // Its hub is away, so that nothing else uses the disk.
    let nobody = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    cart.configure(nobody, &[])?;
    Ok(cart)
}

/// In milliseconds, from the start of the program until a kiosk sees the encounter that was open.
async fn killed_and_back(cart: &mut Cart) -> Result<f64> {
    cart.run().await?;
    let mut kiosk = Observer::connect(&cart.socket()).await?;
    let visit = kiosk.sees("a state", seconds(15), |state| Some(state.encounter.is_some()));
    if !visit.await? {
        kiosk.sign_in().await?;
        kiosk.open(patient()).await?;
    }
    cart.kill()?;
    let begin = Instant::now();
    cart.begin()?;
    let kiosk = Observer::connect_soon(&cart.socket()).await?;
    kiosk.sees("the visit", seconds(15), |state| state.encounter.as_ref().map(drop)).await?;
    let took: Duration = begin.elapsed();
    cart.kill()?;
    Ok(took.as_secs_f64() * 1e3)
}
