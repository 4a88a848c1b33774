//! The wristband scanner, on a thread of its own: texts in, inputs out.
//!
//! The device is taken for this program alone, so that no wristband is typed into the screen. What a text
//! means is not known here.

use std::{io, thread};

use devices::{
    Affixes, Scanned,
    catalogue::{PeripheralKind, usb_of},
};
use peripherals::keys::{self, KeysConfig, KeysEvent, Role};
use tokio::sync::mpsc;

use crate::{cli::ScannerArgs, model::Input};

/// A nurse scans one wristband at a time; a scanner whose button is held scans two a second.
const WAITING_EVENTS: usize = 16;

/// Starts watching, where the cart has a scanner. `tell` is called on the scanner's own thread.
///
/// # Errors
/// The system gives no thread, or nothing to wait with.
pub fn open(args: ScannerArgs, tell: impl Fn(Input) + Send + 'static) -> io::Result<()> {
    let Some(config) = config(args) else { return Ok(()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::Builder::new().name("scanner".into()).spawn(move || {
        runtime.block_on(async {
            let (events, mut told) = mpsc::channel(WAITING_EVENTS);
            let watch = keys::watch(config, events);
            let hear = async {
                while let Some(event) = told.recv().await {
                    if let Some(input) = input(event) {
                        tell(input);
                    }
                }
            };
            tokio::join!(watch, hear);
        });
    })?;
    Ok(())
}

fn config(args: ScannerArgs) -> Option<KeysConfig> {
    let path = args.scanner?;
    let allowed = usb_of(PeripheralKind::Wedge).chain(args.scanner_allow).collect();
    let affixes = Affixes { prefix: args.scanner_prefix, suffix: args.scanner_suffix };
    Some(KeysConfig { path, allowed, role: Role::Wedge(affixes) })
}

fn input(event: KeysEvent) -> Option<Input> {
    match event {
        KeysEvent::Up => Some(Input::Scanner { is_here: true }),
        KeysEvent::Down => Some(Input::Scanner { is_here: false }),
        KeysEvent::Unusable(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "The scanner cannot be used");
            None
        }
        KeysEvent::Scanned(Scanned::Text(scan)) => {
            Some(Input::Scanned { text: Some(scan.text().to_owned()) })
        }
        KeysEvent::Scanned(Scanned::Discarded(why)) => {
            tracing::info!(?why, "A scan was discarded");
            Some(Input::Scanned { text: None })
        }
        // A scanner has no other buttons.
        KeysEvent::Press(_) => None,
    }
}
