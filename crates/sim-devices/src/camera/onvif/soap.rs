//! What a host asks in SOAP 1.2, and how it is answered. The names are those of ONVIF's WSDL: Device and
//! Media version 10, PTZ version 20.

use jiff::SignedDuration;
use roxmltree::{Document, Node};
use std::time::Duration;

/// Namespaces of the three services and of what they share.
pub const DEVICE: &str = "http://www.onvif.org/ver10/device/wsdl";
pub const MEDIA: &str = "http://www.onvif.org/ver10/media/wsdl";
pub const PTZ: &str = "http://www.onvif.org/ver20/ptz/wsdl";
const SCHEMA: &str = "http://www.onvif.org/ver10/schema";
const ENVELOPE: &str = "http://www.w3.org/2003/05/soap-envelope";

/// Why a request is not carried out: two of ONVIF's subcodes, the second within the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    WellFormed,
    ActionNotSupported,
    NoProfile,
    NoToken,
    InvalidPosition,
    InvalidVelocity,
    InvalidTimeout,
    TooManyPresets,
}

impl Fault {
    fn codes(self) -> (&'static str, [&'static str; 2]) {
        match self {
            Self::WellFormed => ("Sender", ["WellFormed", "WellFormed"]),
            Self::ActionNotSupported => ("Receiver", ["ActionNotSupported", "NoPTZProfile"]),
            Self::NoProfile => ("Sender", ["InvalidArgVal", "NoProfile"]),
            Self::NoToken => ("Sender", ["InvalidArgVal", "NoToken"]),
            Self::InvalidPosition => ("Sender", ["InvalidArgVal", "InvalidPosition"]),
            Self::InvalidVelocity => ("Sender", ["InvalidArgVal", "InvalidVelocity"]),
            Self::InvalidTimeout => ("Sender", ["InvalidArgVal", "TimeoutNotSupported"]),
            Self::TooManyPresets => ("Receiver", ["Action", "TooManyPresets"]),
        }
    }
}

/// The element in the body, which names what is asked.
pub fn asked<'a>(document: &'a Document<'a>) -> Result<Node<'a, 'a>, Fault> {
    let root = document.root_element();
    let body = root.children().find(|child| child.has_tag_name((ENVELOPE, "Body")));
    let asked = body.and_then(|body| body.first_element_child());
    asked.filter(|_| root.has_tag_name((ENVELOPE, "Envelope"))).ok_or(Fault::WellFormed)
}

/// The text of an element of the PTZ service.
pub fn text<'a>(asked: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let child = asked.children().find(|child| child.has_tag_name((PTZ, name)))?;
    Some(child.text().unwrap_or_default().trim())
}

/// A flag that is true unless it is said to be false.
pub fn flag(asked: Node<'_, '_>, name: &str) -> bool {
    !matches!(text(asked, name), Some("false" | "0"))
}

/// A place or a velocity: pan and tilt, and zoom, each of which may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Vector {
    pub head: Option<[f64; 2]>,
    pub lens: Option<f64>,
}

/// In the generic spaces: pan and tilt from −1 to 1, zoom from `wide` to 1.
pub fn vector(asked: Node<'_, '_>, name: &str, wide: f64) -> Option<Vector> {
    let vector = asked.children().find(|child| child.has_tag_name((PTZ, name)))?;
    let part = |name| vector.children().find(|child| child.has_tag_name((SCHEMA, name)));
    let number = |part: Node<'_, '_>, axis, lowest: f64| {
        let number: f64 = part.attribute(axis)?.parse().ok()?;
        (lowest..=1.0).contains(&number).then_some(number)
    };
    let head = match part("PanTilt") {
        Some(part) => Some([number(part, "x", -1.0)?, number(part, "y", -1.0)?]),
        None => None,
    };
    let lens = match part("Zoom") {
        Some(part) => Some(number(part, "x", wide)?),
        None => None,
    };
    Some(Vector { head, lens })
}

/// How long a movement lasts that nobody stops; as long as `usual` where it is not said.
pub fn timeout(asked: Node<'_, '_>, usual: Duration) -> Result<Duration, Fault> {
    let Some(text) = text(asked, "Timeout") else { return Ok(usual) };
    let timeout = text.parse::<SignedDuration>().map_err(|_| Fault::InvalidTimeout)?;
    Duration::try_from(timeout).map_err(|_| Fault::InvalidTimeout)
}

/// `body`: with the prefixes that are declared here.
pub fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <SOAP-ENV:Envelope xmlns:SOAP-ENV=\"{ENVELOPE}\" xmlns:ter=\"http://www.onvif.org/ver10/error\" \
         xmlns:tds=\"{DEVICE}\" xmlns:trt=\"{MEDIA}\" xmlns:tptz=\"{PTZ}\" xmlns:tt=\"{SCHEMA}\">\n\
         <SOAP-ENV:Body>{body}</SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
    )
}

/// The HTTP status of a fault, and its body (ONVIF Core, 5.8.2.1).
pub fn fault(fault: Fault) -> (&'static str, String) {
    let (whose, [code, inner]) = fault.codes();
    let status = if whose == "Sender" { "400 Bad Request" } else { "500 Internal Server Error" };
    let subcode = format!(
        "<SOAP-ENV:Subcode><SOAP-ENV:Value>ter:{code}</SOAP-ENV:Value><SOAP-ENV:Subcode>\
         <SOAP-ENV:Value>ter:{inner}</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Subcode>"
    );
    let body = format!(
        "<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:{whose}</SOAP-ENV:Value>{subcode}\
         </SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text xml:lang=\"en\">{inner}</SOAP-ENV:Text>\
         </SOAP-ENV:Reason></SOAP-ENV:Fault>"
    );
    (status, envelope(&body))
}

/// As the text of an element or an attribute.
pub fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;")
}
