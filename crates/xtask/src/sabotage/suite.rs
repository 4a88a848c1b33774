//! Runs the tests of a package in the scratch copy, and says by name which of them failed.

use std::process::{Command, Output};

use anyhow::{Context as _, Result, bail, ensure};

use super::{plants::Suite, scratch::Scratch};
use crate::shell;

/// The slowest suite takes a minute on two cores, and a bug may make a test wait for ever.
const MOST_SECONDS: &str = "300";
/// Of what a compiler or a test says, as much as helps to see why.
const TOLD_LINES: usize = 20;

/// What a run of tests came to.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    pub passed: usize,
    pub failed: Vec<String>,
}

impl Suite {
    /// The names of the tests that failed; none if all are green.
    ///
    /// # Errors
    /// It does not compile, or ended otherwise than by its tests.
    pub fn run(&self, scratch: &Scratch) -> Result<Ran> {
        let built = output(self.build(scratch))?;
        ensure!(built.status.success(), "it does not compile:\n{}", last_lines(&built.stderr));
        let tested = output(self.test(scratch))?;
        let ran = Ran::read(&String::from_utf8_lossy(&tested.stdout));
        if tested.status.success() != ran.failed.is_empty() {
            let words = last_lines(&tested.stderr);
            bail!("the tests ended with {} and name no failed one:\n{words}", tested.status);
        }
        Ok(ran)
    }

    /// As long as it takes: the first time, everything is compiled.
    fn build(&self, scratch: &Scratch) -> Command {
        let mut cargo = shell::cargo(&scratch.tree);
        self.arguments_of(&mut cargo, scratch).arg("--no-run");
        cargo
    }

    fn test(&self, scratch: &Scratch) -> Command {
        let mut limited = Command::new("timeout");
        limited.args(["--kill-after=10", MOST_SECONDS]);
        limited.arg(shell::cargo(&scratch.tree).get_program()).current_dir(&scratch.tree);
        self.arguments_of(&mut limited, scratch);
        limited
    }

    fn arguments_of<'a>(&self, cargo: &'a mut Command, scratch: &Scratch) -> &'a mut Command {
        cargo
            .args(["test", "--locked", "--no-fail-fast", "--package", self.package])
            .args(self.arguments)
            .env("CARGO_TARGET_DIR", &scratch.target)
    }
}

impl Ran {
    /// What libtest prints: `test audit::the_chain … FAILED`.
    fn read(printed: &str) -> Self {
        let tests = || printed.lines().filter_map(|line| line.strip_prefix("test "));
        let failed = tests().filter_map(|line| line.strip_suffix(" ... FAILED"));
        Self {
            passed: tests().filter(|line| line.ends_with(" ... ok")).count(),
            failed: failed.map(str::to_owned).collect(),
        }
    }
}

fn output(mut command: Command) -> Result<Output> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.output().with_context(|| format!("could not start `{name}`"))
}

fn last_lines(printed: &[u8]) -> String {
    let text = String::from_utf8_lossy(printed);
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(TOLD_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_that_failed_are_known_by_their_names() {
        let printed = "\nrunning 3 tests\ntest step::tests::the_wait ... FAILED\n\
            test step::tests::the_order ... ok\ntest slow ... ignored\n\nfailures:\n\n\
            ---- step::tests::the_wait stdout ----\ntest result: FAILED. 1 passed; 1 failed\n";
        let expected = Ran { passed: 1, failed: vec!["step::tests::the_wait".into()] };
        assert_eq!(Ran::read(printed), expected);
    }

    #[test]
    fn of_a_long_complaint_the_end_is_told() {
        let long: String = (0..100).map(|line| format!("{line}\n")).collect();
        let told = last_lines(long.as_bytes());
        assert_eq!((told.lines().next(), told.lines().last()), (Some("80"), Some("99")));
        assert_eq!(last_lines(b"short"), "short");
    }
}
