//! Where picture and sound come from and go to, as a person writes it on a command line.
//!
//! Knows no GStreamer; `camera`, `microphone` and `speaker` build the pipelines.

use std::{fmt, path::PathBuf, str::FromStr};

use clinical::ExamCamera;

/// What a [`crate::Studio`] captures and plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaConfig {
    pub camera: CameraSource,
    pub microphone: MicrophoneSource,
    pub speaker: SpeakerSink,
    pub stethoscope: StethoscopeSource,
    /// One of a kind; of several the first counts.
    pub exam_cameras: Vec<ExamCameraSource>,
}

/// A camera that is held to the body: `otoscope=v4l2:/dev/v4l/by-id/…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExamCameraSource {
    pub camera: ExamCamera,
    pub source: CameraSource,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraSource {
    /// A camera of the kernel: `v4l2:/dev/video0`.
    V4l2 { device: PathBuf },
    /// A recording in any container that GStreamer decodes, from the start again at its end:
    /// `file:/path.mp4`.
    File { path: PathBuf },
    /// Uncompressed YUV4MPEG2 over TCP: `y4m+tcp://host:port`.
    Y4mTcp(TcpPeer),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MicrophoneSource {
    /// A capture device of ALSA: `alsa:hw:0`.
    Alsa { device: String },
    /// Signed 16-bit little-endian, 48 kHz, mono over TCP: `s16+tcp://host:port`.
    S16Tcp(TcpPeer),
    /// `file:/path`, from the start again at its end.
    File { path: PathBuf },
    /// The physician hears nothing; nobody is told of a lost microphone.
    None,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StethoscopeSource {
    /// A sound card by its own name, as /proc/asound/cards shows it in brackets: `card:Steth`. Never "default",
    /// so that nobody hears the kiosk's microphone instead of a heart.
    Card { name: String },
    /// Signed 16-bit little-endian, 48 kHz, mono over TCP: `s16+tcp://host:port`.
    S16Tcp(TcpPeer),
    /// The cart has none, and the physician is offered none.
    None,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpeakerSink {
    /// A playback device of ALSA: `alsa:default`.
    Alsa { device: String },
    /// The physician's sound is measured and not played.
    None,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcpPeer {
    pub host: String,
    pub port: u16,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {what}; write {forms}")]
pub struct ParseSourceError {
    what: &'static str,
    forms: &'static str,
    text: String,
}

impl FromStr for CameraSource {
    type Err = ParseSourceError;

    fn from_str(text: &str) -> Result<Self, ParseSourceError> {
        let parsed = match split(text) {
            Some(("v4l2", device)) => Some(Self::V4l2 { device: device.into() }),
            Some(("file", path)) => Some(Self::File { path: path.into() }),
            Some(("y4m+tcp", rest)) => TcpPeer::parse(rest).map(Self::Y4mTcp),
            _ => None,
        };
        let forms = "v4l2:/dev/video0, file:/path.mp4 or y4m+tcp://host:port";
        parsed.ok_or_else(|| error("camera", forms, text))
    }
}

/// As it is written on a command line, which is also how the messages of the call name it.
const EXAM_CAMERAS: [(&str, ExamCamera); ExamCamera::ALL.len()] = [
    ("otoscope", ExamCamera::Otoscope),
    ("dermatoscope", ExamCamera::Dermatoscope),
    ("ophthalmoscope", ExamCamera::Ophthalmoscope),
    ("hand_camera", ExamCamera::HandCamera),
];

impl FromStr for ExamCameraSource {
    type Err = ParseSourceError;

    fn from_str(text: &str) -> Result<Self, ParseSourceError> {
        let parsed = text.split_once('=').and_then(|(name, source)| {
            let (_, camera) = EXAM_CAMERAS.iter().find(|(known, _)| *known == name)?;
            Some(Self { camera: *camera, source: source.parse().ok()? })
        });
        let forms = "otoscope=, dermatoscope=, ophthalmoscope= or hand_camera=, and a camera such as \
                     v4l2:/dev/v4l/by-id/NAME";
        parsed.ok_or_else(|| error("exam camera", forms, text))
    }
}

impl FromStr for MicrophoneSource {
    type Err = ParseSourceError;

    fn from_str(text: &str) -> Result<Self, ParseSourceError> {
        let parsed = match split(text) {
            Some(("alsa", device)) => Some(Self::Alsa { device: device.to_owned() }),
            Some(("s16+tcp", rest)) => TcpPeer::parse(rest).map(Self::S16Tcp),
            Some(("file", path)) => Some(Self::File { path: path.into() }),
            None if text == "none" => Some(Self::None),
            _ => None,
        };
        let forms = "alsa:hw:0, s16+tcp://host:port, file:/path.wav or none";
        parsed.ok_or_else(|| error("microphone", forms, text))
    }
}

impl FromStr for StethoscopeSource {
    type Err = ParseSourceError;

    fn from_str(text: &str) -> Result<Self, ParseSourceError> {
        let parsed = match split(text) {
            Some(("card", name)) if is_card(name) => Some(Self::Card { name: name.to_owned() }),
            Some(("s16+tcp", rest)) => TcpPeer::parse(rest).map(Self::S16Tcp),
            None if text == "none" => Some(Self::None),
            _ => None,
        };
        let forms = "card:NAME (see /proc/asound/cards), s16+tcp://host:port or none";
        parsed.ok_or_else(|| error("stethoscope", forms, text))
    }
}

impl FromStr for SpeakerSink {
    type Err = ParseSourceError;

    fn from_str(text: &str) -> Result<Self, ParseSourceError> {
        let parsed = match split(text) {
            Some(("alsa", device)) => Some(Self::Alsa { device: device.to_owned() }),
            None if text == "none" => Some(Self::None),
            _ => None,
        };
        parsed.ok_or_else(|| error("speaker", "alsa:default or none", text))
    }
}

impl fmt::Display for CameraSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4l2 { device } => write!(f, "v4l2:{}", device.display()),
            Self::File { path } => write!(f, "file:{}", path.display()),
            Self::Y4mTcp(peer) => write!(f, "y4m+tcp:{peer}"),
        }
    }
}

impl fmt::Display for ExamCameraSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = EXAM_CAMERAS.iter().find(|(_, known)| *known == self.camera);
        write!(f, "{}={}", name.map_or("", |(name, _)| name), self.source)
    }
}

