//! `ehr-sim`: a simulated EHR on a port of this machine, for whoever wants to try a hub against it.

use std::{io, net::SocketAddr, process::ExitCode};

use clap::Parser;
use sim_ehr::{Ehr, Rules};

/// A simulated EHR that allows what its vendor allows.
#[derive(Parser)]
struct Options {
    /// transactions, put, epic, oracle or veradigm.
    #[arg(long, default_value = "epic")]
    rules: String,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// When the booked patient's encounter began, such as 2026-11-22T08:00:00Z.
    #[arg(long)]
    admitted: Option<String>,
}

#[tokio::main]
async fn main() -> io::Result<ExitCode> {
    let options = Options::parse();
    let Some(rules) = Rules::named(&options.rules) else {
        eprintln!("there are no rules of the name {}", options.rules);
        return Ok(ExitCode::FAILURE);
    };
    let (ehr, address) = Ehr::start(rules, options.listen).await?;
    ehr.book("okafor", "100234", "Okafor", "Shortness of breath");
    if let Some(start) = &options.admitted {
        ehr.admit("okafor", "visit-1", start);
    }
    println!("EHR ready at {address}");
    tokio::signal::ctrl_c().await?;
    Ok(ExitCode::SUCCESS)
}
