//! A hub that holds the head of a cart's audit sees whatever is done to what came before it.

use clinical::{Act, SignedHead};
use tempfile::TempDir;
use vault::{Anchoring, CartVault, Contradiction, EnrolledCart, HubVault, Links};

use crate::{
    audit::{intruder, row, verify, with_rows},
    common::{NOW, event, hub_vault},
};

const CART: &str = "cart-7";

struct Anchored {
    folder: TempDir,
    cart: CartVault,
    _hub_folder: TempDir,
    hub: HubVault,
}

impl Anchored {
    /// A cart of ten rows, of which the hub holds the head of the sixth.
    fn new() -> Self {
        let (folder, cart) = with_rows(6);
        let (_hub_folder, hub) = hub_vault();
        let world = Self { folder, cart, _hub_folder, hub };
        world.cart.audit().sign().unwrap();
        let links = world.links(0);
        assert_eq!(world.extend(&links), Anchoring::Holds(Some(links.head.head)));
        assert!(world.cart.audit().anchored(links.head.head).unwrap());
        world.cart.audit().note(&(7..=10).map(row).collect::<Vec<_>>()).unwrap();
        world
    }

    fn links(&self, since: i64) -> Links {
        self.cart.audit().links(since, 1_000).unwrap().unwrap()
    }

    fn extend(&self, Links { since, links, head }: &Links) -> Anchoring {
        self.hub.anchor(CART, head, *since, links, NOW).unwrap()
    }

    fn announce(&self, head: &SignedHead) -> Anchoring {
        self.hub.anchor(CART, head, head.head.position, &[], NOW).unwrap()
    }

    fn held(&self) -> i64 {
        self.hub.anchors().unwrap()[0].head.position
    }

    fn contradictions(&self) -> usize {
        let rows = self.hub.audit().rows(0, 100).unwrap();
        rows.iter().filter(|row| row.event.what == Act::AuditContradicted).count()
    }
}

#[test]
fn a_chain_that_goes_on_is_anchored_step_by_step() {
    let world = Anchored::new();
    let newest = world.cart.audit().sign().unwrap().unwrap();
    let Anchoring::Holds(Some(held)) = world.announce(&newest) else { panic!("it goes on") };
    assert_eq!(held.position, 6, "without the links between them it is not taken over");
    let step = world.cart.audit().links(6, 3).unwrap().unwrap();
    assert_eq!(world.extend(&step), Anchoring::Holds(Some(step.head.head)));
    // Sent to a hub that has heard a newer one, and sent twice.
    assert_eq!(world.extend(&step), Anchoring::Holds(Some(step.head.head)));
    assert_eq!(world.held(), 9);
    world.extend(&world.links(9));
    assert_eq!(world.announce(&newest), Anchoring::Holds(Some(newest.head)));
    assert_eq!(world.cart.audit().links(10, 9).unwrap(), None);
    assert_eq!(world.contradictions(), 0);
    let report = verify(&world.cart);
    assert!(report.is_whole() && report.anchored.unwrap().contained, "{report:?}");
}

/// Whoever has the cart's keys can make a chain that holds together and is signed.
fn rewritten(since: i64, rows: i64) -> Anchored {
    let world = Anchored::new();
    let raw = intruder(world.folder.path());
    raw.execute("DELETE FROM audit WHERE position >= ?1", [since]).unwrap();
    let others: Vec<_> = (since..=rows).map(|number| row(number + 100)).collect();
    world.cart.audit().note(&others).unwrap();
    world.cart.audit().sign().unwrap();
    world
}

#[test]
fn a_chain_that_was_written_anew_is_found_by_the_cart_and_by_the_hub() {
    for since in 1..=6 {
        let world = rewritten(since, 12);
        let report = verify(&world.cart);
        assert!(report.broken.is_none() && report.signed.unwrap().holds(), "it looks right");
        assert!(!report.anchored.unwrap().contained, "rewritten from {since}");
        assert_eq!(world.extend(&world.links(6)), Anchoring::Contradicts(Contradiction::Differs));
        assert_eq!((world.held(), world.contradictions()), (6, 1), "what is held stays");
    }
}

#[test]
fn rows_that_were_cut_off_are_missed_by_the_hub_even_if_the_cart_forgets_its_heads() {
    for left in 1..6 {
        let world = Anchored::new();
        let raw = intruder(world.folder.path());
        raw.execute("DELETE FROM audit WHERE position > ?1", [left]).unwrap();
        raw.execute("DELETE FROM audit_heads", []).unwrap();
        assert!(verify(&world.cart).is_whole(), "nothing on the cart tells it any more");
        let head = world.cart.audit().sign().unwrap().unwrap();
        assert_eq!(world.announce(&head), Anchoring::Contradicts(Contradiction::WentBack));
        let held = world.hub.anchors().unwrap().remove(0).head;
        assert!(!world.cart.audit().verify(Some(held)).unwrap().is_whole(), "asked for by hand");
        assert!(!world.cart.audit().anchored(held).unwrap(), "nor does the cart believe it");
    }
}

#[test]
fn a_head_with_another_key_a_wrong_signature_or_wrong_links_is_refused() {
    let world = Anchored::new();
    let (_folder, stranger) = with_rows(6);
    let forged = stranger.audit().sign().unwrap().unwrap();
    assert_eq!(world.announce(&forged), Anchoring::Contradicts(Contradiction::OtherKey));
    let good = world.links(6);
    let mut moved = good.clone();
    moved.head.head.position = 400;
    assert_eq!(world.extend(&moved), Anchoring::Contradicts(Contradiction::Signature));
    for at in 0..good.links.len() {
        let mut wrong = good.clone();
        wrong.links[at].0[7] ^= 1;
        assert_eq!(world.extend(&wrong), Anchoring::Contradicts(Contradiction::Differs));
        let mut short = good.clone();
        short.links.remove(at);
        assert_eq!(world.extend(&short), Anchoring::Contradicts(Contradiction::Differs));
    }
    assert_eq!(world.held(), 6);
    assert!(world.hub.anchors().unwrap()[0].signature_is_right);
    assert_eq!(world.extend(&good), Anchoring::Holds(Some(good.head.head)), "the right one still");
}

#[test]
fn a_cart_that_is_enrolled_anew_begins_a_new_chain() {
    let world = Anchored::new();
    let cart = EnrolledCart { name: CART.into(), public_key: [1; 32], enrolled_at: NOW };
    world.hub.enrol_cart(&cart, &event(Act::CartEnrolled)).unwrap();
    assert_eq!(world.hub.anchors().unwrap(), []);
    let (_folder, fresh) = with_rows(2);
    let head = fresh.audit().sign().unwrap().unwrap();
    assert_eq!(world.announce(&head), Anchoring::Holds(None));
    let links = fresh.audit().links(0, 9).unwrap().unwrap();
    assert_eq!(world.extend(&links), Anchoring::Holds(Some(head.head)));
}
