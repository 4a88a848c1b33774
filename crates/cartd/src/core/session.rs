//! Who is signed in: PIN tries counted before they are judged, idle nurses signed out, a restart survived.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use cart_api::{Nurse, Refusal, SignInState};
use clinical::{Act, Actor, AuditEvent, Subject, Timestamp};
use encounter::{SignIn, Verdict};
use tokio::sync::mpsc;
use vault::{NurseAccount, VaultError};

use super::{Answer, Core, situation::KeptSession};
use crate::{clock, kiosk::ClientId, pin, vaulting::blocking};

/// `cartd nurse add` runs beside the daemon: who was added appears on the sign-in page within this.
const NURSES_READ_EVERY: Duration = Duration::from_secs(2);
/// Of a touch the restart need not know to the second; a commit for each would wear the disk.
const KEPT_WITHIN_MS: i64 = 60_000;
const MS_PER_S: i64 = 1_000;

pub struct Session {
    signed_in: Option<SignedIn>,
    nurses: Vec<Nurse>,
    nurses_read: Instant,
    idle_lock: Duration,
    /// One at a time: each takes 19 MiB and some hundred milliseconds on purpose.
    checking: bool,
    pins: mpsc::Sender<PinChecked>,
    nobodys_hash: String,
}

struct SignedIn {
    nurse: Nurse,
    touched: Instant,
    kept: KeptSession,
}

/// A PIN was compared, away from the core.
pub struct PinChecked {
    client: ClientId,
    number: u64,
    /// `None`: there is no such nurse.
    account: Option<(NurseAccount, SignIn)>,
    right: anyhow::Result<bool>,
}

impl Session {
    pub fn new(
        nurses: Vec<Nurse>,
        idle_lock: Duration,
        pins: mpsc::Sender<PinChecked>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            signed_in: None,
            nurses,
            nurses_read: Instant::now(),
            idle_lock,
            checking: false,
            pins,
            nobodys_hash: pin::nobodys()?,
        })
    }

    /// The nurse of before the restart, if her time has not run out and she is still one of ours.
    pub fn resume(&mut self, kept: KeptSession, now: Timestamp) {
        let left = kept.until.millis_since(now);
        let longest = i64::try_from(self.idle_lock.as_millis()).unwrap_or(i64::MAX);
        // More than the whole time left: the clock was set back, and nobody knows how long it was.
        if (1..=longest).contains(&left) && self.nurses.contains(&kept.nurse) {
            self.begin(kept.nurse, now);
        }
    }

    pub fn state(&self) -> SignInState {
        match &self.signed_in {
            Some(session) => SignInState::SignedIn { nurse: session.nurse.clone() },
            None => SignInState::SignedOut { nurses: self.nurses.clone() },
        }
    }

    pub fn is_signed_in(&self) -> bool {
        self.signed_in.is_some()
    }

    pub fn nurse_name(&self) -> Option<String> {
        self.signed_in.as_ref().map(|session| session.nurse.name.clone())
    }

    pub fn actor(&self) -> Option<Actor> {
        self.signed_in.as_ref().map(|session| Actor::nurse(&session.nurse.id))
    }

    /// What a restart takes up again.
    pub fn kept(&self) -> Option<KeptSession> {
        self.signed_in.as_ref().map(|session| session.kept.clone())
    }

    /// The hand of the nurse is at the cart.
    pub fn touched(&mut self, now: Timestamp) {
        let until = self.until(now);
        if let Some(session) = &mut self.signed_in {
            session.touched = Instant::now();
            if until.millis_since(session.kept.until).abs() >= KEPT_WITHIN_MS {
                session.kept.until = until;
            }
        }
    }

    fn begin(&mut self, nurse: Nurse, now: Timestamp) {
        let kept = KeptSession { nurse: nurse.clone(), until: self.until(now) };
        self.signed_in = Some(SignedIn { nurse, touched: Instant::now(), kept });
    }

    fn until(&self, now: Timestamp) -> Timestamp {
        now.plus_millis(i64::try_from(self.idle_lock.as_millis()).unwrap_or(i64::MAX))
    }

    fn is_idle(&self) -> bool {
        self.signed_in.as_ref().is_some_and(|session| session.touched.elapsed() >= self.idle_lock)
    }
}

impl Core {
    pub(super) async fn sign_in(
        &mut self,
        client: ClientId,
        number: u64,
        nurse: String,
        pin: String,
    ) {
        match self.begin_check(&nurse).await {
            Err(refusal) => self.answer(client, number, Err(refusal)),
            Ok(account) => {
                let pin_hash = match &account {
                    Some((account, _)) => account.pin_hash.clone(),
                    None => self.session.nobodys_hash.clone(),
                };
                self.session.checking = true;
                let pins = self.session.pins.clone();
                tokio::spawn(async move {
                    let right = blocking(move || pin::is_right(&pin, &pin_hash)).await;
                    let checked = PinChecked { client, number, account, right };
                    if pins.send(checked).await.is_err() {
                        tracing::debug!("The core ended while a PIN was checked");
                    }
                });
            }
        }
    }

