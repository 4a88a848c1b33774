//! What every [`Store`] is checked for, whoever writes it. Panics with the promise that was broken.

use clinical::{EncounterId, EntryId};

use crate::{Item, Look, Moment, Next, Outbox, Outcome, Repeat, State, Store};

const SETTLE_MS: u32 = 120_000;
const LOOK: Repeat = Repeat::AfterLook { settle_ms: SETTLE_MS };
const NOW: Moment = Moment::from_millis(86_400_000);

/// `make_store` gives a new store that holds exactly these items. They are pending, never sent, in
/// rising position, and each encounter begins with the one that opens it. A store that counts
/// positions by itself may give others, as long as they rise alike.
pub fn check<S: Store + Clone>(make_store: impl Fn(&[Item]) -> S) {
    an_empty_store_has_nothing_to_send(&make_store(&[]));
    what_was_committed_comes_back_in_order(&make_store(&items(7)));
    pages_join_without_gap_or_repeat(&make_store(&items(7)));
    every_state_is_kept_exactly(&claimed(make_store(&items(9))));
    an_update_with_an_unknown_item_changes_nothing(&mut claimed(make_store(&items(2))));
    who_claims_it_last_is_the_only_one_to_change_it(make_store(&items(2)));
    a_new_sender_takes_over_what_was_in_flight(make_store(&items(2)));
    what_must_not_be_sent_again_is_only_looked_for_until_a_look_succeeds(make_store(&items(1)));
    an_outbox_drains_in_order(make_store(&items(7)));
}

fn an_empty_store_has_nothing_to_send<S: Store>(store: &S) {
    assert_eq!(unfinished(store), [], "an empty store has no items");
}

fn what_was_committed_comes_back_in_order<S: Store>(store: &S) {
    let found = unfinished(store);
    assert_eq!(found.len(), 7, "everything that was committed is there");
    assert!(found.is_sorted_by(|a, b| a.position < b.position), "positions rise");
    for (found, given) in found.iter().zip(items(7)) {
        let expected = Item { position: found.position, ..given };
        assert_eq!(*found, expected, "an item comes back as it was committed");
    }
}

fn pages_join_without_gap_or_repeat<S: Store>(store: &S) {
    let (mut joined, mut last) = (Vec::new(), None);
    loop {
        let page = store.unfinished(last, 3).expect("reads");
        assert!(page.len() <= 3, "a page is never longer than asked for");
        let Some(item) = page.last() else { break };
        last = Some(item.position);
        joined.extend(page);
    }
    assert_eq!(joined, unfinished(store), "pages join to the whole");
}

fn every_state_is_kept_exactly<S: Store>(store: &S) {
    let states = [
        State::Pending,
        State::InFlight { repeat: Repeat::Harmless },
        State::InFlight { repeat: LOOK },
        State::Retry { not_before: NOW.plus_millis(300_000) },
        State::Unsettled { look_at: NOW, repeat: Repeat::Never { settle_ms: u32::MAX } },
        State::Held { not_before: NOW, reason: "the EHR does not know us".into() },
        State::SetAside { reason: "the resource has no subject: “Patient/…”".into() },
        State::Unknown { reason: "no answer".into() },
        State::Done,
    ];
    for (item, state) in unfinished(store).into_iter().zip(states) {
        let changed = Item { state, attempts: u32::MAX, ..item };
        store.update(std::slice::from_ref(&changed)).expect("updates");
        let found = unfinished(store).into_iter().find(|item| item.id == changed.id);
        let expected = (changed.state != State::Done).then_some(changed);
        assert_eq!(found, expected, "a state comes back as it was stored, unless it is done");
    }
}

fn an_update_with_an_unknown_item_changes_nothing<S: Store>(store: &mut S) {
    let before = unfinished(store);
    let mut changed = before.clone();
    changed.iter_mut().for_each(|item| item.state = State::Done);
    changed.push(Item { id: id(99), ..before[0].clone() });
    assert!(store.update(&changed).is_err(), "an unknown item is an error");
    assert_eq!(unfinished(store), before, "a failed update changes nothing");
}

fn who_claims_it_last_is_the_only_one_to_change_it<S: Store + Clone>(mut first: S) {
    let mut second = first.clone();
    first.claim().expect("claims");
    second.claim().expect("claims");
    let item = Item { state: State::Done, ..unfinished(&first)[0].clone() };
    let before = unfinished(&first);
    assert!(first.update(std::slice::from_ref(&item)).is_err(), "the first lost its claim");
    assert_eq!(unfinished(&first), before, "a failed update changes nothing");
    second.update(&[item]).expect("the second has the claim");
    first.claim().expect("claims");
    let gone = second.update(&unfinished(&second)).is_err();
    assert!(gone, "a claim can be taken back");
}

