//! What a cart does to its vault, again and again: visits, sending, the tray, restarts.

mod entries;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clinical::{Act, DeviceId, EntryId, Subject};
use hub_api::Delivery;
use outbox::{Moment, Next, Outbox, Outcome, Repeat};
use vault::{CartVault, Commit, Discard, Malformation, UnassignedReading, VaultOutbox};

use crate::{Account, Disk, Ledger, Op, ledger};
pub use entries::{Visit, opening, visit};

const NOW: Moment = Moment::from_millis(0);

/// Bytes of a picture: of one chunk of the vault, of two, and of more than the thousand pages at which
/// SQLite carries the log over.
const SMALL: usize = 12 * 1024;
const TWO_CHUNKS: usize = 300 * 1024;
const FILLS_LOG: usize = 4200 * 1024;

/// What was done, as the disk was told it.
#[derive(Debug)]
pub struct Played {
    pub log: Vec<Op>,
    /// What the vault holds after each acknowledged step; the first is its opening.
    pub accounts: Vec<Account>,
}

/// Whole visits, until the disk was told at least this many operations. The same steps every time, so
/// that a longer play begins as a shorter one.
///
/// # Errors
/// The vault does not do its work on a disk without faults.
pub fn play(disk: &Disk, folder: &Path, operations: usize) -> Result<Played> {
    let mut log = Vec::new();
    let mut cart = Cart::start(disk, folder)?;
    for number in 1.. {
        cart.visit(visit(number, if number % 10 == 3 { TWO_CHUNKS } else { SMALL }))?;
        if number % 2 == 0 {
            cart.ledger()?.checkpoint()?;
        }
        if number % 3 == 0 {
            cart.restart()?;
        }
        log.append(&mut disk.take_log());
        if log.len() >= operations {
            break;
        }
    }
    Ok(Played { log, accounts: cart.accounts })
}

/// Two visits of which the first takes a picture that fills the log, so that SQLite carries it over by
/// itself, in the call that saves the picture.
///
/// # Errors
/// The vault does not do its work on a disk without faults.
pub fn fill_log(disk: &Disk, folder: &Path) -> Result<Played> {
    let mut cart = Cart::start(disk, folder)?;
    cart.visit(visit(1, FILLS_LOG))?;
    cart.visit(visit(2, SMALL))?;
    Ok(Played { log: disk.take_log(), accounts: cart.accounts })
}

struct Cart<'a> {
    disk: &'a Disk,
    folder: PathBuf,
    /// Both are closed for a restart, the vault last: then its log is carried over and removed.
    ledger: Option<Ledger>,
    vault: Option<CartVault>,
    outbox: Option<Outbox<VaultOutbox>>,
    accounts: Vec<Account>,
}

impl<'a> Cart<'a> {
    fn start(disk: &'a Disk, folder: &Path) -> Result<Self> {
        let mut cart = Self {
            disk,
            folder: folder.into(),
            ledger: None,
            vault: None,
            outbox: None,
            accounts: Vec::new(),
        };
        cart.open()?;
        Ok(cart)
    }

    fn restart(&mut self) -> Result<()> {
        (self.outbox, self.ledger, self.vault) = (None, None, None);
        self.open()
    }

    fn open(&mut self) -> Result<()> {
        self.step(|cart| {
            cart.vault = Some(CartVault::open(&cart.folder, &ledger::key())?);
            Ok(())
        })?;
        self.step(|cart| {
            // What was in flight is due again.
            cart.outbox = Some(Outbox::open(cart.vault()?.outbox(), NOW)?);
            Ok(())
        })
    }

    /// One call of the vault that its caller waits for.
    fn step(&mut self, deed: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let number = self.accounts.len();
        self.disk.note(Op::Began(number));
        deed(self)?;
        self.disk.note(Op::Acked(number));
        if self.ledger.is_none() {
            self.ledger = Some(Ledger::open(&self.folder)?);
        }
        let account = self.ledger()?.account()?;
        self.accounts.push(account);
        Ok(())
    }

