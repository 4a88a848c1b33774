//! Receipts as archives write them. Those of Orthanc 1.10 are as it answered.

use std::time::Duration;

use tokio_tungstenite::tungstenite::http;

use super::*;

const OURS: &str = "2.25.11";

async fn judged(status: u16, body: &str) -> Result<Stored, StowError> {
    let answer = http::Response::builder().status(status).header("Retry-After", "90");
    judge(answer.body(body.to_owned()).unwrap().into(), OURS).await
}

fn item(more: &str) -> String {
    format!(r#"{{"00081155":{{"vr":"UI","Value":["{OURS}"]}}{more}}}"#)
}

fn receipt(tag: &str, item: &str) -> String {
    format!(r#"{{"{tag}":{{"vr":"SQ","Value":[{item}]}}}}"#)
}

fn failed(code: u32) -> String {
    receipt(FAILED, &item(&format!(r#","00081197":{{"vr":"US","Value":[{code}]}}"#)))
}

/// What Orthanc answers when it understood no part of the request, with 200 or 400.
const NOTHING: &str = r#"{"00081198":{"vr":"SQ"},"00081199":{"vr":"SQ"}}"#;

#[tokio::test]
async fn only_a_receipt_that_names_the_file_counts() {
    let stored = Ok(Stored { warning: None });
    assert_eq!(judged(200, &receipt(STORED, &item(""))).await, stored);
    assert_eq!(judged(200, &format!("[{}]", receipt(STORED, &item("")))).await, stored);
    let other = receipt(STORED, r#"{"00081155":{"vr":"UI","Value":["2.25.12"]}}"#);
    for body in [NOTHING, "", "[]", "<html>please log in</html>", &other] {
        for status in [200, 202] {
            let answer = judged(status, body).await;
            assert!(matches!(answer, Err(StowError::Later { .. })), "{status} {body}");
        }
    }
}

#[tokio::test]
async fn a_warning_is_told_in_words() {
    for (code, words) in
        [(0xB000, "put some"), (0xB006, "left out"), (0xB007, "does not fit"), (1, "remark")]
    {
        let warning = format!(r#","00081196":{{"vr":"US","Value":[{code}]}}"#);
        let stored = judged(202, &receipt(STORED, &item(&warning))).await.unwrap();
        assert!(stored.warning.is_some_and(|warning| warning.contains(words)), "{code:04X}");
    }
}

#[tokio::test]
async fn each_code_of_a_failure_is_never_later_or_not_allowed() {
    for (code, expected) in [
        (0x0110, "could not process"),
        (0x0122, "SOP class"),
        (0xC122, "transfer syntax"),
        (0xA900, "does not fit"),
        (0xC000, "does not understand"),
        (0x0999, "refused the file (DICOM code 0999)"),
    ] {
        for status in [200, 202, 400, 409] {
            let refused = judged(status, &failed(code)).await.unwrap_err();
            let StowError::Refused { what } = refused else { panic!("{code:04X}: {refused:?}") };
            assert!(what.contains(expected), "{what}");
        }
    }
    for code in [0xA700, 0x0213] {
        assert!(
            matches!(judged(409, &failed(code)).await, Err(StowError::Later { .. })),
            "{code:04X}"
        );
    }
    assert!(matches!(judged(409, &failed(0x0124)).await, Err(StowError::Denied { .. })));
    assert!(judged(409, &failed(0x0111)).await.is_ok(), "it is there already");
}

#[tokio::test]
async fn a_refusal_without_a_reason_is_one_all_the_same() {
    for status in [400, 409, 413, 415, 422] {
        for body in [NOTHING, "", "<html>"] {
            let refused = judged(status, body).await.unwrap_err();
            let StowError::Refused { what } = refused else { panic!("{status}: {refused:?}") };
            assert!(what.contains(&status.to_string()), "{what}");
        }
    }
    let nameless = judged(409, &receipt(OTHERS, "{}")).await.unwrap_err();
    assert!(matches!(nameless, StowError::Refused { .. }));
}

#[tokio::test]
async fn what_is_the_fault_of_the_way_or_of_the_access_is_no_refusal() {
    for status in [301, 404, 408, 500, 502] {
        let later = judged(status, &failed(0xC000)).await.unwrap_err();
        assert!(matches!(later, StowError::Later { .. }), "{status}");
    }
    let StowError::Later { retry_after, .. } = judged(503, "").await.unwrap_err() else { panic!() };
    assert_eq!(retry_after, Some(Duration::from_secs(90)));
    for status in [401, 403] {
        assert!(matches!(judged(status, "").await, Err(StowError::Denied { .. })), "{status}");
    }
}
