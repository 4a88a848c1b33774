//! Statements, and the way to store that is chosen from each.

use super::*;

/// One resource type as it stands in a statement: name, interactions, the three flags that are set,
/// search parameters.
fn server(system: &str, kinds: &[(&str, &str, &str, &str)]) -> Capabilities {
    let codes = |words: &str| {
        let each = words.split_whitespace().map(|code| serde_json::json!({ "code": code }));
        each.collect::<Vec<_>>()
    };
    let resource = |(name, interactions, flags, search): &(&str, &str, &str, &str)| {
        let names = search.split_whitespace().map(|name| serde_json::json!({ "name": name }));
        let mut resource = serde_json::json!({
            "type": name,
            "interaction": codes(interactions),
            "searchParam": names.collect::<Vec<_>>(),
        });
        for flag in flags.split_whitespace() {
            resource[flag] = true.into();
        }
        resource
    };
    let statement = serde_json::json!({
        "resourceType": "CapabilityStatement",
        "fhirVersion": "4.0.1",
        "rest": [{
            "mode": "server",
            "interaction": codes(system),
            "resource": kinds.iter().map(resource).collect::<Vec<_>>(),
        }],
    });
    Capabilities::read(statement.to_string().as_bytes()).unwrap()
}

fn check(system: &str, interactions: &str, flags: &str, search: &str, expected: Option<Strategy>) {
    check_kind("Observation", system, interactions, flags, search, expected);
}

fn check_kind(
    kind: &str,
    system: &str,
    interactions: &str,
    flags: &str,
    search: &str,
    expected: Option<Strategy>,
) {
    let server = server(system, &[(kind, interactions, flags, search)]);
    assert_eq!(server.strategy(kind), expected, "{kind} {interactions} {flags} {search}");
    assert_eq!(server.strategy("Media"), None);
}

#[test]
fn the_safest_way_that_is_offered_is_taken() {
    use Strategy::{ConditionalCreate, CreateAndLook, CreateOnce, Put, Transaction};
    let all = "create update read search-type";
    check("transaction", all, "conditionalCreate updateCreate", "identifier", Some(Transaction));
    check("batch", all, "conditionalCreate updateCreate", "identifier", Some(ConditionalCreate));
    check("transaction", all, "updateCreate", "identifier", Some(Put));
    let identifier = Some(CreateAndLook(LookBy::Identifier));
    check("", all, "", "patient date identifier", identifier);
    check("", all, "", "patient date", Some(CreateAndLook(LookBy::PatientAndDate)));
    check("", all, "", "patient", Some(CreateOnce(None)));
    check("", "create", "", "identifier", Some(CreateOnce(None)));
    check("", "read search-type update", "", "identifier", None);
}

#[test]
fn a_document_that_may_be_there_is_not_created_again() {
    let check = |flags, search, expected| {
        check_kind("DocumentReference", "", "create search-type", flags, search, Some(expected));
    };
    check("", "identifier", Strategy::CreateOnce(Some(LookBy::Identifier)));
    check("", "patient date", Strategy::CreateOnce(Some(LookBy::PatientAndDate)));
    check("conditionalCreate", "identifier", Strategy::ConditionalCreate);
}

#[test]
fn an_end_is_told_where_it_is_taken() {
    let check = |interactions, flags, expected| {
        let server = server("", &[("Encounter", interactions, flags, "identifier")]);
        assert_eq!(server.ending(), expected, "{interactions} {flags}");
    };
    check("create update", "conditionalUpdate updateCreate", Ending::ConditionalUpdate);
    check("create update", "updateCreate", Ending::Put);
    check("create patch", "", Ending::NotTaken);
    check("read", "", Ending::NotTaken);
    assert_eq!(server("", &[]).ending(), Ending::NotTaken);
}

#[test]
fn a_server_names_its_version_of_fhir_or_is_no_server() {
    let cases = [
        (
            r#"{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","software":{"name":"Epic","version":"May 2026"}}"#,
            Some(("4.0.1", "Epic May 2026")),
        ),
        (r#"{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1"}"#, Some(("4.0.1", ""))),
        (r#"{"resourceType":"CapabilityStatement"}"#, None),
        (r#"{"resourceType":"Patient","fhirVersion":"4.0.1"}"#, None),
        // Taken for a statement, it would be one of a server that takes nothing.
        ("{}", None),
        ("<html>", None),
    ];
    for (json, expected) in cases {
        let found = Capabilities::read(json.as_bytes()).ok();
        let found = found.as_ref().map(|server| (&*server.fhir_version, &*server.software));
        assert_eq!(found, expected, "{json}");
    }
}
