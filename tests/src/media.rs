//! The cart's picture beside that of a browser: how fresh it is in a physician's page, and what sending it takes.
//!
//! Both send the same picture over the loopback to the same page in the same run, one after the other and in turns, so
//! that what else the machine does meets both. docs/decisions/0017 has the method and says what is not measured.

mod cells;
mod command;
mod dating;
mod detour;
mod matrix;
mod meeting;
mod network;
mod picture;
mod run;
mod sender;
mod tree;
mod way;

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result};

use self::{
    meeting::Meeting,
    run::{Starts, Steady},
    sender::{Prefers, Sender},
};
use crate::{
    browser::Browser,
    figures::{Figure, p50, p95},
    place,
    wait::{seconds, until},
};

pub use self::command::measure as measure_commands;
pub use self::dating::{Dating, date};
pub use self::matrix::{measure as measure_network, measure_apart as measure_network_apart};

/// How long it is played.
pub struct Plan {
    /// Of each sender; a load that comes and goes meets all of them.
    turns: usize,
    /// Of each turn; the last one is observed.
    calls: usize,
    /// Within this a browser's encoder reaches its rate.
    settling: Duration,
    observed: Duration,
}

/// About three minutes.
pub const WHOLE: Plan = Plan { turns: 2, calls: 5, settling: seconds(6), observed: seconds(10) };
/// About one.
pub const SHORT: Plan = Plan { turns: 1, calls: 2, settling: seconds(4), observed: seconds(5) };

const VP8: &str = "video/VP8";
const H264: &str = "video/H264";

#[derive(Default)]
struct Measured {
    starts: Starts,
    steady: Steady,
}

/// # Errors
/// A program is not built, Chromium is missing, or no picture arrives.
pub async fn measure(plan: &Plan) -> Result<Vec<Figure>> {
    let mut folder = tempfile::Builder::new().prefix("media-").tempdir()?;
    let measured = all(folder.path(), plan).await;
    folder.disable_cleanup(measured.is_err());
    measured.with_context(|| format!("the logs are left in {}", folder.path().display()))
}

async fn all(folder: &Path, plan: &Plan) -> Result<Vec<Figure>> {
    let camera = picture::serve()?;
    let meeting = Meeting::open().await?;
    let viewer = folder.join("viewer");
    place::private(&viewer)?;
    let viewer = Browser::start(&viewer).await?;
    viewer.open(&meeting.page("viewer.html")).await?;
    connected(&viewer).await?;
    let [mut vp8, mut h264, mut cart] = [(); 3].map(|()| Measured::default());
    for turn in 1..=plan.turns {
        println!("Turn {turn} of {}: a browser with VP8, with H.264, the cart …", plan.turns);
        for (codec, measured) in [(VP8, &mut vp8), (H264, &mut h264)] {
            let own = folder.join(format!("{}-{turn}", codec.replace('/', "-")));
            place::private(&own)?;
            let sender = Sender::browser(&own, &meeting, codec, Prefers::Resolution).await?;
            play(&sender, &viewer, plan, measured)
                .await
                .with_context(|| format!("with {codec}"))?;
        }
        let sender = Sender::cart(&meeting, camera).await?;
        play(&sender, &viewer, plan, &mut cart).await.context("with the cart")?;
    }
    figures(&vp8, &h264, &cart)
}

async fn play(
    sender: &Sender,
    viewer: &Browser,
    plan: &Plan,
    measured: &mut Measured,
) -> Result<()> {
    for left in (0..plan.calls).rev() {
        run::call(sender, viewer, &mut measured.starts).await?;
        if left == 0 {
            tokio::time::sleep(plan.settling).await;
            run::observe(sender, viewer, plan.observed, &mut measured.steady).await?;
        }
        run::hang_up(sender, viewer).await?;
    }
    Ok(())
}

/// Waits until a page has its WebSocket.
async fn connected(page: &Browser) -> Result<()> {
    until("the page has its connection", seconds(10), || async {
        Ok((page.run("return window.open_?.() ?? false").await? == true).then_some(()))
    })
    .await
}

fn figures(vp8: &Measured, h264: &Measured, cart: &Measured) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let names = [
        ["latency_p50", "latency_p95", "sender_cpu", "sender_memory"],
        ["latency_p50_h264", "latency_p95_h264", "sender_cpu_h264", "sender_memory_h264"],
    ];
    for ([middle, late, cpu, memory], peer) in names.into_iter().zip([vp8, h264]) {
        let [own, peer] = [&cart.steady, &peer.steady];
        let times = |name, of: fn(&[f64]) -> Option<f64>, most| {
            let value = of(&own.latencies).context("the cart was seen")?;
            let peer = of(&peer.latencies).context("the browser was seen")?;
            anyhow::Ok(Figure::at_most_times(name, value, "ms", peer, most))
        };
        figures.push(times(middle, p50, 0.25)?);
        figures.push(times(late, p95, 0.40)?);
        figures.push(Figure::at_most_times(cpu, own.load(), "cores", peer.load(), 0.35));
        let [value, peer] = [own.average_memory(), peer.average_memory()];
        figures.push(Figure::at_most_times(memory, value, "MB", peer, 0.16));
    }
    let [own, peer] = [&cart.steady, &vp8.steady];
    let rate = Figure::told("frames_shown", own.frames_a_second(), "1/s");
    figures.push(rate.beside(peer.frames_a_second()));
    let unreadable = f64::from(own.unreadable);
    figures.push(Figure::exactly("unreadable_frames", unreadable, "frames", 0.));
    figures.extend(dates(own, peer));
    let [own, peer] = [&cart.starts, &vp8.starts];
    for (name, of) in [
        ("first_fresh_frame_p50", p50 as fn(&[f64]) -> Option<f64>),
        ("first_fresh_frame_slowest", p95),
    ] {
        let value = of(&own.first_fresh).context("the cart was called")?;
        let peer = of(&peer.first_fresh).context("the browser was called")?;
        figures.push(Figure::at_most(name, value, "ms", 200.).beside(peer));
    }
    let [stale, of_peer] = [own, peer].map(|starts| starts.stale.len() as f64);
    figures.push(Figure::exactly("stale_frames", stale, "frames", 0.));
    figures.push(Figure::told("stale_frames_of_the_browser", of_peer, "frames"));
    let oldest = own.stale.iter().copied().fold(0., f64::max);
    figures.push(Figure::exactly("oldest_stale_frame", oldest, "ms", 0.));
    let unreadable = f64::from(own.unreadable);
    figures.push(Figure::told("unreadable_at_start", unreadable, "frames"));
    Ok(figures)
}

/// How true the time is by which the portal tells how old a picture is (docs/decisions/0020): known of every frame of a call that
/// has settled, and right to a frame and a half.
fn dates(own: &run::Steady, peer: &run::Steady) -> Vec<Figure> {
    let undated = f64::from(own.undated);
    let mut figures = vec![Figure::exactly("frames_without_capture_time", undated, "frames", 0.)];
    let off = |steady: &run::Steady| {
        p95(&steady.misdated.iter().map(|error| error.abs()).collect::<Vec<_>>())
    };
    for (name, value, peer, most) in [
        ("capture_time_error_p50", p50(&own.misdated), p50(&peer.misdated), None),
        ("capture_time_off_p95", off(own), off(peer), Some(50.)),
    ] {
        let Some(value) = value else { continue };
        let figure = match most {
            Some(most) => Figure::at_most(name, value, "ms", most),
            None => Figure::told(name, value, "ms"),
        };
        figures.push(match peer {
            Some(peer) => figure.beside(peer),
            None => figure,
        });
    }
    figures
}
