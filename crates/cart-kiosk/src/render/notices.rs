//! Notices by the word that the window has for each. Only the newest is drawn, with how many wait.

use cart_api::{FailureCause, Measurable, NoticeKind, Refusal, Space};
use clinical::{DeviceId, Side};

use super::{format::Clock, watch::sign_word};
use crate::{
    model::{Model, OwnKind, ShownKind, ShownNotice},
    ui::{DeviceWord, NoticeCard, NoticeWord, ShellAdapter},
};

pub fn draw(model: &Model, clock: &Clock<'_>, shell: &ShellAdapter<'_>) {
    let notices = model.notices();
    let newest = notices.first();
    shell.set_notice(newest.map(|notice| card(model, notice, clock)).unwrap_or_default());
    shell.set_notices_behind(notices.len().saturating_sub(1).try_into().unwrap_or(i32::MAX));
    shell.set_notice_shown(newest.is_some());
}

fn card(model: &Model, notice: &ShownNotice<'_>, clock: &Clock<'_>) -> NoticeCard {
    let (own, word, device, name) = match notice.kind {
        ShownKind::Carts(notice) => {
            let (word, device) = carts(&notice.kind);
            (false, word, device.map(|device| device_word(model, device)), by(&notice.kind))
        }
        ShownKind::Own(kind) => {
            let (word, name) = own(kind);
            (true, word, asked_device(kind), name)
        }
    };
    NoticeCard {
        own,
        id: notice.id.to_string().into(),
        word,
        device: device.unwrap_or(DeviceWord::Device),
        name: name.into(),
        time: clock.time(notice.at).into(),
        ..limits(notice)
    }
}

/// What the words need of a notice about the patient's limits.
fn limits(notice: &ShownNotice<'_>) -> NoticeCard {
    let ShownKind::Carts(notice) = notice.kind else { return NoticeCard::default() };
    match &notice.kind {
        NoticeKind::BeyondLimit { sign, value, bound, .. } => NoticeCard {
            sign: sign_word(*sign),
            value: value.to_string().into(),
            bound: bound.to_string().into(),
            ..NoticeCard::default()
        },
        NoticeKind::ScoreRose { total, .. } => {
            NoticeCard { value: total.to_string().into(), ..NoticeCard::default() }
        }
        _ => NoticeCard::default(),
    }
}

/// The physician's name where the words need it.
fn by(kind: &NoticeKind) -> &str {
    match kind {
        NoticeKind::LimitsChanged { by } => by,
        _ => "",
    }
}

const fn carts(kind: &NoticeKind) -> (NoticeWord, Option<&DeviceId>) {
    match kind {
        NoticeKind::MeasurementFailed { device, cause } => (failure(*cause), Some(device)),
        NoticeKind::Implausible { device } => (NoticeWord::Implausible, Some(device)),
        NoticeKind::BeyondLimit { side: Side::Low, .. } => (NoticeWord::BelowLimit, None),
        NoticeKind::BeyondLimit { side: Side::High, .. } => (NoticeWord::AboveLimit, None),
        NoticeKind::ScoreRose { .. } => (NoticeWord::ScoreRose, None),
        NoticeKind::LimitsChanged { .. } => (NoticeWord::LimitsChanged, None),
        NoticeKind::Unassigned { device } => (NoticeWord::Unassigned, Some(device)),
        NoticeKind::Garbled { device } => (NoticeWord::Garbled, Some(device)),
        NoticeKind::NotSaved => (NoticeWord::NotSaved, None),
        NoticeKind::SetAside => (NoticeWord::SetAside, None),
        NoticeKind::BatteryLow { critical: false } => (NoticeWord::BatteryLow, None),
        NoticeKind::BatteryLow { critical: true } => (NoticeWord::BatteryCritical, None),
        // `cartd` takes the notice away when there is enough.
        NoticeKind::DiskFills { space: Space::Enough | Space::Warn } => {
            (NoticeWord::DiskFills, None)
        }
        NoticeKind::DiskFills { space: Space::NoVideo } => (NoticeWord::DiskNearlyFull, None),
        NoticeKind::DiskFills { space: Space::NoMedia } => (NoticeWord::DiskFull, None),
        NoticeKind::Unprotected => (NoticeWord::Unprotected, None),
        NoticeKind::CallUnanswered => (NoticeWord::CallUnanswered, None),
        NoticeKind::CallDeclined => (NoticeWord::CallDeclined, None),
        NoticeKind::CallLost => (NoticeWord::CallLost, None),
        NoticeKind::PhysicianLeft => (NoticeWord::PhysicianLeft, None),
    }
}

