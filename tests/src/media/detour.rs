//! A way between the two ends of a call that takes time: every packet goes through here.
//!
//! Delay and jitter cannot be had from this machine's own network, so the candidates that the ends tell each other are
//! exchanged for ports of this program. It carries what comes to such a port on to the end that it stands for, from the
//! port that stands for the other end, so that nobody learns of a straighter way.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use anyhow::{Context as _, Result};
use serde_json::Value;
use tokio::{net::UdpSocket, sync::mpsc};

use super::way::{Way, Weather};

/// A way of two seconds at 10 Mb/s.
const UNDER_WAY: usize = 2_500;
/// More than UDP packets of a call have.
const LONGEST_PACKET: usize = 2_048;

/// Which end something goes to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum To {
    Viewer,
    Sender,
}

pub struct Detour {
    /// To the viewer and to the sender.
    ways: [Mutex<Way>; 2],
    /// The port that stands for an end's own address.
    stands_for: Mutex<HashMap<SocketAddr, Arc<UdpSocket>>>,
    began: Instant,
}

/// A packet and when it arrives.
struct UnderWay {
    due: tokio::time::Instant,
    packet: Vec<u8>,
    out: Arc<UdpSocket>,
}

impl Detour {
    pub fn new() -> Arc<Self> {
        let way = |seed| Mutex::new(Way::new(seed));
        Arc::new(Self {
            ways: [way(1), way(2)],
            stands_for: Mutex::default(),
            began: Instant::now(),
        })
    }

    /// Of both directions.
    pub fn set(&self, weather: Weather) {
        for way in &self.ways {
            lock(way).weather = weather;
        }
    }

    /// What to say instead; `None`: nothing, because it would show a straighter way.
    ///
    /// # Errors
    /// No port is free.
    pub async fn rewrite(self: &Arc<Self>, to: To, said: &str) -> Result<Option<String>> {
        let mut signal: Value = serde_json::from_str(said)?;
        if let Some(sdp) = signal["sdp"].as_str() {
            let lines = sdp.split_inclusive('\n').filter(|line| !line.starts_with("a=candidate"));
            signal["sdp"] = lines.collect::<String>().into();
        }
        if let Some(candidate) = signal["candidate"].as_str() {
            let Some(other) = self.exchange(to, candidate).await? else { return Ok(None) };
            signal["candidate"] = other.into();
        }
        Ok(Some(signal.to_string()))
    }

    /// A candidate (RFC 8839, section 5.1) with a port of this program; `None` for those that are no UDP addresses.
    async fn exchange(self: &Arc<Self>, to: To, candidate: &str) -> Result<Option<String>> {
        let mut words: Vec<&str> = candidate.split(' ').collect();
        let [_, _, protocol, _, address, port, ..] = words.as_slice() else { return Ok(None) };
        let Ok(real) = format!("{address}:{port}").parse::<SocketAddr>() else { return Ok(None) };
        if !protocol.eq_ignore_ascii_case("udp") {
            return Ok(None);
        }
        let stand_in = Arc::new(UdpSocket::bind((real.ip(), 0)).await?);
        let port = stand_in.local_addr()?.port().to_string();
        lock(&self.stands_for).insert(real, Arc::clone(&stand_in));
        // It stands for an end, so what comes to it goes there: the other way than the candidate went.
        let direction = if to == To::Viewer { To::Sender } else { To::Viewer };
        tokio::spawn(Arc::clone(self).carry(direction, stand_in, real));
        *words.get_mut(5).context("a candidate has a port")? = &port;
        Ok(Some(words.join(" ")))
    }

    async fn carry(self: Arc<Self>, to: To, stand_in: Arc<UdpSocket>, real: SocketAddr) {
        let (under_way, mut arriving) = mpsc::channel::<UnderWay>(UNDER_WAY);
        tokio::spawn(async move {
            while let Some(UnderWay { due, packet, out }) = arriving.recv().await {
                tokio::time::sleep_until(due).await;
                // An end that is gone takes nothing.
                drop(out.send_to(&packet, real).await);
            }
        });
        let mut packet = vec![0; LONGEST_PACKET];
        while let Ok((length, from)) = stand_in.recv_from(&mut packet).await {
            // Who told no candidate has none that could be answered.
            let Some(out) = lock(&self.stands_for).get(&from).cloned() else { continue };
            let Some(due) = self.arrival(to, length) else { continue };
            let packet = packet.get(..length).unwrap_or_default().to_vec();
            // As a queue that is full.
            drop(under_way.try_send(UnderWay { due: due.into(), packet, out }));
        }
    }

    fn arrival(&self, to: To, bytes: usize) -> Option<Instant> {
        let [to_viewer, to_sender] = &self.ways;
        let way = if to == To::Viewer { to_viewer } else { to_sender };
        let now = u64::try_from(self.began.elapsed().as_micros()).ok()?;
        let due = lock(way).carry(u64::try_from(bytes).ok()?, now)?;
        Some(self.began + std::time::Duration::from_micros(due))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
