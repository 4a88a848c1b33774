//! The situations in which every page is drawn.

pub mod exam;
pub mod listen;
mod more;
pub mod observe;
pub mod tray;

use cart_api::{
    CartState, DeviceStatus, FailureCause, HubLink, Identifier, Measurable, Notice, NoticeKind,
    Refusal, Response, Space, Sync, SyncStage,
};
use clinical::{
    DeviceId, Limits, Monitoring, Quality, Side, Still, VitalSign, Watched, news2::Risk,
};
use media::MediaEvent;

use crate::model::{Input, Model, OwnKind, Press, testing::*};

pub struct Scene {
    pub name: &'static str,
    pub model: Model,
}

/// Every page, and every page at its fullest.
pub fn all() -> Vec<Scene> {
    let scene = |name, model| Scene { name, model };
    let scenes = vec![
        scene("starting", Model::new(NOW)),
        scene("restarting", restarting()),
        scene("sign-in", showing(signed_out())),
        scene("sign-in-wrong-pin", wrong_pin()),
        scene("worklist", showing(signed_in())),
        scene("worklist-offline", showing(offline(signed_in()))),
        scene("worklist-empty", showing(CartState { worklist: Vec::new(), ..signed_in() })),
        scene("worklist-never", showing(offline(no_worklist()))),
        scene("identify", identifying()),
        scene("identify-other-wristband", other_wristband()),
        scene("vitals-new", showing(opened())),
        scene("vitals", showing(measured())),
        scene("vitals-full", showing(full())),
        scene("vitals-measuring", showing(measuring())),
        scene("vitals-watched", watched()),
        scene("vitals-end", ending()),
        scene("camera", viewfinder()),
        scene("ringing", showing(ringing())),
        scene("call", showing(in_call())),
        scene("call-full", call_full()),
    ];
    let rest = [exam::all(), listen::all(), more::all(), observe::all(), tray::all()];
    scenes.into_iter().chain(rest.into_iter().flatten()).collect()
}

/// The one of this name.
pub fn of(name: &str) -> Model {
    all().into_iter().find(|scene| scene.name == name).expect("there is such a scene").model
}

pub fn no_worklist() -> CartState {
    CartState { worklist: Vec::new(), worklist_as_of: None, ..signed_in() }
}

pub fn offline(state: CartState) -> CartState {
    let hub = HubLink::Away { since: NOW.plus_millis(-1_500_000) };
    CartState { hub, sync: Sync { on_cart: 3, sent: 1, set_aside: 0 }, ..state }
}

pub fn restarting() -> Model {
    let mut model = showing(measured());
    assert!(model.update(Input::Lost, NOW).is_empty());
    model
}

pub fn wrong_pin() -> Model {
    let mut model = showing(signed_out());
    press_all(&mut model, [Press::Nurse("4711".into())]);
    press_all(&mut model, [1, 2, 3, 4].map(Press::Digit));
    press_all(&mut model, [Press::Enter]);
    let refusal = Refusal::WrongPin { tries_left: 8 };
    let said = Response::Refused { number: 1, refusal };
    assert!(model.update(Input::Said(said), NOW).is_empty());
    model
}

pub fn identifying() -> Model {
    let mut model = showing(signed_in());
    press_all(&mut model, [Press::Patient("100871".into()), Press::Compared(Identifier::Name)]);
    model
}

pub fn other_wristband() -> Model {
    let mut model = identifying();
    let text = Some("100234".to_owned());
    for input in [Input::Scanner { is_here: true }, Input::Scanned { text }] {
        assert!(model.update(input, NOW).is_empty());
    }
    model
}

/// A notice, no hub, a device away, long names and many values at once.
pub fn full() -> CartState {
    let mut state = offline(measured());
    state.devices = devices(DeviceStatus::Ready, DeviceStatus::NotOnPatient, DeviceStatus::Away);
    let encounter = state.encounter.as_mut().expect("it is open");
    encounter.patient = patient(
        "20261122-0031",
        "Schwarzenberger-Villanueva",
        "Maria Magdalena",
        "1931-09-28",
        clinical::Sex::Unknown,
    );
    for minute in 10..30 {
        let reading =
            saved(100 + minute as u128, pressure(210, 110), minute, &[], SyncStage::SetAside);
        encounter.readings.insert(0, reading);
    }
    let remarks = [Quality::Motion, Quality::IrregularPulse];
    let newest = saved(200, pressure(228, 134), 0, &remarks, SyncStage::SetAside);
    encounter.readings.push(newest);
    encounter.stills = vec![still()];
    state.notices = vec![failed(1, FailureCause::LooseCuff), failed(2, FailureCause::NoPulse)];
    state
}

pub fn measuring() -> CartState {
    let cuff = DeviceStatus::Measuring { cuff_mmhg: Some(146) };
    CartState { devices: devices(cuff, DeviceStatus::Ready, DeviceStatus::Ready), ..measured() }
}

pub fn ending() -> Model {
    let mut model = showing(measured());
    press_all(&mut model, [Press::EndEncounter]);
    model
}

pub fn viewfinder() -> Model {
    let mut model = showing(measured());
    press_all(&mut model, [Press::OpenCamera]);
    model
}

pub fn call_full() -> Model {
    let call = in_call().call;
    let mut model = showing(CartState { call, ..full() });
    assert!(model.update(Input::Media(MediaEvent::CameraLost), NOW).is_empty());
    press_all(&mut model, [Press::Mute]);
    model
}

