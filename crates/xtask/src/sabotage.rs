//! Do the tests see what they are for? Plants bugs, one by one, in a copy of the repository, and shows
//! which test turned red by each.

mod plants;
mod scratch;
mod suite;

use std::{collections::BTreeSet, fs, path::Path, time::Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use plants::{Plant, Suite};
use scratch::Scratch;

/// As the issue of the record asks.
const LEAST_PLANTS: usize = 10;
/// Of the tests that saw a bug, the first ones are named.
const NAMED: usize = 2;

/// What became of a bug.
enum Fate {
    /// By these tests.
    Caught(Vec<String>),
    Missed,
    /// It has no place any more, or does not compile: the plant is to be repaired.
    Broken(String),
}

/// `only`: those whose name has these words.
///
/// # Errors
/// A bug is caught by no test, a plant is broken, or the tests are red without any bug.
pub fn run(root: &Path, only: Option<&str>, json: Option<&Path>) -> Result<()> {
    let chosen = |plant: &Plant| only.is_none_or(|words| plant.name.contains(words));
    let plants: Vec<_> = plants::all().filter(chosen).collect();
    ensure!(!plants.is_empty(), "no bug has these words in its name");
    let scratch = Scratch::of(root)?;
    let (mut green, mut fates) = (BTreeSet::new(), Vec::new());
    for plant in &plants {
        for suite in plant.tests.iter().filter(|suite| green.insert(**suite)) {
            is_green(&scratch, suite)?;
        }
        let begin = Instant::now();
        let fate = plant.fate(&scratch);
        println!("{}", line(plant.name, &fate, begin.elapsed().as_secs()));
        fates.push(fate);
    }
    let caught = fates.iter().filter(|fate| matches!(fate, Fate::Caught(_))).count();
    println!("{caught} of {} bugs were caught", plants.len());
    if let Some(json) = json {
        let figures = serde_json::to_string_pretty(&figures(plants.len(), caught))?;
        fs::write(json, figures).with_context(|| format!("could not write {}", json.display()))?;
    }
    ensure!(caught == plants.len(), "not every planted bug turns a test red");
    Ok(())
}

/// A test that is red anyway would catch everything, and one that does not run nothing.
fn is_green(scratch: &Scratch, suite: &Suite) -> Result<()> {
    let Suite { package, arguments } = suite;
    let begin = Instant::now();
    let ran = suite.run(scratch).with_context(|| format!("{package} {arguments:?}"))?;
    if let Some(first) = ran.failed.first() {
        bail!("{package}: {first} is red without any bug; `cargo xtask test` installs peers");
    }
    ensure!(ran.passed > 0, "{package} {arguments:?}: there is no such test");
    let seconds = begin.elapsed().as_secs();
    println!("green       {package} {arguments:?}: {} tests, {seconds} s", ran.passed);
    Ok(())
}

impl Plant {
    fn fate(&self, scratch: &Scratch) -> Fate {
        let failed = scratch.with(self, || {
            let runs = self.tests.iter().map(|suite| Ok(suite.run(scratch)?.failed));
            runs.collect::<Result<Vec<_>>>()
        });
        match failed.map(|failed| failed.concat()) {
            Ok(failed) if failed.is_empty() => Fate::Missed,
            Ok(failed) => Fate::Caught(failed),
            Err(error) => Fate::Broken(format!("{error:#}")),
        }
    }
}

fn line(name: &str, fate: &Fate, seconds: u64) -> String {
    match fate {
        Fate::Caught(tests) => {
            let mut named = tests[..tests.len().min(NAMED)].join(", ");
            if tests.len() > NAMED {
                named += &format!(" and {} more", tests.len() - NAMED);
            }
            format!("caught      {name} ({seconds} s)\n            by {named}")
        }
        Fate::Missed => format!("NOT CAUGHT  {name} ({seconds} s)"),
        Fate::Broken(why) => format!("BROKEN      {name}: {why}"),
    }
}

fn figures(planted: usize, caught: usize) -> Value {
    let figure = |figure, value, target, holds| {
        json!({
            "figure": figure, "value": value, "unit": "bugs", "peer": null, "ratio": null,
            "target": target, "holds": holds,
        })
    };
    json!([
        figure("planted", planted, format!("≥ {LEAST_PLANTS} bugs"), planted >= LEAST_PLANTS),
        figure("caught by a test", caught, format!("{planted} bugs"), caught == planted),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_that_no_test_sees_falls_short_of_the_target() {
        let holds = |planted, caught| {
            let figures = figures(planted, caught);
            [0, 1].map(|number| figures[number]["holds"].as_bool().unwrap())
        };
        assert_eq!(holds(12, 12), [true, true]);
        assert_eq!(holds(12, 11), [true, false]);
        assert_eq!(holds(9, 9), [false, true]);
    }

    #[test]
    fn a_line_says_which_tests_saw_the_bug_or_that_none_did() {
        let names = |count| (0..count).map(|number| format!("test_{number}")).collect();
        let caught = line("no settle window", &Fate::Caught(names(4)), 7);
        assert!(caught.starts_with("caught      no settle window (7 s)"), "{caught}");
        assert!(caught.ends_with("by test_0, test_1 and 2 more"), "{caught}");
        assert!(line("", &Fate::Caught(names(1)), 7).ends_with("by test_0"));
        assert!(line("no ballast", &Fate::Missed, 7).starts_with("NOT CAUGHT"));
        assert!(line("no ballast", &Fate::Broken("out of date".into()), 7).ends_with("of date"));
    }
}
