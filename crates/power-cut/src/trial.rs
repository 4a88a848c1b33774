//! Cuts the power after any operation, opens the real vault on what is left, and says what is missing.

use std::{fs, ops::RangeInclusive, path::Path};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use vault::CartVault;

use crate::{
    Account, Adversary, Image, Ledger, Op, Platter,
    coins::Coins,
    ledger,
    work::{self, Played},
};

/// A visit that no play comes to.
const AFTERWARDS: u32 = u32::MAX;

/// Findings that are told; the rest is counted.
const TOLD: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that was acknowledged is there byte by byte, and the step that the cut met is there
    /// wholly or not at all.
    Whole,
    /// The vault is as it was after step `at`, and more was acknowledged.
    Lost { at: usize, acked: usize },
    /// It is as it was never: these tables have something of a step, or something else.
    Half { tables: Vec<String> },
    /// It does not open, is damaged, or takes no new entry.
    Unopenable { why: String },
}

#[derive(Debug, Default)]
pub struct Tally {
    pub images: usize,
    pub lost: usize,
    pub half: usize,
    pub unopenable: usize,
    /// The first findings, at most 20: the seed that repeats the image, and what is wrong with it.
    pub findings: Vec<(u64, Verdict)>,
}

/// A new folder, which is removed when it is dropped.
///
/// # Errors
/// No folder can be made.
pub fn folder() -> Result<TempDir> {
    tempfile::tempdir().context("no folder to play in")
}

/// Images, evenly over every operation and every adversary; at most one of each.
///
/// # Errors
/// An image cannot be laid out.
pub fn run(played: &Played, platter: Platter, images: usize) -> Result<Tally> {
    let cells = (played.log.len() + 1) * Adversary::ALL.len();
    let images = images.min(cells);
    let mut trial = Trial::new(played, platter)?;
    let mut tally = Tally::default();
    for number in 0..images {
        let seed = (number * cells / images) as u64;
        tally.count(seed, trial.judge(seed)?);
    }
    Ok(tally)
}

/// The one image of this seed: operation × 5 + adversary.
///
/// # Errors
/// The play is too short, or the image cannot be laid out.
pub fn replay(played: &Played, platter: Platter, seed: u64) -> Result<Verdict> {
    Trial::new(played, platter)?.judge(seed)
}

/// The vault in a folder as the next start finds it, after the power went at the end of these operations.
/// `may_be`: what it may hold.
///
/// # Errors
/// The image cannot be laid out.
pub fn after(log: &[Op], adversary: Adversary, seed: u64, may_be: &[Account]) -> Result<Verdict> {
    let outer = folder()?;
    let folder = outer.path().join("vault");
    lay_out_after(log, adversary, seed, &folder)?;
    Ok(judge(&folder, may_be, 0..=may_be.len().saturating_sub(1)))
}

/// The same image in `folder`, which is made, for who judges it by another rule.
///
/// # Errors
/// It cannot be laid out.
pub fn lay_out_after(log: &[Op], adversary: Adversary, seed: u64, folder: &Path) -> Result<()> {
    let mut platter = Platter::honest();
    log.iter().for_each(|op| platter.play(op));
    let mut coins = Coins::new(seed);
    lay_out(&platter.cut(adversary, &mut coins), folder, &mut coins)
}

/// The least number of operations of a play that has this seed.
pub fn operations_for(seed: u64) -> usize {
    split(seed).0
}

fn split(seed: u64) -> (usize, Adversary) {
    let adversaries = Adversary::ALL.len() as u64;
    let adversary = Adversary::ALL[(seed % adversaries) as usize];
    (usize::try_from(seed / adversaries).unwrap_or(usize::MAX), adversary)
}

impl Tally {
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.images += other.images;
        self.lost += other.lost;
        self.half += other.half;
        self.unopenable += other.unopenable;
        self.findings.extend(other.findings);
        self
    }

    fn count(&mut self, seed: u64, verdict: Verdict) {
        self.images += 1;
        match &verdict {
            Verdict::Whole => return,
            Verdict::Lost { .. } => self.lost += 1,
            Verdict::Half { .. } => self.half += 1,
            Verdict::Unopenable { .. } => self.unopenable += 1,
        }
        if self.findings.len() < TOLD {
            self.findings.push((seed, verdict));
        }
    }
}

struct Trial<'a> {
    played: &'a Played,
    platter: Platter,
    /// Operations that the platter was told already.
    told: usize,
    began: usize,
    /// `None`: the vault was never opened to the end.
    acked: Option<usize>,
    folder: TempDir,
}

impl<'a> Trial<'a> {
    fn new(played: &'a Played, platter: Platter) -> Result<Self> {
        Ok(Self { played, platter, told: 0, began: 0, acked: None, folder: folder()? })
    }

    /// Seeds come rising.
    fn judge(&mut self, seed: u64) -> Result<Verdict> {
        let (cut, adversary) = split(seed);
        let ops = self.played.log.get(self.told..cut).context("no such operation was played")?;
        for op in ops {
            match op {
                Op::Began(step) => self.began = *step,
                Op::Acked(step) => self.acked = Some(*step),
                op => self.platter.play(op),
            }
        }
        self.told = cut;
        let mut coins = Coins::new(seed);
        let image = self.platter.cut(adversary, &mut coins);
        let folder = self.folder.path().join("vault");
        lay_out(&image, &folder, &mut coins)?;
        let may_be = self.acked.unwrap_or(0)..=self.began;
        let verdict = judge(&folder, &self.played.accounts, may_be);
        fs::remove_dir_all(&folder)?;
        Ok(verdict)
    }
}

/// The index of the log is not durable and is not synced: a power cut leaves anything there.
fn lay_out(image: &Image, folder: &Path, coins: &mut Coins) -> Result<()> {
    fs::create_dir(folder)?;
    for (name, bytes) in image {
        fs::write(folder.join(name), bytes)?;
    }
    if coins.toss() {
        let noise: Vec<u8> = (0..4096).flat_map(|_| coins.next().to_le_bytes()).collect();
        fs::write(folder.join("vault.db-shm"), noise)?;
    }
    Ok(())
}

fn judge(folder: &Path, accounts: &[Account], may_be: RangeInclusive<usize>) -> Verdict {
    let found = match take_up(folder) {
        Ok(found) => found,
        Err(error) => return Verdict::Unopenable { why: format!("{error:#}") },
    };
    if accounts[may_be.clone()].contains(&found) {
        return Verdict::Whole;
    }
    let (acked, began) = may_be.into_inner();
    match accounts[..acked].iter().rposition(|account| *account == found) {
        Some(at) => Verdict::Lost { at, acked },
        None => Verdict::Half { tables: accounts[began].differences(&found) },
    }
}

/// As after a restart. What is in the vault before it takes a new entry.
fn take_up(folder: &Path) -> Result<Account> {
    let vault = CartVault::open(folder, &ledger::key())?;
    let ledger = Ledger::open(folder)?;
    ledger.check()?;
    let found = ledger.account()?;
    // By the vault itself, which compares every hash.
    if let Some(encounter) = vault.latest_encounter()? {
        for entry in vault.entries_of(encounter)? {
            if let Some(attachment) = entry.sealed.attachment() {
                vault.blob(attachment.sha256)?.context("a picture is missing")?;
            }
        }
    }
    let audit = vault.audit().verify(None)?;
    ensure!(audit.is_whole(), "the audit is not whole: {audit:?}");
    vault.commit(work::opening(AFTERWARDS))?;
    Ok(found)
}
