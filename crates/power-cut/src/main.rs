//! `cargo xtask powercut`: the long form. Findings go to stderr, figures as JSON to stdout.

use std::{fs, path::PathBuf, time::Instant};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Parser;
use power_cut::{
    Adversary, Disk, Platter,
    trial::{self, Tally, Verdict},
    work::{self, Played},
};
use serde::Serialize;

/// One image of the play that fills the log to so many of the other.
const OF_FULL_LOG: usize = 6;

#[derive(Parser)]
#[command(about = "Cuts the power after every operation of a cart's vault")]
struct Arguments {
    /// At least so many; the play is as long as that needs.
    #[arg(long, default_value_t = 6_000)]
    images: usize,
    /// Only the image of this seed, as a finding names it.
    #[arg(long)]
    seed: Option<u64>,
    /// The seed is of the play that fills the log.
    #[arg(long, requires = "seed")]
    full_log: bool,
    /// Write the figures here instead of to stdout.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// As every benchmark of the project writes them.
#[derive(Serialize)]
struct Figure {
    figure: &'static str,
    value: usize,
    unit: &'static str,
    peer: Option<usize>,
    ratio: Option<usize>,
    target: String,
    holds: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match arguments.seed {
        Some(seed) => repeat(seed, arguments.full_log),
        None => all(&arguments),
    }
}

fn repeat(seed: u64, full_log: bool) -> Result<()> {
    let played = if full_log { fill_log() } else { play(trial::operations_for(seed)) }?;
    match trial::replay(&played, Platter::honest(), seed)? {
        Verdict::Whole => println!("seed {seed}: nothing is missing"),
        verdict => bail!("seed {seed}: {verdict:?}"),
    }
    Ok(())
}

fn all(arguments: &Arguments) -> Result<()> {
    let begin = Instant::now();
    let played = play(arguments.images.div_ceil(Adversary::ALL.len()))?;
    let everywhere = trial::run(&played, Platter::honest(), usize::MAX)?;
    tell(&everywhere, "");
    let full = fill_log()?;
    let here_and_there = trial::run(&full, Platter::honest(), arguments.images / OF_FULL_LOG)?;
    tell(&here_and_there, " --full-log");
    let steps = played.accounts.len() + full.accounts.len();
    let operations = played.log.len() + full.log.len();
    let seconds = begin.elapsed().as_secs();
    eprintln!("{steps} steps of the vault, {operations} operations of the disk, {seconds} s");
    let figures = figures(&everywhere.with(here_and_there), arguments.images);
    let json = serde_json::to_string_pretty(&figures)?;
    match &arguments.json {
        Some(path) => {
            fs::write(path, json).with_context(|| format!("could not write {}", path.display()))?
        }
        None => println!("{json}"),
    }
    ensure!(figures.iter().all(|figure| figure.holds), "a power cut damages the record");
    Ok(())
}

fn tell(tally: &Tally, which: &str) {
    for (seed, verdict) in &tally.findings {
        eprintln!("cargo xtask powercut --seed {seed}{which}: {verdict:?}");
    }
}

/// After each of its operations, by each adversary.
fn play(operations: usize) -> Result<Played> {
    let folder = trial::folder()?;
    let vault = folder.path().join("vault");
    let disk = Disk::watch(&vault)?;
    work::play(&disk, &vault, operations)
}

/// Images of several megabytes, and operations that are much alike.
fn fill_log() -> Result<Played> {
    let folder = trial::folder()?;
    let vault = folder.path().join("vault");
    let disk = Disk::watch(&vault)?;
    work::fill_log(&disk, &vault)
}

fn figures(tally: &Tally, wanted: usize) -> [Figure; 4] {
    let none = |figure, value| Figure {
        figure,
        value,
        unit: "images",
        peer: None,
        ratio: None,
        target: "0 images".into(),
        holds: value == 0,
    };
    let images = Figure {
        target: format!("≥ {wanted} images"),
        holds: tally.images >= wanted,
        ..none("images", tally.images)
    };
    let [lost, half, unopenable] =
        [("lost", tally.lost), ("half", tally.half), ("unopenable", tally.unopenable)]
            .map(|(figure, value)| none(figure, value));
    [images, lost, half, unopenable]
}
