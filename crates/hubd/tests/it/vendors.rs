//! A visit reaches EHRs that offer little, once and whole, whatever is lost on the way.

use std::time::Duration;

use clinical::{EncounterId, Entry, EntryBody, EntryId, Note, Timestamp};
use hub_api::Delivery;
use sim_ehr::{EPIC, Faults, ORACLE, PUT_ONLY, Rules, TRANSACTIONS, VERADIGM};

use crate::{
    delivery::{connect, news, put},
    words::{TIME, closed, new_encounter, new_entry, opened, saturation_with_pulse},
    world::World,
};

const ALL: [&Rules; 5] = [&TRANSACTIONS, &PUT_ONLY, &EPIC, &ORACLE, &VERADIGM];

pub fn keeps_encounters_itself(rules: &Rules) -> bool {
    ["epic", "veradigm"].contains(&rules.name)
}

fn minutes_later(minutes: i64) -> Timestamp {
    TIME.plus_millis(minutes * 60_000)
}

fn note(encounter: EncounterId) -> Entry {
    let text = "No distress. Chest clear.".to_owned();
    let note = Note { author: "Dr. Weiss".into(), text };
    new_entry(encounter, EntryBody::Note(note))
}

struct Visit {
    world: World,
    socket: upstream::hub::HubSocket,
    cart: upstream::hub::HubClient,
    encounter: EncounterId,
    notes: i64,
}

impl Visit {
    async fn begin(rules: &'static Rules) -> Self {
        let world = World::with_ehr(rules).await;
        let (cart, encounter) = (world.cart(), new_encounter());
        if keeps_encounters_itself(rules) {
            world.ehr.admit("okafor", "visit-1", &minutes_later(-30).to_string());
        }
        let socket = connect(&cart, encounter).await;
        Self { world, socket, cart, encounter, notes: 0 }
    }

    async fn put(&self, entry: &Entry) {
        put(&self.cart, entry).await;
    }

    /// Puts it, and waits for what becomes of it.
    async fn delivers(&mut self, entry: Entry) -> Delivery {
        self.put(&entry).await;
        self.hears_of(entry.id).await
    }

    /// A physician's note; what it takes to write one in a call is not looked at here.
    async fn writes(&mut self, note: Entry) -> Delivery {
        let id = note.id;
        self.world.keeps(note);
        // Wakes the hub, and goes after the note.
        self.notes += 1;
        let after = saturation_with_pulse(self.encounter, 98, minutes_later(100 + self.notes));
        self.put(&after).await;
        let delivery = self.hears_of(id).await;
        assert_eq!(self.hears_of(after.id).await, Delivery::InEhr, "nothing waits for a note");
        delivery
    }

