//! `cartctl listen`: records a stethoscope into a WAVE file, and says what of it is missing.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use clap::Args;
use peripherals::sound::{Capture, Format, Lost, OpenCardError, SoundEvent, WavWriter, cards};
use serde_json::json;

#[derive(Args)]
pub struct Arguments {
    /// The sound card's ALSA id, as /proc/asound/cards shows it in brackets. Without it, the cards
    /// are listed.
    card: Option<String>,
    /// The WAVE file to write. It must not exist.
    #[arg(requires = "card")]
    file: Option<PathBuf>,
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Some(card) = &arguments.card else {
        return crate::print(&json!({ "cards": cards()? }));
    };
    let file =
        arguments.file.as_ref().context("say which file to write: cartctl listen CARD FILE.wav")?;
    crate::print(&record(card, file, Duration::from_secs(arguments.seconds))?)
}

/// One recording of one format: what the technician hears of it is what the card gave.
fn record(card: &str, file: &Path, time: Duration) -> anyhow::Result<serde_json::Value> {
    let (capture, events) = Capture::open(card);
    let until = Instant::now() + time;
    let mut recording: Option<(WavWriter<File>, Format)> = None;
    let (mut bytes, mut gaps, mut missing) = (0, 0_u64, 0_u64);
    while let Ok(event) = events.recv_timeout(until.saturating_duration_since(Instant::now())) {
        match (event, &mut recording) {
            (SoundEvent::Open(format), None) => {
                let created = File::create_new(file);
                let file =
                    created.with_context(|| format!("could not create {}", file.display()))?;
                recording = Some((WavWriter::new(file, format)?, format));
            }
            (SoundEvent::Open(format), Some((_, before))) if format != *before => {
                bail!("the card came back with another format: record again");
            }
            (SoundEvent::Piece(piece), Some((wav, _))) => {
                let gap = piece.gap.iter();
                gap.for_each(|gap| {
                    (gaps, missing) = (gaps + 1, missing.saturating_add(gap.missing))
                });
                bytes += piece.bytes.len();
                wav.write(&piece)?;
            }
            // Waiting does not make it a name.
            (SoundEvent::Lost(Lost::NotOpen(error @ OpenCardError::Name(_))), _) => bail!(error),
            (SoundEvent::Lost(lost), _) => eprintln!("{lost}; looking for it again"),
            (SoundEvent::Open(_), Some(_)) | (SoundEvent::Piece(_), None) => {}
        }
    }
    let ended = capture.end();
    let (mut wav, format) =
        recording.with_context(|| format!("the card `{card}` gave no sound"))?;
    if let Some(gap) = ended.untold {
        (gaps, missing) = (gaps + 1, missing.saturating_add(gap.missing));
        wav.mark(gap);
    }
    wav.finish()?;
    Ok(json!({
        "card": card, "rate": format.rate, "channels": format.channels,
        "samples": bytes / format.frame(), "gaps": gaps, "missing_samples": missing,
        "overruns": ended.overruns,
    }))
}
