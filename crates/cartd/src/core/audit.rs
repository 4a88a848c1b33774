//! Who did what at this cart. Rows about entries are written with them; the others wait here until the
//! situation they tell of is kept, which is before anybody is shown it. Heads of the chain go to the hub.

use std::time::{Duration, Instant};

use call::CartCallStage;
use cart_api::HubLink;
use clinical::{Act, Actor, AuditEvent, CallId, ChainHead, Entry, EntryBody, SignedHead, Subject};
use hub_api::{CallEnd, CartToHub};
use vault::VaultError;

use super::Core;
use crate::{clock, vaulting::blocking};

/// A busy hour of a ward: what a thief could cut off unseen is never more than this.
const SIGNED_AFTER_ROWS: usize = 64;
/// And never older than this. Oftener would be a commit and a message for every single row.
const SIGNED_AFTER: Duration = Duration::from_secs(60);
/// 67 KB of digits: a quarter of the longest message that the hub reads.
const LINKS_AT_ONCE: u32 = 1_000;
/// Who moves the camera sends a wish every 200 ms. All of them are one row, until the camera was left
/// alone for so long, or somebody else takes it, or the call is another.
const CAMERA_LEFT_ALONE: Duration = Duration::from_secs(60);
/// While the vault cannot be written nobody signs in and nothing is saved: few things happen.
const WAITING_AT_MOST: usize = 1_000;

pub struct Audit {
    waiting: Vec<AuditEvent>,
    /// Rows since the newest head was signed.
    unsigned: usize,
    signed: Instant,
    /// The position of that head.
    newest: i64,
    hub: AtHub,
    call: Option<OneCall>,
    camera: Option<Episode>,
}

/// What this connection knows of the head that the hub holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AtHub {
    /// Nothing, or the answer to what it was told is under way.
    Unknown,
    Holds(i64),
}

struct OneCall {
    call: CallId,
    /// `None`: it rings.
    physician: Option<Actor>,
}

struct Episode {
    call: CallId,
    moved: Instant,
}

impl Audit {
    /// A call of before the restart was told then.
    pub fn resume(stage: &CartCallStage) -> Self {
        let call = match stage {
            CartCallStage::None => None,
            CartCallStage::Ringing { call, .. } => Some(OneCall { call: *call, physician: None }),
            CartCallStage::Answered { call, physician, .. } => {
                Some(OneCall { call: *call, physician: Some(Actor::physician(physician)) })
            }
        };
        Self {
            waiting: Vec::new(),
            unsigned: 0,
            signed: Instant::now(),
            newest: 0,
            hub: AtHub::Unknown,
            call,
            camera: None,
        }
    }

    pub fn waiting(&self) -> Vec<AuditEvent> {
        self.waiting.clone()
    }

    /// The first `count` of what waits is written.
    pub fn kept(&mut self, count: usize) {
        self.waiting.drain(..count);
        self.wrote(count);
    }

    /// So many rows were written with something else.
    pub fn wrote(&mut self, count: usize) {
        self.unsigned += count;
    }

    fn is_due(&self) -> bool {
        self.unsigned >= SIGNED_AFTER_ROWS || self.signed.elapsed() >= SIGNED_AFTER
    }
}

/// An entry is told as what it is, by its ids.
pub fn of(entry: &Entry, who: &Actor) -> AuditEvent {
    let what = match &entry.body {
        EntryBody::Opened(_) => Act::PatientOpened,
        EntryBody::Reading(_) => Act::ReadingBound,
        EntryBody::Observed(_) => Act::Observed,
        EntryBody::Still(_) => Act::StillTaken,
        EntryBody::Auscultation(_) => Act::AuscultationKept,
        EntryBody::Note(_) => Act::NoteWritten,
        EntryBody::Closed => Act::VisitClosed,
    };
    let event = AuditEvent::new(entry.recorded, who.clone(), what)
        .about(Subject::Encounter(entry.encounter))
        .about(Subject::Entry(entry.id));
    match &entry.body {
        EntryBody::Reading(reading) => event.about(Subject::Reading(reading.id)),
        EntryBody::Opened(_)
        | EntryBody::Observed(_)
        | EntryBody::Still(_)
        | EntryBody::Auscultation(_)
        | EntryBody::Note(_)
        | EntryBody::Closed => event,
    }
}

impl Core {
    /// Written before anybody is told the state that follows.
    pub(super) fn tell(&mut self, who: Actor, what: Act, about: impl IntoIterator<Item = Subject>) {
        if self.audit.waiting.len() == WAITING_AT_MOST {
            return tracing::error!(what = what.word(), "Too many rows of the audit wait");
        }
        let about = about.into_iter().collect();
        self.audit.waiting.push(AuditEvent { at: clock::now(), who, what, about });
    }

    /// The nurse; without one the cart does it by itself.
    pub(super) fn doer(&self) -> Actor {
        self.session.actor().unwrap_or_else(|| Actor::cart(&self.cart))
    }

