//! The cart's own picture and sound without its screen: a studio that takes orders and signals as lines of JSON on its
//! standard input and writes its signals to its standard output. What it takes of the machine is what media takes.

use std::io::{BufRead as _, Write as _, stdin, stdout};

use anyhow::{Context as _, Result};
use clap::Parser;
use clinical::CallId;
use hub_api::{Relays, Signal};
use media::{
    CameraSource, MediaConfig, MediaEvent, MicrophoneSource, SpeakerSink, StethoscopeSource, Studio,
};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Parser)]
struct Arguments {
    camera: CameraSource,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Order {
    Prepare,
    Join,
    Leave,
}

fn main() -> Result<()> {
    let camera = Arguments::parse().camera;
    let (microphone, speaker) = (MicrophoneSource::None, SpeakerSink::None);
    let stethoscope = StethoscopeSource::None;
    let exam_cameras = Vec::new();
    let config = MediaConfig { camera, microphone, speaker, stethoscope, exam_cameras };
    let studio = Studio::start(config, tell)?;
    let call = CallId::new(Uuid::from_u128(1));
    for line in stdin().lock().lines() {
        let line = line?;
        match serde_json::from_str::<Order>(&line) {
            Ok(Order::Prepare) => studio.prepare(),
            Ok(Order::Join) => studio.join(call, Relays::default()),
            Ok(Order::Leave) => studio.leave(),
            Err(_) => {
                let signal: Signal = serde_json::from_str(&line).context("a line is no signal")?;
                studio.signal(call, signal);
            }
        }
    }
    Ok(())
}

/// On a media thread; the pipe holds more than a connection's signals.
fn tell(event: MediaEvent) {
    let MediaEvent::Signal { signal, .. } = event else { return };
    let written = serde_json::to_string(&signal)
        .map_err(std::io::Error::other)
        .and_then(|line| writeln!(stdout().lock(), "{line}"));
    if let Err(error) = written {
        eprintln!("A signal is lost: {error}");
    }
}