const fn failure(cause: FailureCause) -> NoticeWord {
    match cause {
        FailureCause::LooseCuff => NoticeWord::LooseCuff,
        FailureCause::Motion => NoticeWord::Motion,
        FailureCause::NoPulse => NoticeWord::NoPulse,
        FailureCause::TimedOut => NoticeWord::TimedOut,
        FailureCause::Stopped => NoticeWord::Stopped,
        FailureCause::Unplugged => NoticeWord::Unplugged,
        FailureCause::Device => NoticeWord::DeviceFailed,
    }
}

/// The word, and the physician's name where it needs one.
fn own(kind: &OwnKind) -> (NoticeWord, &str) {
    match kind {
        OwnKind::Refused { refusal, .. } => (refused(*refusal), ""),
        OwnKind::NotReached => (NoticeWord::NotReached, ""),
        OwnKind::PictureTaken { by: Some(name) } => (NoticeWord::PictureTaken, name),
        OwnKind::PictureTaken { by: None } => (NoticeWord::OwnPictureTaken, ""),
        OwnKind::PictureFailed { by: Some(name) } => (NoticeWord::PictureFailed, name),
        OwnKind::PictureFailed { by: None } => (NoticeWord::OwnPictureFailed, ""),
        OwnKind::SoundKept { by } => (NoticeWord::SoundKept, by),
        OwnKind::SoundNotKept { by } => (NoticeWord::SoundNotKept, by),
        OwnKind::Claimed => (NoticeWord::Claimed, ""),
        OwnKind::Discarded => (NoticeWord::Discarded, ""),
        OwnKind::ObservedTooLongAgo => (NoticeWord::ObservedTooLongAgo, ""),
        OwnKind::OtherWristband => (NoticeWord::OtherWristband, ""),
        OwnKind::ScanFailed => (NoticeWord::ScanFailed, ""),
        OwnKind::CameraAway => (NoticeWord::CameraAway, ""),
        OwnKind::MicrophoneAway => (NoticeWord::MicrophoneAway, ""),
        OwnKind::SpeakerAway => (NoticeWord::SpeakerAway, ""),
        OwnKind::NoVideo => (NoticeWord::NoVideo, ""),
        OwnKind::NobodyWatches => (NoticeWord::NobodyWatches, ""),
    }
}

const fn refused(refusal: Refusal) -> NoticeWord {
    match refusal {
        Refusal::NotSignedIn => NoticeWord::NotSignedIn,
        Refusal::NoEncounter => NoticeWord::NoEncounter,
        Refusal::EncounterOpen => NoticeWord::EncounterOpen,
        Refusal::OtherEncounter => NoticeWord::OtherEncounter,
        Refusal::NotIdentified => NoticeWord::NotIdentified,
        Refusal::NotAPatients => NoticeWord::NotAPatients,
        Refusal::NotInTray => NoticeWord::NotInTray,
        Refusal::DeviceAway => NoticeWord::DeviceAway,
        Refusal::DeviceBusy => NoticeWord::DeviceBusy,
        Refusal::HubAway => NoticeWord::HubAway,
        Refusal::CallGoingOn => NoticeWord::CallGoingOn,
        Refusal::NoCall => NoticeWord::NoCall,
        Refusal::NotSaved => NoticeWord::NotSaved,
        Refusal::NoSpace => NoticeWord::NoSpace,
        // The PIN pad and the cover say the first four themselves.
        Refusal::WrongPin { .. }
        | Refusal::TooSoon { .. }
        | Refusal::Locked
        | Refusal::WrongVersion
        | Refusal::NotUnderstood => NoticeWord::NotUnderstood,
    }
}

const fn asked_device(kind: &OwnKind) -> Option<DeviceWord> {
    match kind {
        OwnKind::Refused { device: Some(what), .. } => Some(measuring(*what)),
        _ => None,
    }
}

const fn measuring(what: Measurable) -> DeviceWord {
    match what {
        Measurable::BloodPressure => DeviceWord::Cuff,
        Measurable::Oximetry => DeviceWord::Oximeter,
        Measurable::Temperature => DeviceWord::Thermometer,
        Measurable::HeartRate => DeviceWord::Strap,
        Measurable::Glucose => DeviceWord::GlucoseMeter,
        Measurable::Weight => DeviceWord::Scale,
    }
}

fn device_word(model: &Model, id: &DeviceId) -> DeviceWord {
    let devices = model.state().map_or(&[][..], |state| &state.devices);
    match devices.iter().find(|device| device.id == *id).map(|device| device.measures) {
        Some(Some(what)) => measuring(what),
        Some(None) => DeviceWord::Camera,
        None => DeviceWord::Device,
    }
}
