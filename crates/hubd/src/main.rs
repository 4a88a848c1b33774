//! `hubd`: where carts, physicians and the EHR meet. Starts one of its commands.

mod admin;
mod adt;
mod audit;
mod auth;
mod cart;
mod cli;
mod clock;
mod ehr;
mod hub;
mod live;
mod outbox_admin;
mod portal;
mod serve;
mod service;
mod turn;
mod web;

use std::{io::IsTerminal as _, process::ExitCode};

use anyhow::Result;
use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use cli::{Cli, Command};

fn main() -> Result<ExitCode> {
    let cli = Cli::parse();
    log_to_stderr();
    vault::keep_memory_private()?;
    match cli.command {
        Command::Serve(options) => tokio::runtime::Runtime::new()?.block_on(serve::serve(options)),
        Command::Physician(command) => admin::physician(command),
        Command::Cart(command) => admin::cart(command),
        Command::Outbox(command) => outbox_admin::obey(command),
        Command::Key(command) => admin::key(&command),
        Command::Ehr(command) => ehr::command::run(command),
        Command::Audit(command) => return audit::run(command),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn log_to_stderr() {
    let filter =
        EnvFilter::builder().with_default_directive(tracing::Level::INFO.into()).from_env_lossy();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}
