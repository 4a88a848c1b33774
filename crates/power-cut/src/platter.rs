//! What a disk holds when the power goes: what was synced, and of the rest what an adversary chooses.
//!
//! Takes the word of POSIX and no more: a name is durable when its folder was synced, bytes when their
//! file was. Real file systems do better.

use std::collections::BTreeMap;

use crate::{Op, coins::Coins};

/// The smallest piece that a disk writes whole.
const SECTOR: usize = 512;

/// File names and what is in them.
pub type Image = BTreeMap<String, Vec<u8>>;

/// What becomes of what was told and not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adversary {
    /// Nothing of it is there.
    Dropped,
    /// All of it is there.
    Kept,
    /// Each write is there or not.
    Some,
    /// Each sector of each write is there or not; a file may have grown without its bytes.
    Torn,
    /// Writes arrive in any order, and it ends anywhere among them.
    Reordered,
}

impl Adversary {
    pub const ALL: [Self; 5] = [Self::Dropped, Self::Kept, Self::Some, Self::Torn, Self::Reordered];
}

#[derive(Clone, Debug)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate(usize),
}

/// A disk on which operations are played one after the other.
#[derive(Debug, Default)]
pub struct Platter {
    /// Durable.
    files: BTreeMap<usize, Vec<u8>>,
    names: BTreeMap<String, usize>,
    /// Told, in order.
    changes: Vec<(usize, Change)>,
    /// `None`: removed.
    renames: Vec<(String, Option<usize>)>,
    /// A disk that lies answers a sync and does nothing.
    lies: bool,
}

impl Platter {
    pub fn honest() -> Self {
        Self::default()
    }

    pub fn lying() -> Self {
        Self { lies: true, ..Self::default() }
    }

    pub fn play(&mut self, op: &Op) {
        match op {
            Op::Made { name, file } => self.renames.push((name.clone(), Some(*file))),
            Op::Removed { name } => self.renames.push((name.clone(), None)),
            Op::Wrote { file, offset, bytes } => {
                let change = Change::Write { offset: *offset, bytes: bytes.clone() };
                self.changes.push((*file, change));
            }
            Op::Truncated { file, length } => self.changes.push((*file, Change::Truncate(*length))),
            Op::Synced { file } if !self.lies => self.sync(*file),
            Op::SyncFailed { file } => self.changes.retain(|(of, _)| of != file),
            Op::FolderSynced if !self.lies => {
                let renames = std::mem::take(&mut self.renames);
                renames.iter().for_each(|rename| apply_name(&mut self.names, rename));
            }
            // The folder itself is looked at by a test of its own.
            Op::Synced { .. } | Op::FolderSynced | Op::ParentSynced => {}
            Op::Began(_) | Op::Acked(_) => {}
        }
    }

    fn sync(&mut self, file: usize) {
        let content = self.files.entry(file).or_default();
        self.changes.retain(|(of, change)| {
            if *of == file {
                apply(content, change);
            }
            *of != file
        });
    }

    /// The power goes now.
    pub(crate) fn cut(&self, adversary: Adversary, coins: &mut Coins) -> Image {
        let mut files = self.files.clone();
        for (file, change) in &self.chosen(adversary, coins) {
            apply(files.entry(*file).or_default(), change);
        }
        let mut names = self.names.clone();
        // A file system's journal keeps names in order.
        let kept = match adversary {
            Adversary::Dropped => 0,
            Adversary::Kept => self.renames.len(),
            Adversary::Some | Adversary::Torn | Adversary::Reordered => {
                coins.below(self.renames.len() + 1)
            }
        };
        self.renames[..kept].iter().for_each(|rename| apply_name(&mut names, rename));
        let content = |file: usize| files.get(&file).cloned().unwrap_or_default();
        names.into_iter().map(|(name, file)| (name, content(file))).collect()
    }

    /// What arrives of the changes, in the order of arrival.
    fn chosen(&self, adversary: Adversary, coins: &mut Coins) -> Vec<(usize, Change)> {
        match adversary {
            Adversary::Dropped => Vec::new(),
            Adversary::Kept => self.changes.clone(),
            Adversary::Some => self.changes.iter().filter(|_| coins.toss()).cloned().collect(),
            Adversary::Torn => self
                .changes
                .iter()
                .flat_map(|(file, change)| {
                    torn(change, coins).into_iter().map(|piece| (*file, piece))
                })
                .collect(),
            Adversary::Reordered => {
                let mut changes = self.changes.clone();
                coins.shuffle(&mut changes);
                changes.truncate(coins.below(changes.len() + 1));
                changes
            }
        }
    }
}

