//! Messages of an EHR are told in JSON, and come out as they went in.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::program::{Said, cartctl};

/// Runs the check on a file with these bytes, with and without writing them again.
fn check(of: &str, bytes: &[u8]) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, out) = (path("in"), path("out"));
    fs::write(&file, bytes).unwrap();
    let said = cartctl(&[of, "check", &file]);
    let again = cartctl(&[of, "check", &file, "--write", &out]);
    assert_eq!((&again.out, again.code), (&said.out, said.code));
    match said.code {
        Some(0) => assert_eq!(fs::read(&out).unwrap(), bytes, "{}", said.out),
        _ => assert!(!Path::new(&out).exists(), "nothing is written of what is refused"),
    }
    said
}

const ADMISSION: &[u8] =
    b"MSH|^~\\&|ADT|GEN|BEDSIDE|W|20261122||ADT^A01^ADT_A01|77|P|2.5.1||||||8859/1\r\
    PID|1||7^^^HOSP^MR~8||M\xFCller^Anna||19580314|F\r\n\
    PV1|1|I|3E^12\rZPM|a&b^c||\"\"|\\X41\\\r\n\r";

#[test]
fn a_message_of_hl7_is_told_field_by_field_with_whom_it_means() {
    let said = check("hl7", ADMISSION).json();
    assert_eq!(said["bytes"], ADMISSION.len());
    assert_eq!(said["type"], json!(["ADT", "A01", "ADT_A01"]));
    assert_eq!((&said["version"], &said["control_id"]), (&json!("2.5.1"), &json!("77")));
    assert_eq!(said["encoding_characters"], "^~\\&");
    let numbers = json!([["7", null, null, "HOSP", "MR"], "8"]);
    assert_eq!(said["segments"][1]["fields"]["3"], numbers);
    let unknown = json!({"name": "ZPM", "fields": {"1": [["a", "b"], "c"], "3": "\"\"", "4": "A"}});
    assert_eq!(said["segments"][3], unknown);
    let patient = &said["admission"]["patient"];
    assert_eq!(
        (&patient["family"], &patient["birth_date"]),
        (&json!("Müller"), &json!("1958-03-14"))
    );
    assert_eq!(said["admission"]["event"], "admitted");
    assert_eq!(said["admission"]["visit"]["place"]["room"], "12");
}

#[test]
fn a_field_that_is_no_text_is_shown_as_bytes_and_the_reason_of_the_answer() {
    let unnamed = String::from_utf8_lossy(ADMISSION).replace("8859/1", "");
    let bytes: Vec<u8> =
        unnamed.split('\u{FFFD}').map(str::as_bytes).collect::<Vec<_>>().join(&0xFC);
    let said = check("hl7", &bytes).json();
    let family = &said["segments"][1]["fields"]["5"][0];
    assert_eq!(family["hex"], "4dfc6c6c6572");
    let why = "bytes beyond ASCII, and MSH-18 names no character set";
    assert_eq!(family["unreadable"], why);
    assert_eq!(said["admission"]["refused"], format!("PID-5: {why}"));
}

#[test]
fn a_message_may_be_in_its_frame_as_it_came_off_a_connection() {
    let framed = [b"\x0b", ADMISSION, b"\x1c\r"].concat();
    let said = check("hl7", &framed).json();
    assert_eq!((&said["mllp"], &said["bytes"]), (&json!(true), &json!(framed.len())));
    check("hl7", &[framed.clone(), framed.clone()].concat()).is_refused("more than one");
    check("hl7", &framed[..framed.len() - 1]).is_refused("does not end");
    check("hl7", &[framed, b"\n".to_vec()].concat()).is_refused("not be written as it came");
}

#[test]
fn an_acknowledgement_says_of_what_it_is() {
    let said = check("hl7", b"MSH|^~\\&|A|B|C|D|1||ACK|9|P|2.5.1\rMSA|AE|77|no bed\r").json();
    let expected = json!({"code": "AE", "of": "77", "condition": null, "reason": "no bed"});
    assert_eq!(said["acknowledgement"], expected);
}

#[test]
fn a_resource_is_told_with_its_numbers_and_references() {
    let text = "{ \"resourceType\" : \"Bundle\",\n \"entry\":[{\"resource\":{\"resourceType\":\"Observation\",\
                \"id\":\"7\",\"valueQuantity\":{\"value\":1.50e400},\"subject\":{\"reference\":\"Patient/1\"},\
                \"extension\":[{\"url\":\"http://x.org/y\",\"valueDecimal\":0.10}]}}]}\n";
    let said = check("fhir", text.as_bytes()).json();
    let inner: &Value = &said["entry"][0]["resource"];
    assert_eq!((&said["resourceType"], &said["bytes"]), (&json!("Bundle"), &json!(text.len())));
    assert_eq!((&inner["id"], &inner["references"]), (&json!("7"), &json!(["Patient/1"])));
    assert_eq!(inner["extensions"], json!(["http://x.org/y"]));
}

#[test]
fn what_is_no_message_and_no_resource_is_refused_in_json() {
    let cases: [(&str, &[u8], &str); 9] = [
        ("hl7", b"", "MSH"),
        ("hl7", b"PID|1", "MSH"),
        ("hl7", b"BHS|^~\\&|\r", "batch"),
        ("hl7", b"MSH|^~\\&|A\rx\r", "line 2"),
        ("fhir", b"<Patient/>", "XML"),
        ("fhir", b"{\"resourceType\":\"A\",\"id\":\"1\",\"id\":\"2\"}", "`id` twice"),
        ("fhir", b"{\"resourceType\":\"A\",\"x\":NaN}", "byte 24"),
        ("fhir", b"{\"resourceType\":\"\xFF\"}", "UTF-8"),
        ("fhir", b"{}", "resourceType"),
    ];
    for (kind, bytes, why) in cases {
        check(kind, bytes).is_refused(why);
    }
}

#[test]
fn a_file_that_is_not_there_is_said_in_words() {
    let said = cartctl(&["hl7", "check", "/nowhere"]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    assert!(said.words.contains("/nowhere"), "{}", said.words);
}
