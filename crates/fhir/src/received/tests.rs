//! What is understood of others' resources, and what is refused of them.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn understood(text: &str) -> Value {
    let received = Received::parse(text.as_bytes()).unwrap();
    assert_eq!(received.bytes(), text.as_bytes());
    serde_json::to_value(&received.understood).unwrap()
}

#[test]
fn a_resource_says_what_it_is_whose_and_what_it_refers_to() {
    let text = r##"
    {"id":"a-1.B", "resourceType":"Observation","valueQuantity":{"value":37.600000000000000000001e-999},
     "extension":[{"url":"http://x.org/a","extension":[{"url":"b","valueReference":{"reference":"Device/9"}}]}],
     "contained":[{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"#o"}}],
     "_status":{"extension":[{"url":"http://x.org/c"}]},
     "identifier":[{"system":"urn:x","value":"\u00e9\ud83d\ude00"},{"value":"2"},{}],
     "subject":{"reference":"#p","display":"reference"}, "hasMember":[{"reference":"Observation/2"}],
     "unheardOf":[null,true,[],{}]}
"##;
    let expected = json!({
        "resourceType": "Observation",
        "id": "a-1.B",
        "identifier": [
            {"system": "urn:x", "value": "é😀"},
            {"system": null, "value": "2"},
            {"system": null, "value": null},
        ],
        "references": ["Device/9", "#p", "Observation/2"],
        "extensions": ["http://x.org/a", "b", "http://x.org/c"],
        "contained": [{"resourceType": "Patient", "id": "p", "references": ["#o"]}],
    });
    assert_eq!(understood(text), expected);
}

#[test]
fn a_bundle_says_what_its_entries_ask_for() {
    let text = r#"{"resourceType":"Bundle","type":"transaction","identifier":{"value":"b"},"entry":[
        {"fullUrl":"urn:uuid:1","request":{"method":"POST","url":"Patient"},
         "resource":{"resourceType":"Patient","generalPractitioner":[{"reference":"urn:uuid:2"}]}},
        {"request":{"method":"DELETE","url":"Patient/7"}}]}"#;
    let patient = json!({"resourceType": "Patient", "references": ["urn:uuid:2"]});
    let expected = json!({
        "resourceType": "Bundle",
        "identifier": [{"system": null, "value": "b"}],
        "entry": [
            {"fullUrl": "urn:uuid:1", "request": "POST Patient", "resource": patient},
            {"fullUrl": null, "request": "DELETE Patient/7", "resource": null},
        ],
    });
    assert_eq!(understood(text), expected);
}

fn check(bytes: &[u8], why: &str) {
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(Received::parse(bytes).expect_err(&text).to_string(), why, "{text}");
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    check(b"", "it is no JSON at byte 0: it ends too early");
    check(b"\xEF\xBB\xBF{}", "it begins with a byte order mark, which JSON does not have");
    check(b"{\"a\":\"\xFF\"}", "byte 6 is no UTF-8");
    check(br#"{"a":NaN}"#, "it is no JSON at byte 5: no value begins so");
    check(br#"{"a":-Infinity}"#, "it is no JSON at byte 6: a digit is missing");
    check(br#"{"a":01}"#, "it is no JSON at byte 6: a number that JSON does not have");
    check(br#"{"a":1.}"#, "it is no JSON at byte 7: a digit is missing");
    check(br#"{"a":+1}"#, "it is no JSON at byte 5: no value begins so");
    check(br#"{"a":1,}"#, "it is no JSON at byte 7: a name in quotation marks is missing");
    check(br#"{"a":[1 2]}"#, "it is no JSON at byte 8: a comma or an end is missing");
    check(br#"{"a":"\x"}"#, "it is no JSON at byte 7: an escape that JSON does not have");
    check(
        "{\"a\":\"\\é\"}".as_bytes(),
        "it is no JSON at byte 7: an escape that JSON does not have",
    );
    check(br#"{"a":"\ud800"}"#, "it is no JSON at byte 12: half a character");
    check(br#"{"a":"\ud800\ud800"}"#, "it is no JSON at byte 18: half a character");
    check(br#"{"a":"\u12"}"#, "it is no JSON at byte 8: an escape without four digits");
    check(b"{\"a\":\"\n\"}", "it is no JSON at byte 6: a control character in a string");
    check(br#"{"a":"b"#, "it is no JSON at byte 7: a string does not end");
    check(b"{} {}", "it is no JSON at byte 3: something follows the end");
    check(b"{} // why", "it is no JSON at byte 3: something follows the end");
    check(br#"{"b":{"a":1,"\u0061":2}}"#, "the object at byte 5 has `a` twice");
    let deep = [b"[".repeat(200), b"]".repeat(200)].concat();
    check(&deep, "it is no JSON at byte 129: it is nested too deep");
    let many = [b"[".as_slice(), &b"0,".repeat(1_000_000), b"0]"].concat();
    check(&many, "it is no JSON at byte 1999999: it has too many values");
    check(&vec![b' '; MOST_BYTES + 1], "it has more than 33554432 bytes");
}

#[test]
fn what_is_no_resource_is_refused_with_its_place() {
    check(b"\n<Patient xmlns=\"http://hl7.org/fhir\"/>", "it is XML: FHIR is read as JSON only");
    check(b"[]", "the resource: it is no object");
    check(b"{}", "the resource: it has no resourceType");
    check(br#"{"resourceType":""}"#, "the resource: it has no resourceType");
    check(br#"{"resourceType":7}"#, "the resource, resourceType: it is no text");
    let id = "its id is none: 1 to 64 letters, digits, - and .";
    check(br#"{"resourceType":"Patient","id":"a b"}"#, &format!("the resource: {id}"));
    let contained =
        br#"{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":""}]}"#;
    check(contained, &format!("the resource, contained[0]: {id}"));
    let identifier = br#"{"resourceType":"Patient","identifier":["x"]}"#;
    check(identifier, "the resource: an identifier is no object");
    let entry = br#"{"resourceType":"Bundle","entry":[{},{"resource":{}}]}"#;
    check(entry, "the resource, entry[1].resource: it has no resourceType");
    let entries = br#"{"resourceType":"Bundle","entry":{}}"#;
    check(entries, "the resource, entry: it is no list");
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-z\"\\\\\u{0}-\u{1f}é]{0,5}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// serde_json writes; ours reads, and takes nothing that serde_json does not.
    #[test]
    fn whatever_others_write_is_read(value in value(), pretty: bool) {
        let resource = json!({"resourceType": "Basic", "made": value});
        let text = if pretty { format!("{resource:#}") } else { resource.to_string() };
        let received = Received::parse(text.as_bytes()).unwrap();
        prop_assert_eq!(received.bytes(), text.as_bytes());
    }

    #[test]
    fn any_bytes_are_a_resource_or_a_reason(
        bytes in prop::collection::vec(prop_oneof![
            prop::sample::select(br#"{}[]",:\u0123aeE+-. ntf"#.to_vec()), any::<u8>(),
        ], 0..80),
    ) {
        drop(Received::parse(&bytes));
        if let Ok(text) = str::from_utf8(&bytes) && Json::read(text).is_ok() {
            prop_assert!(serde_json::from_str::<Box<serde_json::value::RawValue>>(text).is_ok());
        }
    }
}
