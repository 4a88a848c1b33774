//! A finger in an oximeter whose values go beyond the patient's limits.

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
};

use cart_api::{Command, NoticeKind};
use clinical::{
    Finding, Limit, Limits, Monitoring, Side, VitalSign,
    news2::{Breathing, Consciousness, Risk, Spo2Scale},
};
use hub_api::{CartToHub, HubToCart, Prescription};
use sim_devices::oximeter::frame::{FRAMES_PER_PACKET, Moment, Numbers, packet, status};

use crate::{
    cart::{Cart, wait_for_hub},
    kiosk::Kiosk,
};

/// An oximeter counts by its own frames and not by a clock, so that seconds pass as fast as they are
/// written.
struct Finger(TcpStream);

impl Finger {
    /// Three packets a second.
    fn shows(&mut self, spo2: u8, pulse: u16, seconds: usize) {
        let (spo2_percent, pulse_per_minute) = (Some(spo2), Some(pulse));
        let numbers = Numbers { spo2_percent, pulse_per_minute, revision: 48 };
        let moment = Moment { pleth: 100, status: status::ALWAYS | status::GREEN };
        let bytes = packet(&numbers, &[moment; FRAMES_PER_PACKET]).concat();
        self.0.write_all(&bytes.repeat(3 * seconds)).unwrap();
    }

    fn is_taken_out(&mut self) {
        let numbers = Numbers { spo2_percent: None, pulse_per_minute: None, revision: 48 };
        let off = status::ALWAYS | status::SENSOR_ALARM | status::OUT_OF_TRACK;
        let moment = Moment { pleth: 0, status: off };
        let bytes = packet(&numbers, &[moment; FRAMES_PER_PACKET]).concat();
        self.0.write_all(&bytes.repeat(3)).unwrap();
    }
}

fn with_oximeter() -> (Cart, Finger) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut cart = Cart::new();
    cart.add_device(&format!(
        "[[device]]\nid = 'clip'\ndriver = 'nonin-xpod'\nlink = 'tcp://{address}'\n"
    ));
    cart.start();
    let finger = Finger(listener.accept().unwrap().0);
    (cart, finger)
}

#[track_caller]
fn sees(kiosk: &Kiosk, what: &str, is: impl Fn(&Monitoring) -> bool) {
    kiosk.sees(what, |state| is(&state.encounter.as_ref()?.monitoring).then_some(()));
}

fn shows(monitoring: &Monitoring, sign: VitalSign, value: u16, beyond: Option<Side>) -> bool {
    let is = |live: bool| {
        move |of: &clinical::Watched| {
            of.sign == sign && of.value == value.into() && of.live == live && of.beyond == beyond
        }
    };
    monitoring.watched.iter().any(is(true))
}

fn low_saturation(kind: &NoticeKind) -> bool {
    let (value, bound) = (85.into(), 92.into());
    let (sign, side) = (VitalSign::Spo2, Side::Low);
    *kind == NoticeKind::BeyondLimit { sign, side, value, bound }
}

#[test]
fn a_saturation_that_stays_low_is_told_to_nurse_and_hub_and_one_that_dips_is_not() {
    let (mut cart, mut finger) = with_oximeter();
    cart.hub.come_up();
    let kiosk = cart.in_encounter();
    wait_for_hub(&kiosk);
    finger.shows(97, 72, 8);
    sees(&kiosk, "the live value", |of| shows(of, VitalSign::Spo2, 97, None));
    finger.shows(85, 72, 5);
    finger.shows(96, 72, 2);
    sees(&kiosk, "the dip to be over", |of| shows(of, VitalSign::Spo2, 96, None));
    kiosk.sees("no notice of a dip", |state| {
        let told = state.notices.iter().any(|notice| low_saturation(&notice.kind));
        (!told).then_some(())
    });
    finger.shows(85, 72, 12);
    kiosk.sees_notice("that it is low", low_saturation);
    sees(&kiosk, "it beyond", |of| shows(of, VitalSign::Spo2, 85, Some(Side::Low)));
    finger.shows(85, 72, 1);
    kiosk.sees("the low value in the record", |state| {
        let newest = &state.encounter.as_ref()?.readings.last()?.reading.measurement;
        newest.vital_signs().contains(&(VitalSign::Spo2, 85.into())).then_some(())
    });
    cart.hub.hears("that it is low", |message| match message {
        CartToHub::Monitoring { monitoring, .. } => {
            shows(monitoring, VitalSign::Spo2, 85, Some(Side::Low)).then_some(())
        }
        _ => None,
    });
    finger.is_taken_out();
    sees(&kiosk, "nothing live", |of| of.watched.iter().all(|watched| !watched.live));
}

