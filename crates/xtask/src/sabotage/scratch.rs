//! The copy of the repository in which bugs are planted. The repository itself is never touched.
//!
//! Its path is always the same and it is kept, so that a second run compiles only what has changed.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use super::plants::Plant;
use crate::shell;

pub struct Scratch {
    /// What git tracks, as it stands in the working tree.
    pub tree: PathBuf,
    /// Not the repository's own: a program with a bug must not lie where the demo looks for it.
    pub target: PathBuf,
}

impl Scratch {
    /// Brings the copy up to date, and so takes away a bug that a run which was broken off has left.
    ///
    /// # Errors
    /// git or a file cannot be read, or the copy cannot be written.
    pub fn of(root: &Path) -> Result<Self> {
        let folder = shell::target(root).join("sabotage");
        let scratch = Self { tree: folder.join("tree"), target: folder.join("target") };
        fs::create_dir_all(&scratch.tree)?;
        let listed = shell::read(Command::new("git").args(["ls-files", "-z"]).current_dir(root))?;
        let list = folder.join("files");
        let before = fs::read_to_string(&list).unwrap_or_default();
        // Kept before a file is copied: what is broken off leaves no file that is on no list.
        fs::write(&list, format!("{before}{listed}"))?;
        let tracked = |path: &&str| !path.is_empty() && root.join(path).is_file();
        let wanted: BTreeSet<&str> = listed.split('\0').filter(tracked).collect();
        for path in &wanted {
            renew(&root.join(path), &scratch.tree.join(path))
                .with_context(|| format!("could not copy {path}"))?;
        }
        for path in before.split('\0').filter(|path| !path.is_empty() && !wanted.contains(path)) {
            let left = scratch.tree.join(path);
            if left.exists() {
                fs::remove_file(&left)?;
            }
        }
        fs::write(&list, listed)?;
        Ok(scratch)
    }

    /// Runs `work` while the bug is there.
    ///
    /// # Errors
    /// The bug has no place any more, or a file cannot be written; else what `work` returns.
    pub fn with<T>(&self, plant: &Plant, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let path = self.tree.join(plant.file);
        let sound = fs::read_to_string(&path)
            .with_context(|| format!("out of date: there is no {}", plant.file))?;
        let planted = match plant.put_into(&sound) {
            Ok(planted) => planted,
            Err(count) => bail!("out of date: its text is {count} times in {}", plant.file),
        };
        fs::write(&path, planted)?;
        let done = work();
        fs::write(&path, sound)?;
        done
    }
}

/// A file that is the same keeps its time, so that nothing is compiled for it.
fn renew(from: &Path, to: &Path) -> Result<()> {
    let same = fs::read(to).is_ok_and(|old| fs::read(from).is_ok_and(|new| new == old));
    if same {
        return Ok(());
    }
    fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
    fs::copy(from, to)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLANT: Plant = Plant { name: "", file: "wait.rs", find: "120", replace: "0", tests: &[] };

    fn scratch(content: &str) -> (PathBuf, Scratch) {
        let name = format!("bedside-sabotage-{}-{content}", std::process::id());
        let tree = std::env::temp_dir().join(name);
        fs::create_dir_all(&tree).unwrap();
        fs::write(tree.join(PLANT.file), content).unwrap();
        (tree.clone(), Scratch { target: tree.join("target"), tree })
    }

    #[test]
    fn a_bug_is_there_while_it_is_tested_and_gone_afterwards_also_after_a_failure() {
        let (tree, scratch) = scratch("120 s");
        let read = || fs::read_to_string(tree.join(PLANT.file)).unwrap();
        assert_eq!(scratch.with(&PLANT, || Ok(read())).unwrap(), "0 s");
        assert_eq!(read(), "120 s");
        assert!(scratch.with(&PLANT, || -> Result<()> { bail!("it does not compile") }).is_err());
        assert_eq!(read(), "120 s");
        fs::remove_dir_all(tree).unwrap();
    }

    #[test]
    fn a_plant_that_went_out_of_date_is_said_to_be_so_and_runs_nothing() {
        let (tree, scratch) = scratch("60 s");
        let error = scratch.with(&PLANT, || -> Result<()> { panic!("it ran") }).unwrap_err();
        assert_eq!(error.to_string(), "out of date: its text is 0 times in wait.rs");
        fs::remove_dir_all(tree).unwrap();
    }
}
