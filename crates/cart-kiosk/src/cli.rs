//! The command line, and the environment in its place: systemd sets the latter.

use std::path::PathBuf;

use clap::{Args, Parser};
use media::{CameraSource, MediaConfig, MicrophoneSource, SpeakerSink};

/// The touchscreen of a Bedside cart.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    /// The Unix socket of cartd.
    #[arg(long, env = "CART_KIOSK_SOCKET", default_value = "/run/bedside/cartd.sock")]
    pub socket: PathBuf,
    #[command(flatten)]
    pub media: MediaArgs,
    /// Covers the whole screen, as on a cart.
    #[arg(long, env = "CART_KIOSK_FULLSCREEN")]
    pub fullscreen: bool,
    /// A language other than English, such as `es`.
    #[arg(long, env = "CART_KIOSK_LANGUAGE")]
    pub language: Option<String>,
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
}

impl From<MediaArgs> for MediaConfig {
    fn from(args: MediaArgs) -> Self {
        Self { camera: args.camera, microphone: args.microphone, speaker: args.speaker }
    }
}