#[test]
fn a_clip_that_says_nothing_before_the_finger_is_in_measures_for_the_open_encounter() {
    let (cart, mut finger) = with_oximeter();
    let kiosk = cart.in_encounter();
    finger.shows(97, 72, 5);
    kiosk.sees("its reading", |state| state.encounter.as_ref()?.readings.first().map(|_| ()));
}

#[test]
fn without_an_encounter_nobody_is_watched() {
    let (cart, mut finger) = with_oximeter();
    let mut kiosk = cart.signed_in();
    finger.shows(85, 72, 30);
    kiosk.sees_notice("a reading for nobody", |kind| matches!(kind, NoticeKind::Unassigned { .. }));
    crate::cart::open_encounter(&mut kiosk);
    sees(&kiosk, "nothing of before", |of| of.watched.is_empty());
}

#[test]
fn limits_that_the_physician_sets_hold_for_this_encounter_also_after_a_restart() {
    let (mut cart, _finger) = with_oximeter();
    cart.hub.come_up();
    let mut kiosk = cart.in_encounter();
    wait_for_hub(&kiosk);
    let id = |kiosk: &Kiosk| kiosk.sees("it", |state| state.encounter.as_ref().map(|of| of.id));
    let encounter = id(&kiosk);
    let respiratory_rate = Limit { low: None, high: Some(20.into()) };
    let limits = Limits { respiratory_rate, ..Limits::default() };
    let by = "Dr. Raman".to_owned();
    let what = Prescription::Limits { limits: Some(Box::new(limits)) };
    cart.hub.say(HubToCart::Prescribed { encounter, by: by.clone(), what });
    let set = move |of: &Monitoring| of.limits == limits && of.set_by == Some(by.clone());
    sees(&kiosk, "the limits", &set);
    kiosk.sees_notice("who set them", |kind| matches!(kind, NoticeKind::LimitsChanged { .. }));
    kiosk.done(Command::Observe { what: Finding::RespiratoryRate { per_minute: 22 } });
    kiosk.sees_notice("a rate above them", |kind| {
        matches!(kind, NoticeKind::BeyondLimit { sign: VitalSign::RespiratoryRate, .. })
    });
    cart.kill();
    cart.start();
    let mut kiosk = cart.kiosk();
    sees(&kiosk, "the limits again", &set);
    sees(&kiosk, "the rate again", |of| of.watched.len() == 1);
    kiosk.done(Command::EndEncounter);
    crate::cart::open_encounter(&mut kiosk);
    sees(&kiosk, "the usual limits of the next patient", |of| of.set_by.is_none());
    assert_ne!(id(&kiosk), encounter);
}

#[test]
fn a_prescribed_oxygen_scale_is_kept_and_moves_limit_and_score() {
    let (mut cart, _finger) = with_oximeter();
    cart.hub.come_up();
    let kiosk = cart.in_encounter();
    wait_for_hub(&kiosk);
    let encounter = kiosk.sees("it", |state| state.encounter.as_ref().map(|of| of.id));
    let what = Prescription::OxygenScale { scale: Spo2Scale::Two };
    cart.hub.say(HubToCart::Prescribed { encounter, by: "Dr. Raman".into(), what });
    let low = |of: &Monitoring| of.limits.spo2.low == Some(84.into());
    sees(&kiosk, "another limit", low);
    let by = kiosk.sees("the prescription", |state| {
        state.encounter.as_ref()?.observed.first().map(|saved| saved.observed.by.clone())
    });
    assert_eq!(by, "Dr. Raman");
    cart.hub.has_entries(&["opened", "observed"]);
}

#[test]
fn a_score_that_calls_for_more_is_told() {
    let (cart, mut finger) = with_oximeter();
    let mut kiosk = cart.in_encounter();
    finger.shows(97, 72, 8);
    cart.room.thermometer_measures(370);
    for what in [
        Finding::RespiratoryRate { per_minute: 26 },
        Finding::Breathing { of: Breathing::Oxygen },
        Finding::Consciousness { level: Consciousness::Confusion },
    ] {
        kiosk.done(Command::Observe { what });
    }
    kiosk.done(Command::Measure { what: cart_api::Measurable::BloodPressure });
    let rose = |kind: &NoticeKind| matches!(kind, NoticeKind::ScoreRose { risk: Risk::High, .. });
    kiosk.sees_notice("a high risk", rose);
}
