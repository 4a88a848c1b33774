//! How long the record takes to keep a whole encounter, beside one synced page on the same disk.

use std::{fs::File, path::Path, time::Instant};

use anyhow::{Context as _, Result};
use vault::{CartVault, VaultKey};

use super::{
    cpu,
    visits::{now, to_commit, visit},
};
use crate::{
    figures::{Figure, p50, p99},
    place,
    saving::{micros, write_page},
};

/// Enough for a p99 that is not the worst of them.
const ENCOUNTERS: usize = 300;
/// With its opening and its end an encounter has 20 entries: a long visit.
const READINGS: u16 = 18;
/// A commit is one sync of more than a page, with encryption before it.
const MEDIAN_SYNCS: f64 = 2.5;
const SLOWEST_SYNCS: f64 = 10.;
const CPU_MS: f64 = 3.;

pub fn measure(folder: &Path) -> Result<Vec<Figure>> {
    place::private(folder)?;
    let key = VaultKey::create_file(&folder.join("key"))?;
    let vault = CartVault::open(&folder.join("data"), &key)?;
    let pages = File::create(folder.join("pages"))?;
    let (mut commits, mut syncs, mut works) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..ENCOUNTERS {
        syncs.push(micros(write_page(&pages, number)?));
        let (commit, events) = to_commit(&visit(now()?, READINGS));
        let (begin, worked) = (Instant::now(), cpu::of_this_thread());
        vault.commit_told(commit, &events)?;
        commits.push(micros(begin.elapsed()));
        works.push(micros(cpu::of_this_thread().saturating_sub(worked)) / 1e3);
    }
    let median = |values: &[f64]| p50(values).context("nothing was measured");
    let slowest = |values: &[f64]| p99(values).context("nothing was measured");
    let cpu = works.iter().sum::<f64>() / works.len() as f64;
    Ok(vec![
        Figure::at_most_times("commit_p50", median(&commits)?, "µs", median(&syncs)?, MEDIAN_SYNCS),
        Figure::at_most_times(
            "commit_p99",
            slowest(&commits)?,
            "µs",
            slowest(&syncs)?,
            SLOWEST_SYNCS,
        ),
        Figure::at_most("commit_cpu", cpu, "ms", CPU_MS),
    ])
}
