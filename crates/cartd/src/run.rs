//! Starts the daemon's parts, and ends them in order when systemd asks.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context, anyhow};
use cart_api::RecordKey;
use devices::power::Power;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{mpsc, oneshot, watch},
    task::JoinError,
    time::timeout,
};
use upstream::hub::{HubAddress, HubClient};
use vault::CartVault;

use crate::{
    config::Config,
    core::{self, Hands, Inputs},
    hub::{self, HubStatus, Wake},
    keys,
    kiosk::{self, Admission, StateFrame},
    power,
    record::{self, Record},
    systemd::Systemd,
    technician::{self, Bench, Tap},
};

/// Each input is bounded, so that a flood from one side holds back that side. A call sets up with
/// some dozens of signals in a burst.
const INPUTS: usize = 256;
/// What is under way when systemd asks to stop: one commit, one request. It is safe to cut it off.
const STOP_WITHIN: Duration = Duration::from_secs(5);

pub fn run(config: &Path) -> anyhow::Result<()> {
    let config = Config::load(config)?;
    let identity = keys::load_identity(&config.identity)?;
    let address = HubAddress::parse(&config.hub).context("`hub` in the configuration")?;
    let Record { vault, key, warnings } = record::open(&config)?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let client = HubClient::new(address, config.name.clone(), identity)?;
    let runtime = tokio::runtime::Runtime::new().context("could not start threads")?;
    let ended = runtime.block_on(serve(config, vault, key, Arc::new(client)));
    Systemd::stopping();
    // Tasks that wait for a device or the network are not waited for.
    runtime.shutdown_timeout(STOP_WITHIN);
    ended
}

async fn serve(
    config: Config,
    vault: CartVault,
    key: RecordKey,
    client: Arc<HubClient>,
) -> anyhow::Result<()> {
    let mut term = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let admission = Admission::of(config.technician_group.as_deref())?;
    let technicians = kiosk::listen(&config.technician_socket(), admission)?;
    // The kiosk's comes last: who reaches it finds the other one, too.
    let admission = Admission::of(config.socket_group.as_deref())?;
    let listener = kiosk::listen(&config.socket, admission)?;

    let (kiosk, from_kiosk) = mpsc::channel(INPUTS);
    let (devices, from_devices) = mpsc::channel(INPUTS);
    let (hub, from_hub) = mpsc::channel(INPUTS);
    let (sent, from_sender) = mpsc::channel(INPUTS);
    let (pins, from_pins) = mpsc::channel(INPUTS);
    let (state, shown) = watch::channel(StateFrame::from([]));
    let (status, status_told) = watch::channel(HubStatus::default());
    let (to_hub, for_hub) = mpsc::channel(INPUTS);
    let (tap, tapped) = Tap::new();
    let (power, power_told) = watch::channel(Power::default());
    let (technician, from_technicians) = mpsc::channel(INPUTS);
    let (disk, disk_told) = watch::channel(None);
    let wake = Arc::new(Wake::default());
    let (stop, stopped) = oneshot::channel();

    let hands = Hands { state, status, to_hub, wake: Arc::clone(&wake), devices, tap, pins, disk };
    let core = core::start(&config, vault.clone(), key.opened_by, hands).await?;
    let bench = Bench::new(&config.devices, core.device_handles(), disk_told, key, vault.audit());
    let inputs = Inputs {
        kiosk: from_kiosk,
        devices: from_devices,
        hub: from_hub,
        sent: from_sender,
        pins: from_pins,
        power: power_told,
    };
    let systemd = Systemd::new();
    systemd.ready("Serving the kiosk");
    let mut core = tokio::spawn(core.run(inputs, stopped, systemd));
    tokio::spawn(power::keep_watching(config.ups, power));
    tokio::spawn(kiosk::serve(listener, kiosk, shown));
    tokio::spawn(bench.run(tapped, from_technicians));
    tokio::spawn(technician::serve(technicians, technician));
    tokio::spawn(hub::keep_linked(Arc::clone(&client), status_told, for_hub, hub));
    let sender = tokio::spawn(hub::send_what_waits(vault, client, wake, sent));
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
        ended = &mut core => return Err(ended_early("core", ended.err())),
        ended = sender => {
            let why = ended.map(|sent| sent.context("the sender cannot go on"));
            return why?.and(Err(ended_early("sender", None)));
        }
    }
    tracing::info!("Asked to stop");
    drop(stop);
    timeout(STOP_WITHIN, core).await.context("the core did not stop in time")??;
    Ok(())
}

/// systemd starts the daemon anew: the record is not served by half of it.
fn ended_early(part: &str, panic: Option<JoinError>) -> anyhow::Error {
    match panic {
        Some(panic) => anyhow::Error::from(panic).context(format!("the {part} ended")),
        None => anyhow!("the {part} ended before it was asked to"),
    }
}
