//! Figures as every benchmark of the project writes them.

use std::{borrow::Cow, fs, path::Path};

use anyhow::{Context as _, Result};
use serde::Serialize;

/// One figure beside its target.
#[derive(Serialize)]
pub struct Figure {
    pub figure: Cow<'static, str>,
    pub value: f64,
    pub unit: &'static str,
    /// The same, measured on another product in the same run.
    pub peer: Option<f64>,
    /// `value / peer`.
    pub ratio: Option<f64>,
    pub target: String,
    pub holds: bool,
}

impl Figure {
    /// A figure that must not be larger than `most`.
    pub fn at_most(
        figure: impl Into<Cow<'static, str>>,
        value: f64,
        unit: &'static str,
        most: f64,
    ) -> Self {
        let target = format!("≤ {most} {unit}");
        Self {
            figure: figure.into(),
            value,
            unit,
            peer: None,
            ratio: None,
            target,
            holds: value <= most,
        }
    }

    /// A figure that must not be smaller than `least`.
    pub fn at_least(
        figure: impl Into<Cow<'static, str>>,
        value: f64,
        unit: &'static str,
        least: f64,
    ) -> Self {
        let target = format!("≥ {least} {unit}");
        Self {
            figure: figure.into(),
            value,
            unit,
            peer: None,
            ratio: None,
            target,
            holds: value >= least,
        }
    }

    /// A figure that must not be larger than `times` that of the peer.
    pub fn at_most_times(
        figure: impl Into<Cow<'static, str>>,
        value: f64,
        unit: &'static str,
        peer: f64,
        times: f64,
    ) -> Self {
        let target = format!("≤ {times} × the peer");
        Self { target, ..Self::at_most(figure, value, unit, times * peer) }.beside(peer)
    }

    /// A figure that must not be smaller than `times` that of the peer.
    pub fn at_least_times(
        figure: impl Into<Cow<'static, str>>,
        value: f64,
        unit: &'static str,
        peer: f64,
        times: f64,
    ) -> Self {
        let target = format!("≥ {times} × the peer");
        Self { target, ..Self::at_least(figure, value, unit, times * peer) }.beside(peer)
    }

    /// A figure that is told, because somebody may ask; nothing depends on it.
    pub fn told(figure: impl Into<Cow<'static, str>>, value: f64, unit: &'static str) -> Self {
        let target = "none".to_owned();
        Self { figure: figure.into(), value, unit, peer: None, ratio: None, target, holds: true }
    }

    /// A figure that must be exactly this.
    pub fn exactly(
        figure: impl Into<Cow<'static, str>>,
        value: f64,
        unit: &'static str,
        wanted: f64,
    ) -> Self {
        let target = format!("{wanted} {unit}");
        let holds = (value - wanted).abs() < f64::EPSILON;
        Self { figure: figure.into(), value, unit, peer: None, ratio: None, target, holds }
    }

    /// The same figure of something else, from the same run.
    #[must_use]
    pub fn beside(self, peer: f64) -> Self {
        Self { peer: Some(peer), ratio: Some(self.value / peer), ..self }
    }

    pub fn line(&self) -> String {
        let mark = if self.holds { "holds" } else { "FALLS SHORT" };
        // What is small would be nothing without its digits.
        let digits = if self.value < 100. { 2 } else { 0 };
        let line = format!(
            "{:<32} {:>8.digits$} {:<10} {:<16} {mark}",
            self.figure, self.value, self.unit, self.target
        );
        match (self.peer, self.ratio) {
            (Some(peer), Some(ratio)) => format!("{line}; peer {peer:.0}, ratio {ratio:.2}"),
            _ => line,
        }
    }
}

/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, figures: &[Figure]) -> Result<()> {
    let json = serde_json::to_string_pretty(figures)?;
    fs::write(path, json).with_context(|| format!("could not write {}", path.display()))
}

/// Adds to the figures that are in the file.
///
/// # Errors
/// The file cannot be read as figures, or not be written.
pub fn append(path: &Path, figures: &[Figure]) -> Result<()> {
    let mut all: Vec<serde_json::Value> = serde_json::from_slice(&fs::read(path)?)?;
    for figure in figures {
        all.push(serde_json::to_value(figure)?);
    }
    fs::write(path, serde_json::to_string_pretty(&all)?)
        .with_context(|| format!("could not write {}", path.display()))
}

/// The value below which 95 of 100 lie; of few values, the largest.
pub fn p95(values: &[f64]) -> Option<f64> {
    below(values, 95)
}

/// The value below which 99 of 100 lie; of few values, the largest.
pub fn p99(values: &[f64]) -> Option<f64> {
    below(values, 99)
}

/// The value below which half of them lie.
pub fn p50(values: &[f64]) -> Option<f64> {
    below(values, 50)
}

fn below(values: &[f64], per_cent: usize) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    sorted.get((sorted.len() * per_cent).div_ceil(100).saturating_sub(1).min(last)).copied()
}
