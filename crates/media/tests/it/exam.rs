//! What an exam camera sees goes beside the room's picture, while somebody looks through it and no longer.

use clinical::ExamCamera::{Dermatoscope, Otoscope};
use hub_api::Signal;
use media::{ExamCameraSource, MediaEvent};

use crate::{
    physician::Seen,
    room::{Device, camera, clock_ms},
    world::{Happening, World, eventually},
};

const ROOM: [u8; 3] = [200, 128, 128];
const EAR: [u8; 3] = [60, 128, 128];
const SKIN: [u8; 3] = [130, 128, 128];
/// Between those of ear and skin, and between those of skin and room.
const SKIN_IS: std::ops::Range<u8> = 100..165;

fn address(camera: &Device) -> String {
    format!("y4m+tcp://127.0.0.1:{}", camera.port)
}

fn exam(kind: &str, camera: &Device) -> ExamCameraSource {
    format!("{kind}={}", address(camera)).parse().unwrap()
}

/// An otoscope's picture of a size of its own, beside a room at 720p.
fn ear_and_room() -> (Device, Device, World) {
    let (room, ear) = (camera(0, 1280, 720, ROOM), camera(0, 1920, 1080, EAR));
    let world = World::with_exam_cameras(&address(&room), vec![exam("otoscope", &ear)]);
    (room, ear, world)
}

/// Waits for a picture of the body that is like this.
fn examined(world: &mut World, what: &str, found: impl Fn(Option<u32>, u8) -> bool) -> Seen {
    world.seen(what, |seen| match seen {
        Seen::Shown { exam: true, clock, middle, .. } if found(*clock, *middle) => {
            Some(seen.clone())
        }
        _ => None,
    })
}

fn room_is(world: &mut World, what: &str, size: (u32, u32)) {
    world.seen(what, |seen| match seen {
        Seen::Shown { exam: false, width, height, .. } if (*width, *height) == size => Some(()),
        _ => None,
    });
}

fn has_seen_the_body(world: &World) -> bool {
    world.has_seen(|seen| matches!(seen, Seen::Shown { exam: true, .. }))
}

#[test]
fn an_ear_is_seen_beside_the_room_from_the_moment_somebody_looks_into_it() {
    let (_room, _ear, world) = ear_and_room();
    let mut world = world.in_call();
    room_is(&mut world, "room", (1280, 720));
    assert!(!has_seen_the_body(&world) && world.studio.still(Some(Otoscope)).is_err());

    let looked = clock_ms();
    world.studio.examine(Some(Otoscope));
    let first = examined(&mut world, "ear", |_, _| true);
    let Seen::Shown { clock: Some(clock), middle, width, height, .. } = first else {
        panic!("the first picture has no clock: {first:?}");
    };
    assert!(clock >= looked, "the first picture is {} ms older than the look", looked - clock);
    assert_eq!((width, height), (1280, 720));
    assert!(middle < SKIN_IS.start, "{middle} is not the ear");
    // The room goes on, smaller: the way is for the ear.
    room_is(&mut world, "room beside the ear", (640, 360));
    assert!(!world.studio.exam_camera_is_away(Otoscope));
    let small = world.studio.exam_view().unwrap();
    let (_, frame) = eventually("own picture", || small.newer_than(0));
    assert_eq!((frame.width, frame.height), (960, 540));

    let still = eventually("still", || world.studio.still(Some(Otoscope)).ok());
    assert_eq!((still.width, still.height), (1920, 1080));
    let still = world.studio.still(None).unwrap();
    assert_eq!((still.width, still.height), (1280, 720), "the room is another picture");

    world.studio.examine(None);
    room_is(&mut world, "room alone", (1280, 720));
    assert!(small.newer_than(0).is_none() && world.studio.still(Some(Otoscope)).is_err());
    assert_eq!(world.physicians.len(), 1, "no connection was made anew");
}

