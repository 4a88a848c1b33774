//! The disk under the record: how full it is, who is told, and what goes when it was in the EHR long enough.
//!
//! The core does it itself, a bounded step a tick: nothing is purged while something is being saved.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use cart_api::{DiskHealth, DiskRoom, HubLink, NoticeKind, Refusal, Space};
use clinical::{Actor, Timestamp};
use encounter::{SpaceSteps, SpaceWatch};
use tokio::sync::watch;
use vault::{Purge, Purged, VaultError};

use super::Core;
use crate::{clock, vaulting::blocking};

/// A camera fills a few MiB in this time; a full disk is looked at at once.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// What becomes old enough in an hour is little. A cart that is switched off every night comes to it too.
const PURGE_EVERY: Duration = Duration::from_secs(60 * 60);
const MS_PER_DAY: i64 = 24 * 60 * 60 * 1_000;

/// What the configuration says of the disk.
#[derive(Clone, Copy)]
pub struct Keeping {
    /// Bytes that are held back for what must always be saved.
    pub ballast: u64,
    pub retention_days: u32,
    pub steps: SpaceSteps,
}

pub struct Disk {
    keeping: Keeping,
    watch: SpaceWatch,
    /// `None`: it was not looked at yet.
    looked: Option<Instant>,
    health: Option<DiskHealth>,
    times_full: u32,
    purged: u64,
    purge: Option<Walk>,
    /// `None`: none was begun since the start.
    purge_begun: Option<Instant>,
    ballast_failed: bool,
    technicians: watch::Sender<Option<DiskHealth>>,
}

/// A purge that is under way.
struct Walk {
    purge: Purge,
    gone: Purged,
}

impl Disk {
    pub fn new(keeping: Keeping, technicians: watch::Sender<Option<DiskHealth>>) -> Self {
        Self {
            keeping,
            watch: SpaceWatch::new(keeping.steps),
            looked: None,
            health: None,
            times_full: 0,
            purged: 0,
            purge: None,
            purge_begun: None,
            ballast_failed: false,
            technicians,
        }
    }

    pub fn space(&self) -> Space {
        self.watch.space()
    }

    fn tell_technicians(&self) {
        self.technicians.send_if_modified(|told| {
            let changed = *told != self.health;
            *told = self.health;
            changed
        });
    }
}

impl Core {
    pub(super) async fn space_tick(&mut self) {
        let was_full = self.vault.was_full();
        if was_full {
            self.disk.times_full = self.disk.times_full.saturating_add(1);
            tracing::warn!(times = self.disk.times_full, "The disk was full");
        }
        if was_full || is_due(self.disk.looked, LOOK_EVERY) {
            self.look_at_disk().await;
        }
        self.purge_step().await;
    }

    /// Before the shutter too: who is told afterwards has the patient posing in vain.
    pub(super) fn room_for_media(&self) -> Result<(), Refusal> {
        match self.disk.space() {
            Space::Enough | Space::Warn | Space::NoVideo => Ok(()),
            Space::NoMedia => Err(Refusal::NoSpace),
        }
    }

    async fn look_at_disk(&mut self) {
        self.disk.looked = Some(Instant::now());
        let (vault, ballast) = (self.vault.clone(), self.disk.keeping.ballast);
        let (filled, room) =
            blocking(move || (vault.keep_ballast(ballast), vault.room(ballast))).await;
        self.ballast_came_out(filled);
        match room {
            Ok(room) => self.disk_has(room),
            // The next look may see it again; what was known stays.
            Err(error) => self.vault_failed("look for room on the disk", &error),
        }
    }

    /// Told once: it would be said again with every look.
    fn ballast_came_out(&mut self, filled: Result<(), VaultError>) {
        let failed = filled.is_err();
        if let (Err(error), false) = (&filled, self.disk.ballast_failed) {
            tracing::warn!(error = error as &dyn Error, "No ballast is held back on this disk");
        }
        self.disk.ballast_failed = failed;
    }

    fn disk_has(&mut self, room: DiskRoom) {
        let before = self.disk.space();
        let space = self.disk.watch.handle(&room);
        let (times_full, purged) = (self.disk.times_full, self.disk.purged);
        self.disk.health = Some(DiskHealth { space, room, times_full, purged });
        self.disk.tell_technicians();
        if space != before {
            tracing::warn!(?space, available = room.available, total = room.total, "The disk");
            // One of them at a time, and none when there is room again.
            self.notices.forget_disk();
            if space != Space::Enough {
                self.notices.raise(NoticeKind::DiskFills { space }, clock::now());
            }
        }
    }

    /// Only what the hub has confirmed can go, so it waits for the hub. A cart whose clock is years off has no
    /// link either, because no certificate is valid then: nothing goes by a clock that nobody else shares.
    async fn purge_step(&mut self) {
        let may_begin =
            self.hub == HubLink::Connected && is_due(self.disk.purge_begun, PURGE_EVERY);
        if self.disk.purge.is_none() && may_begin {
            self.disk.purge_begun = Some(Instant::now());
            let now = clock::now();
            let before = oldest_kept(now, self.disk.keeping.retention_days);
            let purge = self.vault.purge(before, Actor::cart(&self.cart), now);
            self.disk.purge = Some(Walk { purge, gone: Purged::default() });
        }
        let Some(Walk { mut purge, gone }) = self.disk.purge.take() else { return };
        let (purge, step) = blocking(move || {
            let step = purge.step();
            (purge, step)
        })
        .await;
        match step {
            Ok(Some(step)) => {
                self.disk.purged += step.entries;
                self.disk.purge = Some(Walk { purge, gone: sum(gone, step) });
            }
            Ok(None) => self.purged(gone),
            // Begun anew in an hour.
            Err(error) => {
                self.purged(gone);
                self.vault_failed("purge the record", &error);
            }
        }
    }

    fn purged(&mut self, Purged { encounters, entries, bytes }: Purged) {
        if entries > 0 {
            tracing::info!(encounters, entries, bytes, "Purged what is in the EHR and old enough");
            // The room that it gave back is seen with the next tick.
            self.disk.looked = None;
        }
    }
}

fn is_due(last: Option<Instant>, every: Duration) -> bool {
    last.is_none_or(|last| last.elapsed() >= every)
}

fn oldest_kept(now: Timestamp, days: u32) -> Timestamp {
    now.plus_millis(-i64::from(days) * MS_PER_DAY)
}

fn sum(one: Purged, other: Purged) -> Purged {
    Purged {
        encounters: one.encounters + other.encounters,
        entries: one.entries + other.entries,
        bytes: one.bytes + other.bytes,
    }
}
