//! Which item may go now: first in, first out within an encounter, encounters side by side.

use std::collections::HashSet;

use clinical::{EncounterId, EntryId, Timestamp};

use crate::item::{Item, RETRY_AFTER_CAP_MS, State};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Send(EntryId),
    /// Nothing is due before this time.
    WaitUntil(Timestamp),
    /// Nothing waits: all is done, in flight, set aside or held behind such.
    Idle,
}

/// Walks everything that is not done by rising position, in as many pieces as the store hands out.
///
/// Items in flight are being sent by somebody: their encounters wait for them, the others go on.
pub(crate) struct Scan {
    now: Timestamp,
    /// Encounters in which something earlier has to be done first.
    held: HashSet<EncounterId>,
    wake: Option<Timestamp>,
}

impl Scan {
    pub fn new(now: Timestamp) -> Self {
        Self { now, held: HashSet::new(), wake: None }
    }

    pub fn may_go(&mut self, item: &Item) -> bool {
        if self.held.contains(&item.encounter) {
            return false;
        }
        let due = match &item.state {
            State::Done => return false,
            // Later items do not need it, unless it says whose they are.
            State::SetAside { .. } if !item.opens => return false,
            State::SetAside { .. } | State::InFlight { .. } => false,
            State::Pending => true,
            State::Retry { not_before } => self.is_due(*not_before),
        };
        self.held.insert(item.encounter);
        due
    }

    pub fn nothing_to_send(&self) -> Next {
        self.wake.map_or(Next::Idle, Next::WaitUntil)
    }

    fn is_due(&mut self, not_before: Timestamp) -> bool {
        let wait = not_before.millis_since(self.now);
        // No wait is given that is longer: the clock was set back since then.
        if wait <= 0 || wait > RETRY_AFTER_CAP_MS {
            return true;
        }
        self.wake = Some(self.wake.map_or(not_before, |wake| wake.min(not_before)));
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_333_320_000);

    /// One letter per item: its encounter; a capital opens it.
    /// Then its state: `p`ending, in `f`light, `r`etry in 5 s, `s`et aside, `d`one.
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
                    b'f' => State::InFlight { since: NOW },
                    b'r' => State::Retry { not_before: NOW.plus_millis(5_000) },
                    b's' => State::SetAside { reason: "refused".into() },
                    b'd' => State::Done,
                    other => panic!("no state {other}"),
                },
                attempts: 0,
            }
        };
        words.split_whitespace().enumerate().map(item).collect()
    }

    fn next(items: &[Item], now: Timestamp) -> Next {
        let mut scan = Scan::new(now);
        let due = items.iter().find(|item| scan.may_go(item));
        due.map_or_else(|| scan.nothing_to_send(), |item| Next::Send(item.id))
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
        check("Ap ap Bp", Next::Send(id(0)));
        check("Ad ap ap", Next::Send(id(1)));
        check("", Next::Idle);
    }

    #[test]
    fn an_encounter_waits_for_its_item_in_flight_and_others_do_not() {
        check("Ad af ap", Next::Idle);
        check("Ad af ap Bp", Next::Send(id(3)));
    }

    #[test]
    fn an_encounter_waits_for_its_item_that_is_tried_again() {
        check("Ad ar ap", Next::WaitUntil(NOW.plus_millis(5_000)));
        check("Ad ar ap Bp", Next::Send(id(3)));
    }

    #[test]
    fn a_refused_note_holds_back_no_vital_sign() {
        check("Ad as ap", Next::Send(id(2)));
    }

    #[test]
    fn a_refused_opening_holds_back_its_encounter_only() {
        check("As ap ap", Next::Idle);
        check("As ap Bd bp", Next::Send(id(3)));
    }

    #[test]
    fn an_item_waits_until_it_is_due_and_no_longer() {
        let items = items("Ar");
        assert_eq!(next(&items, NOW.plus_millis(4_999)), Next::WaitUntil(NOW.plus_millis(5_000)));
        assert_eq!(next(&items, NOW.plus_millis(5_000)), Next::Send(id(0)));
    }

    #[test]
    fn a_clock_that_was_set_back_parks_nothing() {
        let ten_years_ago = NOW.plus_millis(-10 * 365 * 24 * 60 * 60 * 1_000);
        assert_eq!(next(&items("Ar"), ten_years_ago), Next::Send(id(0)));
    }
}
