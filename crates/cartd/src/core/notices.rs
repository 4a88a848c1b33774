//! What a person is told and has not dismissed yet: few, each once, none for ever.

use std::collections::HashMap;

use cart_api::{FailureCause, Notice, NoticeKind};
use clinical::{DeviceId, Timestamp};

/// More than fit on the screen; the oldest give way.
const SHOWN_AT_MOST: usize = 20;
/// A device that babbles is told of once in this time, however often somebody dismisses it.
const GARBLED_AGAIN_AFTER_MS: i64 = 10 * 60 * 1000;

/// Those who dismiss it can do nothing about it but tell somebody, and a day is soon enough to ask again.
const UNPROTECTED_AGAIN_AFTER_MS: i64 = 24 * 60 * 60 * 1000;

/// A failure and the loss of the link that caused it come together.
const AT_ONCE_MS: i64 = 1_000;

#[derive(Default)]
pub struct Notices {
    shown: Vec<Notice>,
    last_id: u64,
    garbled: HashMap<DeviceId, Timestamp>,
    unprotected: Option<Timestamp>,
}

impl Notices {
    pub fn shown(&self) -> &[Notice] {
        &self.shown
    }

    /// What is shown already is renewed, not repeated.
    pub fn raise(&mut self, kind: NoticeKind, now: Timestamp) {
        if self.is_too_soon(&kind, now) {
            return;
        }
        self.shown.retain(|notice| !is_renewed(&notice.kind, &kind));
        if self.shown.len() == SHOWN_AT_MOST {
            self.shown.remove(0);
        }
        self.last_id += 1;
        self.shown.push(Notice { id: self.last_id, at: now, kind });
    }

    pub fn dismiss(&mut self, id: u64) {
        self.shown.retain(|notice| notice.id != id);
    }

    /// The device is tried again: what went wrong the last time is no longer news.
    pub fn forget_measurement(&mut self, device: &DeviceId) {
        self.shown.retain(|notice| match &notice.kind {
            NoticeKind::MeasurementFailed { device: of, .. }
            | NoticeKind::Implausible { device: of } => of != device,
            _ => true,
        });
    }

    /// A driver that loses its device while it measures says that the device failed.
    pub fn was_unplugged(&mut self, device: &DeviceId, now: Timestamp) {
        for notice in &mut self.shown {
            let at_once = now.millis_since(notice.at).abs() <= AT_ONCE_MS;
            if let NoticeKind::MeasurementFailed { device: of, cause } = &mut notice.kind
                && of == device
                && *cause == FailureCause::Device
                && at_once
            {
                *cause = FailureCause::Unplugged;
            }
        }
    }

    /// What went wrong with one patient is not shown beside the next.
    pub fn forget_patient(&mut self) {
        self.shown.retain(|notice| {
            !matches!(
                notice.kind,
                NoticeKind::MeasurementFailed { .. }
                    | NoticeKind::Implausible { .. }
                    | NoticeKind::BeyondLimit { .. }
                    | NoticeKind::ScoreRose { .. }
                    | NoticeKind::LimitsChanged { .. }
                    | NoticeKind::NotSaved
            )
        });
    }

    pub fn forget_battery(&mut self) {
        self.shown.retain(|notice| !matches!(notice.kind, NoticeKind::BatteryLow { .. }));
    }

    pub fn forget_disk(&mut self) {
        self.shown.retain(|notice| !matches!(notice.kind, NoticeKind::DiskFills { .. }));
    }

    pub fn forget_calls(&mut self) {
        self.shown.retain(|notice| {
            !matches!(
                notice.kind,
                NoticeKind::CallUnanswered
                    | NoticeKind::CallDeclined
                    | NoticeKind::CallLost
                    | NoticeKind::PhysicianLeft
            )
        });
    }

    fn is_too_soon(&mut self, kind: &NoticeKind, now: Timestamp) -> bool {
        let (last, again_after) = match kind {
            NoticeKind::Garbled { device } => (self.garbled.get(device), GARBLED_AGAIN_AFTER_MS),
            NoticeKind::Unprotected => (self.unprotected.as_ref(), UNPROTECTED_AGAIN_AFTER_MS),
            _ => return false,
        };
        if last.is_some_and(|last| (0..again_after).contains(&now.millis_since(*last))) {
            return true;
        }
        match kind {
            NoticeKind::Garbled { device } => drop(self.garbled.insert(device.clone(), now)),
            _ => self.unprotected = Some(now),
        }
        false
    }
}

/// Of one vital sign only the newest is news.
fn is_renewed(old: &NoticeKind, new: &NoticeKind) -> bool {
    match (old, new) {
        (NoticeKind::BeyondLimit { sign: old, .. }, NoticeKind::BeyondLimit { sign: new, .. }) => {
            old == new
        }
        (NoticeKind::ScoreRose { .. }, NoticeKind::ScoreRose { .. })
        | (NoticeKind::LimitsChanged { .. }, NoticeKind::LimitsChanged { .. }) => true,
        (old, new) => old == new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuff() -> DeviceId {
        DeviceId("cuff".into())
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn loose() -> NoticeKind {
        NoticeKind::MeasurementFailed { device: cuff(), cause: FailureCause::LooseCuff }
    }

    #[test]
    fn the_same_news_is_shown_once_with_its_last_time() {
        let mut notices = Notices::default();
        notices.raise(loose(), at(1));
        notices.raise(NoticeKind::NotSaved, at(2));
        notices.raise(loose(), at(3));
        let shown: Vec<_> = notices.shown().iter().map(|notice| (notice.id, notice.at)).collect();
        assert_eq!(shown, [(2, at(2)), (3, at(3))]);
    }

    #[test]
    fn a_babbling_device_is_told_of_once_in_ten_minutes() {
        let mut notices = Notices::default();
        let garbled = || NoticeKind::Garbled { device: cuff() };
        notices.raise(garbled(), at(0));
        notices.dismiss(1);
        notices.raise(garbled(), at(599));
        assert!(notices.shown().is_empty());
        notices.raise(garbled(), at(600));
        assert_eq!(notices.shown().len(), 1);
    }

    #[test]
    fn an_unprotected_record_is_told_of_again_after_a_day_and_not_at_every_sign_in() {
        const HOUR: i64 = 60 * 60;
        let mut notices = Notices::default();
        for (hour, shown) in [(0, 1), (1, 0), (23, 0), (24, 1), (25, 0)] {
            notices.raise(NoticeKind::Unprotected, at(hour * HOUR));
            assert_eq!(notices.shown().len(), shown, "after {hour} h");
            // It is nobody's patient's, so the next visit leaves it there until somebody has read it.
            notices.forget_patient();
            assert_eq!(notices.shown().len(), shown, "after {hour} h");
            notices.shown.clear();
        }
    }

    #[test]
    fn a_new_try_takes_the_old_failure_away() {
        let mut notices = Notices::default();
        notices.raise(loose(), at(1));
        notices.raise(NoticeKind::CallLost, at(2));
        notices.forget_measurement(&cuff());
        assert_eq!(notices.shown().len(), 1);
        notices.forget_calls();
        assert!(notices.shown().is_empty());
    }

    #[test]
    fn there_are_never_more_than_a_person_reads() {
        let mut notices = Notices::default();
        for number in 0..100 {
            let device = DeviceId(number.to_string());
            notices.raise(NoticeKind::Garbled { device }, at(1));
        }
        assert_eq!(notices.shown().len(), SHOWN_AT_MOST);
        assert_eq!(notices.shown()[0].id, 81);
    }
}
