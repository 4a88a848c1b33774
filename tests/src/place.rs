//! Where things are: the programs that cargo built, and the files of the repository.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

/// A program of this workspace, in the folder in which this one lies too.
///
/// # Errors
/// It is not built.
pub fn program(name: &str) -> Result<PathBuf> {
    let own = env::current_exe()?;
    let found = own.ancestors().map(|folder| folder.join(name)).find(|file| file.is_file());
    found.with_context(|| format!("`{name}` is not built: run `cargo build --workspace`"))
}

/// A file of the repository; cargo and `cargo xtask` start their programs inside it.
///
/// # Errors
/// This is not started inside the repository.
pub fn file(name: &str) -> Result<PathBuf> {
    let here = env::current_dir()?;
    let found = here.ancestors().map(|folder| folder.join(name)).find(|file| file.exists());
    found.with_context(|| format!("{name} is not above {}", here.display()))
}

/// Runs a command to its end, with `input` typed into it; what it prints is the answer.
///
/// # Errors
/// It fails; the error holds its words.
pub fn tell(command: &mut Command, input: &str) -> Result<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {}", command.get_program().display()))?;
    let mut stdin = child.stdin.take().context("no standard input")?;
    std::io::Write::write_all(&mut stdin, input.as_bytes())?;
    drop(stdin);
    let output = child.wait_with_output()?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} failed: {words}", command.get_program().display());
    Ok(String::from_utf8(output.stdout)?)
}

/// A folder that only its owner may enter, as daemons make theirs.
///
/// # Errors
/// It cannot be made.
pub fn private(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    Ok(())
}
