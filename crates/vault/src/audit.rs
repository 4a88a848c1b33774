//! Who did what, in rows that hang on each other: written with what they tell of, never changed.

pub(crate) mod heads;
pub(crate) mod link;
mod verify;

use clinical::{AuditEvent, AuditRow, ChainHead, Hex, SignedHead, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use crate::{
    Vault,
    error::{VaultError, failed},
};

use heads::Chain;
use link::{Columns, START};
use verify::bytes;

/// The audit of a vault, and nothing else of it. Clones are the same chain.
#[derive(Clone, Debug)]
pub struct AuditChain {
    vault: Vault,
}

/// What leads from one head to a later one, without the rows between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    pub since: i64,
    /// Of every row after `since`, up to that of the head.
    pub links: Vec<Hex<32>>,
    pub head: SignedHead,
}

impl Vault {
    pub fn audit(&self) -> AuditChain {
        AuditChain { vault: self.clone() }
    }
}

impl AuditChain {
    /// Writes down what changes nothing in the record. All or none.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn note(&self, events: &[AuditEvent]) -> Result<(), VaultError> {
        let write = |connection: &mut Connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            append(&tx, events)?;
            tx.commit()
        };
        self.vault.with(write).map_err(failed("write the audit"))
    }

    /// Signs the newest row and keeps the head. The first time, the key is made. `None`: there is no row.
    ///
    /// # Errors
    /// The vault cannot be written, or the machine gives no random numbers for a key.
    pub fn sign(&self) -> Result<Option<SignedHead>, VaultError> {
        let failed = failed("sign the audit");
        self.vault.with(|connection| {
            let tx = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(&failed)?;
            let Some(head) = newest(&tx).map_err(&failed)? else { return Ok(None) };
            let kept = heads::get(&tx, &Chain::Newest).map_err(&failed)?;
            if let Some(signed) = kept.filter(|signed| signed.head == head) {
                return Ok(Some(signed));
            }
            let signed = heads::sign(&heads::key(&tx)?, head);
            heads::put(&tx, &Chain::Newest, &signed).map_err(&failed)?;
            tx.commit().map_err(&failed)?;
            Ok(Some(signed))
        })
    }

    /// Of at most `limit` rows. `None`: there is none after `since`.
    ///
    /// # Errors
    /// The vault cannot be read, or has no key because nothing was ever signed.
    pub fn links(&self, since: i64, limit: u32) -> Result<Option<Links>, VaultError> {
        let failed = failed("read the audit");
        self.vault.with(|connection| {
            let tx = connection.transaction().map_err(&failed)?;
            let read = links(&tx, since, limit).map_err(&failed)?;
            let Some((links, head)) = read else { return Ok(None) };
            let head = heads::sign(&heads::key(&tx)?, head);
            tx.commit().map_err(&failed)?;
            Ok(Some(Links { since, links, head }))
        })
    }

    /// Keeps what the hub has acknowledged, if this chain has it. `false`: it has not.
    ///
    /// # Errors
    /// The vault cannot be written.
    pub fn anchored(&self, head: ChainHead) -> Result<bool, VaultError> {
        let failed = failed("keep an anchored head of the audit");
        self.vault.with(|connection| {
            let tx = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(&failed)?;
            if hash_at(&tx, head.position).map_err(&failed)? != Some(head.hash) {
                return Ok(false);
            }
            let signed = heads::sign(&heads::key(&tx)?, head);
            heads::put(&tx, &Chain::Anchored, &signed).map_err(&failed)?;
            tx.commit().map_err(&failed)?;
            Ok(true)
        })
    }

    /// At most `limit` rows after a position, oldest first.
    ///
    /// # Errors
    /// The vault cannot be read, or a row is not one that this version has written.
    pub fn rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, VaultError> {
        let sql = "SELECT position, at, who, what, about, hash FROM audit
            WHERE position > ?1 ORDER BY position LIMIT ?2";
        let raw = self
            .vault
            .list(sql, params![after, limit], |row| Ok(parse(row)))
            .map_err(failed("read the audit"))?;
        let damaged = || VaultError::Damaged { what: "a row of the audit" };
        raw.into_iter().map(|row| row.ok_or_else(damaged)).collect()
    }
}

/// Within the transaction of what they tell of.
pub(crate) fn append(tx: &Transaction<'_>, events: &[AuditEvent]) -> rusqlite::Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let (mut position, mut hash) =
        newest(tx)?.map_or((0, START), |head| (head.position, head.hash));
    let mut insert = tx.prepare_cached(
        "INSERT INTO audit (position, at, who, what, about, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for event in events {
        position += 1;
        let (at, who, what) = (event.at.millis(), event.who.to_string(), event.what.word());
        let about = serde_json::to_string(&event.about).expect("subjects are plain data");
        let columns = Columns {
            position,
            at,
            who: who.as_bytes(),
            what: what.as_bytes(),
            about: about.as_bytes(),
        };
        hash = link::next(hash, columns.link());
        insert.execute(params![position, at, who, what, about, hash.0])?;
    }
    Ok(())
}

fn newest(tx: &Transaction<'_>) -> rusqlite::Result<Option<ChainHead>> {
    let sql = "SELECT position, hash FROM audit ORDER BY position DESC LIMIT 1";
    let read = |row: &Row<'_>| Ok(ChainHead { position: row.get(0)?, hash: Hex(row.get(1)?) });
    tx.prepare_cached(sql)?.query_row([], read).optional()
}

fn hash_at(tx: &Transaction<'_>, position: i64) -> rusqlite::Result<Option<Hex<32>>> {
    let sql = "SELECT hash FROM audit WHERE position = ?1";
    tx.prepare_cached(sql)?.query_row([position], |row| row.get(0).map(Hex)).optional()
}

fn links(
    tx: &Transaction<'_>,
    since: i64,
    limit: u32,
) -> rusqlite::Result<Option<(Vec<Hex<32>>, ChainHead)>> {
    let sql = "SELECT position, at, who, what, about, hash FROM audit
        WHERE position > ?1 ORDER BY position LIMIT ?2";
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(params![since, limit])?;
    let (mut links, mut head) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        let (position, at) = (row.get(0)?, row.get(1)?);
        let (who, what, about) = (bytes(row, 2)?, bytes(row, 3)?, bytes(row, 4)?);
        links.push(Columns { position, at, who, what, about }.link());
        head = Some(ChainHead { position, hash: Hex(row.get(5)?) });
    }
    Ok(head.map(|head| (links, head)))
}

fn parse(row: &Row<'_>) -> Option<AuditRow> {
    let text = |column| str::from_utf8(bytes(row, column).ok()?).ok();
    let event = AuditEvent {
        at: Timestamp::from_millis(row.get(1).ok()?),
        who: text(2)?.parse().ok()?,
        what: text(3)?.parse().ok()?,
        about: serde_json::from_str(text(4)?).ok()?,
    };
    Some(AuditRow { position: row.get(0).ok()?, event, hash: Hex(row.get(5).ok()?) })
}
