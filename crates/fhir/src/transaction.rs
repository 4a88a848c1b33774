//! Several resources as one transaction of conditional creates (FHIR R4 3.1.0.11.2).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::Resource;

/// The Bundle as JSON. Each resource is left as it is where one with its identifier is stored already.
///
/// No entry has a `fullUrl`: none refers to another, and Medplum replaces it by the server's reference
/// wherever its text stands, which is in our identifiers, too.
pub fn transaction(resources: &[Resource]) -> String {
    let entry = resources.iter().map(|resource| Entry {
        resource: RawValue::from_string(resource.json.clone())
            .expect("a resource was written as JSON"),
        request: Request {
            method: "POST",
            url: resource.kind,
            if_none_exist: percent_encoded(&resource.search()),
        },
    });
    let bundle = Bundle { resource_type: "Bundle", r#type: "transaction", entry: entry.collect() };
    serde_json::to_string(&bundle).expect("these types have only text as keys")
}

/// Whether the server took all `count` entries, and where it says that they are: a location each, where
/// it says one. A transaction is taken whole or not at all, but not every server that says so keeps to it.
///
/// # Errors
/// The status of the first entry that was not taken; `None`: the answer is no transaction-response with
/// so many entries, and leaves it open.
pub fn all_taken(response: &[u8], count: usize) -> Result<Vec<Option<String>>, Option<String>> {
    let Ok(bundle) = serde_json::from_slice::<Responses>(response) else { return Err(None) };
    if bundle.entry.len() != count {
        return Err(None);
    }
    let located = |Response { response }| match response.status.starts_with('2') {
        true => Ok(response.location),
        false => Err(Some(response.status)),
    };
    bundle.entry.into_iter().map(located).collect()
}

#[derive(Deserialize)]
struct Responses {
    #[serde(default)]
    entry: Vec<Response>,
}

#[derive(Deserialize)]
struct Response {
    response: Outcome,
}

#[derive(Deserialize)]
struct Outcome {
    status: String,
    location: Option<String>,
}

/// A query string in JSON: what would end or split it is encoded (RFC 3986 section 2.1).
fn percent_encoded(search: &str) -> String {
    search
        .replace('%', "%25")
        .replace('|', "%7C")
        .replace('&', "%26")
        .replace('#', "%23")
        .replace('+', "%2B")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bundle {
    resource_type: &'static str,
    r#type: &'static str,
    entry: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    resource: Box<RawValue>,
    request: Request,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: &'static str,
    url: &'static str,
    if_none_exist: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Identifier;

    #[test]
    fn what_a_server_did_not_take_is_seen() {
        let response = |statuses: &[&str]| {
            let entry: Vec<_> = statuses
                .iter()
                .map(|status| serde_json::json!({ "response": { "status": status } }))
                .collect();
            serde_json::json!({ "resourceType": "Bundle", "entry": entry }).to_string()
        };
        let check = |statuses: &[&str], expected: Result<(), Option<&str>>| {
            let found = all_taken(response(statuses).as_bytes(), 2).map(drop);
            assert_eq!(found, expected.map_err(|status| status.map(str::to_owned)), "{statuses:?}");
        };
        check(&["201 Created", "200"], Ok(()));
        check(&["201", "422 Unprocessable"], Err(Some("422 Unprocessable")));
        check(&["201"], Err(None));
        assert_eq!(all_taken(b"", 2), Err(None));
        let located =
            br#"{"entry":[{"response":{"status":"201","location":"Encounter/7/_history/1"}},
            {"response":{"status":"200"}}]}"#;
        let expected = vec![Some("Encounter/7/_history/1".to_owned()), None];
        assert_eq!(all_taken(located, 2), Ok(expected));
    }

    #[test]
    fn each_resource_is_created_unless_it_is_there() {
        let id = uuid::Uuid::from_u128(1);
        let resource = Resource {
            kind: "Observation",
            identifier: Identifier::of(id),
            json: r#"{"valueQuantity":{"value":37.60}}"#.to_owned(),
            at: clinical::Timestamp::from_millis(0),
        };
        let expected = concat!(
            r#"{"resourceType":"Bundle","type":"transaction","entry":[{"#,
            r#""resource":{"valueQuantity":{"value":37.60}},"#,
            r#""request":{"method":"POST","url":"Observation","#,
            r#""ifNoneExist":"identifier=urn:ietf:rfc:3986%7Curn:uuid:00000000-0000-0000-0000-000000000001"}}]}"#,
        );
        assert_eq!(transaction(&[resource]), expected);
    }
}
