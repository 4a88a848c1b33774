//! One sender in one call with the viewer's page: what arrived, and what it took.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::{sender::Sender, tree};
use crate::{
    browser::Browser,
    wait::{seconds, until},
};

/// What the viewer's page saw since it was told to begin.
#[derive(Deserialize)]
pub struct Seen {
    pub frames: Vec<Frame>,
    /// Frames without a code that can be true.
    unreadable: u32,
}

/// One picture in the page.
#[derive(Deserialize)]
pub struct Frame {
    /// In milliseconds since 1970, as are the next two.
    pub shown: f64,
    pub made: f64,
    /// When the browser believes that it was made (`captureTime` of requestVideoFrameCallback), if it tells.
    pub believed: Option<f64>,
    /// Pixels.
    pub width: f64,
}

impl Frame {
    fn age(&self) -> f64 {
        self.shown - self.made
    }
}

/// A call in its steady state.
#[derive(Default)]
pub struct Steady {
    /// Of each frame, from its making to the page, in milliseconds.
    pub latencies: Vec<f64>,
    /// By how much the browser dates a frame later than it was made, in milliseconds; of each frame that it dates.
    pub misdated: Vec<f64>,
    pub undated: u32,
    pub unreadable: u32,
    pub measured: Duration,
    pub processor: Duration,
    /// Of each run, at its end, in MB.
    pub memory: Vec<f64>,
}

impl Steady {
    /// Of one core.
    pub fn load(&self) -> f64 {
        self.processor.as_secs_f64() / self.measured.as_secs_f64()
    }

    pub fn frames_a_second(&self) -> f64 {
        self.latencies.len() as f64 / self.measured.as_secs_f64()
    }

    pub fn average_memory(&self) -> f64 {
        self.memory.iter().sum::<f64>() / self.memory.len() as f64
    }
}

/// From the press until the page showed a frame that was made after it.
#[derive(Default)]
pub struct Starts {
    pub first_fresh: Vec<f64>,
    /// How old each frame was, in milliseconds, that was shown in the call and was made before the press.
    pub stale: Vec<f64>,
    /// Frames shown up to then that do not tell when they were made.
    pub unreadable: u32,
}

/// Rings, answers, and waits for the first fresh frame; the call stays.
///
/// # Errors
/// No fresh frame within 20 s.
pub async fn call(sender: &Sender, viewer: &Browser, starts: &mut Starts) -> Result<()> {
    sender.ring().await?;
    viewer.run("window.begin()").await?;
    let pressed = now();
    sender.answer()?;
    let seen = until("the viewer shows a fresh frame", seconds(20), || async {
        let seen = look(viewer).await?;
        Ok(seen.frames.iter().any(|frame| frame.made >= pressed).then_some(seen))
    });
    let seen = seen.await?;
    let fresh = seen.frames.iter().find(|frame| frame.made >= pressed);
    let fresh = fresh.context("a fresh frame was found above")?;
    starts.first_fresh.push(fresh.shown - pressed);
    let stale = seen.frames.iter().filter(|frame| frame.made < pressed);
    starts.stale.extend(stale.map(Frame::age));
    starts.unreadable += seen.unreadable;
    Ok(())
}

/// # Errors
/// Sender or viewer are gone.
pub async fn hang_up(sender: &Sender, viewer: &Browser) -> Result<()> {
    sender.hang_up()?;
    viewer.run("window.leave()").await?;
    Ok(())
}

/// Adds `duration` of a call that has settled.
///
/// # Errors
/// Sender or viewer are gone, or nothing was shown.
pub async fn observe(
    sender: &Sender,
    viewer: &Browser,
    duration: Duration,
    steady: &mut Steady,
) -> Result<()> {
    let programs = sender.programs()?;
    viewer.run("window.begin()").await?;
    let (begin, before) = (Instant::now(), tree::processor(&programs)?);
    tokio::time::sleep(duration).await;
    steady.processor += tree::processor(&programs)?.saturating_sub(before);
    steady.measured += begin.elapsed();
    let seen = look(viewer).await?;
    steady.memory.push(tree::memory(&programs)?);
    anyhow::ensure!(!seen.frames.is_empty(), "the viewer showed no frame in a call");
    steady.latencies.extend(seen.frames.iter().map(Frame::age));
    let dates = seen.frames.iter().filter_map(|frame| Some(frame.believed? - frame.made));
    steady.misdated.extend(dates);
    let undated = seen.frames.iter().filter(|frame| frame.believed.is_none());
    steady.undated += undated.count() as u32;
    steady.unreadable += seen.unreadable;
    Ok(())
}

/// What the page saw since it was told to begin.
///
/// # Errors
/// The viewer is gone.
pub async fn look(viewer: &Browser) -> Result<Seen> {
    Ok(serde_json::from_value(viewer.run("return window.take()").await?)?)
}

/// Milliseconds since 1970, by the clock that pages have too; whole, as theirs are.
pub fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_millis() as f64
}
