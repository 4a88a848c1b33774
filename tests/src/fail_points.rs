//! Kills `hubd` and `cartd` at every step at which something becomes durable or goes over the network, on
//! every road that an entry can take, one step after the other.
//!
//! Each step has a visit of its own. The program dies at it (`fail_at.c`, loaded into the real program), is
//! started again, and has to bring the visit to its end: once in its place, or before a person.

mod doom;
mod road;
mod visit;
mod world;

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, Result};

use crate::{crash::Tally, figures::Figure};

use doom::Shim;
use road::{ALL, Road};
use world::World;

/// More than any road has; a road that never ends is a mistake of this test.
const MOST: usize = 1_000;

/// What was found, and at how many steps of each kind the programs died.
#[derive(Debug, Default)]
pub struct Report {
    pub tally: Tally,
    pub died: BTreeMap<String, usize>,
}

/// Every road at every `every`th step, beginning with another one on each road.
///
/// # Errors
/// A program does not come back, or a visit never comes to its end; where the logs are left.
pub async fn play(every: usize) -> Result<Report> {
    // Refused when somebody in this process has set it: then it is there.
    let _already_there = rustls::crypto::ring::default_provider().install_default();
    let mut report = Report::default();
    for (number, road) in ALL.iter().enumerate() {
        // Beside the programs, because a folder for temporary files may be no disk at all.
        let programs = std::env::current_exe()?;
        let programs = programs.parent().context("a program is in a folder")?;
        let mut folder = tempfile::Builder::new().prefix("fail-points-").tempdir_in(programs)?;
        let before = report.tally.findings.len();
        let walked = walk(folder.path(), road, number % every + 1, every, &mut report).await;
        folder.disable_cleanup(walked.is_err() || report.tally.findings.len() > before);
        let left = format!("{}; the logs are left in {}", road.name, folder.path().display());
        let steps = walked.context(left)?;
        println!("{}: {steps} steps", road.name);
    }
    Ok(report)
}

/// Returns how many steps this road has.
async fn walk(
    folder: &Path,
    road: &'static Road,
    first: usize,
    every: usize,
    report: &mut Report,
) -> Result<usize> {
    let shim = Shim::build(folder)?;
    let mut world = World::set_up(folder, road).await?;
    for step in (first..MOST).step_by(every) {
        let visit = world.keep_visit()?;
        let died = world.dies_at(&shim, step, &visit).await;
        let Some(kind) = died.with_context(|| format!("step {step}"))? else {
            world.judge_audits(&mut report.tally)?;
            return Ok(step);
        };
        *report.died.entry(kind.clone()).or_default() += 1;
        report.tally.kills += 1;
        world
            .comes_to_its_end(&visit)
            .await
            .with_context(|| format!("after step {step}, {kind}"))?;
        let at = format!("{}, step {step}, {kind}", road.name);
        world.judge(&visit, &at, &mut report.tally)?;
    }
    anyhow::bail!("this road has no end")
}

impl Report {
    pub fn figures(&self) -> Vec<Figure> {
        let none = |name, count: usize| Figure::exactly(name, count as f64, "entries", 0.);
        let tally = &self.tally;
        vec![
            Figure::told("fail_points", tally.kills as f64, "points"),
            Figure::told("fail_points_roads", ALL.len() as f64, "roads"),
            Figure::told("fail_points_acked", tally.acked as f64, "entries"),
            none("fail_points_lost", tally.lost),
            none("fail_points_doubled", tally.doubled),
            none("fail_points_altered", tally.altered),
            Figure::told("fail_points_unknown", tally.unknown as f64, "entries"),
            none("fail_points_set_aside", tally.set_aside),
            Figure::exactly("fail_points_broken_audits", tally.broken_chains as f64, "audits", 0.),
        ]
    }
}