/// The sectors of a write that arrive. A write without bytes only lets the file grow.
fn torn(change: &Change, coins: &mut Coins) -> Vec<Change> {
    let Change::Write { offset, bytes } = change else {
        return if coins.toss() { vec![change.clone()] } else { Vec::new() };
    };
    let mut pieces = Vec::new();
    let (mut at, end) = (*offset, offset + bytes.len());
    while at < end {
        let next = end.min((at / SECTOR + 1) * SECTOR);
        if coins.toss() {
            let bytes = bytes[at - offset..next - offset].to_vec();
            pieces.push(Change::Write { offset: at, bytes });
        }
        at = next;
    }
    if coins.toss() {
        pieces.push(Change::Write { offset: end, bytes: Vec::new() });
    }
    pieces
}

fn apply(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { offset, bytes } => {
            let end = offset + bytes.len();
            if content.len() < end {
                content.resize(end, 0);
            }
            content[*offset..end].copy_from_slice(bytes);
        }
        Change::Truncate(length) => content.resize(*length, 0),
    }
}

fn apply_name(names: &mut BTreeMap<String, usize>, (name, file): &(String, Option<usize>)) {
    match file {
        Some(file) => names.insert(name.clone(), *file),
        None => names.remove(name),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrote(file: usize, offset: usize, byte: u8, length: usize) -> Op {
        Op::Wrote { file, offset, bytes: vec![byte; length] }
    }

    fn made() -> Vec<Op> {
        vec![Op::Made { name: "a".into(), file: 0 }, Op::FolderSynced]
    }

    fn cut(mut platter: Platter, ops: &[Op], adversary: Adversary, seed: u64) -> Image {
        ops.iter().for_each(|op| platter.play(op));
        platter.cut(adversary, &mut Coins::new(seed))
    }

    #[test]
    fn what_was_synced_is_there_whatever_becomes_of_the_rest() {
        let mut ops = made();
        ops.extend([wrote(0, 0, 1, 2000), Op::Synced { file: 0 }, wrote(0, 3000, 2, 2000)]);
        for adversary in Adversary::ALL {
            for seed in 0..50 {
                let image = cut(Platter::honest(), &ops, adversary, seed);
                assert_eq!(image["a"][..2000], [1; 2000], "{adversary:?}");
            }
        }
    }

    #[test]
    fn what_was_not_synced_is_dropped_kept_or_torn_at_a_sector() {
        let mut ops = made();
        ops.extend([wrote(0, 0, 1, 1500), Op::Truncated { file: 0, length: 1200 }]);
        assert!(cut(Platter::honest(), &ops, Adversary::Dropped, 1)["a"].is_empty());
        assert_eq!(cut(Platter::honest(), &ops, Adversary::Kept, 1)["a"], [1; 1200]);
        let torn = |seed| cut(Platter::honest(), &ops, Adversary::Torn, seed)["a"].clone();
        assert!((0..50).map(torn).any(|a| a.len() == 1500 && a[..512] == [1; 512] && a[600] == 0));
    }

    #[test]
    fn a_later_write_may_be_there_without_the_earlier_one() {
        let mut ops = made();
        ops.extend([wrote(0, 0, 1, 10), wrote(0, 10, 2, 10)]);
        for adversary in [Adversary::Some, Adversary::Reordered] {
            let image = |seed| cut(Platter::honest(), &ops, adversary, seed)["a"].clone();
            assert!((0..50).map(image).any(|a| a.len() == 20 && a[0] == 0 && a[10] == 2));
        }
    }

    #[test]
    fn a_name_is_durable_with_its_folder_and_not_with_its_file() {
        let ops =
            [Op::Made { name: "a".into(), file: 0 }, wrote(0, 0, 1, 9), Op::Synced { file: 0 }];
        assert!(cut(Platter::honest(), &ops, Adversary::Dropped, 1).is_empty());
        let mut removed = made();
        removed.push(Op::Removed { name: "a".into() });
        assert!(cut(Platter::honest(), &removed, Adversary::Dropped, 1).contains_key("a"));
        assert!(cut(Platter::honest(), &removed, Adversary::Kept, 1).is_empty());
    }

    #[test]
    fn a_disk_that_lies_has_synced_nothing() {
        let mut ops = made();
        ops.extend([wrote(0, 0, 1, 9), Op::Synced { file: 0 }]);
        assert!(cut(Platter::lying(), &ops, Adversary::Dropped, 1).is_empty());
        assert_eq!(cut(Platter::lying(), &ops, Adversary::Kept, 1)["a"], [1; 9]);
    }
}
