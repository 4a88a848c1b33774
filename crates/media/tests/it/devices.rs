//! Cameras and microphones that are pulled out, and come back, during a call.

use devices::heart_sound::HeardRate;
use gst_webrtc::WebRTCPeerConnectionState::Connected;
use hub_api::Signal;
use media::MediaEvent;

use crate::{
    physician::Seen,
    room::{Device, camera, microphone},
    world::{Happening, World, eventually},
};

const LIGHT: [u8; 3] = [200, 128, 128];

fn y4m(camera: &Device) -> String {
    format!("y4m+tcp://127.0.0.1:{}", camera.port)
}

#[test]
fn a_camera_that_is_pulled_out_gives_a_slate_and_comes_back_into_the_same_call() {
    let room = camera(0, 640, 360, LIGHT);
    let port = room.port;
    let mut world = World::new(&y4m(&room), "none").in_call();
    drop(room);
    world.told(&MediaEvent::CameraLost);
    let slate = world.shown("slate", |clock, middle| clock.is_none() && middle < 100);
    assert!(matches!(slate, Seen::Shown { width: 1280, height: 720, .. }), "{slate:?}");
    assert!(world.studio.still(None).is_err(), "a slate is no still of the patient");

    let _room = camera(port, 640, 360, LIGHT);
    world.shown("room again", |clock, middle| clock.is_some() && middle > 150);
    world.told(&MediaEvent::CameraBack);
    let states: Vec<_> = world
        .log()
        .iter()
        .filter_map(|happening| match happening {
            Happening::Seen(Seen::Connection(_, state)) => Some(*state),
            _ => None,
        })
        .collect();
    assert_eq!(states.last(), Some(&Connected), "{states:?}");
    assert_eq!(states.iter().filter(|state| **state == Connected).count(), 1, "{states:?}");
    assert_eq!(world.physicians.len(), 1, "no connection was made anew");
}

#[test]
fn a_call_begins_without_any_camera() {
    let gone = camera(0, 64, 64, LIGHT);
    let away = y4m(&gone);
    drop(gone);
    let mut world = World::new(&away, "none");
    world.told(&MediaEvent::CameraLost);
    world.studio.join(world.call, world.relays.clone());
    world.shown("slate", |clock, middle| clock.is_none() && middle < 100);
}

#[test]
fn a_microphone_is_heard_muted_lost_and_heard_again() {
    let room = camera(0, 640, 360, LIGHT);
    let ear = microphone(0);
    let port = ear.port;
    let sound = format!("s16+tcp://127.0.0.1:{port}");
    let mut world = World::new(&y4m(&room), &sound).in_call();
    let heard = |world: &mut World, loud: bool| {
        world.seen(if loud { "tone" } else { "silence" }, |seen| match seen {
            Seen::Heard { peak, .. } if (*peak > 8_000) == loud && (loud || *peak < 100) => {
                Some(())
            }
            _ => None,
        });
    };
    heard(&mut world, true);
    let level = world.studio.levels().microphone_dbfs.unwrap();
    assert!((level + 6.0).abs() < 0.5, "half of full scale is {level} dBFS");

    world.studio.set_muted(true);
    heard(&mut world, false);
    assert_eq!(world.studio.levels().microphone_dbfs, None);
    world.studio.set_muted(false);
    heard(&mut world, true);

    drop(ear);
    world.told(&MediaEvent::MicrophoneLost);
    heard(&mut world, false);
    let _ear = microphone(port);
    world.told(&MediaEvent::MicrophoneBack);
    heard(&mut world, true);
}

#[test]
fn a_recording_starts_again_at_its_end_and_is_no_lost_camera() {
    gst::init().unwrap();
    let path = std::env::temp_dir().join(format!("media-loop-{}.avi", std::process::id()));
    record_a_second(&path);
    let world = World::new(&format!("file:{}", path.display()), "none");
    // A second has 15 pictures for the self view: three times through.
    let view = world.studio.self_view();
    let began = std::time::Instant::now();
    eventually("third time through", || view.newer_than(40));
    let took = began.elapsed().as_secs_f32();
    assert!((2.0..10.0).contains(&took), "three seconds of recording took {took} s");
    let mut world = world.in_call_with_anything();
    world.shown("recording", |_, middle| middle > 200);
    let lost = world.log().iter().any(|h| matches!(h, Happening::Told(MediaEvent::CameraLost)));
    assert!(!lost);
    std::fs::remove_file(path).unwrap();
}

fn record_a_second(path: &std::path::Path) {
    let description = format!(
        "videotestsrc pattern=white num-buffers=30 ! video/x-raw,width=320,height=240,framerate=30/1 \
         ! jpegenc ! avimux ! filesink location={}",
        path.display()
    );
    let pipeline = gst::parse::launch(&description).unwrap();
    use gst::prelude::*;
    pipeline.set_state(gst::State::Playing).unwrap();
    let end = pipeline.bus().unwrap().timed_pop_filtered(
        gst::ClockTime::from_seconds(20),
        &[gst::MessageType::Eos, gst::MessageType::Error],
    );
    assert_eq!(end.map(|message| message.type_()), Some(gst::MessageType::Eos));
    pipeline.set_state(gst::State::Null).unwrap();
}

#[test]
fn a_stethoscope_is_heard_while_somebody_listens_and_pulled_out_is_silence() {
    let (room, chest) = (camera(0, 640, 360, LIGHT), microphone(0));
    let port = chest.port;
    let sound = format!("s16+tcp://127.0.0.1:{port}");
    let mut world = World::with_stethoscope(&y4m(&room), "none", &sound).in_call();
    let heard = |world: &mut World, loud: bool| {
        world.seen(if loud { "tone" } else { "silence" }, |seen| match seen {
            Seen::Heard { stethoscope: true, peak } if (*peak > 8_000) == loud => Some(()),
            _ => None,
        });
    };
    assert_eq!(world.studio.heart_rate(), Some(HeardRate::NotYet));
    world.studio.set_listening(true);
    let before = world.log().len();
    heard(&mut world, true);
    let loud_before = world.log()[..before].iter().any(|happening| {
        matches!(happening, Happening::Seen(Seen::Heard { stethoscope: true, peak }) if *peak > 8_000)
    });
    assert!(!loud_before, "heard before anybody listened");

    drop(chest);
    world.told(&MediaEvent::StethoscopeLost);
    heard(&mut world, false);
    let _chest = microphone(port);
    world.told(&MediaEvent::StethoscopeBack);
    heard(&mut world, true);
    assert_eq!(world.physicians.len(), 1, "no connection was made anew");
}

#[test]
fn a_cart_without_a_stethoscope_offers_none() {
    let room = camera(0, 640, 360, LIGHT);
    let mut world = World::new(&y4m(&room), "none");
    world.studio.join(world.call, world.relays.clone());
    let offer = world.until("offer", |happening| match happening {
        Happening::Told(MediaEvent::Signal { signal: Signal::Offer { sdp, .. }, .. }) => {
            Some(sdp.clone())
        }
        _ => None,
    });
    assert_eq!(offer.matches("m=audio").count(), 1, "{offer}");
    assert_eq!(offer.matches("m=video").count(), 1, "no exam camera either: {offer}");
    assert_eq!(world.studio.heart_rate(), None);
}
