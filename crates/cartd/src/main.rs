//! `cartd`: the daemon of a cart. It owns devices, record and the way to the hub, and is the only author of what
//! the kiosk shows.
//!
//! Start reading at [`core`]: one task owns all state; everything else is a hand of it.

mod administrator;
mod clock;
mod config;
mod core;
mod hub;
mod keys;
mod kiosk;
mod nurses;
mod pin;
mod power;
mod record;
mod rings;
mod run;
mod systemd;
mod technician;
mod tray;
mod vaulting;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

const DEFAULT_CONFIG: &str = "/etc/bedside/cartd.toml";

/// The daemon of a Bedside cart.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the daemon until it is told to stop.
    Run {
        #[arg(long, default_value = DEFAULT_CONFIG)]
        config: PathBuf,
    },
    /// A file that is the key of the record, for systemd to encrypt or for a trial.
    #[command(subcommand)]
    Key(KeyCommand),
    /// The key ring: the key of the record, wrapped to this cart and to the hospital's recovery key.
    Ring {
        #[arg(long, global = true, default_value = DEFAULT_CONFIG)]
        config: PathBuf,
        #[command(subcommand)]
        command: RingCommand,
    },
    /// The key that the cart proves itself to the hub with.
    #[command(subcommand)]
    Identity(IdentityCommand),
    /// The people who may sign in at this cart.
    Nurse {
        #[arg(long, global = true, default_value = DEFAULT_CONFIG)]
        config: PathBuf,
        #[command(subcommand)]
        command: NurseCommand,
    },
    /// Print what devices sent that is nobody's reading: unassigned readings and malformed bytes.
    Tray {
        #[arg(long, default_value = DEFAULT_CONFIG)]
        config: PathBuf,
    },
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Write a new random key to FILE. Without it the record cannot be read: keep a copy in a safe place.
    Create { file: PathBuf },
}

#[derive(Subcommand)]
enum RingCommand {
    /// Make a new key and wrap it, before the cart is started for the first time.
    Create {
        /// The public half of the hospital's recovery key, `age1…`.
        #[arg(long)]
        recovery: String,
    },
    /// Say who can open the record. Prints no secret.
    Show,
    /// Wrap the key to this cart anew: after its firmware changed, or on another board.
    Recover {
        /// The file with the hospital's recovery key, as `age-keygen` writes it; `-` for standard input.
        #[arg(long)]
        identity: PathBuf,
    },
    /// Wrap the key to another recovery key.
    Recovery {
        /// Its public half, `age1…`.
        recipient: String,
    },
    /// Encrypt the record with a new key. `cartd` must not run.
    Rotate,
}

#[derive(Subcommand)]
enum IdentityCommand {
    /// Write a new cart key to FILE and print its public half, for `hubd cart enrol`.
    Create { file: PathBuf },
    /// Print the public half of the key in FILE.
    Show { file: PathBuf },
}

#[derive(Subcommand)]
enum NurseCommand {
    /// Let a nurse sign in. Reads the PIN, 4 to 8 digits, as one line from standard input.
    Add {
        /// Staff number.
        id: String,
        /// As it is shown and as it goes to the chart.
        name: String,
    },
    /// Let a nurse try again after ten wrong PINs.
    Unlock { id: String },
}

fn main() -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    vault::keep_memory_private()?;
    match Cli::parse().command {
        Command::Run { config } => run::run(&config),
        Command::Key(KeyCommand::Create { file }) => keys::create_vault_key(&file),
        Command::Ring { config, command } => {
            let rings = rings::Rings::of(&config)?;
            match command {
                RingCommand::Create { recovery } => rings.create(&recovery),
                RingCommand::Show => rings.show(),
                RingCommand::Recover { identity } => rings.recover(&identity),
                RingCommand::Recovery { recipient } => rings.set_recovery(&recipient),
                RingCommand::Rotate => rings.rotate(),
            }
        }
        Command::Identity(IdentityCommand::Create { file }) => keys::create_identity(&file),
        Command::Identity(IdentityCommand::Show { file }) => keys::show_identity(&file),
        Command::Nurse { config, command } => match command {
            NurseCommand::Add { id, name } => nurses::add(&config, id, name),
            NurseCommand::Unlock { id } => nurses::unlock(&config, &id),
        },
        Command::Tray { config } => tray::show(&config),
    }
}
