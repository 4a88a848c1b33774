//! What the EHR holds of a patient reaches the physician in the call, and nobody else; with its age where the EHR is
//! away.

use hub_api::{PatientChart, PortalToHub};
use serde_json::{Value, json};
use sim_ehr::{EPIC, ORACLE, Rules, TRANSACTIONS, VERADIGM};

use crate::{
    call::Consult,
    world::{World, eventually},
};

/// Of the booked patient, unless another one is named.
fn holds(world: &World, kind: &str, id: &str, mut more: Value) {
    more["resourceType"] = kind.into();
    more["id"] = id.into();
    let whose = if kind == "AllergyIntolerance" { "patient" } else { "subject" };
    if more.get(whose).is_none() {
        more[whose] = json!({ "reference": "Patient/okafor" });
    }
    world.ehr.holds(more);
}

fn allergy(world: &World, id: &str, what: &str) {
    holds(
        world,
        "AllergyIntolerance",
        id,
        json!({ "code": { "text": what }, "criticality": "high" }),
    );
}

fn fill(world: &World) {
    allergy(world, "a1", "Penicillin");
    holds(
        world,
        "Condition",
        "c1",
        json!({ "code": { "text": "Asthma" }, "onsetDateTime": "2009" }),
    );
    let drug = json!({ "status": "active", "medicationCodeableConcept": { "text": "Salbutamol" } });
    holds(world, "MedicationRequest", "m1", drug);
    let note = json!({ "status": "current", "type": { "text": "Discharge summary" }, "date": "2026-10-02" });
    holds(world, "DocumentReference", "d1", note);
}

fn path(consult: &Consult) -> String {
    format!("/api/portal/charts/{}", consult.call)
}

