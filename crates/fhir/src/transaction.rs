//! Several resources as one transaction of conditional creates (FHIR R4 3.1.0.11.2).

use serde::Serialize;
use serde_json::value::RawValue;

use crate::Resource;

/// The Bundle as JSON. Each resource is left as it is where one with its identifier is stored already.
pub fn transaction(resources: &[Resource]) -> String {
    let entry = resources.iter().map(|resource| Entry {
        full_url: resource.identifier.value(),
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
struct Bundle<'a> {
    resource_type: &'static str,
    r#type: &'static str,
    entry: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    full_url: &'a str,
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
            r#""fullUrl":"urn:uuid:00000000-0000-0000-0000-000000000001","#,
            r#""resource":{"valueQuantity":{"value":37.60}},"#,
            r#""request":{"method":"POST","url":"Observation","#,
            r#""ifNoneExist":"identifier=urn:ietf:rfc:3986%7Curn:uuid:00000000-0000-0000-0000-000000000001"}}]}"#,
        );
        assert_eq!(transaction(&[resource]), expected);
    }
}
