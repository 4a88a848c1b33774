//! The network matrix: what a physician sees while the network is narrow, shallow and lossy, beside a browser that sends.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context as _, Result};

use super::{
    VP8,
    detour::Detour,
    meeting::Meeting,
    network::{self, Conditions, FREE},
    run,
    sender::{Prefers, Sender},
    way::Weather,
};
use crate::{browser::Browser, place, wait::seconds};

const SETTLING: Duration = seconds(6);
const NARROW: Duration = seconds(12);
/// As from one floor to the next in a lift.
const OUTAGE: Duration = seconds(3);
/// Within it the full size has to be back.
const AFTER: Duration = seconds(12);
/// A wandering rate changes so often.
const WANDERS_EVERY: Duration = seconds(1);
/// kb/s, one after the other.
const WANDERING: [u32; 12] = [900, 500, 300, 700, 1_200, 400, 350, 800, 1_500, 600, 300, 500];

/// What happens to the network in one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    Narrow(Conditions),
    /// All of its packets take time, here and back, and not all the same.
    Far(Weather),
    /// A rate that changes, with a queue of 250 ms at each.
    Wanders,
    /// Nothing gets through for three seconds.
    Away,
    /// The same, and this machine has another address afterwards.
    Moved,
}

impl Cell {
    /// Rate × queue × loss, and the wandering rate.
    pub fn all() -> Vec<Self> {
        let mut cells = vec![Self::Wanders];
        for rate in [200_000, 500_000, 1_000_000] {
            for queue in [60, 250, 1_000] {
                for loss in [0, 2, 5] {
                    cells.push(Self::Narrow(Conditions { rate, queue, loss }));
                }
            }
        }
        for (delay, jitter) in [(25, 10), (100, 20), (20, 60)] {
            for rate in [500_000, 2_000_000] {
                let conditions = Conditions { rate, queue: 250, loss: 2 };
                cells.push(Self::Far(Weather { conditions, delay, jitter }));
            }
        }
        cells
    }

    pub fn name(self) -> String {
        match self {
            Self::Far(Weather { conditions, delay, jitter }) => {
                let near = Self::Narrow(conditions).name();
                format!("{near}_{delay}ms_away_{jitter}ms_jitter")
            }
            Self::Wanders => "wandering".to_owned(),
            Self::Away => "away".to_owned(),
            Self::Moved => "moved".to_owned(),
            Self::Narrow(Conditions { rate, queue, loss }) => {
                format!("{}kbps_{queue}ms_{loss}percent", rate / 1_000)
            }
        }
    }
}

/// What was seen of one cell, in milliseconds.
pub struct Seen {
    /// Without any new picture, from the moment the network turned bad.
    pub longest_gap: f64,
    pub latencies: Vec<f64>,
    /// From five seconds after that moment on.
    pub settled: Vec<f64>,
    /// Pictures a second in the last half of the time.
    pub rate_at_end: f64,
    /// From the moment the network was free again; `None`: not while it was looked at.
    pub full_size: Option<f64>,
    /// From that moment to a picture that was made after it.
    pub back: Option<f64>,
}

impl Seen {
    /// What people call frozen.
    pub fn collapsed(&self) -> bool {
        self.rate_at_end < 5.
    }
}

/// Both senders of the matrix, and the page that sees them.
pub struct Arena<'a> {
    pub folder: &'a Path,
    pub meeting: &'a Meeting,
    pub viewer: &'a Browser,
    pub camera: u16,
}

impl Arena<'_> {
    /// The browser with VP8, which may make its picture smaller as the cart may.
    ///
    /// # Errors
    /// It does not start, or no picture arrives on a free network.
    pub async fn browser(&self, cell: Cell, after: bool) -> Result<Seen> {
        let own = self.folder.join(format!("browser-{}", cell.name()));
        place::private(&own)?;
        let sender = Sender::browser(&own, self.meeting, VP8, Prefers::Framerate).await?;
        self.play(&sender, cell, after).await.context("with the browser")
    }

    /// # Errors
    /// As [`Self::browser`].
    pub async fn cart(&self, cell: Cell, after: bool) -> Result<Seen> {
        let sender = Sender::cart(self.meeting, self.camera).await?;
        self.play(&sender, cell, after).await.context("with the cart")
    }

    async fn play(&self, sender: &Sender, cell: Cell, after: bool) -> Result<Seen> {
        network::shape(FREE)?;
        let detour = detour(cell);
        self.meeting.ways.lead(detour.clone());
        run::call(sender, self.viewer, &mut run::Starts::default()).await?;
        tokio::time::sleep(SETTLING).await;
        self.viewer.run("window.begin()").await?;
        let begin = run::now();
        suffer(cell, detour.as_deref()).await?;
        let end = run::now();
        network::shape(FREE)?;
        if after {
            tokio::time::sleep(AFTER).await;
        }
        let frames = run::look(self.viewer).await?.frames;
        run::hang_up(sender, self.viewer).await?;
        Ok(judge(&frames, begin, end))
    }
}

/// It is as far from the beginning, and not yet narrow.
fn detour(cell: Cell) -> Option<Arc<Detour>> {
    let Cell::Far(weather) = cell else { return None };
    let detour = Detour::new();
    detour.set(Weather { conditions: FREE, ..weather });
    Some(detour)
}

async fn suffer(cell: Cell, detour: Option<&Detour>) -> Result<()> {
    match cell {
        Cell::Far(weather) => {
            detour.context("what is far takes a detour")?.set(weather);
            tokio::time::sleep(NARROW).await;
        }
        Cell::Narrow(conditions) => {
            network::shape(conditions)?;
            tokio::time::sleep(NARROW).await;
        }
        Cell::Wanders => {
            for rate in WANDERING {
                network::shape(Conditions { rate: rate * 1_000, queue: 250, loss: 0 })?;
                tokio::time::sleep(WANDERS_EVERY).await;
            }
        }
        Cell::Away | Cell::Moved => {
            network::shape(Conditions { loss: 100, ..FREE })?;
            tokio::time::sleep(OUTAGE).await;
            if cell == Cell::Moved {
                network::move_on()?;
            }
        }
    }
    Ok(())
}

fn judge(frames: &[run::Frame], begin: f64, end: f64) -> Seen {
    let within: Vec<_> = frames.iter().filter(|frame| frame.shown <= end).collect();
    let mut moments: Vec<f64> = within.iter().map(|frame| frame.shown).collect();
    moments.insert(0, begin);
    moments.push(end);
    let gaps = moments.windows(2).map(|pair| pair[1] - pair[0]);
    let late = |from: f64| {
        let shown = within.iter().filter(move |frame| frame.shown >= begin + from);
        shown.map(|frame| frame.shown - frame.made).collect::<Vec<f64>>()
    };
    let half = (end - begin) / 2.;
    let full = frames.iter().find(|frame| frame.shown > end && frame.width >= 1280.);
    Seen {
        longest_gap: gaps.fold(0., f64::max),
        latencies: late(0.),
        settled: late(5_000.),
        rate_at_end: late(half).len() as f64 / (half / 1_000.),
        full_size: full.map(|frame| frame.shown - end),
        back: frames.iter().find(|frame| frame.made >= end).map(|frame| frame.shown - end),
    }
}
