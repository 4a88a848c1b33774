//! What sending to the EHR brings to light or has to fix in advance, kept in the writes that the outbox makes anyway.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use clinical::EncounterId;
use rusqlite::Transaction;

use super::{HubVault, KeptReceipt, KnownChart, charts, receipts};
use crate::VaultOutbox;

/// Kept by the next write of the outbox that [`HubVault::outbox_with`] gives: durable together with the states
/// that the write brings. One of each kind for an encounter, the last that was given.
#[derive(Clone, Debug, Default)]
pub struct Alongside(Arc<Mutex<Waiting>>);

/// At most a chart and a receipt for each encounter that something is sent of at the moment.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    charts: HashMap<EncounterId, KnownChart>,
    receipts: HashMap<EncounterId, KeptReceipt>,
}

impl Alongside {
    /// To be given before the outbox hears that the encounter's opening is in the EHR: what follows the opening
    /// is sent after the write that keeps both.
    pub fn keep_chart(&self, encounter: EncounterId, chart: KnownChart) {
        self.waiting().charts.insert(encounter, chart);
    }

    /// To be given before the outbox begins to send the encounter's end: the write that keeps both comes before
    /// the first byte leaves.
    pub fn keep_receipt(&self, encounter: EncounterId, receipt: KeptReceipt) {
        self.waiting().receipts.insert(encounter, receipt);
    }

    /// Held until the transaction that writes them is committed.
    pub(crate) fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    pub fn write(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        for (encounter, chart) in &self.charts {
            charts::insert(tx, *encounter, chart)?;
        }
        for (encounter, receipt) in &self.receipts {
            receipts::insert(tx, *encounter, receipt)?;
        }
        Ok(())
    }

    /// They are durable.
    pub fn clear(&mut self) {
        self.charts.clear();
        self.receipts.clear();
    }
}

impl HubVault {
    /// [`crate::Vault::outbox`], whose writes keep what is given to `alongside`.
    pub fn outbox_with(&self, alongside: &Alongside) -> VaultOutbox {
        self.outbox().alongside(alongside.clone())
    }
}
