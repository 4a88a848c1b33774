//! The simulated camera under grafton-visca, a client in Rust that somebody else wrote.

use crate::world::World;
use grafton_visca::blocking::{Camera, Connect};
use grafton_visca::camera::{PanTiltPosition, profiles};
use grafton_visca::types::ZoomPosition;
use grafton_visca::units::Degrees;
use grafton_visca::{Error, PresetNumber, SpeedLevel};

/// What the client did and read, the same for each model that it knows.
macro_rules! moves {
    ($session:expr, $world:expr) => {{
        let (session, world) = ($session.unwrap(), $world);
        let camera = session.camera();
        assert!(camera.power().state().unwrap());
        let pan_tilt = camera.pan_tilt();
        pan_tilt
            .absolute(Degrees(10.0), Degrees(-5.0), SpeedLevel::Fast)
            .unwrap()
            .settled()
            .unwrap();
        let found = pan_tilt.position().unwrap();
        camera.zoom().set_position(ZoomPosition::new(8192).unwrap()).unwrap().settled().unwrap();
        assert_eq!(camera.zoom().position().unwrap().value(), 8192);
        let preset = PresetNumber::new(1).unwrap();
        camera.presets().set(preset).unwrap();
        pan_tilt.home().unwrap().settled().unwrap();
        assert_eq!(pan_tilt.position().unwrap(), PanTiltPosition::new(0, 0));
        camera.presets().recall(preset).unwrap().settled().unwrap();
        assert_eq!(pan_tilt.position().unwrap(), found);
        session.close().unwrap();
        (found, world.say("camera where"))
    }};
}

#[test]
fn it_moves_the_camera_over_tcp() {
    let world = World::start();
    let address = world.address("camera_control");
    let (found, stands) = moves!(Connect::open_tcp::<profiles::PtzOpticsG2>(address), &world);
    assert_eq!((found.pan, found.tilt), (144, -72));
    assert_eq!(stands, "ok 10.00 -5.00 2.83");
}

#[test]
fn it_moves_the_camera_by_bare_datagrams() {
    let world = World::start();
    let address = world.address("camera_control_raw_udp");
    let (found, stands) = moves!(Connect::open_udp::<profiles::PtzOpticsG2>(address), &world);
    assert_eq!((found.pan, found.tilt), (144, -72));
    assert_eq!(stands, "ok 10.00 -5.00 2.83");
}

#[test]
fn it_moves_the_camera_by_numbered_datagrams() {
    let world = World::start();
    let address = world.address("camera_control_udp");
    let (found, stands) = moves!(Connect::open_udp::<profiles::SonyBRCH900>(address), &world);
    // A BRC-H900 has more steps to a degree than the model that is simulated.
    assert_eq!((found.pan, found.tilt), (159, -75));
    assert_eq!(stands, "ok 11.04 -5.21 2.83");
}

#[test]
fn it_reads_a_refusal_as_one() {
    let world = World::start();
    let address = world.address("camera_control");
    let session = Connect::open_tcp::<profiles::PtzOpticsG2>(address).unwrap();
    let camera: &Camera<profiles::PtzOpticsG2> = session.camera();
    // No place was kept under this number.
    let recalled = camera.presets().recall(PresetNumber::new(9).unwrap());
    let refused: Result<_, Error> = recalled.and_then(|mut recall| recall.settled());
    assert!(refused.is_err());
    session.close().unwrap();
}
