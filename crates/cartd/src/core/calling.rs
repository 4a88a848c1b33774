//! The call and the hub: carries out what `call` decides, keeps what a restart needs, tells what the hub said.

use call::{CallEffect, CallEvent, CallRefusal, CartCallStage};
use cart_api::{HubLink, NoticeKind, Refusal, Response};
use clinical::{CallId, EntryId};
use devices::{Position, Ptz};
use hub_api::{CallEnd, CartToHub, Delivery, HubToCart, Signal};
use uuid::Uuid;
use vault::Worklist;

use super::{Answer, Core};
use crate::{clock, hub::FromHub, kiosk::ClientId, vaulting::blocking};

/// 40 bytes each: far below the hub's longest message.
const ASKED_AT_ONCE: usize = 2_000;
/// About 250 KiB of state, far more than a ward; the hub sorts by time, so the first ones matter.
const WORKLIST_AT_MOST: usize = 500;

/// As far to the side and down as the camera turns: at a wall or at its own foot, wherever it is mounted.
const PARKED: Position = Position { pan: -1.0, tilt: -1.0, zoom: 0.0 };

impl Core {
    pub(super) async fn hub_said(&mut self, message: FromHub) {
        let now = clock::now();
        match message {
            FromHub::Connected => {
                self.hub = HubLink::Connected;
                // It may have changed while the link told an earlier one.
                self.outgoing.to_hub(self.status().message());
                self.outgoing.forget_monitoring();
                let effects = self.call.handle(CallEvent::HubConnected, now);
                self.carry_out_call(effects);
                self.wake.linked.notify_one();
                self.announce_audit().await;
                self.ask_delivery().await;
            }
            FromHub::Away => {
                self.hub = HubLink::Away { since: now };
                let effects = self.call.handle(CallEvent::HubAway, now);
                self.carry_out_call(effects);
            }
            FromHub::Message(message) => self.hub_message(message).await,
        }
    }

    async fn hub_message(&mut self, message: HubToCart) {
        let event = match message {
            HubToCart::Answered { call, physician, relays } => {
                CallEvent::Answered { call, physician, relays }
            }
            HubToCart::CallEnded { call, why } => CallEvent::Ended { call, why },
            HubToCart::Signal { call, signal } => CallEvent::Signal { call, signal },
            HubToCart::Worklist { entries, as_of } => {
                return self.take_worklist(Worklist { entries, as_of }).await;
            }
            HubToCart::Delivered { entries } => return self.delivered(entries).await,
            HubToCart::Prescribed { encounter, by, what } => {
                return self.prescribed(encounter, by, what).await;
            }
            HubToCart::AuditAnchored { head } => return self.audit_anchored(head).await,
            HubToCart::Refused { reason } => {
                return tracing::warn!(reason, "The hub refused a message");
            }
            HubToCart::Welcome { .. } => return tracing::debug!("The hub greeted twice"),
        };
        let effects = self.call.handle(event, clock::now());
        self.carry_out_call(effects);
        self.tell_answered();
    }

    pub(super) fn press_call(&mut self) -> Answer {
        if self.visit.open().is_none() {
            return Err(Refusal::NoEncounter);
        }
        let call = CallId::new(Uuid::now_v7());
        let effects = self.call.press(call, clock::now()).map_err(refusal)?;
        // While it rings the nurse sees what the physician will see.
        self.look_straight();
        self.notices.forget_calls();
        self.tell_called(call);
        self.carry_out_call(effects);
        Ok(None)
    }

    pub(super) fn hang_up(&mut self) -> Answer {
        let effects = self.call.hang_up().map_err(refusal)?;
        self.carry_out_call(effects);
        Ok(None)
    }

    pub(super) fn signal(&mut self, call: CallId, signal: Signal) -> Answer {
        let effects = self.call.signal(call, signal).map_err(refusal)?;
        self.carry_out_call(effects);
        Ok(None)
    }

    pub(super) fn call_tick(&mut self) {
        let now = clock::now();
        if self.call.deadline().is_some_and(|at| at <= now) {
            let effects = self.call.handle(CallEvent::Tick, now);
            self.carry_out_call(effects);
        }
    }

    pub(super) fn carry_out_call(&mut self, effects: Vec<CallEffect>) {
        for effect in effects {
            match effect {
                CallEffect::ToHub(message) => self.outgoing.to_hub(message),
                CallEffect::ToKiosk { call, signal } => {
                    self.outgoing.tell_all_kiosks(&Response::Signal { call, signal });
                }
                CallEffect::Over { why } => self.call_over(why),
            }
        }
    }

