//! Any deeds at a cart, and after each purge what a model of the rule says.

use std::collections::{BTreeMap, BTreeSet};

use clinical::{EntryBody, EntryId, Note};
use hub_api::Delivery;
use outbox::{Moment, Repeat, State};
use proptest::prelude::*;
use vault::{Blob, CartVault, Commit, SealedEntry};

use crate::{
    common::{NOW, cart_vault, encounter, entry, id, opened, still},
    purge::{came_to, purge},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[derive(Clone, Debug)]
enum Deed {
    Open,
    Read,
    /// Of a few pictures, so that several entries share one.
    Picture(u8),
    Close,
    /// What became of an entry.
    CameTo(usize, u8, u8),
    Deliver(usize),
    Purge(i64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        3 => Just(Deed::Open),
        3 => Just(Deed::Read),
        3 => (0_u8..3).prop_map(Deed::Picture),
        3 => Just(Deed::Close),
        2 => (0_usize..40, 0_u8..5, 0_u8..3).prop_map(|(at, state, told)| Deed::CameTo(at, state, told)),
        6 => (0_usize..12).prop_map(Deed::Deliver),
        2 => (0_i64..40).prop_map(Deed::Purge),
    ];
    prop::collection::vec(deed, 1..60)
}

struct Known {
    number: u32,
    of: u32,
    day: i64,
    closes: bool,
    blob: Option<String>,
    is_in_ehr: bool,
    is_delivered: bool,
}

/// What a person would say the rule is, over all entries at once.
struct Model {
    vault: CartVault,
    known: Vec<Known>,
    open: u32,
    day: i64,
}

impl Model {
    fn keep(&mut self, body: EntryBody, opens: bool, blob: Option<&Blob>) {
        let number = u32::try_from(self.known.len()).unwrap() + 1 + self.gone();
        self.day += 1;
        if opens {
            self.open = number;
        }
        let mut entry = entry(id(number), encounter(self.open), body.clone()).into_entry();
        entry.recorded = NOW.plus_millis(self.day * DAY_MS);
        let commit = Commit { entries: vec![SealedEntry::seal(entry)], blob: blob.cloned() };
        self.vault.commit(commit).unwrap();
        let blob = blob.map(|blob| blob.sha256().to_owned());
        let (of, day) = (self.open, self.day);
        let closes = matches!(body, EntryBody::Closed);
        let (is_in_ehr, is_delivered) = (false, false);
        self.known.push(Known { number, of, day, closes, blob, is_in_ehr, is_delivered });
    }

    /// Numbers are never given twice.
    fn gone(&self) -> u32 {
        self.known.last().map_or(0, |last| last.number - u32::try_from(self.known.len()).unwrap())
    }

    fn play(&mut self, deed: Deed) {
        if self.known.is_empty() && !matches!(deed, Deed::Open) {
            return;
        }
        match deed {
            Deed::Open => self.keep(opened(1).into_entry().body, true, None),
            Deed::Read => {
                let note = Note { author: "canary".into(), text: "better".into() };
                self.keep(EntryBody::Note(note), false, None);
            }
            Deed::Picture(which) => {
                let blob = Blob::new(vec![which; 300_000]);
                let body = still(1, 1, &blob).into_entry().body;
                self.keep(body, false, Some(&blob));
            }
            Deed::Close => self.keep(EntryBody::Closed, false, None),
            Deed::CameTo(at, state, told) => self.came_to(at, state, told),
            Deed::Deliver(at) => {
                let encounters: BTreeSet<u32> = self.known.iter().map(|known| known.of).collect();
                let of = encounters.iter().nth(at % encounters.len()).copied();
                for at in 0..self.known.len() {
                    if Some(self.known[at].of) == of {
                        self.came_to(at, 4, 1);
                    }
                }
            }
            Deed::Purge(day) => {
                purge(&self.vault, NOW.plus_millis(day * DAY_MS));
                self.forget(day);
                self.check();
            }
        }
    }

    fn came_to(&mut self, at: usize, state: u8, told: u8) {
        let at = at % self.known.len();
        let known = &mut self.known[at];
        let state = match state {
            0 => State::Pending,
            1 => State::InFlight { repeat: Repeat::Harmless },
            2 => State::Unsettled {
                look_at: Moment::from_millis(1),
                repeat: Repeat::AfterLook { settle_ms: 1 },
            },
            3 => State::Unknown { reason: "no".into() },
            _ => State::Done,
        };
        let told = [Delivery::AtHub, Delivery::InEhr, Delivery::SetAside][usize::from(told)];
        // What is in the EHR stays there, whatever older word comes after.
        known.is_in_ehr |= told == Delivery::InEhr;
        known.is_delivered = state == State::Done && known.is_in_ehr;
        came_to(&self.vault, known.number, encounter(known.of), state, told);
    }

    fn forget(&mut self, day: i64) {
        let mut encounters: BTreeMap<u32, Vec<&Known>> = BTreeMap::new();
        self.known.iter().for_each(|known| encounters.entry(known.of).or_default().push(known));
        let goes = |entries: &Vec<&Known>| {
            entries.iter().any(|entry| entry.closes)
                && entries.iter().all(|entry| entry.is_delivered && entry.day < day)
        };
        let gone: BTreeSet<u32> = encounters
            .iter()
            .filter(|(of, entries)| **of != self.open && goes(entries))
            .map(|(of, _)| *of)
            .collect();
        self.known.retain(|known| !gone.contains(&known.of));
    }

    fn check(&self) {
        let there: Vec<EntryId> = (1..70)
            .filter(|number| self.vault.entry(id(*number)).unwrap().is_some())
            .map(id)
            .collect();
        let expected: Vec<EntryId> = self.known.iter().map(|known| id(known.number)).collect();
        assert_eq!(there, expected);
        for which in 0..3 {
            let blob = Blob::new(vec![which; 300_000]);
            let needed =
                self.known.iter().any(|known| known.blob.as_deref() == Some(blob.sha256()));
            let kept = self.vault.blob(blob.sha256()).unwrap();
            assert_eq!(kept.is_some(), needed, "picture {which}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_goes_that_is_not_closed_delivered_confirmed_and_old(deeds in deeds()) {
        let (_folder, vault) = cart_vault();
        let mut model = Model { vault, known: Vec::new(), open: 0, day: 0 };
        for deed in deeds {
            model.play(deed);
        }
        model.check();
    }
}
