//! The outbox items of a vault, as the rules of `outbox` want them kept.

use clinical::{Act, Actor, AuditEvent, EntryId, Subject, Timestamp};
use outbox::{Decision, Event, Item, Moment, State, Store, step};
use rusqlite::{OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use crate::{
    Alongside, Vault, audit,
    error::{VaultError, failed},
    row,
};

/// A handle on the items of the vault's one destination; give it to [`outbox::Outbox::open`].
#[derive(Clone, Debug)]
pub struct VaultOutbox {
    vault: Vault,
    /// `None`: it never claimed the items, and may not change them.
    claim: Option<i64>,
    audit: Option<(Actor, fn() -> Timestamp)>,
    alongside: Alongside,
}

impl VaultOutbox {
    pub(crate) fn new(vault: Vault) -> Self {
        Self { vault, claim: None, audit: None, alongside: Alongside::default() }
    }

    pub(crate) fn alongside(self, alongside: Alongside) -> Self {
        Self { alongside, ..self }
    }

    /// What is delivered, set aside or not provable is told in the audit, in the transaction that keeps it.
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
                State::Unknown { .. } => Act::EntryUnproven,
                State::Pending
                | State::InFlight { .. }
                | State::Retry { .. }
                | State::Unsettled { .. }
                | State::Held { .. } => return None,
            };
            let event = AuditEvent::new(clock(), who.clone(), what);
            Some(event.about(Subject::Encounter(item.encounter)).about(Subject::Entry(item.id)))
        };
        items.iter().filter_map(event).collect()
    }
}

impl Store for VaultOutbox {
    type Error = VaultError;

    fn claim(&mut self) -> Result<(), VaultError> {
        let sql = "INSERT INTO senders (destination, claim) VALUES (?1, 1)
            ON CONFLICT (destination) DO UPDATE SET claim = claim + 1 RETURNING claim";
        let destination = self.vault.destination();
        let claimed = self.vault.with_ballast(|connection| {
            // By itself the statement would be committed after its row was read, and nobody would hear
            // that the disk is full.
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let claim = tx.prepare_cached(sql)?.query_row([destination], |row| row.get(0))?;
            tx.commit()?;
            Ok::<i64, rusqlite::Error>(claim)
        });
        self.claim = Some(claimed.map_err(failed("take over the outbox"))?);
        Ok(())
    }

    fn unfinished(&self, after: Option<i64>, limit: usize) -> Result<Vec<Item>, VaultError> {
        // Indexed by what is unfinished: a year of what is done must not be walked for each sending.
        let sql = format!(
            "SELECT {ITEM_COLUMNS}
            FROM outbox AS o INDEXED BY outbox_unfinished
            CROSS JOIN entries AS e ON e.position = o.position
            WHERE o.destination = ?1 AND o.state <> 'done' AND o.position > ?2
            ORDER BY o.position LIMIT ?3"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        // Positions begin with 1.
        let values = params![self.vault.destination(), after.unwrap_or(0), limit];
        self.vault.list(&sql, values, read_item).map_err(failed("read the outbox"))
    }

    fn update(&self, items: &[Item]) -> Result<(), VaultError> {
        let failed = failed("update the outbox");
        let destination = self.vault.destination();
        let mut alongside = self.alongside.waiting();
        self.vault.with_ballast(|connection| {
            let tx = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(&failed)?;
            if self.claim.is_none()
                || newest_claim(&tx, destination).map_err(&failed)? != self.claim
            {
                return Err(VaultError::TakenOver);
            }
            for item in items {
                if !update(&tx, destination, item).map_err(&failed)? {
                    return Err(VaultError::NoSuchItem(item.id));
                }
            }
            alongside.write(&tx).map_err(&failed)?;
            audit::append(&tx, &self.events(items)).map_err(&failed)?;
            tx.commit().map_err(&failed)
        })?;
        alongside.clear();
        Ok(())
    }
}

impl Vault {
    /// Carries out what a person decided of an item that the rules cannot bring further. A sender
    /// need not be stopped for it: such an item is none that it changes. `false`: it is not one
    /// that waits for a person.
    ///
    /// # Errors
    /// The vault cannot be read or written; nothing was changed.
    pub fn decide(
        &self,
        id: EntryId,
        decision: Decision,
        who: &Actor,
        at: Timestamp,
    ) -> Result<bool, VaultError> {
        let destination = self.destination();
        let sql = format!(
            "SELECT {ITEM_COLUMNS}
            FROM entries AS e JOIN outbox AS o ON o.position = e.position AND o.destination = ?1
            WHERE e.id = ?2"
        );
        self.with(|connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let item = tx
                .prepare_cached(&sql)?
                .query_row(params![destination, row::id(id)], read_item)
                .optional()?;
            // A decision is for now; it begins no wait.
            let now = Moment::from_millis(0);
            let event = Event::Decided(decision);
            let Some(decided) = item.and_then(|item| step(&item, &event, now)) else {
                return Ok(false);
            };
            update(&tx, destination, &decided)?;
            let event = AuditEvent::new(at, who.clone(), Act::EntryDecided);
            let event = event.about(Subject::Encounter(decided.encounter));
            audit::append(&tx, &[event.about(Subject::Entry(id))])?;
            tx.commit()?;
            Ok(true)
        })
        .map_err(failed("keep a decision"))
    }

    /// What the rules cannot bring further, or what is denied, oldest first, at most `limit`.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn waiting_for_a_person(&self, limit: u32) -> Result<Vec<Item>, VaultError> {
        let sql = format!(
            "SELECT {ITEM_COLUMNS}
            FROM outbox AS o INDEXED BY outbox_unfinished
            CROSS JOIN entries AS e ON e.position = o.position
            WHERE o.destination = ?1 AND o.state <> 'done'
            AND o.state IN ('set_aside', 'unknown', 'held')
            ORDER BY o.position LIMIT ?2"
        );
        self.list(&sql, params![self.destination(), limit], read_item)
            .map_err(failed("read what waits for a person"))
    }
}

/// To be read by [`read_item`]; `e` are the entries, `o` is the outbox.
const ITEM_COLUMNS: &str = "e.id, e.encounter, o.position, e.kind = 'opened', o.attempts,
    o.state, o.at, o.reason, o.repeat, o.settle_ms";

fn newest_claim(tx: &Transaction<'_>, destination: &str) -> rusqlite::Result<Option<i64>> {
    tx.prepare_cached("SELECT claim FROM senders WHERE destination = ?1")?
        .query_row([destination], |row| row.get(0))
        .optional()
}

/// `false`: there is no such item.
fn update(tx: &Transaction<'_>, destination: &str, item: &Item) -> rusqlite::Result<bool> {
    let state = row::state(&item.state);
    let changed = tx
        .prepare_cached(
            "UPDATE outbox SET state = ?3, at = ?4, reason = ?5, repeat = ?6, settle_ms = ?7, attempts = ?8
             WHERE destination = ?1 AND position = (SELECT position FROM entries WHERE id = ?2)",
        )?
        .execute(params![
            destination,
            row::id(item.id),
            state.word,
            state.at,
            state.reason,
            state.repeat,
            state.settle_ms,
            item.attempts
        ])?;
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
