//! What air and gateways do to bytes: pieces, several at once, late, wrong.

use super::bedside::Simulated;
use sim_devices::link::fault::Plan;

const DEVICES: [(&str, &str); 3] = [
    ("ble-cuff", "ble-blood-pressure"),
    ("glucose-meter", "ble-glucose"),
    ("glucose-sensor", "ble-cgm"),
];

fn twelve(device: &str, driver: &str, plan: Plan) -> Vec<String> {
    let simulated = Simulated::start(device);
    simulated.say("fills 12");
    simulated.line.set_fault(plan);
    simulated.watch(driver).answers(12)
}

#[test]
fn pieces_and_late_bundles_carry_the_same_records() {
    for (device, driver) in DEVICES {
        let whole = twelve(device, driver, Plan::None);
        for plan in [Plan::Split, Plan::Merge] {
            assert_eq!(twelve(device, driver, plan), whole, "{device}: {plan:?}");
        }
    }
}

#[test]
fn a_sensor_whose_bytes_are_damaged_gives_no_wrong_number() {
    let sensor = Simulated::start("glucose-sensor");
    let watched = sensor.watch("ble-cgm");
    watched.until_status(|status| status == devices::Status::Ready);
    // 60 instead of 110, under the checksum of 110.
    sensor.say("sends 0a013c0005000cf00000");
    assert_eq!(watched.answers(1), ["checksum"]);
}