    fn ledger(&self) -> Result<&Ledger> {
        self.ledger.as_ref().context("the ledger is closed")
    }

    fn vault(&self) -> Result<&CartVault> {
        self.vault.as_ref().context("the vault is closed")
    }

    fn commit(&mut self, commit: Commit) -> Result<()> {
        // As `cartd` saves: with a row of the audit for each entry.
        let told = |sealed: &vault::SealedEntry| {
            entries::event(Act::EntryKept).about(Subject::Entry(sealed.entry().id))
        };
        let events: Vec<_> = commit.entries.iter().map(told).collect();
        self.step(|cart| Ok(cart.vault()?.commit_told(commit, &events).map(drop)?))
    }

    fn visit(&mut self, visit: Visit) -> Result<()> {
        self.commit(visit.beginning)?;
        self.commit(visit.note)?;
        let opening = self.take()?;
        self.finish(opening, Outcome::Accepted)?;
        self.commit(visit.still)?;
        let second = self.take()?;
        self.finish(second, Outcome::Later { retry_after: None })?;
        self.tell(&[(opening, Delivery::InEhr)])?;
        self.use_tray(visit.unassigned, visit.claim)?;
        let malformation = Malformation {
            at: entries::NOW,
            device: DeviceId("cuff".into()),
            what: "checksum".into(),
            bytes: vec![7; 40],
        };
        self.step(|cart| Ok(cart.vault()?.keep_malformation(&malformation)?))?;
        let called = entries::event(Act::CallStarted);
        self.step(|cart| Ok(cart.vault()?.set_situation(&visit.situation, &[called])?))?;
        self.step(|cart| Ok(cart.vault()?.audit().sign().map(drop)?))?;
        self.commit(visit.end)
    }

    fn use_tray(
        &mut self,
        unassigned: [UnassignedReading; 2],
        claim: vault::SealedEntry,
    ) -> Result<()> {
        let [first, second] = unassigned;
        self.step(|cart| Ok(cart.vault()?.keep_unassigned(&first)?))?;
        self.step(|cart| Ok(cart.vault()?.keep_unassigned(&second)?))?;
        let claimed = entries::event(Act::ReadingClaimed);
        self.step(|cart| Ok(cart.vault()?.claim(first.reading.id, claim, &claimed).map(drop)?))?;
        let discard = Discard { why: "a visitor".into(), at: entries::NOW, by: "7".into() };
        self.step(|cart| {
            let told = entries::event(Act::ReadingDiscarded);
            let discarded = cart.vault()?.discard(second.reading.id, &discard, &told)?;
            ensure!(discarded, "it was in the tray");
            Ok(())
        })
    }

    /// Durably in flight before its first byte would leave.
    fn take(&mut self) -> Result<EntryId> {
        let mut taken = None;
        self.step(|cart| {
            let outbox = cart.outbox()?;
            if let Next::Send { id, .. } = outbox.next(NOW)?
                && outbox.begin(id, Repeat::Harmless, NOW)?
            {
                taken = Some(id);
            }
            Ok(())
        })?;
        taken.context("nothing was due")
    }

    fn finish(&mut self, id: EntryId, outcome: Outcome) -> Result<()> {
        self.step(|cart| {
            let state = cart.outbox()?.finish(id, outcome, NOW, 0.5)?;
            ensure!(state.is_some(), "it was in flight");
            Ok(())
        })
    }

    fn tell(&mut self, deliveries: &[(EntryId, Delivery)]) -> Result<()> {
        self.step(|cart| Ok(cart.vault()?.mark_delivery(deliveries)?))
    }

    fn outbox(&mut self) -> Result<&mut Outbox<VaultOutbox>> {
        self.outbox.as_mut().context("the outbox is closed")
    }
}