    fn call_over(&mut self, why: CallEnd) {
        self.park_camera();
        self.tell_call_over(why);
        let kind = match why {
            CallEnd::Nurse => return,
            CallEnd::Physician => NoticeKind::PhysicianLeft,
            CallEnd::Unanswered => NoticeKind::CallUnanswered,
            CallEnd::Declined => NoticeKind::CallDeclined,
            CallEnd::CartLost => NoticeKind::CallLost,
        };
        self.notices.raise(kind, clock::now());
    }

    /// In a call it is the physician's wish, and in an encounter without one the nurse's, who takes a picture.
    pub(super) fn camera_home(&mut self, client: ClientId) -> Answer {
        if !matches!(self.call.stage(), CartCallStage::None) {
            return self.move_camera(client, Ptz::Home);
        }
        self.visit.open().ok_or(Refusal::NoEncounter)?;
        self.camera.as_ref().ok_or(Refusal::DeviceAway)?;
        self.look_straight();
        self.camera_held_by = Some(client);
        Ok(None)
    }

    fn look_straight(&mut self) {
        self.camera_is_parked = false;
        if let Some(camera) = &self.camera {
            camera.ask(Ptz::Home);
        }
    }

    /// A physician moves it by the nurse's kiosk, in a call only.
    pub(super) fn move_camera(&mut self, client: ClientId, wish: Ptz) -> Answer {
        if !matches!(self.call.stage(), CartCallStage::Answered { .. }) {
            return Err(Refusal::NoCall);
        }
        let camera = self.camera.as_ref().ok_or(Refusal::DeviceAway)?;
        camera.ask(wish);
        self.tell_camera();
        self.camera_held_by = Some(client);
        Ok(None)
    }

    /// One that comes after the call does not stop a camera that turns away.
    pub(super) fn camera_button_is_up(&mut self) {
        if !self.camera_is_parked {
            self.stop_camera();
        }
    }

    /// The kiosk is gone, or its nurse has closed the page with the picture.
    pub(super) fn camera_is_left(&mut self) {
        match self.call.stage() {
            CartCallStage::None => self.park_camera(),
            CartCallStage::Ringing { .. } | CartCallStage::Answered { .. } => self.stop_camera(),
        }
    }

    fn stop_camera(&mut self) {
        self.camera_held_by = None;
        if let Some(camera) = &self.camera {
            camera.ask(Ptz::Stop);
        }
    }

    /// Everybody in the room sees that it does not look at them.
    fn park_camera(&mut self) {
        self.stop_camera();
        self.camera_is_parked = true;
        if let Some(camera) = &self.camera {
            camera.ask(Ptz::To(PARKED));
        }
    }

    async fn take_worklist(&mut self, mut worklist: Worklist) {
        worklist.entries.truncate(WORKLIST_AT_MOST);
        let (vault, kept) = (self.vault.clone(), worklist.clone());
        if let Err(error) = blocking(move || vault.set_worklist(&kept)).await {
            // It is shown all the same: a copy that a restart would miss, told anew by the hub.
            self.vault_failed("keep the worklist", &error);
        }
        self.worklist = Some(worklist);
    }

    async fn delivered(&mut self, entries: Vec<(EntryId, Delivery)>) {
        let (vault, kept) = (self.vault.clone(), entries.clone());
        if let Err(error) = blocking(move || vault.mark_delivery(&kept)).await {
            // Asked again on the next connection.
            return self.vault_failed("keep what was delivered", &error);
        }
        for (entry, delivery) in entries {
            self.entry_came_to(entry, delivery);
        }
        self.count_sync().await;
    }

    async fn ask_delivery(&mut self) {
        let vault = self.vault.clone();
        match blocking(move || vault.entries_not_in_ehr()).await {
            Ok(waiting) => {
                for entries in waiting.chunks(ASKED_AT_ONCE) {
                    self.outgoing.to_hub(CartToHub::AskDelivery { entries: entries.to_vec() });
                }
            }
            Err(error) => self.vault_failed("list what is to arrive", &error),
        }
    }
}

fn refusal(refusal: CallRefusal) -> Refusal {
    match refusal {
        CallRefusal::HubAway => Refusal::HubAway,
        CallRefusal::GoingOn => Refusal::CallGoingOn,
        CallRefusal::NoCall => Refusal::NoCall,
    }
}
