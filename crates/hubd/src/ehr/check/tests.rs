//! What a person reads of each step.

use upstream::ehr::EhrError;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);
const DAY_MS: i64 = 24 * 60 * 60_000;
const R4: &[u8] = br#"{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1"}"#;

fn working() -> Inspection {
    let discovery = Discovery {
        token_endpoint: "https://ehr.example/token".into(),
        token_endpoint_auth_methods_supported: Some(vec!["private_key_jwt".into()]),
        token_endpoint_auth_signing_alg_values_supported: None,
    };
    let signed_in = SignedIn {
        endpoint: "https://ehr.example/token".into(),
        scopes: Some("system/Patient.rs".into()),
        ahead: Some(900),
    };
    Inspection {
        certificate: Some(Validity { from: NOW, until: NOW.plus_millis(90 * DAY_MS) }),
        discovery: Some(Ok(discovery)),
        sign_in: Some(Ok(signed_in)),
        metadata: Ok(R4.to_vec()),
    }
}

/// What is not "works".
fn findings(inspection: &Inspection) -> Vec<String> {
    let lines = lines(inspection, Some(Algorithm::Es384), NOW);
    lines.iter().filter(|line| !matches!(line, Line::Works(_))).map(Line::to_string).collect()
}

#[test]
fn a_way_that_works_has_nothing_to_look_at() {
    assert_eq!(findings(&working()), [""; 0]);
    assert_eq!(lines(&working(), Some(Algorithm::Es384), NOW).len(), 5);
}

#[test]
fn each_thing_that_is_wrong_is_said_with_what_to_do() {
    let validity = |from, until| Validity {
        from: NOW.plus_millis(from * DAY_MS),
        until: NOW.plus_millis(until * DAY_MS),
    };
    let with = |change: &dyn Fn(&mut Inspection)| {
        let mut inspection = working();
        change(&mut inspection);
        findings(&inspection)
    };
    let discovered = |change: &dyn Fn(&mut Discovery)| {
        with(&|all| change(all.discovery.as_mut().unwrap().as_mut().unwrap()))
    };
    let denied = || EhrError::Denied { what: "not this client".into() };
    let cases = [
        (
            with(&|all| all.certificate = Some(validity(-9, -1))),
            "FAILS   Client certificate: it expired at ",
        ),
        (
            with(&|all| all.certificate = Some(validity(1, 9))),
            "FAILS   Client certificate: it holds from ",
        ),
        (
            with(&|all| all.certificate = Some(validity(-9, 9))),
            "look    Client certificate: it ends at ",
        ),
        (
            with(&|all| all.discovery = Some(Err(denied()))),
            "FAILS   Finding the sign-in: not this client",
        ),
        (
            discovered(&|found| found.token_endpoint_auth_methods_supported = Some(Vec::new())),
            "look    Finding the sign-in: the EHR does not list private_key_jwt",
        ),
        (
            discovered(&|found| {
                found.token_endpoint_auth_signing_alg_values_supported = Some(vec!["RS384".into()]);
            }),
            "look    Finding the sign-in: the EHR does not list ES384",
        ),
        (with(&|all| all.sign_in = Some(Err(denied()))), "FAILS   Sign-in: not this client"),
        (
            with(&|all| all.sign_in.as_mut().unwrap().as_mut().unwrap().scopes = None),
            "look    Scopes: the EHR does not say",
        ),
        (
            with(&|all| all.sign_in.as_mut().unwrap().as_mut().unwrap().ahead = Some(90_000)),
            "look    Clock: this machine is 90 s behind the EHR",
        ),
        (
            with(&|all| all.sign_in.as_mut().unwrap().as_mut().unwrap().ahead = Some(-90_000)),
            "look    Clock: this machine is 90 s ahead of the EHR",
        ),
        (with(&|all| all.metadata = Err(denied())), "FAILS   FHIR server: not this client"),
        (
            with(&|all| all.metadata = Ok(b"<html>".to_vec())),
            "FAILS   FHIR server: what it answers",
        ),
        (
            with(&|all| {
                all.metadata =
                    Ok(String::from_utf8(R4.to_vec()).unwrap().replace("4.0.1", "5.0.0").into());
            }),
            "FAILS   FHIR server: it speaks FHIR 5.0.0",
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found.len(), 1, "{expected}: {found:?}");
        assert!(found[0].starts_with(expected), "{found:?}");
    }
}
