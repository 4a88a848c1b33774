//! Saving: entries, their outbox items and a blob, together or not at all.

use clinical::{AuditEvent, EncounterId, EntryBody, EntryId};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use crate::{Blob, SealedEntry, Vault, audit, blob, cart::known, room::NoRoom, row, schema::Role};

/// What is to be saved in one transaction.
#[derive(Clone, Debug)]
pub struct Commit {
    pub entries: Vec<SealedEntry>,
    /// The picture or sound of one of the entries, unless it was put there before.
    pub blob: Option<Blob>,
}

impl Commit {
    pub fn of(entry: SealedEntry) -> Self {
        Self { entries: vec![entry], blob: None }
    }
}

/// Exists only after the commit returned: what it holds is durable, and may be shown.
#[derive(Clone, Debug)]
pub struct Saved {
    entries: Vec<SavedEntry>,
}

#[derive(Clone, Debug)]
pub struct SavedEntry {
    sealed: SealedEntry,
    is_new: bool,
}

impl Saved {
    pub fn entries(&self) -> &[SavedEntry] {
        &self.entries
    }
}

impl SavedEntry {
    pub fn sealed(&self) -> &SealedEntry {
        &self.sealed
    }

    /// `false`: the same bytes were saved before, and nothing was changed.
    pub fn is_new(&self) -> bool {
        self.is_new
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    #[error("entry {id} is kept already, with other content")]
    Conflict { id: EntryId },
    #[error("entry {id} belongs to encounter {encounter}, which was not opened")]
    NotOpened { id: EntryId, encounter: EncounterId },
    #[error("entry {id} opens encounter {encounter} a second time")]
    OpenedTwice { id: EntryId, encounter: EncounterId },
    #[error("entry {id} needs blob {sha256}, which is not there")]
    BlobMissing { id: EntryId, sha256: String },
    #[error("could not write the record; nothing of it was saved")]
    Sqlite(#[from] rusqlite::Error),
}

impl Vault {
    /// Saves all of it, durably, or nothing. May be repeated: what is there already stays as it is.
    ///
    /// # Errors
    /// An entry contradicts what is kept, or the vault cannot be written; nothing was saved.
    pub fn commit(&self, commit: Commit) -> Result<Saved, CommitError> {
        self.commit_told(commit, &[])
    }

    /// [`Vault::commit`] with the rows of the audit that tell of it, in the same transaction. Where
    /// everything was there before, nothing is told again.
    ///
    /// # Errors
    /// An entry contradicts what is kept, or the vault cannot be written; nothing was saved.
    pub fn commit_told(&self, commit: Commit, events: &[AuditEvent]) -> Result<Saved, CommitError> {
        self.commit_with(commit, events, |_| Ok(()))
    }

    /// `also` is written in the same transaction, first; on a full disk a second time in another one.
    pub(crate) fn commit_with<E: From<CommitError> + NoRoom>(
        &self,
        commit: Commit,
        events: &[AuditEvent],
        also: impl Fn(&Transaction<'_>) -> Result<(), E>,
    ) -> Result<Saved, E> {
        let cart = self.role() == Role::Cart;
        let write = |connection: &mut Connection| -> Result<Vec<bool>, E> {
            let tx = begin(connection)?;
            also(&tx)?;
            let are_new = keep_all(&tx, &commit, self.destination(), cart)?;
            if are_new.contains(&true) {
                audit::append(&tx, events).map_err(CommitError::from)?;
            }
            tx.commit().map_err(CommitError::from)?;
            Ok(are_new)
        };
        let are_new = match commit.blob {
            Some(_) => self.without_ballast(write)?,
            None => self.with_ballast(write)?,
        };
        let entries = commit.entries.into_iter().zip(are_new);
        let entries = entries.map(|(sealed, is_new)| SavedEntry { sealed, is_new }).collect();
        Ok(Saved { entries })
    }
}

fn begin(connection: &mut Connection) -> Result<Transaction<'_>, CommitError> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// Of each entry, whether it is new.
fn keep_all(
    tx: &Transaction<'_>,
    commit: &Commit,
    destination: &str,
    is_cart: bool,
) -> Result<Vec<bool>, CommitError> {
    if let Some(blob) = &commit.blob {
        blob::insert(tx, blob)?;
    }
    let mut are_new = Vec::with_capacity(commit.entries.len());
    for sealed in &commit.entries {
        let is_new = keep(tx, sealed, destination)?;
        // The hub has no devices: it recognises an entry by its id.
        if let (true, EntryBody::Reading(reading)) = (is_cart, &sealed.entry().body) {
            known::remember(tx, reading)?;
        }
        are_new.push(is_new);
    }
    Ok(are_new)
}

/// `false`: it was there before.
fn keep(
    tx: &Transaction<'_>,
    sealed: &SealedEntry,
    destination: &str,
) -> Result<bool, CommitError> {
    let id = sealed.entry().id;
    if let Some(known) = known_sha256(tx, id)? {
        if known == sealed.sha256() {
            return Ok(false);
        }
        return Err(CommitError::Conflict { id });
    }
    check_place(tx, sealed)?;
    check_blob(tx, sealed)?;
    insert(tx, sealed, destination)?;
    Ok(true)
}

fn known_sha256(tx: &Transaction<'_>, id: EntryId) -> rusqlite::Result<Option<String>> {
    tx.prepare_cached("SELECT sha256 FROM entries WHERE id = ?1")?
        .query_row([row::id(id)], |row| row.get(0))
        .optional()
}

/// An encounter begins with its opening. It may get entries after its end: a measurement that ran
/// on, and the physician's note.
fn check_place(tx: &Transaction<'_>, sealed: &SealedEntry) -> Result<(), CommitError> {
    let (id, encounter) = (sealed.entry().id, sealed.entry().encounter);
    let is_open = tx
        .prepare_cached("SELECT 1 FROM entries WHERE encounter = ?1 AND kind = 'opened'")?
        .exists([row::encounter(encounter)])?;
    match (sealed.opens(), is_open) {
        (true, true) => Err(CommitError::OpenedTwice { id, encounter }),
        (false, false) => Err(CommitError::NotOpened { id, encounter }),
        (true, false) | (false, true) => Ok(()),
    }
}

fn check_blob(tx: &Transaction<'_>, sealed: &SealedEntry) -> Result<(), CommitError> {
    let Some(attachment) = sealed.attachment() else { return Ok(()) };
    if blob::exists(tx, attachment.sha256)? {
        return Ok(());
    }
    let sha256 = attachment.sha256.to_owned();
    Err(CommitError::BlobMissing { id: sealed.entry().id, sha256 })
}

fn insert(tx: &Transaction<'_>, sealed: &SealedEntry, destination: &str) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO entries (id, encounter, kind, sha256, blob, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        row::id(sealed.entry().id),
        row::encounter(sealed.entry().encounter),
        sealed.kind(),
        sealed.sha256(),
        sealed.attachment().map(|attachment| attachment.sha256),
        sealed.bytes(),
    ])?;
    tx.prepare_cached("INSERT INTO outbox (destination, position) VALUES (?1, ?2)")?
        .execute(params![destination, tx.last_insert_rowid()])?;
    Ok(())
}
