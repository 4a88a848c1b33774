//! Which item may go now: first in, first out within an encounter, encounters side by side.

use std::collections::HashSet;

use clinical::{EncounterId, EntryId};

use crate::{Item, Moment, Repeat, State, step::due_at};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// To be begun ([`crate::Outbox::begin`]), and then looked for, sent, or both.
    Send { id: EntryId, look: Look },
    /// Nothing is due before this moment.
    WaitUntil(Moment),
    /// Nothing waits: all is done, in flight, set aside, unknown or held behind such.
    Idle,
}

/// Several at once: what may be begun now, the oldest first, each of an encounter of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub send: Vec<(EntryId, Look)>,
    /// When something more will be due, where that is known.
    pub wake: Option<Moment>,
}

/// Whether the destination is searched for the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It was never sent.
    No,
    /// It may be there, all or in part: what is found is not sent again.
    First,
    /// It may be there, and is not sent again whatever is found.
    Only,
}

/// Walks everything that is not done by rising position, in as many pieces as the store hands out.
///
/// Items in flight are being sent by somebody: their encounters wait for them, the others go on.
pub(crate) struct Scan {
    now: Moment,
    /// Encounters in which something earlier has to be done first.
    held: HashSet<EncounterId>,
    wake: Option<Moment>,
}

impl Scan {
    pub fn new(now: Moment) -> Self {
        Self { now, held: HashSet::new(), wake: None }
    }

    pub fn may_go(&mut self, item: &Item) -> bool {
        if self.held.contains(&item.encounter) {
            return false;
        }
        match &item.state {
            State::Done => return false,
            // Later items do not need it, unless it says whose they are.
            State::SetAside { .. } | State::Unknown { .. } if !item.opens => return false,
            State::SetAside { .. }
            | State::Unknown { .. }
            | State::InFlight { .. }
            | State::Pending
            | State::Retry { .. }
            | State::Unsettled { .. }
            | State::Held { .. } => {}
        }
        self.held.insert(item.encounter);
        due_at(&item.state).is_some_and(|at| self.is_due(at))
    }

    /// The earliest moment at which something that had to wait will be due.
    pub fn wake(&self) -> Option<Moment> {
        self.wake
    }

    fn is_due(&mut self, at: Moment) -> bool {
        if at <= self.now {
            return true;
        }
        self.wake = Some(self.wake.map_or(at, |wake| wake.min(at)));
        false
    }
}

pub(crate) fn look(item: &Item) -> Look {
    match &item.state {
        State::Unsettled { repeat: Repeat::Never { .. }, .. } => Look::Only,
        // Some of it may be there, although the last attempt left nothing behind.
        _ if item.attempts > 0 => Look::First,
        _ => Look::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment::from_millis(86_400_000);
    const LATER: Moment = NOW.plus_millis(5_000);
    const SETTLE: Repeat = Repeat::AfterLook { settle_ms: 120_000 };
    const NEVER: Repeat = Repeat::Never { settle_ms: 120_000 };

    /// One letter per item: its encounter; a capital opens it.
    /// Then its state: `p`ending, in `f`light, `r`etry in 5 s, unse`t`tled or to be `l`ooked for only in
    /// 5 s, `h`eld for 5 s, `s`et aside, `u`nknown, `d`one.
    fn items(words: &str) -> Vec<Item> {
        let item = |(position, word): (usize, &str)| {
            let (letter, state) = (word.as_bytes()[0], word.as_bytes()[1]);
            Item {
                id: id(position),
                encounter: uuid(letter.to_ascii_lowercase().into()).parse().unwrap(),
                position: position as i64,
                opens: letter.is_ascii_uppercase(),
                state: match state {
                    b'p' => State::Pending,
                    b'f' => State::InFlight { repeat: SETTLE },
                    b'r' => State::Retry { not_before: LATER },
                    b't' => State::Unsettled { look_at: LATER, repeat: SETTLE },
                    b'l' => State::Unsettled { look_at: LATER, repeat: NEVER },
                    b'h' => State::Held { not_before: LATER, reason: "denied".into() },
                    b'u' => State::Unknown { reason: "no answer".into() },
                    b's' => State::SetAside { reason: "refused".into() },
                    b'd' => State::Done,
                    other => panic!("no state {other}"),
                },
                attempts: u32::from(matches!(state, b'r' | b't' | b'l' | b'h')),
            }
        };
        words.split_whitespace().enumerate().map(item).collect()
    }

    fn next(items: &[Item], now: Moment) -> Next {
        let mut scan = Scan::new(now);
        let due = items.iter().find(|item| scan.may_go(item));
        due.map_or_else(
            || scan.wake().map_or(Next::Idle, Next::WaitUntil),
            |item| Next::Send { id: item.id, look: look(item) },
        )
    }

    fn send(number: usize) -> Next {
        Next::Send { id: id(number), look: Look::No }
    }

    fn id(number: usize) -> EntryId {
        uuid(number).parse().unwrap()
    }

    fn uuid(number: usize) -> String {
        format!("0193a5e0-0000-7000-8000-{number:012x}")
    }

    fn check(words: &str, expected: Next) {
        assert_eq!(next(&items(words), NOW), expected, "{words}");
    }

    #[test]
    fn the_oldest_item_goes_first() {
        check("Ap ap Bp", send(0));
        check("Ad ap ap", send(1));
        check("", Next::Idle);
    }

    #[test]
    fn an_encounter_waits_for_its_item_in_flight_and_others_do_not() {
        check("Ad af ap", Next::Idle);
        check("Ad af ap Bp", send(3));
    }

    #[test]
    fn an_encounter_waits_for_its_item_that_is_tried_again() {
        check("Ad ar ap", Next::WaitUntil(LATER));
        check("Ad ar ap Bp", send(3));
    }

    #[test]
    fn a_refused_note_holds_back_no_vital_sign() {
        check("Ad as ap", send(2));
    }

    #[test]
    fn a_refused_opening_holds_back_its_encounter_only() {
        check("As ap ap", Next::Idle);
        check("As ap Bd bp", send(3));
    }

    #[test]
    fn an_item_waits_until_it_is_due_and_no_longer() {
        let items = items("Ar");
        assert_eq!(next(&items, NOW.plus_millis(4_999)), Next::WaitUntil(LATER));
        let first = Next::Send { id: id(0), look: Look::First };
        assert_eq!(next(&items, LATER), first);
    }

    #[test]
    fn what_may_be_there_holds_back_its_encounter_until_it_was_looked_for() {
        check("Ad at ap", Next::WaitUntil(LATER));
        let look = |words, look| {
            assert_eq!(next(&items(words), LATER), Next::Send { id: id(1), look }, "{words}");
        };
        look("Ad at ap", Look::First);
        look("Ad al ap", Look::Only);
        look("Ad ar ap", Look::First);
        look("Ad ah ap", Look::First);
        look("Ad ap ap", Look::No);
    }

    #[test]
    fn what_nobody_can_prove_holds_back_nothing_but_an_opening_does() {
        check("Ad au ap", send(2));
        check("Au ap", Next::Idle);
    }

    #[test]
    fn who_is_refused_waits_and_holds_back_its_own_encounter() {
        check("Ah ap Bp", send(2));
        check("Ah ap", Next::WaitUntil(LATER));
    }
}