    async fn hears_of(&mut self, id: EntryId) -> Delivery {
        match news(&mut self.socket).await.as_slice() {
            [(of, delivery)] if *of == id => *delivery,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_arrives_by_what_each_server_offers() {
    for rules in ALL {
        let mut visit = Visit::begin(rules).await;
        let encounter = visit.encounter;
        let entries = [
            opened(encounter),
            saturation_with_pulse(encounter, 97, minutes_later(1)),
            saturation_with_pulse(encounter, 95, minutes_later(2)),
        ];
        for entry in entries {
            assert_eq!(visit.delivers(entry).await, Delivery::InEhr, "{}", rules.name);
        }
        assert_eq!(visit.writes(note(encounter)).await, Delivery::InEhr, "{}", rules.name);
        assert_eq!(visit.delivers(closed(encounter)).await, Delivery::InEhr, "{}", rules.name);
        let ehr = &visit.world.ehr;
        let counts =
            ["Encounter", "Observation", "DocumentReference"].map(|kind| ehr.all(kind).len());
        // The note and the receipt.
        assert_eq!(counts, [1, 6, 2], "{}", rules.name);
        assert_eq!(ehr.doubled(), Vec::<String>::new(), "{}", rules.name);
        let own = ehr.all("Encounter").remove(0);
        let reference = format!("Encounter/{}", own["id"].as_str().unwrap());
        for observation in ehr.all("Observation") {
            assert_eq!(observation["encounter"]["reference"], reference, "{}", rules.name);
        }
        let ended = own["status"] == "finished";
        assert_eq!(ended, ["transactions", "put"].contains(&rules.name), "{}", rules.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_on_the_way_is_searched_for_and_not_doubled() {
    for rules in ALL {
        for lose in ["answer", "request", "late"] {
            let mut visit = Visit::begin(rules).await;
            let encounter = visit.encounter;
            assert_eq!(visit.delivers(opened(encounter)).await, Delivery::InEhr);
            let ehr = visit.world.ehr.clone();
            match lose {
                "answer" => ehr.lose_next_answer(),
                "request" => ehr.lose_next_request(),
                _ => ehr.take_next_late(Faults {
                    lateness: Duration::from_millis(600),
                    ..Faults::default()
                }),
            }
            let reading = saturation_with_pulse(encounter, 97, minutes_later(1));
            let case = format!("{} {lose}", rules.name);
            assert_eq!(visit.delivers(reading).await, Delivery::InEhr, "{case}");
            assert_eq!(ehr.all("Observation").len(), 2, "{case}");
            assert_eq!(ehr.doubled(), Vec::<String>::new(), "{case}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_nobody_can_prove_is_left_to_a_person() {
    let mut visit = Visit::begin(&EPIC).await;
    let encounter = visit.encounter;
    assert_eq!(visit.delivers(opened(encounter)).await, Delivery::InEhr);
    let notes = [note(encounter), note(encounter)];
    for note in &notes {
        visit.world.ehr.lose_next_request();
        assert_eq!(visit.writes(note.clone()).await, Delivery::Unknown);
    }
    let list = visit.world.administers(&["outbox", "list"]);
    assert_eq!(list.matches("unknown").count(), 2, "{list}");
    let [first, second] = notes.map(|note| note.id);
    let decide = |id: EntryId, what| {
        visit.world.administers(&["outbox", what, &id.to_string(), "--by", "C. Ruiz"]);
    };
    decide(first, "is-there");
    decide(second, "send-again");
    assert_eq!(visit.hears_of(second).await, Delivery::InEhr);
    assert_eq!(visit.world.ehr.all("DocumentReference").len(), 1);
    let list = visit.world.administers(&["outbox", "list"]);
    assert_eq!(list, "Nothing waits for a person.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_whose_answer_was_lost_is_found_and_not_repeated() {
    let mut visit = Visit::begin(&EPIC).await;
    assert_eq!(visit.delivers(opened(visit.encounter)).await, Delivery::InEhr);
    visit.world.ehr.lose_next_answer();
    assert_eq!(visit.writes(note(visit.encounter)).await, Delivery::InEhr);
    assert_eq!(visit.world.ehr.all("DocumentReference").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_waits_for_the_encounter_that_the_ehr_keeps_itself() {
    let world = World::with_ehr(&EPIC).await;
    let (cart, encounter) = (world.cart(), new_encounter());
    let mut socket = connect(&cart, encounter).await;
    let opened = opened(encounter);
    put(&cart, &opened).await;
    let held = crate::world::eventually("it is held", Duration::from_secs(20), async || {
        Some(world.administers(&["outbox", "list"])).filter(|list| list.contains("held"))
    });
    let held = held.await;
    assert!(held.contains("book the visit there, and this goes on by itself"), "{held}");
    world.ehr.admit("okafor", "visit-9", &TIME.to_string());
    assert_eq!(news(&mut socket).await, [(opened.id, Delivery::InEhr)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ehr_that_lets_nobody_in_sets_nothing_aside() {
    let mut visit = Visit::begin(&ORACLE).await;
    assert_eq!(visit.delivers(opened(visit.encounter)).await, Delivery::InEhr);
    visit.world.ehr.set_closed(true);
    let reading = saturation_with_pulse(visit.encounter, 97, minutes_later(1));
    visit.put(&reading).await;
    let list = async || {
        Some(visit.world.administers(&["outbox", "list"])).filter(|list| list.contains("held"))
    };
    let held = crate::world::eventually("it is held", Duration::from_secs(20), list).await;
    assert!(held.contains("403"), "{held}");
    visit.world.ehr.set_closed(false);
    assert_eq!(visit.hears_of(reading.id).await, Delivery::InEhr);
}

/// The hub is killed while requests are on the way, and the EHR takes some of them late.
#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_killed_doubles_nothing_at_any_server() {
    for rules in ALL {
        let Visit { mut world, cart, encounter, socket, .. } = Visit::begin(rules).await;
        drop(socket);
        world.ehr.set_faults(Faults {
            busy: 10,
            lost_request: 10,
            lost_answer: 10,
            late: 15,
            lateness: Duration::from_millis(600),
        });
        put(&cart, &opened(encounter)).await;
        for minute in 1..=4 {
            put(&cart, &saturation_with_pulse(encounter, 97, minutes_later(minute))).await;
            tokio::time::sleep(Duration::from_millis(150)).await;
            world.kill();
            world.run();
        }
        world.ehr_has("Observation", 8).await;
        let ehr = &world.ehr;
        crate::world::eventually("nothing is late", Duration::from_secs(5), async || {
            ehr.is_settled().then_some(())
        })
        .await;
        assert_eq!(ehr.all("Observation").len(), 8, "{}", rules.name);
        assert_eq!(ehr.doubled(), Vec::<String>::new(), "{}", rules.name);
    }
}
