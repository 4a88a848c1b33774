//! `cartctl record` and `cartctl replay`: a field problem, taken home.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, anyhow};
use clap::Args;
use device_links::Recording;
use devices::catalogue;

use crate::{bench::Connection, cart::Cart, print};

#[derive(Args)]
pub struct RecordArguments {
    /// Its id in the configuration, such as `cuff`.
    device: String,
    /// A file that does not exist yet.
    file: PathBuf,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Args)]
pub struct ReplayArguments {
    /// What `cartctl record` wrote.
    file: PathBuf,
}

pub fn record(arguments: &RecordArguments) -> anyhow::Result<ExitCode> {
    let text = Cart::connect(&arguments.connection.socket)?.recording(&arguments.device)?;
    let shown = arguments.file.display();
    // The only copy of an older problem is not written over.
    let mut file = File::create_new(&arguments.file)
        .with_context(|| format!("Could not make {shown}: name a file that does not exist yet"))?;
    file.write_all(text.as_bytes()).with_context(|| format!("Could not write {shown}"))?;
    let lines = text.lines().count();
    writeln!(io::stdout(), "Wrote {lines} lines to {shown}. Play them: cartctl replay {shown}")?;
    Ok(ExitCode::SUCCESS)
}

/// One line of JSON for each report.
pub fn replay(arguments: &ReplayArguments) -> anyhow::Result<ExitCode> {
    let shown = arguments.file.display();
    let text =
        fs::read_to_string(&arguments.file).with_context(|| format!("Could not read {shown}"))?;
    let recording: Recording =
        text.parse().with_context(|| format!("{shown} is no recording of cartctl"))?;
    let kind = catalogue::find(&recording.device).ok_or_else(|| {
        anyhow!("{shown} is of `{}`, which this cartctl does not know", recording.device)
    })?;
    for report in device_links::replay(&recording, &mut *(kind.driver)()) {
        print(&report)?;
    }
    Ok(ExitCode::SUCCESS)
}
