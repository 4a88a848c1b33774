//! Each kind of device: what it was told to measure is what the driver reports.

use super::bedside::Simulated;
use crate::world::until;
use devices::Status;

/// Tells the device some things, then connects and reads as many answers as are expected.
#[track_caller]
fn check(device: &str, driver: &str, said: &[&str], expected: &[&str]) {
    let simulated = Simulated::start(device);
    said.iter().for_each(|words| simulated.say(words));
    let watched = simulated.watch(driver);
    assert_eq!(watched.answers(expected.len()), expected, "{said:?}");
}

#[test]
fn a_cuff_gives_what_it_has_stored_oldest_first() {
    check(
        "ble-cuff",
        "ble-blood-pressure",
        &[
            "measures 128 82 97 71",
            "remarks irregular movement",
            "measures 141 90 107 64",
            "fails loose",
        ],
        &["128/82 97 71", "141/90 107 64 [Motion, IrregularPulse]", "LooseCuff"],
    );
}

#[test]
fn a_bm85_is_read_in_spite_of_its_bytes_and_its_deafness() {
    let said = ["remarks irregular", "measures 118 80 93 60"];
    check("bm85", "beurer-bm85", &said, &["118/80 - 60 [IrregularPulse]"]);
}

#[test]
fn a_cuff_shows_its_pressure_while_it_measures() {
    let cuff = Simulated::start("ble-cuff");
    let watched = cuff.watch("ble-blood-pressure");
    watched.until_status(|status| status == Status::Ready);
    cuff.say("measures 120 80 93 64 6");
    let high = |status| matches!(status, Status::Measuring { cuff_mmhg: Some(101..=150) });
    watched.until_status(high);
    assert_eq!(watched.answers(1), ["120/80 93 64"]);
}

#[test]
fn a_reading_has_the_name_and_the_time_of_its_device() {
    let cuff = Simulated::start("ble-cuff");
    cuff.say("serial CUFF-7");
    cuff.say("fills 2");
    let measured = cuff.watch("ble-blood-pressure").measured();
    assert_eq!(measured.serial.as_deref(), Some("CUFF-7"));
    assert_eq!(measured.firmware.as_deref(), Some("1.0"));
    let time = measured.device_time.unwrap().to_string();
    assert!(time.starts_with("2026-11-22T08:41:"), "a minute before the last one: {time}");
}

#[test]
fn a_clock_a_year_off_is_noticed_and_put_right() {
    let cuff = Simulated::start("ble-cuff");
    cuff.say("clock off -31536000");
    cuff.say("measures 128 82 97 71");
    let watched = cuff.watch("ble-blood-pressure");
    let measured = watched.measured();
    assert_eq!(measured.quality, [clinical::Quality::ClockOff]);
    assert!(measured.device_time.unwrap().to_string().starts_with("2025-11-22T08:42:"));
    assert!(measured.corrected_time.unwrap().to_string().starts_with("2026-11-22T07:4"));
    until("the driver has set the clock", || cuff.shows_year(2026));
    cuff.say("measures 130 84 99 72");
    let measured = watched.measured();
    assert_eq!(measured.quality, []);
    assert!(measured.device_time.unwrap().to_string().starts_with("2026-11-22T08:4"));
}

#[test]
fn a_clock_that_cannot_be_set_costs_no_reading() {
    let said = ["clock off 31536000", "clock fixed", "measures 128 82 97 71"];
    check("ble-cuff", "ble-blood-pressure", &said, &["128/82 97 71 [ClockOff]"]);
}

#[test]
fn an_oximeter_gives_a_steady_value_of_its_stream() {
    check("ble-oximeter", "ble-oximeter", &["on 97 72"], &["97 Some(72)"]);
    let said = ["flags low-perfusion", "on 93 58"];
    check("ble-oximeter", "ble-oximeter", &said, &["93 Some(58) [LowPerfusion]"]);
}

#[test]
fn an_oximeter_gives_its_spot_checks_and_what_is_doubtful_about_them() {
    check(
        "ble-oximeter",
        "ble-oximeter",
        &["spot 96 70", "spot 95 71 stored no-clock", "spot 99 60 demonstration"],
        &["96 Some(70)", "95 Some(71) [Questionable]", "99 Some(60) [Demonstration]"],
    );
}

#[test]
fn a_strap_that_is_put_on_gives_a_rate() {
    let strap = Simulated::start("strap");
    let watched = strap.watch("ble-heart-rate");
    watched.until_status(|status| status == Status::NotOnPatient);
    strap.say("on 72");
    assert_eq!(watched.answers(1), ["72"]);
}

#[test]
fn a_meter_gives_its_records_with_what_the_patient_told_it() {
    check(
        "glucose-meter",
        "ble-glucose",
        &["measures 95 mg/dl", "measures 5.3 mmol/l fasting", "control 120 mg/dl", "fails"],
        &[
            "#1 95 MgPerDl Some(CapillaryWholeBlood) None",
            "#2 5.3 MmolPerL Some(CapillaryWholeBlood) Some(Fasting)",
            "#3 120 MgPerDl None None [ControlSolution]",
            "Device",
        ],
    );
}

#[test]
fn a_meter_whose_user_has_set_its_clock_shows_his_time() {
    let meter = Simulated::start("glucose-meter");
    meter.say("offset 90");
    meter.say("measures 95 mg/dl");
    let measured = meter.watch("ble-glucose").measured();
    assert!(measured.device_time.unwrap().to_string().starts_with("2026-11-22T08:42:"));
}

#[test]
fn a_sensor_gives_what_it_has_kept_and_what_it_measures_now() {
    for checksum in ["checksum on", "checksum off"] {
        let sensor = Simulated::start("glucose-sensor");
        sensor.say(checksum);
        sensor.say("fills 2");
        let watched = sensor.watch("ble-cgm");
        let kept = watched.answers(2);
        assert_eq!(
            kept,
            ["80", "81"].map(|value| format!("{value} MgPerDl Some(InterstitialFluid) None"))
        );
        sensor.say("measures 110 -1.5");
        sensor.say("fails");
        assert_eq!(watched.answers(2), ["110 MgPerDl Some(InterstitialFluid) None", "Device"]);
    }
}

#[test]
fn a_scale_gives_weights_and_no_fat_of_a_person_in_shoes() {
    check(
        "scale",
        "ble-scale",
        &["weighs 74.46 19.4 452", "weighs 80 shoes", "weighs-pounds 157", "fails"],
        &["74.46 kg", "19.4 % Some(452.0) ohm", "80.00 kg", "Device", "71.21 kg", "Device"],
    );
}
