//! The picture beside a browser's, in short: bounds that a busy machine seldom moves, because it meets both.

use std::sync::PoisonError;

use anyhow::{Context as _, Result};
use serde_json::Value;
use stage::media;

use crate::STAGE;

/// A load that comes when the cart sends and goes when the browser does can spoil a run, but not each one.
const RUNS: usize = 3;

/// Runs until what `judge` complains about is gone.
fn some_run(measure: impl Fn() -> Result<Vec<Value>>, judge: impl Fn(&[Value]) -> Result<String>) {
    let _alone = STAGE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut complaints = Vec::new();
    for _ in 0..RUNS {
        let complaint = judge(&measure().expect("both send")).expect("both were measured");
        if complaint.is_empty() {
            return;
        }
        complaints.push(complaint);
    }
    panic!("in each run: {complaints:?}");
}

#[test]
fn the_picture_is_fresher_and_cheaper_than_a_browsers_and_the_first_one_is_never_old() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts on every machine");
    let measure = || {
        let figures = runtime.block_on(media::measure(&media::SHORT))?;
        figures.iter().map(|figure| Ok(serde_json::to_value(figure)?)).collect()
    };
    some_run(measure, |figures| {
        let stale = of(figures, "stale_frames", "value")?;
        assert!(stale < 0.5, "{stale} old pictures were shown; load is no excuse for that");
        let ratios = [of(figures, "latency_p50", "ratio")?, of(figures, "sender_cpu", "ratio")?];
        Ok(if ratios.iter().all(|ratio| *ratio <= 0.6) {
            String::new()
        } else {
            format!("latency and processor time beside a browser's: {ratios:?}")
        })
    });
}

#[test]
fn on_a_network_that_narrows_the_picture_goes_on_better_than_a_browsers() {
    let cell = "500kbps_250ms_2percent";
    let measure = || {
        let json = tempfile::NamedTempFile::new()?;
        std::fs::write(json.path(), "[]")?;
        media::measure_network_apart(json.path(), &[cell])?;
        Ok(serde_json::from_slice(&std::fs::read(json.path())?)?)
    };
    some_run(measure, |figures| {
        let ratio = |what| of(figures, &format!("{cell}_{what}"), "ratio");
        let [gap, late] = [ratio("gap")?, ratio("p95")?];
        let collapsed = of(figures, "cells_collapsed", "value")?;
        Ok(if gap < 1. && late < 1. && collapsed < 0.5 {
            String::new()
        } else {
            format!("longest gap {gap}, p95 {late} of the browser's; {collapsed} collapsed")
        })
    });
}

fn of(figures: &[Value], name: &str, field: &str) -> Result<f64> {
    let figure = figures.iter().find(|figure| figure["figure"] == name);
    figure.and_then(|figure| figure[field].as_f64()).with_context(|| name.to_owned())
}
