//! The newest head of every cart's audit, and whether what a cart tells goes on from it.
//!
//! A hub that holds the head of position n knows when rows up to n were cut off or written anew, whoever
//! has the cart's keys: the links between its head and the new one would have to make the same hash.

use clinical::{Act, Actor, AuditEvent, ChainHead, Hex, SignedHead, Subject, Timestamp};
use rusqlite::TransactionBehavior;

use super::HubVault;
use crate::{
    audit::{
        append,
        heads::{self, Chain},
        link::{self, START},
    },
    error::{VaultError, failed},
};

/// What became of a head that a cart told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchoring {
    /// This is the newest head that the hub holds, be it the told one or not. `None`: none yet.
    Holds(Option<ChainHead>),
    /// What the hub holds stays, and a row of the hub's own audit says so.
    Contradicts(Contradiction),
}

/// The newest head that the hub holds of a cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub cart: String,
    pub head: ChainHead,
    pub signature_is_right: bool,
}

/// Why a cart's chain is not a continuation of what the hub holds of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    #[error("its signature is wrong")]
    Signature,
    #[error("it is signed by another key than before")]
    OtherKey,
    #[error("it has fewer rows than before")]
    WentBack,
    #[error("rows that were there before are others now")]
    Differs,
}

impl HubVault {
    /// Takes a head, if `links` lead to it from row `since` on, which has to be the one of the head that
    /// the hub holds (0: none). Without links it is only compared.
    ///
    /// # Errors
    /// The vault cannot be written; nothing was changed.
    pub fn anchor(
        &self,
        cart: &str,
        told: &SignedHead,
        since: i64,
        links: &[Hex<32>],
        now: Timestamp,
    ) -> Result<Anchoring, VaultError> {
        let work = |connection: &mut rusqlite::Connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let held = heads::get(&tx, &Chain::Of(cart))?;
            let verdict = match judge(held.as_ref(), told, since, links) {
                Ok(true) => {
                    heads::put(&tx, &Chain::Of(cart), told)?;
                    Anchoring::Holds(Some(told.head))
                }
                Ok(false) => Anchoring::Holds(held.map(|held| held.head)),
                Err(why) => {
                    append(&tx, &[contradicted(cart, told.head, now)])?;
                    Anchoring::Contradicts(why)
                }
            };
            tx.commit()?;
            Ok(verdict)
        };
        self.with(work).map_err(failed("anchor the audit of a cart"))
    }

    /// Of every cart that told one, by the name of the cart.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn anchors(&self) -> Result<Vec<Anchor>, VaultError> {
        let held = self
            .with(|connection| heads::of_carts(connection))
            .map_err(failed("read the anchors of the carts"))?;
        let anchor = |(cart, signed): (String, SignedHead)| {
            let signature_is_right = heads::is_right(&signed);
            Anchor { cart, head: signed.head, signature_is_right }
        };
        Ok(held.into_iter().map(anchor).collect())
    }
}

fn contradicted(cart: &str, told: ChainHead, now: Timestamp) -> AuditEvent {
    AuditEvent::new(now, Actor::hub(), Act::AuditContradicted)
        .about(Subject::Cart(cart.to_owned()))
        .about(Subject::Row(told.position))
}

/// Whether the told head takes the place of the one held.
fn judge(
    held: Option<&SignedHead>,
    told: &SignedHead,
    since: i64,
    links: &[Hex<32>],
) -> Result<bool, Contradiction> {
    if !heads::is_right(told) {
        return Err(Contradiction::Signature);
    }
    if held.is_some_and(|held| held.public_key != told.public_key) {
        return Err(Contradiction::OtherKey);
    }
    let (position, hash) = held.map_or((0, START), |held| (held.head.position, held.head.hash));
    let told = told.head;
    if told.position == position && told.hash != hash {
        return Err(Contradiction::Differs);
    }
    if links.is_empty() {
        return if told.position < position { Err(Contradiction::WentBack) } else { Ok(false) };
    }
    // Told to a hub that has heard another one meanwhile: it is answered with what the hub holds.
    if since != position {
        return Ok(false);
    }
    let leads_to = links.iter().fold(hash, |hash, link| link::next(hash, *link));
    let length = i64::try_from(links.len()).unwrap_or(i64::MAX);
    if since.saturating_add(length) != told.position || leads_to != told.hash {
        return Err(Contradiction::Differs);
    }
    Ok(true)
}