pub fn failed(id: u64, cause: FailureCause) -> Notice {
    let device = DeviceId("cuff".into());
    Notice { id, at: NOW, kind: NoticeKind::MeasurementFailed { device, cause } }
}

/// Every notice there is, each on a vitals page of its own.
pub fn notices() -> Vec<Model> {
    let carts = every_cart_kind().into_iter().map(|kind| {
        showing(CartState { notices: vec![Notice { id: 1, at: NOW, kind }], ..opened() })
    });
    let own = every_own_kind().into_iter().map(|kind| {
        let mut model = showing(opened());
        model.tell_for_a_test(kind);
        model
    });
    carts.chain(own).collect()
}

fn every_cart_kind() -> Vec<NoticeKind> {
    use FailureCause::{Device, LooseCuff, Motion, NoPulse, Stopped, TimedOut, Unplugged};
    let device = || DeviceId("oximeter".into());
    let causes = [LooseCuff, Motion, NoPulse, TimedOut, Stopped, Unplugged, Device];
    let failed = causes.map(|cause| NoticeKind::MeasurementFailed { device: device(), cause });
    let others = [
        beyond(Side::Low),
        beyond(Side::High),
        NoticeKind::ScoreRose { total: 7, risk: Risk::High },
        NoticeKind::LimitsChanged { by: "Dr. Priya Raman".into() },
        NoticeKind::Implausible { device: device() },
        NoticeKind::Unassigned { device: device() },
        NoticeKind::Garbled { device: device() },
        NoticeKind::NotSaved,
        NoticeKind::SetAside,
        NoticeKind::BatteryLow { critical: false },
        NoticeKind::BatteryLow { critical: true },
        NoticeKind::DiskFills { space: Space::Warn },
        NoticeKind::DiskFills { space: Space::NoVideo },
        NoticeKind::DiskFills { space: Space::NoMedia },
        NoticeKind::Unprotected,
        NoticeKind::CallUnanswered,
        NoticeKind::CallDeclined,
        NoticeKind::CallLost,
        NoticeKind::PhysicianLeft,
    ];
    failed.into_iter().chain(others).collect()
}

pub fn beyond(side: Side) -> NoticeKind {
    let (sign, value, bound) = match side {
        Side::Low => (VitalSign::Spo2, 85, 92),
        Side::High => (VitalSign::PulseRate, 148, 130),
    };
    NoticeKind::BeyondLimit { sign, side, value: value.into(), bound: bound.into() }
}

/// The oximeter is on the finger, and the saturation is below its limit.
pub fn watched() -> Model {
    let mut state = measured();
    let encounter = state.encounter.as_mut().expect("it is open");
    let watched = |sign, value: u16, beyond| Watched {
        sign,
        device: Some(DeviceId("oximeter".into())),
        value: value.into(),
        at: NOW,
        live: true,
        beyond,
    };
    encounter.monitoring = Monitoring {
        limits: Limits::expected(&encounter.patient, [], NOW),
        set_by: None,
        watched: vec![
            watched(VitalSign::PulseRate, 104, None),
            watched(VitalSign::Spo2, 85, Some(Side::Low)),
        ],
    };
    state.notices = vec![Notice { id: 1, at: NOW, kind: beyond(Side::Low) }];
    showing(state)
}

fn every_own_kind() -> Vec<OwnKind> {
    let refusals = [
        Refusal::NotSignedIn,
        Refusal::NoEncounter,
        Refusal::EncounterOpen,
        Refusal::OtherEncounter,
        Refusal::NotIdentified,
        Refusal::NotAPatients,
        Refusal::NotInTray,
        Refusal::DeviceAway,
        Refusal::DeviceBusy,
        Refusal::HubAway,
        Refusal::CallGoingOn,
        Refusal::NoCall,
        Refusal::NotSaved,
        Refusal::NoSpace,
    ];
    let by = Some("Dr. Priya Raman".to_owned());
    let others = [
        OwnKind::NotReached,
        OwnKind::PictureTaken { by: by.clone() },
        OwnKind::PictureTaken { by: None },
        OwnKind::PictureFailed { by },
        OwnKind::PictureFailed { by: None },
        OwnKind::SoundKept { by: "Dr. Priya Raman".to_owned() },
        OwnKind::SoundNotKept { by: "Dr. Priya Raman".to_owned() },
        OwnKind::Claimed,
        OwnKind::Discarded,
        OwnKind::ObservedTooLongAgo,
        OwnKind::OtherWristband,
        OwnKind::ScanFailed,
        OwnKind::CameraAway,
        OwnKind::MicrophoneAway,
        OwnKind::SpeakerAway,
        OwnKind::NoVideo,
        OwnKind::NobodyWatches,
    ];
    let refused = |refusal| OwnKind::Refused { refusal, device: Some(Measurable::BloodPressure) };
    refusals.map(refused).into_iter().chain(others).collect()
}

fn still() -> cart_api::SavedStill {
    let still = Still {
        sha256: String::new(),
        media_type: "image/jpeg".into(),
        bytes: 1,
        width: 1920,
        height: 1080,
        taken: NOW,
        examined: None,
    };
    let entry = clinical::EntryId::new(uuid::Uuid::from_u128(300));
    cart_api::SavedStill { entry, still, stage: SyncStage::OnCart }
}