impl fmt::Display for MicrophoneSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alsa { device } => write!(f, "alsa:{device}"),
            Self::S16Tcp(peer) => write!(f, "s16+tcp:{peer}"),
            Self::File { path } => write!(f, "file:{}", path.display()),
            Self::None => f.write_str("none"),
        }
    }
}

impl fmt::Display for StethoscopeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Card { name } => write!(f, "card:{name}"),
            Self::S16Tcp(peer) => write!(f, "s16+tcp:{peer}"),
            Self::None => f.write_str("none"),
        }
    }
}

impl fmt::Display for SpeakerSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alsa { device } => write!(f, "alsa:{device}"),
            Self::None => f.write_str("none"),
        }
    }
}

impl fmt::Display for TcpPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "//{}:{}", self.host, self.port)
    }
}

impl TcpPeer {
    fn parse(text: &str) -> Option<Self> {
        let (host, port) = text.strip_prefix("//")?.rsplit_once(':')?;
        let port = port.parse().ok().filter(|port| *port != 0)?;
        (!host.is_empty()).then(|| Self { host: host.to_owned(), port })
    }
}

/// Before and after the first colon; `None` when one of them is empty.
fn split(text: &str) -> Option<(&str, &str)> {
    text.split_once(':').filter(|(kind, rest)| !kind.is_empty() && !rest.is_empty())
}

/// As ALSA makes them: letters, digits, `_` and `-`, 15 bytes. A number is the order of plugging in, and means
/// another card tomorrow.
fn is_card(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=15).contains(&name.len())
        && name.bytes().all(allowed)
        && !name.bytes().all(|byte| byte.is_ascii_digit())
        && name != "default"
}

fn error(what: &'static str, forms: &'static str, text: &str) -> ParseSourceError {
    ParseSourceError { what, forms, text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T>(text: &str, valid: bool)
    where
        T: FromStr<Err = ParseSourceError> + fmt::Display,
    {
        match text.parse::<T>() {
            Ok(source) => assert!(valid && source.to_string() == text, "{text} -> {source}"),
            Err(error) => assert!(!valid && error.to_string().contains(text), "{error}"),
        }
    }

    #[test]
    fn what_is_written_is_read_back_the_same() {
        check::<CameraSource>("v4l2:/dev/video0", true);
        check::<CameraSource>("file:/srv/a clip.mp4", true);
        check::<CameraSource>("y4m+tcp://127.0.0.1:5004", true);
        check::<MicrophoneSource>("alsa:hw:0", true);
        check::<MicrophoneSource>("s16+tcp://[::1]:5005", true);
        check::<MicrophoneSource>("none", true);
        check::<SpeakerSink>("alsa:default", true);
        check::<SpeakerSink>("none", true);
        check::<StethoscopeSource>("card:Steth", true);
        check::<StethoscopeSource>("s16+tcp://127.0.0.1:5006", true);
        check::<StethoscopeSource>("none", true);
        check::<ExamCameraSource>("otoscope=v4l2:/dev/v4l/by-id/usb-1", true);
        check::<ExamCameraSource>("hand_camera=y4m+tcp://127.0.0.1:5007", true);
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_its_text() {
        for text in
            ["", "none", "v4l2:", "y4m+tcp://host", "y4m+tcp://:1", "y4m+tcp://h:0", "rtsp://h"]
        {
            check::<CameraSource>(text, false);
        }
        for text in ["card:", "card:default", "card:1", "card:a,b", "alsa:hw:0", "file:/heart.wav"]
        {
            check::<StethoscopeSource>(text, false);
        }
        for text in
            ["otoscope", "otoscope=", "ear=v4l2:/dev/video2", "v4l2:/dev/video2", "otoscope=none"]
        {
            check::<ExamCameraSource>(text, false);
        }
        check::<MicrophoneSource>("v4l2:/dev/video0", false);
        check::<SpeakerSink>("file:/tmp/out.wav", false);
    }
}
