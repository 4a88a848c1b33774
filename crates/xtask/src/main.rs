//! All automation of the project. `cargo xtask help` lists it.
//!
//! Knows commands of the outside (apt, npm, cargo), nothing of the product's behaviour.

mod build;
mod check;
mod codegen;
mod deny;
mod fuzz;
mod install;
mod powercut;
mod sabotage;
mod shell;
mod simulate;
mod soak;
mod stage;
mod test;
mod tidy;
mod units;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Builds, tests and shows Bedside", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Start a cart, a hub, an EHR and a simulated room on this machine, until Ctrl-C.
    Demo {
        /// Play the first consult by itself, with the real kiosk and a real Chromium, and report its times.
        #[arg(long)]
        rehearse: bool,
        /// Write the figures of the rehearsal as JSON.
        #[arg(long, requires = "rehearse")]
        json: Option<PathBuf>,
        /// Write pictures of kiosk and portal into this folder.
        #[arg(long, requires = "rehearse")]
        pictures: Option<PathBuf>,
    },
    /// Install what is missing, build everything, and run all checks and tests.
    Test,
    /// Format, lints, unit tests and tidy: what a commit needs.
    Check,
    /// The rules of the house: floors, names, sizes, ownership.
    Tidy,
    /// Write the figures of a benchmark as JSON.
    Bench {
        /// `consult`, `devices`, `media` or `record`.
        name: String,
        /// Of `record`: how much the record of a cart holds that is killed.
        #[arg(long, default_value_t = 20)]
        gib: u32,
        #[arg(long)]
        json: PathBuf,
    },
    /// Play simulated hours of trouble: nothing may be lost, come twice, or take more and more memory.
    Soak {
        /// `devices`.
        name: String,
        /// Of the simulation; whole days are played.
        #[arg(long)]
        hours: u32,
    },
    /// Cut the power after every operation of a cart's vault: nothing that was acknowledged may be missing.
    Powercut {
        /// At least so many.
        #[arg(long, default_value_t = 6_000)]
        images: u32,
        /// Only the image that a finding names.
        #[arg(long)]
        seed: Option<u64>,
        /// The seed is of the play that fills the log.
        #[arg(long, requires = "seed")]
        full_log: bool,
        /// Write the figures here.
        #[arg(long, conflicts_with = "seed")]
        json: Option<PathBuf>,
    },
    /// Plant bugs, one by one, in a copy of the repository: each must turn a test red.
    Sabotage {
        /// Only the bugs with these words in their names.
        #[arg(long)]
        only: Option<String>,
        /// Write the figures here.
        #[arg(long, conflicts_with = "only")]
        json: Option<PathBuf>,
    },
    /// Kill `cartd` and `hubd` at random moments: what was seen as saved has to be in the EHR once.
    Crash {
        /// At least so many.
        #[arg(long, default_value_t = 200)]
        kills: u32,
        /// Of the moments.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Write the figures here.
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Kill `hubd` and `cartd` at every step at which something becomes durable or goes over the network, on every
    /// road: what was saved has to arrive once, or wait for a person.
    FailPoints {
        /// Only at every so many steps.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        every: u32,
        /// Write the figures here.
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Play days of an outbox with lost, late and refused requests, crashes and stolen claims.
    Simulate {
        /// A day each.
        #[arg(long, default_value_t = 10_000)]
        seeds: u64,
        /// Only the day that a failure names.
        #[arg(long, conflicts_with = "seeds")]
        seed: Option<u64>,
    },
    /// Give any bytes to every codec and driver, and look for one that does not stand it.
    Fuzz {
        /// Only this one: a protocol of `cartctl decode`, or `drivers`.
        target: Option<String>,
        /// For how long each.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Only write the corpus anew, from the published examples.
        #[arg(long, conflicts_with = "target")]
        seed: bool,
    },
    /// Write the files that are generated from Rust.
    Codegen {
        /// Change nothing; fail when a file is not as it would be written.
        #[arg(long)]
        check: bool,
    },
    /// Build the physicians' portal; `hubd` embeds it.
    Portal,
    /// Do the licences of all dependencies fit GPL-3.0-only?
    Deny,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let root = shell::root()?;
    match Arguments::parse().task {
        Task::Demo { rehearse: false, .. } => stage::demo(&root),
        Task::Demo { rehearse: true, json, pictures } => {
            stage::rehearse(&root, json.as_deref(), pictures.as_deref())
        }
        Task::Test => test::run(&root),
        Task::Check => check::run(&root),
        Task::Tidy => tidy::run(&root),
        Task::Bench { name, gib, json } => stage::bench(&root, &name, gib, &json),
        Task::Soak { name, hours } => soak::run(&root, &name, hours),
        Task::Powercut { seed: Some(seed), full_log, .. } => {
            powercut::repeat(&root, seed, full_log)
        }
        Task::Powercut { images, json, .. } => powercut::run(&root, images, json.as_deref()),
        Task::Sabotage { only, json } => sabotage::run(&root, only.as_deref(), json.as_deref()),
        Task::Crash { kills, seed, json } => stage::crash(&root, kills, seed, json.as_deref()),
        Task::FailPoints { every, json } => stage::fail_points(&root, every, json.as_deref()),
        Task::Simulate { seed: Some(seed), .. } => simulate::repeat(&root, seed),
        Task::Simulate { seeds, seed: None } => simulate::run(&root, seeds),
        Task::Fuzz { seed: true, .. } => fuzz::seed(&root),
        Task::Fuzz { target, seconds, .. } => fuzz::run(&root, seconds, target.as_deref()),
        Task::Codegen { check } => codegen::run(&root, check),
        Task::Portal => build::portal(&root),
        Task::Deny => deny::run(&root),
    }
}
