//! Real SIGKILLs of `cartd` and `hubd` at random moments, and what is in the EHR afterwards.
//!
//! Both are the real programs on real disks: a simulated thermometer measures, a nurse sees what is
//! saved, and [`sim_ehr`] takes it by the rules of one of five servers that lose, refuse and delay; in every
//! third round the readings go to an interface engine instead, which loses acknowledgements, and in
//! another third there are pictures, which go to an image archive. What was
//! seen as saved has to be there once, unaltered and in order, or on the list for a person.
//!
//! A kill leaves the kernel's cache whole: what a power cut does is played by `power-cut`.

mod archive;
mod chance;
mod engine;
mod judge;
mod nurse;
mod round;
mod tally;

use anyhow::{Context as _, Result};
use sim_ehr::{EPIC, ORACLE, PUT_ONLY, Rules, TRANSACTIONS, VERADIGM};

pub use archive::{Archive, JPEG, still};
pub use chance::Chance;
pub use engine::{Engine, Losses};
pub use judge::{celsius, is_at, says};
pub use nurse::{now, patient_id};
use round::{Beside, Plan};
pub use round::{ends_encounters, takes_encounters};
pub use tally::Tally;

const ALL: [&Rules; 5] = [&TRANSACTIONS, &PUT_ONLY, &EPIC, &ORACLE, &VERADIGM];
/// Enough that a record is killed again and again; few enough that all rules have their turn.
const KILLS_EACH: usize = 15;

/// At least so many kills, over all five rules. The seed repeats the moments, not what falls into them.
///
/// # Errors
/// A program does not come back, or something never comes to its end; where the logs are left.
pub async fn play(kills: usize, seed: u64) -> Result<Tally> {
    // Refused when somebody in this process has set it: then it is there.
    let _already_there = rustls::crypto::ring::default_provider().install_default();
    let rounds = kills.div_ceil(KILLS_EACH).max(ALL.len());
    let mut chance = Chance::new(seed);
    let mut total = Tally::default();
    for number in 0..rounds {
        let rest = kills.saturating_sub(total.kills);
        let plan = Plan {
            rules: ALL[number % ALL.len()],
            // Five is no multiple of three: each of the rules meets all.
            beside: [Beside::Nothing, Beside::Engine, Beside::Archive][number % 3],
            kills: rest.div_ceil(rounds - number),
        };
        let own = Chance::new(chance.below(u64::MAX));
        total.add(round(&plan, own).await.with_context(|| format!("round {number}"))?);
    }
    Ok(total)
}

async fn round(plan: &Plan, chance: Chance) -> Result<Tally> {
    // Beside the programs, because a folder for temporary files may be no disk at all.
    let programs = std::env::current_exe()?;
    let programs = programs.parent().context("a program is in a folder")?;
    let mut folder = tempfile::Builder::new().prefix("crash-").tempdir_in(programs)?;
    let name = plan.rules.name;
    let begin = std::time::Instant::now();
    let played = round::play(folder.path(), plan, chance).await;
    let is_clean = played.as_ref().is_ok_and(Tally::is_clean);
    folder.disable_cleanup(!is_clean);
    let left = format!("{name}; the logs are left in {}", folder.path().display());
    let tally = played.context(left.clone())?;
    let Tally { kills, acked, unknown, .. } = tally;
    let way = match plan.beside {
        Beside::Nothing => "",
        Beside::Engine => "an interface engine and ",
        Beside::Archive => "an image archive and ",
    };
    let took = begin.elapsed().as_secs();
    println!("{way}{name}: {kills} kills, {acked} saved, {unknown} unknown, {took} s");
    if !is_clean {
        tally.findings.iter().for_each(|finding| println!("  {finding}"));
        println!("  {left}");
    }
    Ok(tally)
}
