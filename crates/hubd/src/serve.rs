//! Starts everything that a running hub is made of, and stops it in order.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, ensure};
use axum::serve::ListenerExt as _;
use clinical::{Act, Actor, AuditEvent};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::{mpsc, watch},
    time::timeout,
};
use upstream::ehr::EhrClient;
use vault::HubVault;

use crate::{
    admin,
    adt::{self, Admissions},
    audit,
    auth::{cart_tokens::CartTokens, challenge::Challenges, password::Passwords},
    cli::Serve,
    clock,
    ehr::{self, ChartReader, Clerk, Wakers, config::EhrConfig},
    hub::{Hub, Parts},
    live::{EVENTS_WAITING, Event, Switchboard, websocket},
    service,
    turn::Turn,
    web,
};

/// What is going on gets so long to end by itself; systemd waits longer.
const STOP_WITHIN: Duration = Duration::from_secs(10);

pub async fn serve(options: Serve) -> Result<()> {
    check_listen(options.listen)?;
    let vault = admin::open(&options.record)?;
    let config = EhrConfig::read(options.ehr_config.as_deref())?;
    let access = config.access()?;
    let ehr = Arc::new(EhrClient::new(&options.ehr, access.ehr)?);
    let admissions = config.adt.clone().map(|adt| Admissions::open(adt, vault.clone()));
    let admissions = admissions.transpose()?;
    let reads = match config.chart_access()? {
        Some(access) => Arc::new(EhrClient::new(&options.ehr, access)?),
        None => ehr.clone(),
    };
    let chart_reader = ChartReader::new(vault.clone(), ehr.clone(), reads, admissions.clone());
    let clerk = Clerk::new(vault.clone(), ehr.clone(), config, admissions.clone())?;
    let turn = options.turn_config.as_deref().map(Turn::read).transpose()?;
    let listener = bind(options.listen).await?;
    let engine = match &admissions {
        Some(admissions) => Some(bind(admissions.config().address()?).await?),
        None => None,
    };
    let switchboard = Switchboard::open(vault.clone(), turn)?;
    let (live, events) = mpsc::channel(EVENTS_WAITING);
    let (stop, stopping) = watch::channel(false);
    let wakers = Wakers::default();
    let parts = parts(&options, vault.clone(), live.clone(), &wakers, stopping, chart_reader)?;
    let hub = Hub::new(Parts { ehr_keys: access.key_set, ..parts });
    vault.audit().note(&[AuditEvent::new(clock::now(), Actor::hub(), Act::Started)])?;
    tokio::spawn(audit::keep_signed(vault.clone()));
    tokio::spawn(ehr::forget_old_copies(vault.clone()));
    tokio::spawn(switchboard.run(events));
    if let (Some(engine), Some(admissions)) = (engine, &admissions) {
        tracing::info!(listen = %engine.local_addr()?, "Taking HL7 ADT over MLLP");
        tokio::spawn(adt::listen(engine, admissions.clone()));
    }
    tokio::spawn(ehr::follow(ehr, admissions, live.clone(), wakers.ehr_came_up.clone()));
    ehr::start_delivery(vault, live, wakers, clerk)
        .context("could not start the delivery to the EHR")?;
    let _watchdog = service::ready_with_watchdog()?;
    tracing::info!(listen = %listener.local_addr()?, page = %options.public_url, "The hub is ready");
    println!("Hub ready at http://{}/", listener.local_addr()?);
    serve_until_stopped(listener, hub, stop).await
}

async fn bind(listen: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(listen).await.with_context(|| format!("could not listen on {listen}"))
}

fn parts(
    options: &Serve,
    vault: HubVault,
    live: mpsc::Sender<Event>,
    wakers: &Wakers,
    stopping: watch::Receiver<bool>,
    chart_reader: ChartReader,
) -> Result<Parts> {
    Ok(Parts {
        vault,
        challenges: Challenges::new()?,
        cart_tokens: CartTokens::default(),
        passwords: Passwords::new()?,
        throttle: Default::default(),
        public_url: options.public_url.clone(),
        live,
        outbox: wakers.kept.clone(),
        stopping,
        ehr_keys: None,
        chart_reader,
    })
}

/// Deliveries and commits that are cut off here are repeated after the next start: each is durable or
/// has not happened.
async fn serve_until_stopped(
    listener: TcpListener,
    hub: Hub,
    stop: watch::Sender<bool>,
) -> Result<()> {
    let mut stopping = stop.subscribe();
    // Signals are small and somebody waits for each: no gathering of small packets.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "A connection keeps gathering small packets");
        }
    });
    let server = axum::serve(listener, web::router(hub))
        .with_graceful_shutdown(async move { websocket::stopped(&mut stopping).await });
    let mut server = tokio::spawn(server.into_future());
    tokio::select! {
        ended = &mut server => return Ok(ended??),
        signal = asked_to_stop() => tracing::info!(signal = signal?, "The hub stops"),
    }
    service::stopping()?;
    stop.send_replace(true);
    // An upgraded connection is no longer the server's: it holds the word to stop until it is over.
    let all_over = async {
        let ended = server.await;
        stop.closed().await;
        ended
    };
    match timeout(STOP_WITHIN, all_over).await {
        Ok(ended) => Ok(ended??),
        Err(_) => {
            tracing::warn!("Some connections did not end in time");
            Ok(())
        }
    }
}

async fn asked_to_stop() -> Result<&'static str> {
    let mut terminate = signal(SignalKind::terminate()).context("could not wait for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("could not wait for SIGINT")?;
    Ok(tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    })
}

fn check_listen(listen: SocketAddr) -> Result<()> {
    ensure!(
        listen.ip().is_loopback(),
        "the hub speaks plain HTTP, so it listens on this machine only (127.0.0.1 or [::1], not {}): \
         put a proxy with TLS in front of it",
        listen.ip()
    );
    Ok(())
}
