//! What every commit must pass: format, lints as errors, tidy, generated files, unit tests.

use std::path::Path;

use anyhow::Result;

use crate::{build, codegen, install, shell, test, tidy, units};

/// # Errors
/// The first check that fails.
pub fn run(root: &Path) -> Result<()> {
    install::for_tests()?;
    build::portal(root)?;
    statics(root)?;
    test::units(root)
}

/// All that can be said without running the product.
///
/// # Errors
/// The first check that fails.
pub fn statics(root: &Path) -> Result<()> {
    shell::step("format", shell::cargo(root).args(["fmt", "--all", "--check"]))?;
    let mut targets = shell::cargo(root);
    targets.args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]);
    shell::step("format of the fuzz targets", &mut targets)?;
    // Their own, which a new dependency of a reader puts out of date, and which is else needed last.
    let mut lock = shell::cargo(root);
    lock.args([
        "tree",
        "--quiet",
        "--manifest-path",
        "fuzz/Cargo.toml",
        "--locked",
        "--depth",
        "0",
    ]);
    shell::step("lock file of the fuzz targets", &mut lock)?;
    tidy::run(root)?;
    codegen::run(root, true)?;
    units::verify(root)?;
    let mut clippy = shell::cargo(root);
    clippy.args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]);
    shell::step("lints", &mut clippy)
}