fn a_new_sender_takes_over_what_was_in_flight<S: Store>(store: S) {
    let store = claimed(store);
    let [harmless, doubled] = &unfinished(&store)[..] else { panic!("there are two") };
    let in_flight = |item: &Item, repeat| Item {
        state: State::InFlight { repeat },
        attempts: 1,
        ..item.clone()
    };
    let both = [in_flight(harmless, Repeat::Harmless), in_flight(doubled, LOOK)];
    store.update(&both).expect("updates");
    let mut outbox = Outbox::open(store, NOW).expect("opens");
    let again = Next::Send { id: harmless.id, look: Look::First };
    assert_eq!(outbox.next(NOW).expect("reads"), again, "it is sent again");
    assert!(outbox.begin(harmless.id, Repeat::Harmless, NOW).expect("begins"), "it was named");
    let settled = NOW.plus_millis(SETTLE_MS.into());
    assert_eq!(outbox.next(NOW).expect("reads"), Next::WaitUntil(settled), "it settles first");
    let look = Next::Send { id: doubled.id, look: Look::First };
    assert_eq!(outbox.next(settled).expect("reads"), look, "it is searched for first");
}

fn what_must_not_be_sent_again_is_only_looked_for_until_a_look_succeeds<S: Store>(store: S) {
    let store = claimed(store);
    let [item] = &unfinished(&store)[..] else { panic!("there is one") };
    let (id, repeat) = (item.id, Repeat::Never { settle_ms: SETTLE_MS });
    let in_flight = Item { state: State::InFlight { repeat }, attempts: 1, ..item.clone() };
    store.update(&[in_flight]).expect("updates");
    let mut outbox = Outbox::open(store, NOW).expect("opens");
    let mut now = NOW;
    let denied = Outcome::Denied { reason: "the EHR does not know us".into() };
    for outcome in [Outcome::Later { retry_after: None }, denied] {
        now = now.plus_millis(SETTLE_MS.into());
        let look = Next::Send { id, look: Look::Only };
        assert_eq!(outbox.next(now).expect("reads"), look, "it is searched for, and not sent");
        assert!(outbox.begin(id, LOOK, now).expect("begins"), "it was named");
        let state = outbox.finish(id, outcome, now, 0.5).expect("finishes");
        let doubt = State::Unsettled { look_at: now.plus_millis(SETTLE_MS.into()), repeat };
        assert_eq!(state, Some(doubt), "who saw nothing leaves the doubt where it was");
    }
}

fn an_outbox_drains_in_order<S: Store>(store: S) {
    let expected: Vec<_> = unfinished(&store).iter().map(|item| item.id).collect();
    let mut outbox = Outbox::open(store, NOW).expect("opens");
    let mut sent = Vec::new();
    while let Next::Send { id, look } = outbox.next(NOW).expect("reads") {
        assert_eq!(look, Look::No, "it was never sent");
        assert!(outbox.begin(id, LOOK, NOW).expect("begins"), "it was named");
        assert!(!outbox.begin(id, LOOK, NOW).expect("begins"), "an item is begun once");
        sent.push(id);
        let state = outbox.finish(id, Outcome::Accepted, NOW, 0.5).expect("finishes");
        assert_eq!(state, Some(State::Done), "an accepted item is done");
        let again = outbox.finish(id, Outcome::Accepted, NOW, 0.5).expect("finishes");
        assert_eq!(again, None, "an item is finished once");
    }
    assert_eq!(sent, expected, "what is accepted at once goes in the order of commit");
}

fn claimed<S: Store>(mut store: S) -> S {
    store.claim().expect("claims");
    store
}

fn unfinished<S: Store>(store: &S) -> Vec<Item> {
    store.unfinished(None, 1_000).expect("reads")
}

/// Two encounters, interleaved; the first two items open them.
fn items(count: u32) -> Vec<Item> {
    let item = |number: u32| Item {
        id: id(number),
        encounter: encounter(number % 2),
        position: i64::from(number) + 1,
        opens: number < 2,
        state: State::Pending,
        attempts: 0,
    };
    (0..count).map(item).collect()
}

fn id(number: u32) -> EntryId {
    let text = format!("0193a5e0-0000-7000-8000-{number:012x}");
    text.parse().expect("hexadecimal digits of fixed width are an id")
}

fn encounter(number: u32) -> EncounterId {
    let text = format!("0193a5e0-ffff-7000-8000-{number:012x}");
    text.parse().expect("hexadecimal digits of fixed width are an id")
}
