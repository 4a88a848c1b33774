//! cargo-deny: every dependency's licence fits GPL-3.0-only, and comes from where it should.

use std::path::Path;

use anyhow::Result;

use crate::shell;

/// cargo-deny is built once into the target folder, so that nothing lands in the user's own tools.
const VERSION: &str = "0.20.2";

/// # Errors
/// cargo-deny cannot be built, or a dependency does not fit.
pub fn run(root: &Path) -> Result<()> {
    let tools = shell::target(root).join("tools");
    let program = tools.join("bin/cargo-deny");
    if !program.is_file() {
        let mut install = shell::cargo(root);
        install.args(["install", "cargo-deny", "--version", VERSION, "--locked", "--debug"]);
        install.arg("--root").arg(&tools);
        shell::step("build cargo-deny (once)", &mut install)?;
    }
    let mut deny = std::process::Command::new(program);
    deny.args(["--locked", "check", "licenses", "bans", "sources"]).current_dir(root);
    shell::step("licences of all dependencies", &mut deny)
}
