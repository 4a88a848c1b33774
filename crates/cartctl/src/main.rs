//! `cartctl`: what a field technician asks of a cart and its devices, in a terminal.
//!
//! Answers are JSON or a table on standard output; what went wrong with the question itself is said
//! in words on standard error.

mod audit;
mod bench;
mod bluetooth;
mod cart;
mod check;
mod decode;
mod disk;
mod fields;
mod listen;
mod news2;
mod record_key;
mod recording;
mod tryout;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use serde::Serialize;

/// The field technician's tool of a Bedside cart.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the devices of this cart: what each is, how its link fares, when it last measured.
    Devices(bench::ListArguments),
    /// Show what room the disk under the record has, and what to do when it fills.
    Disk(bench::ListArguments),
    /// Print what one device says, as it says it: a line of JSON each, until Ctrl-C.
    Watch(bench::WatchArguments),
    /// Write what went over the link of a device of late into a file, without who device and patient are.
    Record(recording::RecordArguments),
    /// Tell the driver again what a recorded file holds, and print what it reports. Needs no cart.
    Replay(recording::ReplayArguments),
    /// List the Bluetooth devices that advertise themselves, and what each is recognised as. Needs no cart.
    Scan(bluetooth::ScanArguments),
    /// Pair a Bluetooth device that is in its pairing mode with this computer. Needs no cart.
    Pair(bluetooth::PairArguments),
    /// Say what the bytes of a device mean, as JSON. Needs no cart.
    Decode(decode::Arguments),
    /// Check an HL7 version 2 message, as an interface engine sends it. Needs no cart.
    Hl7(check::Arguments),
    /// Check a FHIR resource in JSON, as an EHR sends it. Needs no cart.
    Fhir(check::Arguments),
    /// Score the National Early Warning Score 2 of an adult, as JSON. What is left out is missing.
    News2(news2::Arguments),
    /// Record a stethoscope into a WAVE file, and say what of it is missing. Needs no cart.
    Listen(listen::Arguments),
    /// Try what a cart carries beside its measuring devices: a line of JSON each, until Ctrl-C.
    Try(tryout::Arguments),
    /// Look whether the audit of this cart is whole: nothing altered, nothing taken out, nothing cut off.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Print the table of the devices that a cart supports, in Markdown.
    Supported,
}

/// The question was understood and the answer is no: a frame that is malformed, a score that nobody has.
const REFUSED: u8 = 1;
/// The question was not understood.
const NOT_UNDERSTOOD: u8 = 2;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(REFUSED)
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Devices(arguments) => bench::list(&arguments),
        Command::Disk(arguments) => disk::look(&arguments),
        Command::Watch(arguments) => bench::watch(&arguments),
        Command::Record(arguments) => recording::record(&arguments),
        Command::Replay(arguments) => recording::replay(&arguments),
        Command::Scan(arguments) => bluetooth::scan(&arguments),
        Command::Pair(arguments) => bluetooth::pair(&arguments),
        Command::Decode(arguments) => decode::run(&arguments),
        Command::Hl7(arguments) => check::hl7(&arguments),
        Command::Fhir(arguments) => check::fhir(&arguments),
        Command::News2(arguments) => news2::run(&arguments),
        Command::Listen(arguments) => listen::run(&arguments),
        Command::Try(arguments) => tryout::run(&arguments),
        Command::Audit(command) => audit::run(&command),
        Command::Supported => {
            io::stdout().write_all(devices::supported_devices().as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// One line on standard output.
fn print(answer: &impl Serialize) -> anyhow::Result<ExitCode> {
    writeln!(io::stdout(), "{}", serde_json::to_string(answer)?)?;
    Ok(ExitCode::SUCCESS)
}

/// `{"error": "…"}` on standard output.
fn print_refusal(why: &str) -> anyhow::Result<ExitCode> {
    print(&serde_json::json!({ "error": why }))?;
    Ok(ExitCode::from(REFUSED))
}
