//! The outbox items of a vault, as the rules of `outbox` want them kept.

use clinical::{Act, Actor, AuditEvent, Subject, Timestamp};
use outbox::{Item, State, Store};
use rusqlite::{Row, Transaction, TransactionBehavior, params};

use crate::{
    Vault, audit,
    error::{VaultError, failed},
    row,
};

/// A handle on the items of the vault's one destination; give it to [`outbox::Outbox::open`].
#[derive(Clone, Debug)]
pub struct VaultOutbox {
    vault: Vault,
    audit: Option<(Actor, fn() -> Timestamp)>,
}

impl VaultOutbox {
    pub(crate) fn new(vault: Vault) -> Self {
        Self { vault, audit: None }
    }

    /// What is delivered or set aside is told in the audit, in the transaction that keeps it.
    #[must_use]
    pub fn told_by(self, who: Actor, clock: fn() -> Timestamp) -> Self {
        Self { audit: Some((who, clock)), ..self }
    }

    fn events(&self, items: &[Item]) -> Vec<AuditEvent> {
        let Some((who, clock)) = &self.audit else { return Vec::new() };
        let event = |item: &Item| {
            let what = match item.state {
                State::Done => Act::EntryDelivered,
                State::SetAside { .. } => Act::EntrySetAside,
                State::Pending | State::InFlight { .. } | State::Retry { .. } => return None,
            };
            let event = AuditEvent::new(clock(), who.clone(), what);
            Some(event.about(Subject::Encounter(item.encounter)).about(Subject::Entry(item.id)))
        };
        items.iter().filter_map(event).collect()
    }
}

impl Store for VaultOutbox {
    type Error = VaultError;

    fn unfinished(&self, after: Option<i64>, limit: usize) -> Result<Vec<Item>, VaultError> {
        // Indexed by what is unfinished: a year of what is done must not be walked for each sending.
        let sql = "SELECT e.id, e.encounter, o.position, e.kind = 'opened', o.attempts,
            o.state, o.at, o.reason
            FROM outbox AS o INDEXED BY outbox_unfinished
            CROSS JOIN entries AS e ON e.position = o.position
            WHERE o.destination = ?1 AND o.state <> 'done' AND o.position > ?2
            ORDER BY o.position LIMIT ?3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        // Positions begin with 1.
        let values = params![self.vault.destination(), after.unwrap_or(0), limit];
        self.vault.list(sql, values, read_item).map_err(failed("read the outbox"))
    }

    fn update(&self, items: &[Item]) -> Result<(), VaultError> {
        let failed = failed("update the outbox");
        self.vault.with(|connection| {
            let tx = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(&failed)?;
            for item in items {
                if !update(&tx, self.vault.destination(), item).map_err(&failed)? {
                    return Err(VaultError::NoSuchItem(item.id));
                }
            }
            audit::append(&tx, &self.events(items)).map_err(&failed)?;
            tx.commit().map_err(&failed)
        })
    }
}

/// `false`: there is no such item.
fn update(tx: &Transaction<'_>, destination: &str, item: &Item) -> rusqlite::Result<bool> {
    let (state, at, reason) = row::state(&item.state);
    let changed = tx
        .prepare_cached(
            "UPDATE outbox SET state = ?3, at = ?4, reason = ?5, attempts = ?6
             WHERE destination = ?1 AND position = (SELECT position FROM entries WHERE id = ?2)",
        )?
        .execute(params![destination, row::id(item.id), state, at, reason, item.attempts])?;
    Ok(changed == 1)
}

fn read_item(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        id: row::read_id(row, 0)?,
        encounter: row::read_encounter(row, 1)?,
        position: row.get(2)?,
        opens: row.get(3)?,
        attempts: row.get(4)?,
        state: row::read_state(row, 5)?,
    })
}
