//! As much of HTTP/1.1 (RFC 9112) as a camera's web service needs: one POST, one answer, and the
//! connection is over.

use crate::link::Message;

/// Longer than any request of ONVIF PTZ by far.
const LONGEST: usize = 64 * 1024;

#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub path: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    /// By its name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// What of a host's bytes is no whole request yet.
#[derive(Debug, Default)]
pub struct Incoming(Vec<u8>);

impl Incoming {
    /// `Ok(None)`: there is more to come.
    ///
    /// # Errors
    /// This is no request.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Option<Request>, NoRequest> {
        self.0.extend_from_slice(bytes);
        if self.0.len() > LONGEST {
            return Err(NoRequest);
        }
        let Some(end) = self.0.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        let head = str::from_utf8(&self.0[..end]).map_err(|_| NoRequest)?;
        let mut request = read_head(head).ok_or(NoRequest)?;
        let length = match request.header("content-length") {
            Some(length) => length.parse().map_err(|_| NoRequest)?,
            None => 0,
        };
        let Some(body) = self.0[end + 4..].get(..length) else { return Ok(None) };
        request.body = String::from_utf8(body.to_vec()).map_err(|_| NoRequest)?;
        self.0.clear();
        Ok(Some(request))
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct NoRequest;

fn read_head(head: &str) -> Option<Request> {
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    first.next()?.starts_with("HTTP/1.").then_some(())?;
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Some(Request { method, path, headers: headers.collect::<Option<_>>()?, body: String::new() })
}

/// `status`: such as `200 OK`; `headers`: each with its line end.
pub fn response(status: &str, headers: &str, body: &str) -> Message {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: &str =
        "POST /onvif/ptz_service HTTP/1.1\r\nHost: camera\r\nContent-Length: 4\r\n\r\n<a/>";

    #[test]
    fn a_request_is_whole_with_its_last_byte_however_it_was_cut() {
        for chunk in [1, 7, POST.len()] {
            let mut incoming = Incoming::default();
            let mut found = Vec::new();
            for bytes in POST.as_bytes().chunks(chunk) {
                found.push(incoming.push(bytes).unwrap());
            }
            let request = found.pop().unwrap().unwrap();
            assert!(found.iter().all(Option::is_none));
            assert_eq!((&*request.method, &*request.path), ("POST", "/onvif/ptz_service"));
            assert_eq!((request.header("host"), &*request.body), (Some("camera"), "<a/>"));
        }
    }

    #[track_caller]
    fn check(bytes: &[u8]) {
        assert_eq!(Incoming::default().push(bytes), Err(NoRequest));
    }

    #[test]
    fn what_is_no_request_is_not_waited_for() {
        check(b"hello\r\n\r\n");
        check(b"POST / HTTP/1.1\r\nContent-Length: four\r\n\r\n");
        check(b"POST / HTTP/1.1\r\nno header\r\n\r\n");
        check(b"POST / HTTP/1.1\r\n\xFF: 1\r\n\r\n");
        check(&[b'a'; LONGEST + 1]);
    }
}
