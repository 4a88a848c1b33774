//! Where a device is reached, as a cart's configuration writes it.

mod ble;
mod hid;
mod serial;

use std::{fmt, path::PathBuf, str::FromStr};

use devices::catalogue::Line;

use crate::web::Login;

pub use ble::BleAddress;
pub use hid::HidAddress;

/// `serial:/dev/bedside/port-1[@baud[,8O1]]`, `hid:/dev/hidraw0`, `hid:VVVV:PPPP[:serial]`,
/// `v4l:/dev/v4l/by-id/…`, `ble:[hci1/]AA:BB:CC:DD:EE:FF`, `tcp://host:port`, `udp://host:port`,
/// `http://host[:port]` or
/// `att+tcp://host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkAddress {
    Serial {
        path: PathBuf,
        /// `None`: as the catalogue has it for the device.
        line: Option<Line>,
    },
    /// Reports of a USB HID device.
    Hid(HidAddress),
    /// The controls of a camera of the operating system.
    V4l(PathBuf),
    /// A Bluetooth device, by the cart's own adapter.
    Ble(BleAddress),
    Tcp(Host),
    Udp(Host),
    /// A web service. Who the cart is there is never written into the address: addresses are logged.
    Http {
        host: Host,
        login: Option<Login>,
    },
    /// The Attribute Protocol in L2CAP basic frames over TCP, as Bluetooth gateways and the test
    /// benches of controllers carry it.
    AttTcp(Host),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// A name, an IPv4 address, or an IPv6 address without its brackets.
    pub name: String,
    pub port: u16,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ParseLinkAddressError {
    #[error(
        "`{0}` begins with none of serial:, hid:, v4l:, ble:, tcp://, udp://, http:// and att+tcp://"
    )]
    Scheme(String),
    #[error("`{0}` names no device: one begins with /dev/")]
    Path(String),
    #[error("`{0}` is no speed of a serial line: 300 to 4000000 are")]
    Baud(String),
    #[error("`{0}` is no form of the bytes of a serial line: 8N1 and 8O1 are")]
    Form(String),
    #[error("`{0}` is no USB device: 1a86:e008 or 1a86:e008:SERIAL is one")]
    Usb(String),
    #[error("`{0}` is no Bluetooth address: C0:26:DF:01:02:03 or hci1/C0:26:DF:01:02:03 is one")]
    Bluetooth(String),
    #[error("`{0}` is not host:port")]
    Host(String),
    /// Without the text, which has a password in it.
    #[error("an address has no user and no password in it: they are in a file of their own")]
    LoginInside,
    #[error("only an address with http:// takes a user and a password")]
    LoginUnused,
}

/// Where an address with `http://` has no port.
const HTTP: u16 = 80;

impl LinkAddress {
    /// With the user and the password that its device knows the cart by.
    ///
    /// # Errors
    /// No device at such an address asks for them.
    pub fn with_login(self, login: Login) -> Result<Self, ParseLinkAddressError> {
        match self {
            Self::Http { host, .. } => Ok(Self::Http { host, login: Some(login) }),
            _ => Err(ParseLinkAddressError::LoginUnused),
        }
    }
}

impl FromStr for LinkAddress {
    type Err = ParseLinkAddressError;

    fn from_str(text: &str) -> Result<Self, ParseLinkAddressError> {
        if let Some(device) = text.strip_prefix("serial:") {
            serial::parse(device)
        } else if let Some(device) = text.strip_prefix("hid:") {
            device.parse().map(Self::Hid)
        } else if let Some(path) = text.strip_prefix("v4l:") {
            node(path).map(Self::V4l)
        } else if let Some(device) = text.strip_prefix("ble:") {
            device.parse().map(Self::Ble)
        } else if let Some(at) = text.strip_prefix("udp://") {
            host(at).map(Self::Udp)
        } else if let Some(at) = text.strip_prefix("tcp://") {
            host(at).map(Self::Tcp)
        } else if let Some(at) = text.strip_prefix("http://") {
            web_host(at).map(|host| Self::Http { host, login: None })
        } else if let Some(at) = text.strip_prefix("att+tcp://") {
            host(at).map(Self::AttTcp)
        } else {
            Err(ParseLinkAddressError::Scheme(text.to_owned()))
        }
    }
}

/// A relative name would depend on where the daemon was started.
fn node(path: &str) -> Result<PathBuf, ParseLinkAddressError> {
    match path.starts_with('/') && !path.ends_with('/') {
        true => Ok(path.into()),
        false => Err(ParseLinkAddressError::Path(path.to_owned())),
    }
}

fn host(text: &str) -> Result<Host, ParseLinkAddressError> {
    let wrong = || ParseLinkAddressError::Host(text.to_owned());
    let (name, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    let bare = match name.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').ok_or_else(wrong)?,
        None if name.contains(':') => return Err(wrong()),
        None => name,
    };
    let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(wrong)?;
    if bare.is_empty() || bare.contains(|letter: char| letter == '/' || letter.is_whitespace()) {
        return Err(wrong());
    }
    Ok(Host { name: bare.to_owned(), port })
}

