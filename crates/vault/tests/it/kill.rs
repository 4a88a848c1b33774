//! A process that dies in the middle of its work keeps every commit that it acknowledged.

use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use crate::common::{cart_vault, encounter, id, key, measured, opened};
use clinical::EntryId;
use outbox::Store as _;
use vault::{CartVault, Commit};

const FOLDER: &str = "BEDSIDE_TEST_VAULT_TO_BE_KILLED";
const TEST: &str = "kill::every_acknowledged_commit_survives_a_kill";

#[test]
fn every_acknowledged_commit_survives_a_kill() {
    if let Some(folder) = env::var_os(FOLDER) {
        commit_until_killed(Path::new(&folder));
    }
    let (folder, vault) = cart_vault();
    drop(vault);
    for acknowledged_before_kill in [1, 2, 7, 30] {
        let acknowledged = start_and_kill(folder.path(), acknowledged_before_kill);
        let vault = CartVault::open(folder.path(), &key()).unwrap();
        let items = vault.outbox().unfinished(None, 10_000).unwrap();
        for id in &acknowledged {
            assert!(vault.entry(*id).unwrap().is_some(), "{id} was acknowledged and is lost");
            assert!(items.iter().any(|item| item.id == *id), "{id} would never be sent");
        }
        // `entries_of` reads every entry together with its item, and checks its hash.
        let kept = vault.entries_of(encounter(1)).unwrap();
        assert_eq!(kept.len(), items.len(), "a commit is there by half");
        assert!(kept.len() >= acknowledged.len());
    }
}

/// The part of the child process: goes on where the last one was killed.
fn commit_until_killed(folder: &Path) -> ! {
    let vault = CartVault::open(folder, &key()).unwrap();
    let begin = vault.entries_of(encounter(1)).unwrap().len() as u32 + 1;
    for number in begin.. {
        let entry = if number == 1 { opened(1) } else { measured(number, 1) };
        vault.commit(Commit::of(entry)).unwrap();
        println!("acknowledged {}", id(number));
        std::io::stdout().flush().unwrap();
    }
    unreachable!("it is killed before it runs out of numbers");
}

fn start_and_kill(folder: &Path, acknowledged_before_kill: usize) -> Vec<EntryId> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", TEST, "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    while acknowledged.len() < acknowledged_before_kill {
        let line = lines.next().expect("the child works until it is killed").unwrap();
        acknowledged.extend(read_acknowledgement(&line));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it wrote before the kill reached it counts, too.
    acknowledged.extend(lines.map_while(Result::ok).filter_map(|line| read_acknowledgement(&line)));
    acknowledged
}

/// The last line may be cut off by the kill.
fn read_acknowledgement(line: &str) -> Option<EntryId> {
    let (_, id) = line.split_once("acknowledged ")?;
    id.parse().ok()
}