    /// The try is counted durably before it is judged: pulling the plug saves nobody a try.
    async fn begin_check(
        &mut self,
        nurse: &str,
    ) -> Result<Option<(NurseAccount, SignIn)>, Refusal> {
        if self.session.checking {
            return Err(Refusal::TooSoon { wait_s: 1 });
        }
        let (vault, id) = (self.vault.clone(), nurse.to_owned());
        let account = blocking(move || vault.nurse(&id)).await;
        let Some(account) = account.map_err(|error| self.sign_in_failed(&error))? else {
            return Ok(None);
        };
        let mut sign_in: SignIn = serde_json::from_str(&account.sign_in).map_err(|error| {
            tracing::error!(%error, "The sign-in counters are not readable");
            Refusal::Locked
        })?;
        match sign_in.try_pin(clock::now()) {
            Verdict::Compare => {}
            Verdict::Wait { ms } => return Err(Refusal::TooSoon { wait_s: seconds(ms) }),
            Verdict::Locked => return Err(Refusal::Locked),
        }
        let kept = self.keep_counters(&account, &sign_in, &[]).await;
        kept.map_err(|error| self.sign_in_failed(&error))?;
        Ok(Some((account, sign_in)))
    }

    pub(super) async fn pin_checked(&mut self, checked: PinChecked) {
        self.session.checking = false;
        let PinChecked { client, number, account, right } = checked;
        let answer = self.judge(account, right).await;
        self.answer(client, number, answer);
    }

    async fn judge(
        &mut self,
        account: Option<(NurseAccount, SignIn)>,
        right: anyhow::Result<bool>,
    ) -> Answer {
        let right = right.map_err(|error| {
            tracing::error!(%error, "A PIN could not be checked");
            Refusal::NotSaved
        })?;
        // Nobody's tries are not counted; the answer looks as that to a first wrong PIN.
        let Some((account, mut sign_in)) = account else {
            self.tell(Actor::somebody(), Act::SignInFailed, []);
            return Err(Refusal::WrongPin { tries_left: SignIn::default().tries_left() - 1 });
        };
        let who = Actor::nurse(&account.nurse.id);
        if !right {
            self.tell(who, Act::SignInFailed, []);
            tracing::warn!(nurse = account.nurse.id, left = sign_in.tries_left(), "Wrong PIN");
            return Err(match sign_in.tries_left() {
                0 => Refusal::Locked,
                tries_left => Refusal::WrongPin { tries_left },
            });
        }
        sign_in.right();
        let event = AuditEvent::new(clock::now(), who, Act::SignedIn);
        let kept = self.keep_counters(&account, &sign_in, &[event]).await;
        kept.map_err(|error| self.sign_in_failed(&error))?;
        self.audit.wrote(1);
        tracing::info!(nurse = account.nurse.id, "Signed in");
        self.session.begin(account.nurse, clock::now());
        self.remind_of_protection();
        Ok(None)
    }

    async fn keep_counters(
        &self,
        account: &NurseAccount,
        sign_in: &SignIn,
        events: &[AuditEvent],
    ) -> Result<bool, VaultError> {
        let counters = serde_json::to_string(sign_in).expect("counters are plain data");
        let (vault, id, events) = (self.vault.clone(), account.nurse.id.clone(), events.to_vec());
        blocking(move || vault.set_sign_in(&id, &counters, &events)).await
    }

    /// Without counted tries there is no sign-in.
    fn sign_in_failed(&self, error: &VaultError) -> Refusal {
        tracing::error!(error = error as &dyn Error, "Nobody can sign in: the vault failed");
        Refusal::NotSaved
    }

    pub(super) fn sign_out(&mut self) -> Answer {
        if self.call.current().is_some() {
            // A physician would be alone with the patient and nobody to hang up.
            return Err(Refusal::CallGoingOn);
        }
        if let Some(nurse) = self.session.actor() {
            self.tell(nurse, Act::SignedOut, []);
        }
        self.session.signed_in = None;
        Ok(None)
    }

    pub(super) async fn session_tick(&mut self) {
        if self.call.current().is_some() {
            self.session.touched(clock::now());
        }
        if self.session.is_idle() {
            tracing::info!("Signed out an idle nurse");
            if let Some(idle) = self.session.signed_in.take() {
                let nurse = Subject::Nurse(idle.nurse.id);
                self.tell(Actor::cart(&self.cart), Act::SignedOut, [nurse]);
            }
        }
        if !self.session.is_signed_in() && self.session.nurses_read.elapsed() >= NURSES_READ_EVERY {
            self.session.nurses_read = Instant::now();
            let vault = self.vault.clone();
            match blocking(move || vault.nurses()).await {
                Ok(nurses) => self.session.nurses = nurses,
                Err(error) => self.vault_failed("list the nurses", &error),
            }
        }
    }
}

/// Rounded up: who waits that long is not told to wait again.
fn seconds(ms: i64) -> u32 {
    u32::try_from((ms + MS_PER_S - 1) / MS_PER_S).unwrap_or(u32::MAX)
}
