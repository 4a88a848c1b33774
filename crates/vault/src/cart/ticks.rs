//! How far the cart's entries have come: on cart, sent, in the EHR, set aside.

use cart_api::Sync;
use clinical::EntryId;
use hub_api::Delivery;
use rusqlite::{TransactionBehavior, params};

use super::CartVault;
use crate::{
    error::{VaultError, failed},
    row::{self, Onward},
};

impl CartVault {
    /// Keeps what the hub said of these. It may name entries that this cart does not have, such as
    /// the physician's notes: those change nothing. What is in the EHR stays there: a word that
    /// says less was older on its way.
    ///
    /// # Errors
    /// The vault cannot be written; nothing was changed.
    pub fn mark_delivery(&self, entries: &[(EntryId, Delivery)]) -> Result<(), VaultError> {
        self.with_ballast(|connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for (id, delivery) in entries {
                // What stands there already costs no write.
                tx.prepare_cached(
                    "UPDATE outbox SET onward = ?2
                     WHERE destination = 'hub' AND onward NOT IN (?2, 'in_ehr')
                     AND position = (SELECT position FROM entries WHERE id = ?1)",
                )?
                .execute(params![row::id(*id), onward(*delivery).word()])?;
            }
            tx.commit()
        })
        .map_err(failed("keep what became of entries"))
    }

    /// What the EHR does not have as far as the cart knows, oldest first. With what the hub is not known
    /// to have either: it may have taken an entry whose receipt was lost with the link, passed it on,
    /// and told that nobody.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn entries_not_in_ehr(&self) -> Result<Vec<EntryId>, VaultError> {
        let sql = "SELECT e.id FROM outbox AS o INDEXED BY outbox_not_in_ehr CROSS JOIN entries AS e ON e.position = o.position
            WHERE o.destination = 'hub' AND o.onward <> 'in_ehr'
            ORDER BY o.position";
        self.list(sql, [], |row| row::read_id(row, 0)).map_err(failed("list what is to arrive"))
    }

    /// Over all encounters: what has not reached its place yet.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn sync(&self) -> Result<Sync, VaultError> {
        let sql = "SELECT
            count(*) FILTER (WHERE onward = 'nothing' AND state NOT IN ('done', 'set_aside', 'unknown')),
            count(*) FILTER (WHERE onward = 'nothing' AND state = 'done'),
            count(*) FILTER (WHERE onward = 'set_aside' OR state IN ('set_aside', 'unknown'))
            FROM outbox INDEXED BY outbox_not_in_ehr
            WHERE destination = 'hub' AND onward <> 'in_ehr'";
        self.with(|connection| {
            connection.prepare_cached(sql)?.query_row([], |row| {
                Ok(Sync { on_cart: row.get(0)?, sent: row.get(1)?, set_aside: row.get(2)? })
            })
        })
        .map_err(failed("count what has not arrived"))
    }
}

fn onward(delivery: Delivery) -> Onward {
    match delivery {
        // The nurse can do nothing about an EHR that does not answer; the physician's page says it.
        Delivery::AtHub | Delivery::Unknown => Onward::Nothing,
        Delivery::InEhr => Onward::InEhr,
        Delivery::SetAside => Onward::SetAside,
    }
}
