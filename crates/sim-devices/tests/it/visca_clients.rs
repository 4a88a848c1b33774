//! The simulated camera under clients that somebody else wrote.

#[path = "../../../device-links/tests/it/python.rs"]
mod python;

use crate::world::World;
use python::program;
use serde_json::{Value, json};

/// What the client has read of the camera.
#[track_caller]
fn run(script: &str, packages: &[&str], port: &str) -> Value {
    let output = program(script, packages).arg(port).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {words}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn visca_over_ip_moves_the_camera_by_numbered_datagrams() {
    let world = World::start();
    let address = world.address("camera_control_udp");
    let port = address.rsplit(':').next().unwrap();
    let found = run("visca_over_ip_client.py", &["visca-over-ip==0.5.2"], port);
    let expected = json!({
        "absolute": [144, -72],
        "zoom": 8192,
        "home": [0, 0],
        "stands": true,
        "focus": "manual",
        // "Syntax error": this camera knows no fog.
        "refused": 2,
        "recalled": [144, -72],
    });
    assert_eq!(found, expected);
    assert!(world.say("camera where").starts_with("ok 10.00 -5.00 "));
}

#[test]
fn pyvisca_moves_the_camera_over_a_serial_port() {
    let world = World::start();
    let port = world.path().join("camera");
    let packages = ["pyvisca==0.1.9", "pyserial==3.5"];
    let found = run("pyvisca_client.py", &packages, port.to_str().unwrap());
    let expected = json!({
        "power": 1,
        "zoom": 8192,
        "pan": 144,
        "tilt": 72,
        "stands": true,
        "home": [0, 0],
    });
    assert_eq!(found, expected);
    assert!(world.say("camera where").starts_with("ok 0.00 0.00 "));
}
