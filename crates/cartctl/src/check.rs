//! `cartctl hl7 check` and `cartctl fhir check`: what is understood of an EHR's message, and that its
//! bytes stay as they are.

mod fhir;
mod hl7;

use std::{
    fs::{self, File},
    io::Read as _,
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context as _, ensure};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::{print, print_refusal};

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Check,
}

#[derive(Subcommand)]
enum Check {
    /// Read a file, print as JSON what is understood of it, and make sure that it would be written as it came.
    Check {
        file: PathBuf,
        /// Write what was read into this file too.
        #[arg(long, value_name = "OUT")]
        write: Option<PathBuf>,
    },
}

/// What one of the two makes of a file.
struct Checked<T> {
    understood: T,
    /// What would be written of it.
    written: Vec<u8>,
}

#[derive(Serialize)]
struct Answer<T> {
    bytes: usize,
    #[serde(flatten)]
    understood: T,
}

/// More than either takes; what is longer is refused by them.
const MOST_BYTES: u64 = 33 << 20;

/// HL7 version 2: a message, or one in its MLLP frame.
pub fn hl7(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    run(arguments, hl7::check)
}

/// FHIR in JSON.
pub fn fhir(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    run(arguments, fhir::check)
}

fn run<T: Serialize>(
    arguments: &Arguments,
    check: impl Fn(&[u8]) -> Result<Checked<T>, String>,
) -> anyhow::Result<ExitCode> {
    let Check::Check { file, write } = &arguments.command;
    let shown = file.display();
    let mut bytes = Vec::new();
    let opened = File::open(file).with_context(|| format!("Could not open {shown}"))?;
    opened
        .take(MOST_BYTES)
        .read_to_end(&mut bytes)
        .with_context(|| format!("Could not read {shown}"))?;
    let Checked { understood, written } = match check(&bytes) {
        Ok(checked) => checked,
        Err(why) => return print_refusal(&why),
    };
    if written != bytes {
        return print_refusal("it would not be written as it came");
    }
    if let Some(out) = write {
        let shown = out.display();
        fs::write(out, &written).with_context(|| format!("Could not write {shown}"))?;
        let again = fs::read(out).with_context(|| format!("Could not read {shown} again"))?;
        ensure!(again == bytes, "{shown} does not hold what was written into it");
    }
    print(&Answer { bytes: bytes.len(), understood })
}
