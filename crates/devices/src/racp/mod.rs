//! The Record Access Control Point (0x2A52): how meters and sensors give the records they keep.
//!
//! The codec of its requests and responses, and the procedure that fetches records; what a record
//! holds is each service's own.

mod procedure;
mod request;
mod response;

pub(crate) use procedure::{Procedure, Step};
use request::{Bound, Records, Request};
use response::Response;

use crate::{Fields, Undecoded};

/// The bytes of the request for all records. Published examples of what a device may send count them
/// as a response that is none, so here they are no request either; the other requests cannot be
/// mistaken for a response.
const ALL_RECORDS: [u8; 2] = [1, 1];

pub(crate) fn decode(_: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let wrong = match Response::from_bytes(bytes) {
        Ok(Response::Count(count)) => return Ok(Fields::default().with("count", count)),
        Ok(Response::Ended { request, code }) => {
            return Ok(Fields::default().with("request_op", request).with("code", code));
        }
        Err(wrong) => wrong,
    };
    match Request::from_bytes(bytes) {
        Ok(request) if bytes != ALL_RECORDS => {
            Ok(Fields::default().with("encode", request.to_string()))
        }
        Ok(_) | Err(_) => Err(wrong.into()),
    }
}
