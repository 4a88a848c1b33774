//! A consult as carts and browsers live it.

use std::time::{Duration, Instant, SystemTime};

use clinical::{
    CallId, EarlyWarning, EncounterId, Entry, EntryBody, EntryId, Finding, Observed, Timestamp,
    news2::Parameter,
};
use hub_api::{
    CallEnd, CartToHub, HubToCart, HubToPortal, NoteDraft, PortalToHub, Signal, VERSION,
};
use sim_ehr::Rules;
use upstream::hub::{HubClient, HubSocket, Put};
use uuid::Uuid;

use crate::{
    browser::{Browser, Window},
    words::{json, new_encounter, new_entry, opened, saturation, sha256, still, summary},
    world::World,
};

pub struct Consult {
    pub world: World,
    cart: HubClient,
    pub bedside: HubSocket,
    pub browser: Browser,
    pub window: Window,
    pub encounter: EncounterId,
    pub call: CallId,
}

impl Consult {
    /// The encounter is open, the physician is on call, and the nurse has pressed Call.
    async fn ringing() -> Self {
        Self::ringing_in(World::start().await).await
    }

    pub async fn ringing_in(world: World) -> Self {
        let (cart, encounter) = (world.cart(), new_encounter());
        put(&cart, &opened(encounter)).await;
        let browser = world.browser("weiss").await;
        let (mut window, _) = browser.window().await;
        window.says(PortalToHub::OnCall { on_call: true }).await;
        // The answer to nonsense comes after what was said before it was understood.
        window.says_text("{}".into()).await;
        assert!(matches!(window.hears_of_call().await, HubToPortal::Refused { .. }));
        let bedside = status(&cart, encounter, None).await;
        let call = CallId::new(Uuid::now_v7());
        let mut consult = Self { world, cart, bedside, browser, window, encounter, call };
        consult.rings_until_heard().await;
        consult
    }

    async fn rings_until_heard(&mut self) {
        self.bedside.send(&CartToHub::Call { call: self.call }).await.unwrap();
        match self.window.hears_of_call().await {
            HubToPortal::Ringing { context } => {
                assert_eq!((context.call, context.encounter.id), (self.call, self.encounter));
                assert_eq!(context.entries.len(), 1);
            }
            other => panic!("{other:?}"),
        }
    }

    pub async fn answered() -> Self {
        Self::ringing().await.answer().await
    }

    pub async fn answered_with(rules: &'static Rules) -> Self {
        Self::ringing_in(World::with_ehr(rules).await).await.answer().await
    }

    async fn answer(self) -> Self {
        let mut consult = self;
        let call = consult.call;
        consult.window.says(PortalToHub::Answer { call }).await;
        assert!(matches!(consult.window.hears_of_call().await, HubToPortal::Joined { .. }));
        let answered = hears_of_call(&mut consult.bedside).await;
        assert_eq!(
            answered,
            HubToCart::Answered { call, physician: "Dr. weiss".into(), relays: None }
        );
        consult
    }
}

async fn status(cart: &HubClient, encounter: EncounterId, call: Option<CallId>) -> HubSocket {
    // The first try after a restart of the hub finds that the token is no longer good.
    let mut socket = match cart.connect().await {
        Ok(socket) => socket,
        Err(_) => cart.connect().await.unwrap(),
    };
    let encounter = Some(summary(encounter));
    socket.send(&CartToHub::Status { version: VERSION, encounter, call }).await.unwrap();
    socket
}

async fn put(cart: &HubClient, entry: &clinical::Entry) {
    let put = cart.put_entry(entry.id, json(entry)).await;
    assert!(matches!(put, Put::Accepted(_)), "{put:?}");
}