#[test]
fn nothing_of_one_camera_is_taken_for_the_other() {
    let (room, ear, skin) =
        (camera(0, 640, 360, ROOM), camera(0, 640, 360, EAR), camera(0, 640, 360, SKIN));
    let cameras = vec![exam("otoscope", &ear), exam("dermatoscope", &skin)];
    let mut world = World::with_exam_cameras(&address(&room), cameras).in_call();
    assert_eq!(world.studio.exam_cameras(), [Otoscope, Dermatoscope]);
    world.studio.examine(Some(Otoscope));
    examined(&mut world, "ear", |_, middle| middle < SKIN_IS.start);
    world.studio.examine(Some(Dermatoscope));
    examined(&mut world, "skin", |_, middle| SKIN_IS.contains(&middle));
    for _ in 0..30 {
        let next = examined(&mut world, "picture", |_, _| true);
        let Seen::Shown { middle, .. } = next else { unreachable!("it was looked for") };
        assert!(SKIN_IS.contains(&middle), "{middle} after the skin");
    }
}

#[test]
fn an_otoscope_that_is_pulled_out_comes_back_into_the_same_call() {
    let (_room, ear, world) = ear_and_room();
    let port = ear.port;
    let mut world = world.in_call();
    world.studio.examine(Some(Otoscope));
    examined(&mut world, "ear", |clock, _| clock.is_some());
    drop(ear);
    world.told(&MediaEvent::ExamCameraLost(Otoscope));
    examined(&mut world, "slate", |clock, _| clock.is_none());
    assert!(world.studio.exam_camera_is_away(Otoscope));
    assert!(world.studio.still(Some(Otoscope)).is_err(), "a slate is no still of an ear");
    let _ear = camera(port, 1920, 1080, EAR);
    examined(&mut world, "ear again", |clock, _| clock.is_some());
    world.told(&MediaEvent::ExamCameraBack(Otoscope));
    assert_eq!(world.physicians.len(), 1, "no connection was made anew");
}

#[test]
fn one_that_was_away_and_is_no_longer_looked_through_is_not_told_of_and_shows_nothing() {
    let (_room, ear, world) = ear_and_room();
    let port = ear.port;
    drop(ear);
    let mut world = world.in_call();
    world.studio.examine(Some(Otoscope));
    world.told(&MediaEvent::ExamCameraLost(Otoscope));
    let small = world.studio.exam_view().unwrap();
    eventually("slate", || small.newer_than(0));
    world.studio.examine(None);
    room_is(&mut world, "room", (1280, 720));
    // The two pictures come over the network apart: by now whatever was on its way has come.
    for _ in 0..10 {
        world.shown("room", |_, _| true);
    }
    let before = world.log().len();
    let _ear = camera(port, 640, 360, EAR);
    for _ in 0..30 {
        world.shown("room", |_, _| true);
    }
    let since = &world.log()[before..];
    let is_of_it = |it: &&Happening| {
        matches!(
            it,
            Happening::Told(MediaEvent::ExamCameraLost(_) | MediaEvent::ExamCameraBack(_))
                | Happening::Seen(Seen::Shown { exam: true, .. })
        )
    };
    assert_eq!(since.iter().filter(is_of_it).count(), 0);
    assert!(small.newer_than(0).is_none());
}

#[test]
fn a_new_connection_shows_what_is_examined_at_once() {
    let (_room, _ear, world) = ear_and_room();
    let mut world = world.in_call();
    world.studio.examine(Some(Otoscope));
    examined(&mut world, "ear", |_, _| true);
    let second = world.physicians[0].generation + 1;
    world.studio.signal(world.call, Signal::WantOffer);
    world.seen("ear on the new connection", |seen| match seen {
        Seen::Shown { exam: true, generation, clock: Some(_), .. } if *generation == second => {
            Some(())
        }
        _ => None,
    });
}

#[test]
fn a_browser_without_h264_sees_it_too() {
    let (_room, _ear, mut world) = ear_and_room();
    world.knows_h264 = false;
    let mut world = world.in_call();
    world.studio.examine(Some(Otoscope));
    examined(&mut world, "ear", |clock, middle| clock.is_some() && middle < SKIN_IS.start);
}
