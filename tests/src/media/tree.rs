//! What a program and everything that it started takes: processor time, and memory counted by its share.

use std::{fs, time::Duration};

use anyhow::{Context as _, Result};

use crate::record::cpu;

/// Processor time of a program and its descendants since they began. One that ends in between is not in the sum any more;
/// a browser in a call starts and ends none.
///
/// # Errors
/// There is no such program.
pub fn processor(roots: &[u32]) -> Result<Duration> {
    with_descendants(roots)?.into_iter().map(cpu::of_program).sum()
}

/// Proportional set size in MB: memory that several programs share is divided among them (proc(5), `smaps_rollup`).
///
/// # Errors
/// There is no such program, or its memory may not be looked at.
pub fn memory(roots: &[u32]) -> Result<f64> {
    let mut kib = 0.;
    for pid in with_descendants(roots)? {
        let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
        let line = line.context("smaps_rollup has a line Pss")?;
        kib += line.trim().trim_end_matches(" kB").parse::<f64>()?;
    }
    Ok(kib * 1.024e-3)
}

/// What this program started and what still runs of it.
///
/// # Errors
/// `/proc` cannot be read.
pub fn children(of: u32) -> Result<Vec<u32>> {
    let all = parents()?.into_iter();
    Ok(all.filter(|(_, parent)| *parent == of).map(|(pid, _)| pid).collect())
}

fn with_descendants(roots: &[u32]) -> Result<Vec<u32>> {
    let parents = parents()?;
    let mut found = roots.to_vec();
    let mut at = 0;
    while let Some(&parent) = found.get(at) {
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        at += 1;
    }
    Ok(found)
}

/// Every program of this machine and who started it.
fn parents() -> Result<Vec<(u32, u32)>> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        // A program that ended since the folder was read.
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        // The name may hold spaces and parentheses; state and parent follow the last one.
        let parent = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1));
        parents.push((pid, parent.context("/proc/PID/stat is short")?.parse()?));
    }
    Ok(parents)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn what_a_program_has_started_belongs_to_it() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 60 & echo; wait"]).stdout(Stdio::piped());
        let mut shell = command.spawn().unwrap();
        // The sleep runs when the line is there.
        std::io::Read::read_exact(shell.stdout.as_mut().unwrap(), &mut [0]).unwrap();
        let tree = with_descendants(&[shell.id()]).unwrap();
        assert_eq!(tree.len(), 2, "{tree:?}");
        assert!(children(std::process::id()).unwrap().contains(&shell.id()));
        assert!(memory(&[shell.id()]).unwrap() > 0.);
        for pid in tree.iter().rev() {
            assert!(Command::new("kill").arg(pid.to_string()).status().unwrap().success());
        }
        shell.wait().unwrap();
    }
}
