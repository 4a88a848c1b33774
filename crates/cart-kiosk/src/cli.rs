//! The command line, and the environment in its place: systemd sets the latter.

use std::path::PathBuf;

use clap::{Args, Parser};
use devices::catalogue::UsbId;
use media::{
    CameraSource, ExamCameraSource, MediaConfig, MicrophoneSource, SpeakerSink, StethoscopeSource,
};

/// The touchscreen of a Bedside cart.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    /// The Unix socket of cartd.
    #[arg(long, env = "CART_KIOSK_SOCKET", default_value = "/run/bedside/cartd.sock")]
    pub socket: PathBuf,
    #[command(flatten)]
    pub media: MediaArgs,
    #[command(flatten)]
    pub scanner: ScannerArgs,
    /// Covers the whole screen, as on a cart.
    #[arg(long, env = "CART_KIOSK_FULLSCREEN")]
    pub fullscreen: bool,
    /// A language other than English, such as `es`.
    #[arg(long, env = "CART_KIOSK_LANGUAGE")]
    pub language: Option<String>,
}

#[derive(Args)]
pub struct ScannerArgs {
    /// The barcode scanner for wristbands, below /dev/input/by-id. Without it the cart has none.
    #[arg(long, env = "CART_KIOSK_SCANNER")]
    pub scanner: Option<PathBuf>,
    /// USB devices that are taken for a scanner beside those of the catalogue, as 05e0:1200,1a86:7523.
    #[arg(long, env = "CART_KIOSK_SCANNER_ALLOW", value_delimiter = ',', value_parser = usb_id)]
    pub scanner_allow: Vec<UsbId>,
    /// What the scanner sends before each text, and after it.
    #[arg(long, env = "CART_KIOSK_SCANNER_PREFIX", default_value = "")]
    pub scanner_prefix: String,
    #[arg(long, env = "CART_KIOSK_SCANNER_SUFFIX", default_value = "")]
    pub scanner_suffix: String,
}

fn usb_id(text: &str) -> Result<UsbId, String> {
    let number = |text| u16::from_str_radix(text, 16).ok();
    let id = text
        .split_once(':')
        .and_then(|(vendor, product)| Some(UsbId(number(vendor)?, number(product)?)));
    id.ok_or_else(|| format!("`{text}` is not two hexadecimal numbers such as 05e0:1200"))
}

#[derive(Args)]
pub struct MediaArgs {
    /// v4l2:/dev/video0, file:/path.mp4 or y4m+tcp://host:port.
    #[arg(long, env = "CART_KIOSK_CAMERA", default_value = "v4l2:/dev/video0")]
    pub camera: CameraSource,
    /// alsa:hw:0, s16+tcp://host:port, file:/path.wav or none.
    #[arg(long, env = "CART_KIOSK_MICROPHONE", default_value = "alsa:default")]
    pub microphone: MicrophoneSource,
    /// alsa:default or none.
    #[arg(long, env = "CART_KIOSK_SPEAKER", default_value = "alsa:default")]
    pub speaker: SpeakerSink,
    /// card:NAME (in brackets in /proc/asound/cards), s16+tcp://host:port or none.
    #[arg(long, env = "CART_KIOSK_STETHOSCOPE", default_value = "none")]
    pub stethoscope: StethoscopeSource,
    /// otoscope=, dermatoscope=, ophthalmoscope= or hand_camera= and a camera, such as otoscope=v4l2:/dev/v4l/by-id/NAME
    /// (`cartctl try exam-cameras` names it); several with a comma between them.
    #[arg(long = "exam-camera", env = "CART_KIOSK_EXAM_CAMERAS", value_delimiter = ',')]
    pub exam_cameras: Vec<ExamCameraSource>,
}

impl From<MediaArgs> for MediaConfig {
    fn from(args: MediaArgs) -> Self {
        let MediaArgs { camera, microphone, speaker, stethoscope, exam_cameras } = args;
        Self { camera, microphone, speaker, stethoscope, exam_cameras }
    }
}
