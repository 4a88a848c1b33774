//! Browsers that do not know the format of the cart's picture.

use hub_api::Signal;
use media::MediaEvent;

use crate::{
    physician::Seen,
    room::{camera, clock_ms},
    world::{Happening, World},
};

const GREEN: [u8; 3] = [120, 80, 90];

/// The formats that the cart has offered so far.
fn offered(world: &World) -> Vec<&'static str> {
    let offers = world.log().iter().filter_map(|happening| match happening {
        Happening::Told(MediaEvent::Signal { signal: Signal::Offer { sdp, .. }, .. }) => Some(sdp),
        _ => None,
    });
    offers.map(|sdp| if sdp.contains("H264/90000") { "H264" } else { "VP8" }).collect()
}

#[test]
fn a_browser_without_h264_is_offered_another_picture_and_keeps_it_for_the_call() {
    let camera = camera(0, 640, 360, GREEN);
    let mut world = World::new(&format!("y4m+tcp://127.0.0.1:{}", camera.port), "none");
    world.knows_h264 = false;
    world.studio.prepare();
    let joined = clock_ms();
    world.studio.join(world.call, world.relays.clone());
    let first = world.shown("the room", |_, _| true);
    let Seen::Shown { clock: Some(clock), width, height, .. } = first else {
        panic!("the first picture has no clock: {first:?}");
    };
    assert!(clock >= joined, "the first picture is {} ms older than joining", joined - clock);
    assert_eq!((width, height), (640, 360));
    assert!(world.has_seen(|seen| matches!(seen, Seen::Arrived { key: true })));
    // The physician's picture may have come before the cart's did.
    let is_told = |it: &Happening| matches!(it, Happening::Told(MediaEvent::FirstRemoteFrame));
    if !world.log().iter().any(is_told) {
        world.told(&MediaEvent::FirstRemoteFrame);
    }
    assert_eq!(offered(&world), ["H264", "VP8"]);

    // A page that is loaded anew need not refuse again.
    let second = world.physicians[0].generation + 1;
    world.studio.signal(world.call, Signal::WantOffer);
    world.seen("picture on the new connection", |seen| match seen {
        Seen::Shown { generation, .. } if *generation == second => Some(()),
        _ => None,
    });
    assert_eq!(offered(&world), ["H264", "VP8", "VP8"]);

    // Who takes the next call may have another browser.
    world.studio.leave();
    world.knows_h264 = true;
    world.studio.join(world.call, world.relays.clone());
    world.offers(1);
    assert_eq!(offered(&world), ["H264", "VP8", "VP8", "H264"]);
}
