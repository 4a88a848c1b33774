//! The record part of a vault, and what can be asked of it.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use cart_api::SyncStage;
use clinical::{AuditEvent, EncounterId, EntryId};
use hub_api::Delivery;
use outbox::State;
use rusqlite::{Connection, OptionalExtension as _, Params, TransactionBehavior, params};

use crate::{
    SealedEntry, VaultOutbox, audit,
    ballast::Ballast,
    error::{VaultError, failed},
    row::{self, Onward, STATE_COLUMNS},
    schema::Role,
};

/// What a cart's and a hub's vault share. Clones are the same vault.
#[derive(Clone)]
pub struct Vault {
    connection: Arc<Mutex<Connection>>,
    role: Role,
    ballast: Arc<Ballast>,
}

/// An entry as it is kept, and how far it has come.
#[derive(Clone, Debug)]
pub struct StoredEntry {
    /// Rises in the order of commit, over all encounters.
    pub position: i64,
    pub sealed: SealedEntry,
    pub outbox: State,
    pub(crate) onward: Onward,
}

impl StoredEntry {
    /// How far it has come, as a cart shows it.
    pub fn stage(&self) -> SyncStage {
        match (self.onward, &self.outbox) {
            (Onward::InEhr, _) => SyncStage::InEhr,
            (Onward::SetAside, _)
            | (Onward::Nothing, State::SetAside { .. } | State::Unknown { .. }) => {
                SyncStage::SetAside
            }
            (Onward::Nothing, State::Done) => SyncStage::Sent,
            (
                Onward::Nothing,
                State::Pending
                | State::InFlight { .. }
                | State::Retry { .. }
                | State::Unsettled { .. }
                | State::Held { .. },
            ) => SyncStage::OnCart,
        }
    }

    /// How far it has come, as a hub tells it.
    pub fn delivery(&self) -> Delivery {
        delivery(&self.outbox)
    }
}

/// What a hub says of an entry by the state of its delivery to the EHR.
pub(crate) fn delivery(outbox: &State) -> Delivery {
    match outbox {
        State::Done => Delivery::InEhr,
        State::SetAside { .. } => Delivery::SetAside,
        State::Unknown { .. } => Delivery::Unknown,
        State::Pending
        | State::InFlight { .. }
        | State::Retry { .. }
        | State::Unsettled { .. }
        | State::Held { .. } => Delivery::AtHub,
    }
}

impl Vault {
    pub(crate) fn new(connection: Connection, role: Role, ballast: Ballast) -> Self {
        Self { connection: Arc::new(Mutex::new(connection)), role, ballast: Arc::new(ballast) }
    }

    /// What waits to be sent on: to the hub from a cart, to the EHR from a hub.
    pub fn outbox(&self) -> VaultOutbox {
        VaultOutbox::new(self.clone())
    }

    /// # Errors
    /// The vault cannot be read.
    pub fn entry(&self, id: EntryId) -> Result<Option<StoredEntry>, VaultError> {
        let found = self.entries_where("e.id = ?2", params![self.destination(), row::id(id)])?;
        Ok(found.into_iter().next())
    }

    /// In the order of commit; the first is the opening.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn entries_of(&self, encounter: EncounterId) -> Result<Vec<StoredEntry>, VaultError> {
        let encounter = row::encounter(encounter);
        self.entries_where("e.encounter = ?2", params![self.destination(), encounter])
    }

    /// Whose encounter it is. `None`: nothing of it was committed here.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn opening_of(&self, encounter: EncounterId) -> Result<Option<StoredEntry>, VaultError> {
        let encounter = row::encounter(encounter);
        let filter = "e.encounter = ?2 AND e.kind = 'opened'";
        let found = self.entries_where(filter, params![self.destination(), encounter])?;
        Ok(found.into_iter().next())
    }

    /// The encounter that was opened last, whether it is closed or not.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn latest_encounter(&self) -> Result<Option<EncounterId>, VaultError> {
        let sql =
            "SELECT encounter FROM entries WHERE kind = 'opened' ORDER BY position DESC LIMIT 1";
        self.with(|connection| {
            connection
                .prepare_cached(sql)?
                .query_row([], |row| row::read_encounter(row, 0))
                .optional()
        })
        .map_err(failed("find the latest encounter"))
    }

    fn entries_where(
        &self,
        filter: &str,
        values: impl Params,
    ) -> Result<Vec<StoredEntry>, VaultError> {
        let sql = format!(
            "SELECT e.position, {STATE_COLUMNS}, o.onward, e.sha256, e.body
             FROM entries AS e JOIN outbox AS o ON o.position = e.position AND o.destination = ?1
             WHERE {filter} ORDER BY e.position"
        );
        let rows = self.list(&sql, values, row::read_entry).map_err(failed("read entries"))?;
        rows.into_iter().map(row::RawEntry::parse).collect()
    }

    pub(crate) fn role(&self) -> Role {
        self.role
    }

    pub(crate) fn ballast(&self) -> &Ballast {
        &self.ballast
    }

    pub(crate) fn destination(&self) -> &'static str {
        self.role.destination()
    }

    pub(crate) fn list<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        self.with(|connection| connection.prepare_cached(sql)?.query_map(values, read)?.collect())
    }

    /// One statement that writes. Returns how many rows it changed.
    pub(crate) fn execute(
        &self,
        sql: &str,
        values: impl Params + Clone,
    ) -> rusqlite::Result<usize> {
        self.with_ballast(|connection| connection.prepare_cached(sql)?.execute(values.clone()))
    }

    /// One statement that writes, and the rows of the audit that tell of it: both or neither. Where it
    /// changed nothing, nothing is told.
    pub(crate) fn execute_told(
        &self,
        sql: &str,
        values: impl Params + Clone,
        events: &[AuditEvent],
    ) -> rusqlite::Result<usize> {
        self.with_ballast(|connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let changed = tx.prepare_cached(sql)?.execute(values.clone())?;
            if changed > 0 {
                audit::append(&tx, events)?;
            }
            tx.commit()?;
            Ok(changed)
        })
    }

    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Connection) -> T) -> T {
        // A panic in `work` has rolled its transaction back while it unwound.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut connection)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({:?})", self.role)
    }
}