fn web_host(text: &str) -> Result<Host, ParseLinkAddressError> {
    if text.contains('@') {
        return Err(ParseLinkAddressError::LoginInside);
    }
    // The colons of an IPv6 address are inside of its brackets.
    match text.ends_with(']') || !text.contains(':') {
        true => host(&format!("{text}:{HTTP}")),
        false => host(text),
    }
}

impl fmt::Display for LinkAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial { path, line: None } => write!(f, "serial:{}", path.display()),
            Self::Serial { path, line: Some(line) } => {
                write!(f, "serial:{}@{}", path.display(), serial::Settings(*line))
            }
            Self::Hid(device) => write!(f, "hid:{device}"),
            Self::V4l(path) => write!(f, "v4l:{}", path.display()),
            Self::Ble(device) => write!(f, "ble:{device}"),
            Self::Tcp(host) => write!(f, "tcp://{host}"),
            Self::Udp(host) => write!(f, "udp://{host}"),
            Self::Http { host, login: _ } => write!(f, "http://{host}"),
            Self::AttTcp(host) => write!(f, "att+tcp://{host}"),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, port } = self;
        if name.contains(':') { write!(f, "[{name}]:{port}") } else { write!(f, "{name}:{port}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) {
        let address: LinkAddress = text.parse().unwrap();
        assert_eq!(address.to_string(), text);
    }

    #[test]
    fn addresses_are_written_as_they_are_read() {
        check("serial:/dev/bedside/port-pci-0000:00:14.0-usb-0:1:1.0");
        check("serial:/dev/ttyUSB0@115200");
        check("serial:/dev/ttyUSB0");
        check("serial:/dev/ttyUSB0@19200,8O1");
        check("hid:/dev/hidraw3");
        check("hid:0590:0028");
        check("hid:0590:0028:A-17");
        check("v4l:/dev/v4l/by-id/usb-PTZ-index0");
        check("ble:C0:26:DF:01:02:0F");
        check("ble:hci1/C0:26:DF:01:02:0F");
        check("udp://camera.ward-3:52381");
        check("tcp://camera.ward-3:5678");
        check("tcp://[fe80::1]:5678");
        check("http://camera.ward-3:8080");
        check("att+tcp://127.0.0.1:9");
    }

    #[test]
    fn a_web_service_without_a_port_is_at_80() {
        for (text, expected) in
            [("http://cam", "http://cam:80"), ("http://[::1]", "http://[::1]:80")]
        {
            assert_eq!(text.parse::<LinkAddress>().unwrap().to_string(), expected);
        }
    }

    #[test]
    fn a_password_in_an_address_is_refused_without_being_repeated() {
        let error = refused("http://admin:s3cret@camera");
        assert_eq!(error, ParseLinkAddressError::LoginInside);
        assert!(!error.to_string().contains("s3cret"));
    }

    #[test]
    fn bytes_without_parity_need_not_be_written() {
        let written: LinkAddress = "serial:/dev/ttyS0@9600,8N1".parse().unwrap();
        assert_eq!(written.to_string(), "serial:/dev/ttyS0@9600");
    }

    fn refused(text: &str) -> ParseLinkAddressError {
        text.parse::<LinkAddress>().unwrap_err()
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_part_that_is_wrong() {
        assert_eq!(refused("/dev/ttyS0"), ParseLinkAddressError::Scheme("/dev/ttyS0".into()));
        assert_eq!(refused("serial:ttyS0"), ParseLinkAddressError::Path("ttyS0".into()));
        assert_eq!(refused("serial:/dev/"), ParseLinkAddressError::Path("/dev/".into()));
        assert_eq!(refused("serial:/dev/x@fast"), ParseLinkAddressError::Baud("fast".into()));
        assert_eq!(refused("serial:/dev/x@1"), ParseLinkAddressError::Baud("1".into()));
        assert_eq!(refused("serial:/dev/x@9600,7E2"), ParseLinkAddressError::Form("7E2".into()));
        assert_eq!(refused("hid:hidraw0"), ParseLinkAddressError::Usb("hidraw0".into()));
        assert_eq!(refused("hid:590:28"), ParseLinkAddressError::Usb("590:28".into()));
        assert_eq!(refused("v4l:video0"), ParseLinkAddressError::Path("video0".into()));
        for device in ["", "C0:26:DF:01:02", "C0:26:DF:01:02:0", "C0:26:DF:01:02:03:04"] {
            let error = refused(&format!("ble:{device}"));
            assert_eq!(error, ParseLinkAddressError::Bluetooth(device.into()));
        }
        for adapter in ["", "hci", "eth0", "hci1/hci2", "../hci0"] {
            let text = format!("{adapter}/C0:26:DF:01:02:03");
            let error = refused(&format!("ble:{text}"));
            assert_eq!(error, ParseLinkAddressError::Bluetooth(text));
        }
        let signed = "+0:26:DF:01:02:03";
        assert_eq!(
            refused(&format!("ble:{signed}")),
            ParseLinkAddressError::Bluetooth(signed.into())
        );
        for host in ["", "camera", ":5678", "camera:0", "camera:70000", "fe80::1:5678", "a/b:1"] {
            let error = refused(&format!("tcp://{host}"));
            assert_eq!(error, ParseLinkAddressError::Host(host.into()));
        }
    }
}