pub async fn hears_of_call(bedside: &mut HubSocket) -> HubToCart {
    loop {
        let next = tokio::time::timeout(Duration::from_secs(10), bedside.receive());
        match next.await.unwrap().unwrap() {
            HubToCart::Welcome { .. }
            | HubToCart::Worklist { .. }
            | HubToCart::Delivered { .. } => {}
            message => return message,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_readings_and_the_end_reach_the_other_side() {
    let mut consult = Consult::answered().await;
    let call = consult.call;
    let signal = Signal::Offer { generation: 1, sdp: "v=0".into() };
    consult.bedside.send(&CartToHub::Signal { call, signal: signal.clone() }).await.unwrap();
    assert_eq!(consult.window.hears_of_call().await, HubToPortal::Signal { call, signal });
    let signal = Signal::WantOffer;
    consult.window.says(PortalToHub::Signal { call, signal: signal.clone() }).await;
    assert_eq!(hears_of_call(&mut consult.bedside).await, HubToCart::Signal { call, signal });
    let reading = saturation(consult.encounter, 97);
    put(&consult.cart, &reading).await;
    match consult.window.hears_of_call().await {
        HubToPortal::Recorded { recorded } => assert_eq!(recorded.entry, reading),
        other => panic!("{other:?}"),
    }
    consult.window.says(PortalToHub::HangUp { call }).await;
    let ended = HubToPortal::CallEnded { call, why: CallEnd::Physician };
    assert_eq!(consult.window.hears_of_call().await, ended);
    let ended = HubToCart::CallEnded { call, why: CallEnd::Physician };
    assert_eq!(hears_of_call(&mut consult.bedside).await, ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_nurse_counts_is_told_with_the_score_that_follows() {
    let mut consult = Consult::answered().await;
    let what = Finding::RespiratoryRate { per_minute: 26 };
    let body = EntryBody::Observed(Observed { what, by: "Maria Silva".into() });
    let counted = Entry { recorded: now(), ..new_entry(consult.encounter, body) };
    put(&consult.cart, &counted).await;
    match consult.window.hears_of_call().await {
        HubToPortal::Recorded { recorded } => assert_eq!(recorded.entry, counted),
        other => panic!("{other:?}"),
    }
    let (encounter, early_warning) = consult.window.hears_score().await;
    assert_eq!(encounter, consult.encounter);
    let EarlyWarning::Score { news2, until, .. } = early_warning else { panic!("she is no child") };
    assert_eq!((news2.parts.rr, news2.total), (Some(3), None));
    assert!(!news2.missing.contains(&Parameter::RespiratoryRate));
    assert_eq!(until, Some(counted.recorded.plus_millis(3_600_000)));
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_is_pushed_to_the_browser_as_soon_as_it_is_committed() {
    let mut consult = Consult::answered().await;
    let mut times = Vec::new();
    for spo2 in 60..100 {
        let reading = saturation(consult.encounter, spo2);
        let started = Instant::now();
        put(&consult.cart, &reading).await;
        match consult.window.hears_of_call().await {
            HubToPortal::Recorded { recorded } => assert_eq!(recorded.entry.id, reading.id),
            other => panic!("{other:?}"),
        }
        times.push(started.elapsed());
    }
    times.sort();
    // The median, because the machine of a test has other work; the rehearsal measures the rest.
    let median = times[times.len() / 2];
    assert!(median <= Duration::from_millis(150), "{times:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_and_notes_are_for_those_who_are_or_were_in_the_call() {
    let mut consult = Consult::answered().await;
    consult.world.add_physician("amari");
    let jpeg = [0xff, 0xd8, 0xff, 0xd9];
    let picture = still(consult.encounter, &jpeg);
    consult.cart.put_blob(&sha256(&jpeg), "image/jpeg", jpeg.into()).await;
    put(&consult.cart, &picture).await;
    let (call, encounter) = (consult.call, consult.encounter);
    consult.window.says(PortalToHub::HangUp { call }).await;
    let path = format!("/api/portal/blobs/{}", sha256(&jpeg));
    let seen = consult.browser.get(&path).send().await.unwrap();
    assert_eq!(seen.headers()["content-type"], "image/jpeg");
    assert_eq!(seen.headers()["cache-control"], "no-store");
    assert_eq!(seen.bytes().await.unwrap().as_ref(), jpeg);
    let amari = consult.world.browser("amari").await;
    assert_eq!(amari.get(&path).send().await.unwrap().status(), 404);
    let draft = NoteDraft { encounter, call, text: "Lungs clear.".into() };
    let id = EntryId::new(Uuid::now_v7());
    assert_eq!(amari.put_note(id, &draft).await.status(), 403);
    assert_eq!(consult.browser.put_note(id, &draft).await.status(), 200);
    let first = consult.browser.put_note(id, &draft).await.text().await.unwrap();
    let again = consult.browser.put_note(id, &draft).await.text().await.unwrap();
    assert_eq!(first, again);
    let other = NoteDraft { text: "Lungs not clear.".into(), ..draft.clone() };
    assert_eq!(consult.browser.put_note(id, &other).await.status(), 409);
    let empty = NoteDraft { text: " \n".into(), ..draft };
    assert_eq!(consult.browser.put_note(id, &empty).await.status(), 422);
    let documents = consult.world.ehr_has("DocumentReference", 2).await;
    assert_eq!(documents[1]["author"][0]["display"], "Dr. weiss");
    assert_eq!(consult.world.ehr.doubled(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_writer_of_a_note_sees_it_recorded_after_hanging_up() {
    let mut consult = Consult::answered().await;
    let (call, encounter) = (consult.call, consult.encounter);
    consult.window.says(PortalToHub::HangUp { call }).await;
    assert!(matches!(consult.window.hears_of_call().await, HubToPortal::CallEnded { .. }));
    let draft = NoteDraft { encounter, call, text: "Lungs clear.".into() };
    let id = EntryId::new(Uuid::now_v7());
    assert_eq!(consult.browser.put_note(id, &draft).await.status(), 200);
    match consult.window.hears_of_call().await {
        HubToPortal::Recorded { recorded } => {
            assert!(matches!(recorded.entry.body, EntryBody::Note(_)));
            assert_eq!(recorded.entry.id, id);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_reloads_is_back_in_its_call_with_everything_recorded() {
    let mut consult = Consult::answered().await;
    put(&consult.cart, &saturation(consult.encounter, 97)).await;
    drop(consult.window);
    let (mut window, welcome) = consult.browser.window().await;
    let HubToPortal::Welcome { call: Some(context), on_call: true, .. } = welcome else {
        panic!("{welcome:?}");
    };
    assert_eq!((context.call, context.entries.len()), (consult.call, 2));
    let (call, signal) = (consult.call, Signal::WantOffer);
    window.says(PortalToHub::Signal { call, signal: signal.clone() }).await;
    assert_eq!(hears_of_call(&mut consult.bedside).await, HubToCart::Signal { call, signal });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_that_comes_back_is_still_in_its_call() {
    let mut consult = Consult::answered().await;
    let call = consult.call;
    drop(consult.bedside);
    let away = HubToPortal::CartOnline { call, online: false };
    assert_eq!(consult.window.hears_of_call().await, away);
    let mut bedside = status(&consult.cart, consult.encounter, Some(call)).await;
    let back = HubToPortal::CartOnline { call, online: true };
    assert_eq!(consult.window.hears_of_call().await, back);
    assert!(matches!(hears_of_call(&mut bedside).await, HubToCart::Answered { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answered_call_survives_a_crash_of_the_hub() {
    let mut consult = Consult::answered().await;
    let call = consult.call;
    consult.world.kill();
    consult.world.run();
    let (mut window, welcome) = consult.browser.window().await;
    let HubToPortal::Welcome { call: Some(context), on_call: true, .. } = welcome else {
        panic!("{welcome:?}");
    };
    assert_eq!(context.call, call);
    let away = HubToPortal::CartOnline { call, online: false };
    assert_eq!(window.hears_of_call().await, away);
    let mut bedside = status(&consult.cart, consult.encounter, Some(call)).await;
    assert!(matches!(hears_of_call(&mut bedside).await, HubToCart::Answered { .. }));
    let back = HubToPortal::CartOnline { call, online: true };
    assert_eq!(window.hears_of_call().await, back);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_an_encounter_or_from_anothers_is_refused() {
    let consult = Consult::ringing().await;
    let other = consult.world.other_cart("cart-2");
    let mut socket = other.connect().await.unwrap();
    let call = CallId::new(Uuid::now_v7());
    socket.send(&CartToHub::Call { call }).await.unwrap();
    assert!(matches!(hears_of_call(&mut socket).await, HubToCart::Refused { .. }));
    drop(socket);
    let mut socket = status(&other, consult.encounter, None).await;
    socket.send(&CartToHub::Call { call }).await.unwrap();
    let HubToCart::Refused { reason } = hears_of_call(&mut socket).await else { panic!() };
    assert!(reason.contains("another cart"), "{reason}");
}
