//! The cart's touchscreen: sign-in, patients, vitals and the call.
//!
//! Holds no key and reads no database. It draws what `cartd` tells it and sends what fingers ask;
//! after a crash it connects again and stands where it stood.

mod backend;
mod cli;
mod kiosk;
mod link;
mod model;
mod presses;
mod render;
mod scanner;
mod supervision;
mod ui;
mod video;

use anyhow::Context as _;
use clap::Parser as _;
use slint::ComponentHandle as _;

use cli::Cli;
use kiosk::Kiosk;
use ui::AppWindow;

fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let cli = Cli::parse();
    backend::choose().context("could not open a screen")?;
    let window = AppWindow::new().context("could not make the window")?;
    if let Some(language) = &cli.language {
        slint::select_bundled_translation(language)
            .with_context(|| format!("there is no translation `{language}`"))?;
    }
    window.window().set_fullscreen(cli.fullscreen);
    let _kiosk = Kiosk::open(&window, cli.socket, cli.media, cli.scanner)?;
    let _supervision = supervision::start();
    window.run().context("the event loop failed")
}
