//! `cart-sim`: the simulated devices as a program, and the client that tells them what to do.

use anyhow::bail;
use clap::{Args, Parser, Subcommand};
use sim_devices::control;
use sim_devices::rig::{Rig, Setup};
use std::path::PathBuf;

/// Simulated medical devices for demonstrations and tests; never part of a cart.
#[derive(Parser)]
#[command(
    name = "cart-sim",
    subcommand_negates_reqs = true,
    args_conflicts_with_subcommands = true
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: Option<Run>,
}

#[derive(Subcommand)]
enum Command {
    /// Say one command to a running simulation, for example "cuff reads 128 82 97 71".
    #[command(after_help = control::grammar::usage())]
    Say {
        /// The folder given to `--dir` when it was started.
        directory: PathBuf,
        #[arg(required = true)]
        words: Vec<String>,
    },
}

#[derive(Args)]
struct Run {
    /// The folder for the serial ports, the control socket and sim.json.
    #[arg(long)]
    dir: PathBuf,
    /// TCP port of the camera's video; 0 takes any.
    #[arg(long, default_value_t = 0)]
    video_port: u16,
    /// TCP port of the camera's control; 0 takes any.
    #[arg(long, default_value_t = 0)]
    visca_port: u16,
    /// UDP port of the camera's control by numbered datagrams; 0 takes any.
    #[arg(long, default_value_t = 0)]
    visca_udp_port: u16,
    /// UDP port of the camera's control by bare datagrams; 0 takes any.
    #[arg(long, default_value_t = 0)]
    visca_raw_udp_port: u16,
    /// TCP port of the room microphone; 0 takes any.
    #[arg(long, default_value_t = 0)]
    microphone_port: u16,
    /// TCP port of the stethoscope; 0 takes any.
    #[arg(long, default_value_t = 0)]
    stethoscope_port: u16,
    /// TCP port of the otoscope's video; 0 takes any.
    #[arg(long, default_value_t = 0)]
    otoscope_port: u16,
    /// TCP port of the thermometer; 0 takes any.
    #[arg(long, default_value_t = 0)]
    thermometer_port: u16,
    /// An SVG drawing instead of the patient room.
    #[arg(long)]
    scene: Option<PathBuf>,
    /// A WAV file (16-bit PCM) instead of the drawn room tone.
    #[arg(long)]
    room_sound: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    match (cli.command, cli.run) {
        (Some(Command::Say { directory, words }), _) => say(&directory, &words.join(" ")),
        (None, Some(run)) => Rig::start(&run.setup())?.run(),
        (None, None) => bail!("say where: cart-sim --dir FOLDER"),
    }
}

impl Run {
    fn setup(self) -> Setup {
        Setup {
            directory: self.dir,
            video_port: self.video_port,
            visca_port: self.visca_port,
            visca_udp_port: self.visca_udp_port,
            visca_raw_udp_port: self.visca_raw_udp_port,
            microphone_port: self.microphone_port,
            stethoscope_port: self.stethoscope_port,
            otoscope_port: self.otoscope_port,
            thermometer_port: self.thermometer_port,
            scene: self.scene,
            room_sound: self.room_sound,
        }
    }
}

/// Fails with the simulation's own words, so that scripts notice.
fn say(directory: &std::path::Path, line: &str) -> anyhow::Result<()> {
    let answer = control::say(directory, line)?;
    match answer.strip_prefix("error: ") {
        Some(words) => bail!("{words}"),
        None => println!("{answer}"),
    }
    Ok(())
}
