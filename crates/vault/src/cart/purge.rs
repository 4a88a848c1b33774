//! Takes away what is in the EHR and older than the retention, in steps that hold up no commit.
//!
//! Whole encounters that were closed, and only when every item of them is delivered and confirmed. The
//! latest encounter stays: a restart takes it up, and says by its end whose a late reading is. What
//! devices sent stays known (`known_records`), so that a meter's memory is not heard again.

use clinical::{Act, Actor, AuditEvent, EncounterId, EntryBody, Subject, Timestamp};
use outbox::State;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};

use super::CartVault;
use crate::{
    StoredEntry, VaultError, audit,
    error::failed,
    row::{self, Onward},
};

/// Of one step. A commit that comes meanwhile waits for some tens of milliseconds.
const ENTRIES_OF_A_STEP: usize = 500;
const BLOBS_OF_A_STEP: u64 = 16 * 1024 * 1024;
/// Encounters that are looked at in a step when none of them may go: about as long as one that may.
const LOOKED_AT: usize = 16;

/// A walk over the encounters of a vault. Given up at any time, it has done what it has told.
#[derive(Debug)]
pub struct Purge {
    vault: CartVault,
    before: Timestamp,
    /// The cart, and when its walk began: what the audit says of it.
    who: Actor,
    at: Timestamp,
    /// Encounters up to here have been looked at, in the order of their ids.
    after: Vec<u8>,
}

/// What went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Of which nothing is left.
    pub encounters: u64,
    pub entries: u64,
    /// Of entries, pictures and sounds.
    pub bytes: u64,
}

impl CartVault {
    /// Of encounters that were last written to before `before`; the audit says that `who` did it, at `at`.
    pub fn purge(&self, before: Timestamp, who: Actor, at: Timestamp) -> Purge {
        Purge { vault: self.clone(), before, who, at, after: Vec::new() }
    }
}

impl Purge {
    /// One transaction. `None`: there is nothing left to look at.
    ///
    /// # Errors
    /// The vault cannot be read or written; nothing went.
    pub fn step(&mut self) -> Result<Option<Purged>, VaultError> {
        for _ in 0..LOOKED_AT {
            let next = self.next().map_err(failed("find what may be purged"))?;
            let Some(encounter) = next else { return Ok(None) };
            let (before, event) = (self.before, self.event(encounter));
            let purged = self
                .vault
                .with_ballast(|connection| purge(connection, encounter, before, &event))?;
            if purged.encounters > 0 || purged.entries == 0 {
                self.after = row::encounter(encounter).to_vec();
            }
            if purged.entries > 0 {
                return Ok(Some(purged));
            }
        }
        Ok(Some(Purged::default()))
    }

    fn event(&self, encounter: EncounterId) -> AuditEvent {
        let event = AuditEvent::new(self.at, self.who.clone(), Act::EncounterPurged);
        event.about(Subject::Encounter(encounter))
    }

    /// By the index of openings.
    fn next(&self) -> rusqlite::Result<Option<EncounterId>> {
        let sql = "SELECT encounter FROM entries INDEXED BY one_opening
            WHERE kind = 'opened' AND encounter > ?1 ORDER BY encounter LIMIT 1";
        self.vault.with(|connection| {
            connection
                .prepare_cached(sql)?
                .query_row([&self.after], |row| row::read_encounter(row, 0))
                .optional()
        })
    }
}

/// What goes and the decision that it may are one transaction: an entry that comes in between is in front
/// of both or behind both. The audit tells of it in the same one.
fn purge(
    connection: &mut Connection,
    encounter: EncounterId,
    before: Timestamp,
    event: &AuditEvent,
) -> Result<Purged, VaultError> {
    let failed = failed("purge an encounter");
    let behavior = TransactionBehavior::Immediate;
    let tx = connection.transaction_with_behavior(behavior).map_err(&failed)?;
    if is_latest(&tx, encounter).map_err(&failed)? {
        return Ok(Purged::default());
    }
    let entries = entries(&tx, encounter)?;
    if !may_go(&entries, before) {
        return Ok(Purged::default());
    }
    let purged = take_away(&tx, entries).map_err(&failed)?;
    audit::append(&tx, std::slice::from_ref(event)).map_err(&failed)?;
    tx.commit().map_err(&failed)?;
    Ok(purged)
}

