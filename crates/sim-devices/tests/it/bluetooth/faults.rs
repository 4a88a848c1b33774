//! What air and gateways do to bytes: pieces, several at once, late, wrong.

use super::bedside::Simulated;
use sim_devices::link::fault::Plan;

fn twelve(device: &str, driver: &str, plan: Plan) -> Vec<String> {
    let simulated = Simulated::start(device);
    simulated.say("fills 12");
    simulated.line.set_fault(plan);
    simulated.watch(driver).answers(12)
}

#[track_caller]
fn check(device: &str, driver: &str) {
    let whole = twelve(device, driver, Plan::None);
    for plan in [Plan::Split, Plan::Merge] {
        assert_eq!(twelve(device, driver, plan), whole, "{plan:?}");
    }
}

#[test]
fn pieces_and_late_bundles_carry_the_same_readings_of_a_cuff() {
    check("ble-cuff", "ble-blood-pressure");
}

#[test]
fn pieces_and_late_bundles_carry_the_same_records_of_a_meter() {
    check("glucose-meter", "ble-glucose");
}

#[test]
fn pieces_and_late_bundles_carry_the_same_records_of_a_sensor() {
    check("glucose-sensor", "ble-cgm");
}

#[test]
fn a_sensor_whose_bytes_are_damaged_gives_no_wrong_number() {
    let sensor = Simulated::start("glucose-sensor");
    sensor.say("fills 1");
    let watched = sensor.watch("ble-cgm");
    assert_eq!(watched.answers(1), ["80 MgPerDl Some(InterstitialFluid) None"]);
    // 60 instead of 110, under the checksum of 110.
    sensor.say("sends 0a013c0005000cf00000");
    assert_eq!(watched.answers(1), ["checksum"]);
}
