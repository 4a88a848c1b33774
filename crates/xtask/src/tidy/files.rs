//! What lies in the repository: every file has an owner, a beginning that explains it, and a size to read.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use super::{Finding, graph::Package};
use crate::shell;

/// Past this a file holds more than one idea.
const MOST_LINES: usize = 300;

/// What may lie at the top: the places that ARCHITECTURE.md names, and the files that tools look for there.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".config",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "STYLE.md",
    "assets",
    "clippy.toml",
    "crates",
    "deny.toml",
    "docs",
    "fuzz",
    "rustfmt.toml",
    "systemd",
    "tests",
    "udev",
];

/// # Errors
/// git or a file cannot be read.
pub fn check(root: &Path, packages: &[Package]) -> Result<Vec<Finding>> {
    let files = tracked(root)?;
    let mut findings = Vec::new();
    for file in &files {
        let top = file.components().next().map(|part| part.as_os_str().to_string_lossy());
        if !top.is_some_and(|top| TOP.contains(&top.as_ref())) {
            findings.push(Finding::new(file.to_string_lossy(), "the top level has no such place"));
        }
    }
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs")) {
        findings.extend(source(root, file)?);
    }
    findings.extend(orphans(root, &files)?);
    findings.extend(test_binaries(&files));
    findings.extend(units(root, packages)?);
    findings.extend(locks(root, &files)?);
    Ok(findings)
}

/// Files that git knows or would take.
fn tracked(root: &Path) -> Result<Vec<PathBuf>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(root);
    let files = shell::read(&mut git)?;
    Ok(files.lines().map(PathBuf::from).filter(|file| root.join(file).is_file()).collect())
}

fn source(root: &Path, file: &Path) -> Result<Vec<Finding>> {
    let text = fs::read_to_string(root.join(file))?;
    let place = file.to_string_lossy();
    let mut findings = Vec::new();
    if !text.starts_with("//!") {
        findings.push(Finding::new(place.clone(), "does not open with `//!`: what does it own?"));
    }
    let lines = text.lines().count();
    if lines > MOST_LINES {
        let rule = format!("{lines} lines, {MOST_LINES} at most: it holds more than one idea");
        findings.push(Finding::new(place, rule));
    }
    Ok(findings)
}

/// Rust files that no `mod` names are compiled by nobody.
fn orphans(root: &Path, files: &[PathBuf]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs")) {
        if !is_root(file) && !is_named(root, file)? {
            findings.push(Finding::new(file.to_string_lossy(), "no `mod` names this file"));
        }
    }
    Ok(findings)
}

/// Files that cargo itself finds, or that `[[test]]` and `[[bin]]` name.
fn is_root(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let parent = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    matches!(name.as_ref(), "lib.rs" | "main.rs")
        || (name == "build.rs" && parent != "src")
        || parent == "bin"
        || parent == "fuzz_targets"
        || parent == "tests"
}

fn is_named(root: &Path, file: &Path) -> Result<bool> {
    let Some(parent) = file.parent() else { return Ok(false) };
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let (name, folder) = if stem == "mod" {
        let name = parent.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, parent.parent().unwrap_or(parent))
    } else {
        (stem.into_owned(), parent)
    };
    let above = folder.with_extension("rs");
    let candidates = ["lib.rs", "main.rs", "mod.rs", "it.rs"].map(|root| folder.join(root));
    for candidate in candidates.into_iter().chain([above]) {
        let Ok(text) = fs::read_to_string(root.join(candidate)) else { continue };
        if text.lines().any(|line| line.trim_end().ends_with(&format!("mod {name};"))) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Linking is what hurts: one integration-test binary a package.
fn test_binaries(files: &[PathBuf]) -> Vec<Finding> {
    let is_binary = |file: &&PathBuf| {
        file.starts_with("crates")
            && file.components().count() == 4
            && file.parent().is_some_and(|folder| folder.ends_with("tests"))
            && file.extension().is_some_and(|ending| ending == "rs")
            && !file.ends_with("it.rs")
    };
    let rule = "integration tests are modules of tests/it.rs, which is linked once";
    files.iter().filter(is_binary).map(|file| Finding::new(file.to_string_lossy(), rule)).collect()
}

/// Each service starts a program of this workspace, so that none is left when a program goes.
fn units(root: &Path, packages: &[Package]) -> Result<Vec<Finding>> {
    let programs: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut findings = Vec::new();
    for unit in fs::read_dir(root.join("systemd"))? {
        let path = unit?.path();
        if path.extension().is_none_or(|ending| ending != "service") {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let starts = text.lines().filter_map(|line| line.strip_prefix("ExecStart="));
        let owned = starts.filter_map(|line| line.split_whitespace().next()).any(|program| {
            Path::new(program)
                .file_name()
                .is_some_and(|name| programs.contains(name.to_string_lossy().as_ref()))
        });
        if !owned {
            findings.push(Finding::new(path.to_string_lossy(), "starts no program of ours"));
        }
    }
    Ok(findings)
}

/// npm's lock files name packages and hashes; where they are downloaded from is each machine's own affair.
fn locks(root: &Path, files: &[PathBuf]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.ends_with("package-lock.json")) {
        if fs::read_to_string(root.join(file))?.contains("\"resolved\": \"http") {
            findings.push(Finding::new(file.to_string_lossy(), "names a download address"));
        }
    }
    Ok(findings)
}
