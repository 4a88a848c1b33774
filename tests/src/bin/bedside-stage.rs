//! `demo` keeps a whole consult's parts running; `rehearse` plays the consult and reports its times;
//! `devices` measures the codecs, and how long a measurement takes until it is saved; `record` measures the
//! record; `media` measures the picture beside a browser that sends; `crash` and `fail-points` kill the programs.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Result, ensure};
use clap::{Parser, Subcommand};
use stage::{
    cart::{CART, NURSE_NAME, PIN},
    figures::{self, Figure},
    hub::{PASSWORD, PHYSICIAN},
    stage::Stage,
};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Until Ctrl-C.
    Demo,
    /// The first consult, by itself.
    Rehearse {
        #[arg(long)]
        json: Option<PathBuf>,
        #[arg(long)]
        pictures: Option<PathBuf>,
    },
    /// How fast the codecs and drivers of the devices are, and the cart that keeps what they say.
    Devices {
        #[arg(long)]
        json: PathBuf,
    },
    /// What the record costs, and whether the disk gives anything away.
    Record {
        #[arg(long)]
        gib: u32,
        #[arg(long)]
        json: PathBuf,
    },
    /// How fresh the picture is that a physician sees, and what sending it takes.
    Media {
        #[arg(long)]
        json: PathBuf,
    },
    /// How soon a physician who moves the camera sees it move.
    MediaCommands {
        /// Added to the figures that are in it.
        #[arg(long)]
        json: PathBuf,
    },
    /// The same as `media` on narrow and lossy networks; in a network namespace of its own, as `media` starts it.
    MediaNetwork {
        /// Added to the figures that are in it.
        #[arg(long)]
        json: PathBuf,
        /// Names of cells; all when there are none.
        cells: Vec<String>,
    },
    /// Kills `cartd` and `hubd` at random moments, and compares the EHR with what was seen as saved.
    Crash {
        #[arg(long)]
        kills: usize,
        #[arg(long)]
        seed: u64,
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Kills them at every step, or some of them, of every road out of the record.
    FailPoints {
        #[arg(long)]
        every: usize,
        #[arg(long)]
        json: Option<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Demo => demo().await,
        Task::Rehearse { json, pictures } => rehearse(json, pictures).await,
        Task::Devices { json } => devices(json).await,
        Task::Record { gib, json } => tell(&stage::record::measure(gib).await?, Some(json)),
        Task::Media { json } => media(json).await,
        Task::MediaCommands { json } => media_commands(&json).await,
        Task::MediaNetwork { json, cells } => media_network(&json, &cells).await,
        Task::Crash { kills, seed, json } => crash(kills, seed, json).await,
        Task::FailPoints { every, json } => fail_points(every, json).await,
    }
}

async fn demo() -> Result<()> {
    println!("Starting EHR, hub, simulated room, cart and kiosk …");
    let mut stage = Stage::set(true, None).await?;
    stage.open_kiosk()?;
    if stage::screen::Screen::own().is_none() {
        println!(
            "There is no display here: the kiosk runs on a virtual screen. Set DISPLAY to see it."
        );
    }
    println!();
    println!("  Kiosk ({CART}):  {NURSE_NAME}, PIN {PIN}");
    println!("  Physician:       {}   name {PHYSICIAN}, password {PASSWORD}", stage.hub.page());
    println!("  EHR (FHIR R4):   {}", stage.ehr.address());
    println!("  Logs:            {}", stage.logs().display());
    println!();
    println!(
        "The finger clip is on. Measure the blood pressure on the kiosk; Ctrl-C stops everything."
    );
    stage.room.say("oximeter on 97 72")?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    loop {
        tokio::select! {
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
            () = tokio::time::sleep(Duration::from_millis(500)) => restart_kiosk(&mut stage)?,
        }
    }
    println!("Stopping …");
    Ok(())
}

/// As systemd's `Restart=always` does on a cart.
fn restart_kiosk(stage: &mut Stage) -> Result<()> {
    if let Some(words) = stage.kiosk_ended() {
        println!("The kiosk is started again: {words}");
        stage.open_kiosk()?;
    }
    Ok(())
}

async fn rehearse(json: Option<PathBuf>, pictures: Option<PathBuf>) -> Result<()> {
    let played = stage::rehearsal::play(pictures.as_deref()).await;
    let figures = match played {
        Ok(figures) => figures,
        Err(error) => {
            println!("The consult was not completed: {error:#}");
            vec![Figure::exactly("consult_completed", 0., "consults", 1.)]
        }
    };
    tell(&figures, json)
}

async fn devices(json: PathBuf) -> Result<()> {
    let mut figures = stage::decoding::measure()?;
    figures.extend(stage::saving::measure().await?);
    tell(&figures, Some(json))
}

async fn media(json: PathBuf) -> Result<()> {
    tell(&stage::media::measure(&stage::media::WHOLE).await?, Some(json.clone()))?;
    media_commands(&json).await?;
    println!("Now on networks that are narrow, shallow and lossy: some twenty minutes …");
    stage::media::measure_network_apart(&json, &[])
}

async fn media_commands(json: &Path) -> Result<()> {
    let figures = stage::media::measure_commands().await?;
    tell(&figures, None)?;
    figures::append(json, &figures)
}

async fn media_network(json: &Path, cells: &[String]) -> Result<()> {
    let figures = stage::media::measure_network(cells).await?;
    tell(&figures, None)?;
    figures::append(json, &figures)
}

async fn crash(kills: usize, seed: u64, json: Option<PathBuf>) -> Result<()> {
    let tally = stage::crash::play(kills, seed).await?;
    tell(&tally.figures(kills), json)?;
    ensure!(tally.is_clean(), "{}", tally.findings.join("\n"));
    Ok(())
}

async fn fail_points(every: usize, json: Option<PathBuf>) -> Result<()> {
    let report = stage::fail_points::play(every).await?;
    println!("Died before: {:?}", report.died);
    tell(&report.figures(), json)?;
    ensure!(report.tally.is_clean(), "{}", report.tally.findings.join("\n"));
    Ok(())
}

fn tell(figures: &[Figure], json: Option<PathBuf>) -> Result<()> {
    println!();
    for figure in figures {
        println!("{}", figure.line());
    }
    json.map_or(Ok(()), |json| figures::write(&json, figures))
}
