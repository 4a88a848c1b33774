//! At the end of a visit the chart is told once what it was, and what of it arrived.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clinical::{EncounterId, EntryBody, Finding, Observed};
use hub_api::Delivery;
use serde_json::Value;
use sim_ehr::{EPIC, Faults, ORACLE, PUT_ONLY, Rules, TRANSACTIONS, VERADIGM};
use uuid::Uuid;

use crate::{
    delivery::{connect, news, put},
    vendors::keeps_encounters_itself,
    words::{TIME, closed, new_encounter, new_entry, opened, saturation, saturation_with_pulse},
    world::World,
};

const ALL: [&Rules; 5] = [&TRANSACTIONS, &PUT_ONLY, &EPIC, &ORACLE, &VERADIGM];

/// The text of the only document of the chart.
fn receipt(world: &World) -> String {
    let documents = world.ehr.all("DocumentReference");
    assert_eq!(documents.len(), 1, "{documents:?}");
    text(&documents[0])
}

fn text(document: &Value) -> String {
    let data = document["content"][0]["attachment"]["data"].as_str().unwrap();
    String::from_utf8(STANDARD.decode(data).unwrap()).unwrap()
}

fn urn(encounter: EncounterId) -> String {
    Uuid::new_v5(&encounter.uuid(), b"receipt").urn().to_string()
}

async fn at(rules: &'static Rules, config: &str) -> World {
    let world = World::configured(rules, config).await;
    if keeps_encounters_itself(rules) {
        world.ehr.admit("okafor", "visit-1", &TIME.to_string());
    }
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_says_what_was_seen_and_what_is_not_in_the_chart() {
    let world = at(&TRANSACTIONS, "").await;
    let (cart, encounter) = (world.cart(), new_encounter());
    let mut socket = connect(&cart, encounter).await;
    let what = Finding::RespiratoryRate { per_minute: 18 };
    let counted =
        new_entry(encounter, EntryBody::Observed(Observed { what, by: "Maria Silva".into() }));
    let entries = [opened(encounter), saturation(encounter, 97), counted];
    world.ehr.refuse("Observation");
    for (entry, delivery) in
        entries.iter().zip([Delivery::InEhr, Delivery::SetAside, Delivery::SetAside])
    {
        put(&cart, entry).await;
        assert_eq!(news(&mut socket).await, [(entry.id, delivery)]);
    }
    let end = closed(encounter);
    put(&cart, &end).await;
    assert_eq!(news(&mut socket).await, [(end.id, Delivery::InEhr)]);
    let said = receipt(&world);
    for part in [
        "by nurse Maria Silva at cart cart-3-east\n",
        "Call: none was answered\n",
        "Recorded: 2, of which 2 NOT delivered\n",
        "Oxygen saturation 97 % (Nonin Xpod): NOT in the chart, it was refused.\n",
        "Respiratory rate 18 /min, observed by Maria Silva: NOT in the chart, it was refused.\n",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    let document = world.ehr.all("DocumentReference").remove(0);
    assert_eq!(document["identifier"][0]["value"], urn(encounter));
    assert_eq!(document["author"][0]["display"], "Telemedicine cart cart-3-east");
    assert_eq!(world.ehr.all("Encounter")[0]["status"], "finished");
}

/// What is lost here is the end of the visit where the server takes one, and the receipt elsewhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_there_once_whatever_is_lost_or_a_person_is_asked() {
    for rules in ALL {
        for lost in ["answer", "request", "late"] {
            let world = at(rules, "").await;
            let (cart, encounter) = (world.cart(), new_encounter());
            let mut socket = connect(&cart, encounter).await;
            let opening = opened(encounter);
            put(&cart, &opening).await;
            assert_eq!(news(&mut socket).await, [(opening.id, Delivery::InEhr)]);
            match lost {
                "answer" => world.ehr.lose_next_answer(),
                "request" => world.ehr.lose_next_request(),
                _ => world.ehr.take_next_late(Faults {
                    lateness: Duration::from_millis(600),
                    ..Faults::default()
                }),
            }
            let end = closed(encounter);
            put(&cart, &end).await;
            let case = format!("{} {lost}", rules.name);
            let found = match (rules.name, lost) {
                // It keeps no identifier of ours, and says nothing else that a document is known by.
                ("oracle", _) => Delivery::Unknown,
                ("epic" | "veradigm", "request") => Delivery::Unknown,
                _ => Delivery::InEhr,
            };
            assert_eq!(news(&mut socket).await, [(end.id, found)], "{case}");
            let lost_for_good = lost == "request" && found == Delivery::Unknown;
            let documents = world.ehr.all("DocumentReference").len();
            assert_eq!(documents, usize::from(!lost_for_good), "{case}");
            assert_eq!(world.ehr.doubled(), Vec::<String>::new(), "{case}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_is_sent_again_says_the_same_although_more_was_recorded() {
    let mut world = at(&EPIC, "").await;
    let (cart, encounter) = (world.cart(), new_encounter());
    let mut socket = connect(&cart, encounter).await;
    let (opening, end) = (opened(encounter), closed(encounter));
    put(&cart, &opening).await;
    assert_eq!(news(&mut socket).await, [(opening.id, Delivery::InEhr)]);
    world.ehr.lose_next_request();
    put(&cart, &end).await;
    assert_eq!(news(&mut socket).await, [(end.id, Delivery::Unknown)]);
    let late = saturation_with_pulse(encounter, 97, TIME);
    put(&cart, &late).await;
    assert_eq!(news(&mut socket).await, [(late.id, Delivery::InEhr)]);
    world.kill();
    world.administers(&["outbox", "send-again", &end.id.to_string(), "--by", "C. Ruiz"]);
    world.run();
    world.ehr_has("DocumentReference", 1).await;
    assert!(receipt(&world).contains("Recorded: nothing\n"), "{}", receipt(&world));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ehr_that_takes_no_documents_gets_no_receipt_and_nothing_is_wrong() {
    let config = "[delivery.strategy]\nDocumentReference = \"not-taken\"\n";
    let world = at(&TRANSACTIONS, config).await;
    let (cart, encounter) = (world.cart(), new_encounter());
    let mut socket = connect(&cart, encounter).await;
    for entry in [opened(encounter), closed(encounter)] {
        put(&cart, &entry).await;
        assert_eq!(news(&mut socket).await, [(entry.id, Delivery::InEhr)]);
    }
    assert_eq!(world.ehr.all("Encounter")[0]["status"], "finished");
    assert_eq!(world.ehr.all("DocumentReference").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_is_refused_ends_the_visit_all_the_same() {
    let world = at(&TRANSACTIONS, "").await;
    let (cart, encounter) = (world.cart(), new_encounter());
    let mut socket = connect(&cart, encounter).await;
    let (opening, end) = (opened(encounter), closed(encounter));
    put(&cart, &opening).await;
    assert_eq!(news(&mut socket).await, [(opening.id, Delivery::InEhr)]);
    world.ehr.refuse("DocumentReference");
    put(&cart, &end).await;
    assert_eq!(news(&mut socket).await, [(end.id, Delivery::SetAside)]);
    let list = world.administers(&["outbox", "list"]);
    assert!(list.contains("the receipt of the visit: the EHR answered"), "{list}");
    assert_eq!(world.ehr.all("Encounter")[0]["status"], "finished");
}
