//! One file in a `multipart/related` body (RFC 2387, RFC 2046 section 5.1), as DICOMweb carries files both ways.

/// The content type and the body. The same file makes the same bytes.
pub fn write(file: &[u8]) -> (String, Vec<u8>) {
    let boundary = boundary(file);
    let mut body = Vec::with_capacity(file.len() + 200);
    body.extend(format!("--{boundary}\r\nContent-Type: application/dicom\r\n\r\n").into_bytes());
    body.extend(file);
    body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
    (format!("multipart/related; type=\"application/dicom\"; boundary={boundary}"), body)
}

/// One that the file does not hold.
fn boundary(file: &[u8]) -> String {
    let is_free = |boundary: &String| find(file, format!("--{boundary}").as_bytes()).is_none();
    let mut all = (0_u64..).map(|number| format!("bedside-file-{number}"));
    all.find(is_free).expect("a file does not hold every number")
}

/// The content of the first part. `None`: it is not there to its end.
pub fn first_part<'a>(content_type: &str, body: &'a [u8]) -> Option<&'a [u8]> {
    let delimiter = format!("--{}", parameter(content_type, "boundary")?);
    let delimiter = delimiter.as_bytes();
    let begin = if body.starts_with(delimiter) { 0 } else { find(body, &line(delimiter))? + 2 };
    let part = &body[begin + delimiter.len()..];
    // Fields, an empty line, the content; a part without fields begins with that line.
    let content = &part[find(part, b"\r\n\r\n")? + 4..];
    Some(&content[..find(content, &line(delimiter))?])
}

/// A delimiter begins a line.
fn line(delimiter: &[u8]) -> Vec<u8> {
    [b"\r\n", delimiter].concat()
}

/// Of a media type that is multipart (RFC 9110 section 8.3.1); bare or in quotes.
fn parameter<'a>(content_type: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = content_type.split(';').map(str::trim);
    parts.next().filter(|kind| kind.eq_ignore_ascii_case("multipart/related"))?;
    let mut named = parts.filter_map(|part| part.split_once('='));
    let (_, value) = named.find(|(found, _)| found.trim().eq_ignore_ascii_case(name))?;
    let value = value.trim();
    let bare = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    (!bare.is_empty()).then_some(bare)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|found| found == wanted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_that_holds_the_boundary_gets_another() {
        let file = b"a\r\n--bedside-file-0\r\nb\r\n--bedside-file-1--";
        let (content_type, body) = write(file);
        assert!(content_type.ends_with("boundary=bedside-file-2"), "{content_type}");
        assert_eq!(first_part(&content_type, &body), Some(file.as_slice()));
    }

    #[test]
    fn answers_are_read_as_archives_write_them() {
        let of = |content_type: &str, body: &'static str| first_part(content_type, body.as_bytes());
        let quoted = "Multipart/Related; type=\"application/dicom\"; Boundary=\"x y\"";
        let whole = "--x y\r\nContent-Length: 4\r\nMIME-Version: 1.0\r\n\r\nDICM\r\n--x y--\r\n";
        assert_eq!(of(quoted, whole), Some(b"DICM".as_slice()));
        let after_a_preamble = "to whom it may concern\r\n--b\r\n\r\nDICM\r\n--b--";
        assert_eq!(of("multipart/related; boundary=b", after_a_preamble), Some(b"DICM".as_slice()));
        let of_two = "--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--";
        assert_eq!(of("multipart/related;boundary=b", of_two), Some(b"one".as_slice()));
    }

    #[test]
    fn what_breaks_off_or_is_something_else_is_no_file() {
        let of = |content_type: &str, body: &'static str| first_part(content_type, body.as_bytes());
        assert_eq!(of("text/html", "<html>please log in</html>"), None);
        assert_eq!(of("multipart/related", "--b\r\n\r\none\r\n--b--"), None);
        assert_eq!(of("multipart/related; boundary=b", "--b\r\n\r\none\r\n-"), None);
        assert_eq!(of("multipart/related; boundary=b", ""), None);
    }

    proptest! {
        #[test]
        fn every_file_comes_out_as_it_went_in(file: Vec<u8>) {
            let (content_type, body) = write(&file);
            prop_assert_eq!(first_part(&content_type, &body), Some(file.as_slice()));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(body in "[-b\r\n ]{0,40}", content_type: String) {
            for content_type in ["multipart/related; boundary=b", &content_type] {
                let part = first_part(content_type, body.as_bytes()).unwrap_or_default();
                prop_assert!(part.len() <= body.len());
            }
        }
    }
}
