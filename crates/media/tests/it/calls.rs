//! Joining, seeing each other, talking on the data channel, and reconnecting.

use gst_webrtc::WebRTCPeerConnectionState::Connected;
use hub_api::{CartOnChannel, PhysicianOnChannel, Signal};
use media::MediaEvent;

use crate::{
    physician::{OWN_COLOUR, OWN_SIZE, Seen},
    room::{camera, clock_ms},
    world::{Happening, World, eventually},
};

const GREEN: [u8; 3] = [120, 80, 90];

fn camera_and_world() -> (crate::room::Device, World) {
    let camera = camera(0, 640, 360, GREEN);
    let world = World::new(&format!("y4m+tcp://127.0.0.1:{}", camera.port), "none");
    (camera, world)
}

/// Waits until so many more pictures of the camera have gone by.
fn pictures_pass(world: &World, count: u64) {
    let view = world.studio.self_view();
    let first = view.newer_than(0).map_or(0, |(number, _)| number);
    eventually("picture", || view.newer_than(first + count));
}

#[test]
fn a_prepared_peer_shows_a_fresh_key_frame_first() {
    let (_camera, mut world) = camera_and_world();
    world.studio.prepare();
    // Long enough that the picture it was primed with is old.
    pictures_pass(&world, 30);
    let joined = clock_ms();
    world.studio.join(world.call, world.relays.clone());
    let key = world.seen("picture", |seen| match seen {
        Seen::Arrived { key } => Some(*key),
        _ => None,
    });
    assert!(key, "the first picture to arrive is a key frame");
    let first = world.shown("picture", |_, _| true);
    let Seen::Shown { clock: Some(clock), at, width, height, .. } = first else {
        panic!("the first picture has no clock: {first:?}");
    };
    assert!(clock >= joined, "the first picture is {} ms older than joining", joined - clock);
    assert_eq!((width, height), (640, 360), "a small camera is not enlarged");
    println!("join -> first picture {} ms, its latency {} ms", at - joined, at - clock);
}

#[test]
fn pictures_and_sound_of_the_physician_arrive() {
    let (_camera, mut world) = camera_and_world();
    world.studio.join(world.call, world.relays.clone());
    world.told(&MediaEvent::Connected { call: world.call });
    world.told(&MediaEvent::FirstRemoteFrame);
    let (_, frame) = world.studio.remote_view().newer_than(0).unwrap();
    assert_eq!((frame.width, frame.height), OWN_SIZE);
    let middle = (frame.height / 2 * frame.width + frame.width / 2) as usize * 4;
    let (red, green, blue) = OWN_COLOUR;
    for (is, should) in frame.rgba[middle..].iter().zip([red, green, blue, 255]) {
        assert!(is.abs_diff(should) < 12, "{:?}", &frame.rgba[middle..middle + 4]);
    }
    let level = || world.studio.levels().physician_dbfs;
    eventually("tone", || level().filter(|level| *level > -20.0));
    world.studio.leave();
    eventually("empty view", || world.studio.remote_view().age().is_none().then_some(()));
    eventually("quiet", || level().is_none().then_some(()));
}

#[test]
fn the_data_channel_carries_both_ways() {
    let (_camera, world) = camera_and_world();
    let mut world = world.in_call();
    // Opens a moment after the media; what is said before is lost, as it may be.
    let hearing = CartOnChannel::Hearing { picture: true, sound: true };
    let text = loop {
        world.studio.say(&hearing);
        let text = world.seen("picture or message", |seen| match seen {
            Seen::Message(text) => Some(Some(text.clone())),
            Seen::Shown { .. } => Some(None),
            _ => None,
        });
        if let Some(text) = text {
            break text;
        }
    };
    assert_eq!(text, r#"{"type":"hearing","picture":true,"sound":true}"#);
    world.physicians[0].say("nonsense");
    world.physicians[0].say(r#"{"type":"move","pan":0.5,"tilt":0.0,"zoom":-1.0}"#);
    let wish = PhysicianOnChannel::Move { pan: 0.5, tilt: 0.0, zoom: -1.0 };
    world.told(&MediaEvent::Channel(wish));
}

#[test]
fn a_reloaded_page_gets_a_new_connection_before_the_old_one_closes() {
    let (_camera, world) = camera_and_world();
    let mut world = world.in_call();
    let first = world.physicians[0].generation;
    world.studio.signal(world.call, Signal::WantOffer);
    let second = first + 1;
    world.seen("picture on the new connection", |seen| match seen {
        Seen::Shown { generation, .. } if *generation == second => Some(()),
        _ => None,
    });
    // The old one still brings pictures, until the new one is shown.
    world.seen("picture on the old connection", |seen| match seen {
        Seen::Shown { generation, .. } if *generation == first => Some(()),
        _ => None,
    });
    world.studio.signal(world.call, Signal::Shown { generation: second });
    // Pictures under way may still come; then thirty new ones without any of the old.
    let mut without = 0;
    while without < 30 {
        let generation = world.seen("picture", |seen| match seen {
            Seen::Shown { generation, .. } => Some(*generation),
            _ => None,
        });
        without = if generation == second { without + 1 } else { 0 };
    }
}

#[test]
fn a_new_program_goes_on_above_the_generations_of_the_old_one() {
    let (_camera, mut world) = camera_and_world();
    let offered = |world: &mut World| {
        world.studio.join(world.call, world.relays.clone());
        world.until("offer", |happening| match happening {
            Happening::Told(MediaEvent::Signal {
                signal: Signal::Offer { generation, .. },
                ..
            }) => Some(*generation),
            _ => None,
        })
    };
    let before = offered(&mut world);
    world.seen("connection", |seen| matches!(seen, Seen::Connection(_, Connected)).then_some(()));
    drop(world);
    let (_camera, mut again) = camera_and_world();
    assert!(offered(&mut again) > before);
}

#[test]
fn the_cart_reports_when_a_picture_was_captured() {
    let (_camera, mut world) = camera_and_world();
    // Whatever happens before the call must not move the dates.
    world.studio.prepare();
    pictures_pass(&world, 60);
    world.studio.join(world.call, world.relays.clone());
    let mut ages = Vec::new();
    while ages.len() < 200 {
        ages.push(world.seen("dated picture", |seen| match seen {
            Seen::Dated { age } => Some(*age),
            _ => None,
        }));
    }
    // The youngest, so that a machine that stalls for a moment blames nobody.
    let youngest = ages.into_iter().min().unwrap();
    assert!((-50..1000).contains(&youngest), "the youngest picture is {youngest} ms old");
}
