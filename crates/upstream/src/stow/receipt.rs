//! What an archive says became of a file: the Store Instances Response (PS3.18 section 10.5.3 and annex I), as DICOM JSON.

use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::{MOST_RECEIPT_BYTES, Stored, StowError, answer};

const FAILED: &str = "00081198";
const STORED: &str = "00081199";
/// Failures that name no file.
const OTHERS: &str = "0008119A";
const INSTANCE: &str = "00081155";
const FAILURE: &str = "00081197";
const WARNING: &str = "00081196";

pub async fn judge(answer: Response, uid: &str) -> Result<Stored, StowError> {
    let status = answer.status();
    let about_the_content = matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::CONFLICT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY
    );
    if !status.is_success() && !about_the_content {
        return Err(answer::not_now(&answer));
    }
    let body = answer::read(answer, MOST_RECEIPT_BYTES).await?;
    // One that is no JSON says nothing about any file.
    let body = serde_json::from_slice(&body).unwrap_or_default();
    match said(&body, uid) {
        Some(outcome) => outcome,
        None if about_the_content => Err(StowError::Refused { what: by_status(status) }),
        None => Err(StowError::later("the image archive did not say that it has the file")),
    }
}

/// What the receipt says about this file; `None`: nothing.
fn said(receipt: &Value, uid: &str) -> Option<Result<Stored, StowError>> {
    // A data set, or a list of one.
    let receipt = receipt.get(0).unwrap_or(receipt);
    let ours = |item: &&Value| first(item, INSTANCE).as_str() == Some(uid);
    if let Some(failed) = items(receipt, FAILED).find(ours) {
        return Some(failure(failed));
    }
    if let Some(stored) = items(receipt, STORED).find(ours) {
        return Some(Ok(Stored { warning: code(stored, WARNING).map(warning) }));
    }
    // One file was sent, so a failure without a name is its.
    items(receipt, OTHERS).next().map(failure)
}

fn items<'a>(receipt: &'a Value, tag: &str) -> impl Iterator<Item = &'a Value> {
    receipt[tag]["Value"].as_array().into_iter().flatten()
}

fn first<'a>(item: &'a Value, tag: &str) -> &'a Value {
    &item[tag]["Value"][0]
}

fn code(item: &Value, tag: &str) -> Option<u64> {
    first(item, tag).as_u64()
}

/// PS3.18 table I.2-2, PS3.4 table B.2-1 and PS3.7 annex C. A processing failure is the file's: what is the archive's
/// own has codes and statuses of its own.
fn failure(item: &Value) -> Result<Stored, StowError> {
    let Some(code) = code(item, FAILURE) else {
        return Err(StowError::Refused {
            what: words("refused the file and gave no reason", None),
        });
    };
    let refused = |what| Err(StowError::Refused { what: words(what, Some(code)) });
    match code {
        0x0111 => Ok(Stored { warning: Some("the image archive had it already".to_owned()) }),
        0xA700..=0xA7FF | 0x0213 => {
            Err(StowError::later(&words("is out of space or busy", Some(code))))
        }
        0x0124 => Err(StowError::denied(&words(
            "does not let the hub store; check its rights",
            Some(code),
        ))),
        0x0110 => refused("could not process the file; look into the archive's own log"),
        0x0122 => refused("does not take this kind of object; have its SOP class switched on"),
        0xC122 => refused("does not take this coding; have its transfer syntax switched on"),
        0xA900..=0xA9FF => refused("says that the file does not fit its kind of object"),
        0x0106 | 0x0117 | 0xC000..=0xCFFF => refused("does not understand the file"),
        _ => refused("refused the file"),
    }
}

/// PS3.18 table I.2-1.
fn warning(code: u64) -> String {
    let what = match code {
        0xB000 => "put some of the file's values right",
        0xB006 => "left out some of the file's values",
        0xB007 => "remarks that the file does not fit its kind of object",
        _ => "has a remark on the file",
    };
    words(what, Some(code))
}

fn words(what: &str, code: Option<u64>) -> String {
    match code {
        Some(code) => format!("the image archive {what} (DICOM code {code:04X})"),
        None => format!("the image archive {what}"),
    }
}

/// Without a reason in the body.
fn by_status(status: StatusCode) -> String {
    let what = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "takes no file as large as this",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "takes no files of this kind by this way",
        _ => "could not read the file",
    };
    format!("the image archive {what} (it answered {status})")
}

#[cfg(test)]
mod tests;