async fn read(consult: &Consult) -> PatientChart {
    let answer = consult.browser.get(&path(consult)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.json().await.unwrap()
}

fn allergens(chart: &PatientChart) -> Vec<&str> {
    chart.allergies.entries.iter().map(|one| one.what.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_physician_in_the_call_reads_what_each_kind_of_ehr_holds() {
    for rules in [&TRANSACTIONS, &EPIC, &ORACLE, &VERADIGM] as [&'static Rules; 4] {
        let consult = Consult::answered_with(rules).await;
        fill(&consult.world);
        let chart = read(&consult).await;
        assert_eq!(allergens(&chart), ["Penicillin"], "{}", rules.name);
        assert_eq!(chart.problems.entries[0].onset.as_deref(), Some("2009"));
        assert_eq!(chart.medications.entries[0].what, "Salbutamol");
        assert_eq!(chart.documents.entries[0].what, "Discharge summary");
        for (asked, trouble) in [
            (chart.allergies.asked, chart.allergies.trouble),
            (chart.problems.asked, chart.problems.trouble),
            (chart.vitals.asked, chart.vitals.trouble),
            (chart.documents.asked, chart.documents.trouble),
        ] {
            assert_eq!((asked, trouble), (Some(chart.now), None), "{}", rules.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_is_for_the_physician_in_the_call_while_it_lasts_and_is_written_down() {
    let mut consult = Consult::answered().await;
    fill(&consult.world);
    consult.world.add_physician("amari");
    let amari = consult.world.browser("amari").await;
    let answer = amari.get(&path(&consult)).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert!(!answer.text().await.unwrap().contains("Penicillin"));
    read(&consult).await;
    let (_, audit) = consult.world.audit(&["export"]);
    let rows = audit.lines().filter(|row| row.contains("chart_read"));
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), 1, "who was not let in has read nothing");
    assert!(rows[0].contains("weiss") && rows[0].contains(&consult.encounter.to_string()));
    let call = consult.call;
    consult.window.says(PortalToHub::HangUp { call }).await;
    consult.window.hears_of_call().await;
    eventually("the end of the call", std::time::Duration::from_secs(10), async || {
        let answer = consult.browser.get(&path(&consult)).send().await.unwrap();
        (answer.status() == 404).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_copy_is_shown_with_its_time_while_the_ehr_is_away_also_after_a_restart() {
    let mut consult = Consult::answered().await;
    fill(&consult.world);
    let fresh = read(&consult).await;
    consult.world.ehr.set_busy(true);
    consult.world.kill();
    consult.world.run();
    let older = read(&consult).await;
    assert_eq!(allergens(&older), ["Penicillin"]);
    assert_eq!(older.allergies.asked, fresh.allergies.asked);
    assert!(older.allergies.trouble.unwrap().contains("does not answer"));
    assert!(older.now > fresh.now);
    consult.world.ehr.set_busy(false);
    allergy(&consult.world, "a2", "Latex");
    let newer = read(&consult).await;
    assert_eq!((allergens(&newer).len(), newer.allergies.trouble), (2, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_ehr_does_not_let_us_read_is_said_and_stops_nothing_else() {
    let consult = Consult::answered().await;
    fill(&consult.world);
    consult.world.ehr.hide("AllergyIntolerance");
    let chart = read(&consult).await;
    assert_eq!((chart.allergies.asked, chart.allergies.entries.len()), (None, 0));
    assert!(chart.allergies.trouble.unwrap().contains("does not let us read"));
    assert_eq!(chart.problems.entries.len(), 1);
    consult.world.ehr_has("Encounter", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_patient_is_shown_and_all_pages_are_read() {
    let consult = Consult::answered().await;
    let world = &consult.world;
    for number in 0..7 {
        allergy(world, &format!("a{number}"), &format!("Drug {number}"));
    }
    // A server that ignores the parameter would list it; this one is asked for both.
    let foreign = json!({ "code": { "text": "Latex" }, "patient": { "reference": "Patient/other" },
        "subject": { "reference": "Patient/okafor" } });
    holds(world, "AllergyIntolerance", "foreign", foreign);
    holds(world, "AllergyIntolerance", "strange", json!({}));
    world.ehr.set_page_size(3);
    let chart = read(&consult).await;
    assert_eq!(chart.allergies.entries.len(), 7);
    assert_eq!((chart.allergies.of_others, chart.allergies.unreadable), (1, 1));
    assert!(!chart.allergies.more);
    for number in 7..12 {
        allergy(world, &format!("a{number}"), &format!("Drug {number}"));
    }
    world.ehr.set_page_size(1);
    let chart = read(&consult).await;
    assert!(chart.allergies.more && !chart.allergies.entries.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_who_is_another_one_now_has_no_chart_and_no_copy() {
    let consult = Consult::answered().await;
    fill(&consult.world);
    read(&consult).await;
    let patient = |born: &str| {
        json!({ "resourceType": "Patient", "id": "okafor", "birthDate": born,
            "name": [{ "family": "Okafor" }],
            "identifier": [{ "system": "urn:hospital", "value": "100234" }] })
    };
    consult.world.ehr.holds(patient("1958-03-15"));
    let chart = read(&consult).await;
    assert_eq!((chart.allergies.asked, chart.allergies.entries.len()), (None, 0));
    assert!(chart.allergies.trouble.unwrap().contains("another birth date"));
    consult.world.ehr.set_busy(true);
    let chart = read(&consult).await;
    assert_eq!(chart.allergies.entries.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ehr_that_offers_it_is_asked_for_a_match_where_the_number_finds_nobody() {
    for (born, is_found) in [("1958-03-14", true), ("1958-03-15", false)] {
        let consult = Consult::answered_with(&EPIC).await;
        fill(&consult.world);
        consult.world.ehr.holds(
            json!({ "resourceType": "Patient", "id": "okafor", "birthDate": born,
            "name": [{ "family": "Okafor" }],
            "identifier": [{ "system": "urn:enterprise", "value": "E-100234" }] }),
        );
        let chart = read(&consult).await;
        assert_eq!(!allergens(&chart).is_empty(), is_found, "{born}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ehr_that_offers_a_match_and_refuses_it_has_no_such_patient() {
    let consult = Consult::answered_with(&EPIC).await;
    fill(&consult.world);
    consult.world.ehr.holds(
        json!({ "resourceType": "Patient", "id": "okafor", "birthDate": "1958-03-14",
        "name": [{ "family": "Okafor" }],
        "identifier": [{ "system": "urn:enterprise", "value": "E-100234" }] }),
    );
    consult.world.ehr.refuse("$match");
    let chart = read(&consult).await;
    assert_eq!((chart.allergies.asked, chart.allergies.entries.len()), (None, 0));
    assert!(chart.allergies.trouble.unwrap().contains("no patient with this number"));
}