    /// Who is in the call.
    pub(super) fn physician(&self) -> Option<Actor> {
        match self.call.stage() {
            CartCallStage::Answered { physician, .. } => Some(Actor::physician(physician)),
            CartCallStage::None | CartCallStage::Ringing { .. } => None,
        }
    }

    pub(super) fn tell_called(&mut self, call: CallId) {
        self.audit.call = Some(OneCall { call, physician: None });
        let subjects = self.subjects_of(call);
        self.tell(self.doer(), Act::CallStarted, subjects);
    }

    /// The hub tells it again after every reconnect; it is answered once.
    pub(super) fn tell_answered(&mut self) {
        let CartCallStage::Answered { call, physician, .. } = self.call.stage() else { return };
        let (call, physician) = (*call, Actor::physician(physician));
        let known = self.audit.call.as_ref();
        if known.is_some_and(|known| known.call == call && known.physician.is_some()) {
            return;
        }
        self.audit.call = Some(OneCall { call, physician: Some(physician.clone()) });
        let subjects = self.subjects_of(call);
        self.tell(physician, Act::CallAnswered, subjects);
    }

    pub(super) fn tell_call_over(&mut self, why: CallEnd) {
        self.audit.camera = None;
        let Some(OneCall { call, physician }) = self.audit.call.take() else { return };
        let who = match why {
            CallEnd::Nurse => self.doer(),
            CallEnd::Physician => physician.unwrap_or_else(Actor::hub),
            CallEnd::Unanswered | CallEnd::Declined | CallEnd::CartLost => Actor::cart(&self.cart),
        };
        let subjects = self.subjects_of(call);
        self.tell(who, Act::CallEnded, subjects);
    }

    fn subjects_of(&self, call: CallId) -> Vec<Subject> {
        let encounter = self.visit.open().map(|open| Subject::Encounter(open.id));
        [Subject::Call(call)].into_iter().chain(encounter).collect()
    }

    /// One row for each time that the physician takes the camera, and none for each wish.
    pub(super) fn tell_camera(&mut self) {
        let CartCallStage::Answered { call, .. } = *self.call.stage() else { return };
        let now = Instant::now();
        let episode = self.audit.camera.replace(Episode { call, moved: now });
        let goes_on = episode.is_some_and(|before| {
            before.call == call && now.duration_since(before.moved) < CAMERA_LEFT_ALONE
        });
        if let Some(physician) = self.physician().filter(|_| !goes_on) {
            let subjects = self.subjects_of(call);
            self.tell(physician, Act::CameraMoved, subjects);
        }
    }

    /// The first thing of a connection: the hub sees whether this chain still has what it holds of it.
    pub(super) async fn announce_audit(&mut self) {
        self.audit.hub = AtHub::Unknown;
        if let Some(head) = self.sign_audit().await {
            let since = head.head.position;
            self.outgoing.to_hub(CartToHub::AuditHead { head, since, links: Vec::new() });
        }
    }

    pub(super) async fn audit_anchored(&mut self, head: Option<ChainHead>) {
        self.audit.hub = AtHub::Holds(head.map_or(0, |head| head.position));
        if let Some(head) = head {
            let chain = self.vault.audit();
            match blocking(move || chain.anchored(head)).await {
                Ok(true) => {}
                Ok(false) => tracing::error!(
                    %head,
                    "The hub holds another audit of this cart: run `cartctl audit verify`"
                ),
                // Kept with the next answer.
                Err(error) => self.vault_failed("keep an anchored head", &error),
            }
        }
        self.send_links().await;
    }

    pub(super) async fn audit_tick(&mut self) {
        if self.audit.is_due() && self.sign_audit().await.is_some() {
            self.send_links().await;
        }
    }

    async fn sign_audit(&mut self) -> Option<SignedHead> {
        // Also after a failure: a full disk is not asked four times a second.
        (self.audit.unsigned, self.audit.signed) = (0, Instant::now());
        let chain = self.vault.audit();
        let signed = blocking(move || chain.sign()).await;
        let signed = self.or_later("sign the audit", signed)?;
        self.audit.newest = signed.head.position;
        Some(signed)
    }

    /// From the head that the hub holds to the one that was signed last. What does not fit follows after
    /// the hub's answer.
    async fn send_links(&mut self) {
        let AtHub::Holds(since) = self.audit.hub else { return };
        let missing = u32::try_from(self.audit.newest.saturating_sub(since)).unwrap_or(0);
        if self.hub != HubLink::Connected || missing == 0 {
            return;
        }
        let chain = self.vault.audit();
        let links = blocking(move || chain.links(since, missing.min(LINKS_AT_ONCE))).await;
        let Some(links) = self.or_later("read the audit", links) else { return };
        self.audit.hub = AtHub::Unknown;
        let vault::Links { since, links, head } = links;
        self.outgoing.to_hub(CartToHub::AuditHead { head, since, links });
    }

    fn or_later<T>(&self, attempt: &str, done: Result<Option<T>, VaultError>) -> Option<T> {
        done.unwrap_or_else(|error| {
            self.vault_failed(attempt, &error);
            None
        })
    }
}