/// Closed, confirmed to be in the EHR to the last item, and nothing of it younger than `before`.
fn may_go(entries: &[StoredEntry], before: Timestamp) -> bool {
    let is_closed =
        entries.iter().any(|stored| matches!(stored.sealed.entry().body, EntryBody::Closed));
    is_closed
        && entries.iter().all(|StoredEntry { sealed, outbox, onward, .. }| {
            *outbox == State::Done && *onward == Onward::InEhr && sealed.entry().recorded < before
        })
}

fn is_latest(tx: &Transaction<'_>, encounter: EncounterId) -> rusqlite::Result<bool> {
    let sql = "SELECT encounter FROM entries WHERE kind = 'opened' ORDER BY position DESC LIMIT 1";
    tx.prepare_cached(sql)?.query_row([], |row| Ok(row::read_encounter(row, 0)? == encounter))
}

/// Every entry, each checked against its hash: what does not read back as it was written is not purged.
fn entries(tx: &Transaction<'_>, encounter: EncounterId) -> Result<Vec<StoredEntry>, VaultError> {
    // An entry with two destinations comes twice, and without any as one that is not delivered.
    let sql =
        "SELECT e.position, coalesce(o.state, 'pending'), o.at, o.reason, o.repeat, o.settle_ms,
        coalesce(o.onward, 'nothing'), e.sha256, e.body
        FROM entries AS e LEFT JOIN outbox AS o ON o.position = e.position
        WHERE e.encounter = ?1 ORDER BY e.position";
    let read = || {
        let mut statement = tx.prepare_cached(sql)?;
        let rows = statement.query_map([row::encounter(encounter)], row::read_entry)?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    };
    let rows = read().map_err(failed("read entries"))?;
    rows.into_iter().map(row::RawEntry::parse).collect()
}

/// As much as a step takes. The opening and the close go last, so that what is left of a long encounter is
/// one still, and goes by the same rule.
fn take_away(tx: &Transaction<'_>, mut entries: Vec<StoredEntry>) -> rusqlite::Result<Purged> {
    entries.sort_by_key(|stored| frames(&stored.sealed.entry().body));
    let mut purged = Purged::default();
    let mut blobs = 0;
    for stored in &entries {
        if blobs >= BLOBS_OF_A_STEP || purged.entries >= ENTRIES_OF_A_STEP as u64 {
            return Ok(purged);
        }
        tx.prepare_cached("DELETE FROM outbox WHERE position = ?1")?.execute([stored.position])?;
        tx.prepare_cached("DELETE FROM entries WHERE position = ?1")?.execute([stored.position])?;
        if let Some(attachment) = stored.sealed.attachment() {
            let blob = take_away_blob(tx, attachment.sha256)?;
            blobs += blob;
            purged.bytes += blob;
        }
        purged.entries += 1;
        purged.bytes += stored.sealed.bytes().len() as u64;
    }
    purged.encounters = 1;
    Ok(purged)
}

fn frames(body: &EntryBody) -> bool {
    match body {
        EntryBody::Opened(_) | EntryBody::Closed => true,
        EntryBody::Reading(_)
        | EntryBody::Observed(_)
        | EntryBody::Still(_)
        | EntryBody::Auscultation(_)
        | EntryBody::Note(_) => false,
    }
}

/// Unless another entry needs it. Its length in bytes, 0 if it stays.
fn take_away_blob(tx: &Transaction<'_>, sha256: &str) -> rusqlite::Result<u64> {
    if tx.prepare_cached("SELECT 1 FROM entries WHERE blob = ?1")?.exists([sha256])? {
        return Ok(0);
    }
    tx.prepare_cached("DELETE FROM blob_chunks WHERE sha256 = ?1")?.execute([sha256])?;
    let length = tx
        .prepare_cached("DELETE FROM blobs WHERE sha256 = ?1 RETURNING length")?
        .query_row([sha256], |row| row.get::<_, u32>(0))
        .optional()?;
    Ok(length.unwrap_or_default().into())
}
