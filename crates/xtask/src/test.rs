//! All tests: static checks, unit and integration tests of every package, the end-to-end consult,
//! and a short run of every fuzz target.

use std::path::Path;

use anyhow::Result;

use crate::{build, check, deny, fuzz, install, shell};

/// For each fuzz target: enough to go through the corpus and some hundred thousand inputs more.
const FUZZ_SECONDS: u32 = 2;

/// Everything. Installs what is missing first.
///
/// # Errors
/// The first step that fails.
pub fn run(root: &Path) -> Result<()> {
    install::for_tests()?;
    build::all(root, true)?;
    check::statics(root)?;
    deny::run(root)?;
    build::test_portal(root)?;
    cargo_test(root, "all tests", &["--workspace"])?;
    fuzz::run(root, FUZZ_SECONDS, None)
}

/// Unit and integration tests of the packages, without the end-to-end consult.
///
/// # Errors
/// A test fails.
pub fn units(root: &Path) -> Result<()> {
    build::test_portal(root)?;
    cargo_test(root, "unit tests", &["--workspace", "--exclude", "bedside-tests"])
}

/// By nextest where it is installed, because it shows what hangs; by cargo elsewhere.
fn cargo_test(root: &Path, what: &str, which: &[&str]) -> Result<()> {
    build::peers(root)?;
    let mut cargo = shell::cargo(root);
    // A failure says in words what it waited for and where; the frames of an asynchronous runtime
    // behind them only push these words out of a log that is cut.
    cargo.env("RUST_BACKTRACE", "0");
    if shell::finds("cargo-nextest") {
        cargo.args(["nextest", "run", "--locked", "--no-fail-fast"]).args(which);
    } else {
        // Documentation has no examples here, and would be compiled once more for none.
        cargo
            .args(["test", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"])
            .args(which);
    }
    shell::step(what, &mut cargo)
}
