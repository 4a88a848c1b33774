//! What is measured all the time at a cart, for the physician in its call, and what the physician prescribes.

use call::desk::{CartName, PhysicianName};
use clinical::{Act, Actor, CallId, EncounterId, Monitoring, Subject};
use hub_api::{HubToCart, HubToPortal, Prescription};

use super::{ConnectionId, Switchboard};

impl Switchboard {
    pub(super) fn monitored(
        &mut self,
        cart: &CartName,
        encounter: EncounterId,
        monitoring: Box<Monitoring>,
    ) {
        let message = HubToPortal::Monitoring { encounter, monitoring: monitoring.clone() };
        self.carts.set_monitoring(cart, encounter, *monitoring);
        // Told by another cart, it is not about the encounter of this call.
        let call = self.desk.call_of_cart(cart);
        let is_of_the_call = call.and_then(|call| self.desk.origin(call));
        if is_of_the_call.is_some_and(|(_, of)| of == encounter) {
            self.tell_seats(&message, |seat| seat.has_call && seat.encounter == Some(encounter));
        }
    }

    /// For a window that has just been given the call.
    pub(super) fn tell_monitoring(&mut self, seat: ConnectionId) {
        let physician = self.seats.get(seat).filter(|seat| seat.has_call);
        let call = physician.and_then(|seat| self.desk.call_of_physician(&seat.physician));
        let Some((cart, encounter)) = call.and_then(|call| self.desk.origin(call)) else { return };
        let known = self.carts.monitoring(cart, encounter).cloned();
        if let Some(monitoring) = known {
            let monitoring = Box::new(monitoring);
            self.tell_seat(seat, &HubToPortal::Monitoring { encounter, monitoring });
        }
    }

    /// Only who is in the call may, and only while the cart can be told.
    pub(super) async fn prescribe(
        &mut self,
        physician: &PhysicianName,
        call: CallId,
        what: Prescription,
    ) {
        let origin = self.desk.origin(call).map(|(cart, encounter)| (cart.clone(), encounter));
        let is_in_call = self.desk.call_of_physician(physician) == Some(call);
        let Some((cart, encounter)) = origin.filter(|_| is_in_call) else {
            return self.refuse_speaker("This is for the physician in the call.");
        };
        if matches!(&what, Prescription::Limits { limits: Some(limits) } if !limits.are_possible())
        {
            return self.refuse_speaker("These limits are not possible. Look at them again.");
        }
        if !self.carts.is_online(&cart) {
            return self.refuse_speaker("The cart is away. Try again when it is back.");
        }
        let subject = vec![Subject::Encounter(encounter)];
        if !self.note(Actor::physician(&physician.0), Act::LimitsSet, subject).await {
            return self.refuse_speaker("The hub could not keep this. Try again.");
        }
        let by = self.display_name(physician).await;
        self.tell_cart(&cart, &HubToCart::Prescribed { encounter, by, what });
    }
}
