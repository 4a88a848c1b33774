//! What the live part writes into the audit, and the heads that carts anchor here.

use call::desk::{CartName, PhysicianName};
use clinical::{Act, Actor, AuditEvent, CallId, Hex, SignedHead, Subject};
use hub_api::{CallEnd, HubToCart};
use vault::Anchoring;

use super::Switchboard;
use crate::clock;

/// For the log of the cart, whose technician can look further.
const CONTRADICTED: &str =
    "The audit of this cart is not a continuation of what the hub holds. Run: cartctl audit verify";

impl Switchboard {
    /// `false`: it could not be written.
    pub(super) async fn note(&self, who: Actor, what: Act, about: Vec<Subject>) -> bool {
        let event = AuditEvent { at: clock::now(), who, what, about };
        let noted = self.ask(move |vault| vault.audit().note(&[event])).await;
        noted
            .inspect_err(|error| {
                let error = error as &dyn std::error::Error;
                tracing::error!(error, what = what.word(), "Could not write the audit");
            })
            .is_ok()
    }

    /// A physician is about to see the patient of a call.
    pub(super) async fn note_shown(&self, physician: &PhysicianName, call: CallId) -> bool {
        let subjects = self.subjects_of(call);
        self.note(Actor::physician(&physician.0), Act::ConsultShown, subjects).await
    }

    pub(super) fn answered(&self, physician: &PhysicianName, call: CallId) -> AuditEvent {
        let who = Actor::physician(&physician.0);
        let about = self.subjects_of(call);
        AuditEvent { at: clock::now(), who, what: Act::CallAnswered, about }
    }

    pub(super) fn ended(
        &self,
        call: CallId,
        cart: &CartName,
        physician: Option<&PhysicianName>,
        why: CallEnd,
    ) -> AuditEvent {
        let who = match (why, physician) {
            // Which nurse it was stands in the audit of the cart.
            (CallEnd::Nurse, _) => Actor::cart(&cart.0),
            (CallEnd::Physician, Some(physician)) => Actor::physician(&physician.0),
            (CallEnd::Physician, None)
            | (CallEnd::Unanswered | CallEnd::Declined | CallEnd::CartLost, _) => Actor::hub(),
        };
        let about = vec![Subject::Call(call), Subject::Cart(cart.0.clone())];
        AuditEvent { at: clock::now(), who, what: Act::CallEnded, about }
    }

    fn subjects_of(&self, call: CallId) -> Vec<Subject> {
        let origin = self.desk.origin(call);
        let encounter = origin.map(|(_, encounter)| Subject::Encounter(encounter));
        [Subject::Call(call)].into_iter().chain(encounter).collect()
    }

    /// After a contradiction the cart gets no answer, so that it tells no more heads on this connection: one
    /// row for each connection, and not one a minute.
    pub(super) async fn anchor(
        &mut self,
        cart: CartName,
        head: SignedHead,
        since: i64,
        links: Vec<Hex<32>>,
    ) {
        let (name, now) = (cart.0.clone(), clock::now());
        match self.ask(move |vault| vault.anchor(&name, &head, since, &links, now)).await {
            Ok(Anchoring::Holds(head)) => {
                self.tell_cart(&cart, &HubToCart::AuditAnchored { head });
            }
            Ok(Anchoring::Contradicts(why)) => {
                let position = head.head.position;
                tracing::error!(cart = cart.0, %why, position, "THE AUDIT OF A CART IS NOT WHOLE");
                self.refuse_cart(&cart, CONTRADICTED);
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, cart = cart.0, "Could not anchor the audit of a cart");
            }
        }
    }
}
