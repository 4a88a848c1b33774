//! The simulated camera as an ONVIF device, moved by the cart's own link and driver.

use crate::world::{World, until};
use clinical::{DeviceId, Timestamp};
use device_links::{DeviceEvent, DeviceHandle, LinkAddress, Login, supervise};
use devices::{Clock, Command, Position, Ptz, Report, Status, catalogue};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than anything here takes on a busy machine; a test that waits for it has failed.
const PATIENCE: Duration = Duration::from_secs(60);
const READY: DeviceEvent = DeviceEvent::Report(Report::Status(Status::Ready));

struct Cart {
    handle: DeviceHandle,
    events: Receiver<DeviceEvent>,
}

impl Cart {
    fn watch(world: &World) -> Self {
        let login = Login::from_file(&world.path().join("camera.login")).unwrap();
        let address = format!("http://{}", world.address("camera_control_onvif"));
        let address: LinkAddress = address.parse().unwrap();
        let (sender, events) = channel();
        let handle = supervise(
            DeviceId("camera".into()),
            address.with_login(login).unwrap(),
            catalogue::find("onvif").unwrap(),
            || Clock { utc: Timestamp::from_millis(1_795_333_320_000), ahead_minutes: 60 },
            move |event| drop(sender.send(event)),
        );
        Self { handle, events }
    }

    fn wants(&self, wish: Ptz) {
        self.handle.command(Command::Ptz(wish)).unwrap();
    }

    #[track_caller]
    fn hears(&self, expected: &DeviceEvent) {
        while self.events.recv_timeout(PATIENCE).expect("something is said in time") != *expected {}
    }

    /// Where the camera says that it is.
    #[track_caller]
    fn locates(&self) -> Position {
        self.wants(Ptz::Locate);
        loop {
            let event = self.events.recv_timeout(PATIENCE).expect("something is said in time");
            if let DeviceEvent::Report(Report::Position(position)) = event {
                return position;
            }
        }
    }
}

fn stands(world: &World, place: &str) {
    until("the camera is there", || world.say("camera where") == format!("ok {place}"));
}

#[test]
fn the_camera_turns_goes_to_places_and_stops_as_the_cart_says() {
    let world = World::start();
    let cart = Cart::watch(&world);
    cart.hears(&READY);
    cart.wants(Ptz::To(Position { pan: 0.5, tilt: -0.5, zoom: 0.0 }));
    stands(&world, "25.00 -8.40 1.00");
    assert_eq!(cart.locates(), Position { pan: 0.5, tilt: -0.5, zoom: 0.0 });
    cart.wants(Ptz::Save(1));
    cart.wants(Ptz::Home);
    stands(&world, "0.00 0.00 1.00");
    cart.wants(Ptz::Recall(1));
    stands(&world, "25.00 -8.40 1.00");
    cart.wants(Ptz::Move { pan: 1.0, tilt: 0.0, zoom: 0.0 });
    until("it turns", || cart.locates().pan > 0.5);
    cart.wants(Ptz::Stop);
    let still = || (cart.locates(), cart.locates());
    until("it stands", || still().0 == still().1);
}

#[test]
fn a_movement_ends_by_itself_when_the_cart_is_cut_off() {
    let world = World::start();
    let cart = Cart::watch(&world);
    cart.hears(&READY);
    cart.wants(Ptz::Move { pan: 0.3, tilt: 0.0, zoom: 0.0 });
    until("it turns", || world.say("camera where") != "ok 0.00 0.00 1.00");
    // Nobody can say stop any more.
    world.say("camera unplug");
    cart.wants(Ptz::Locate);
    cart.hears(&DeviceEvent::Down);
    let mut before = world.say("camera where");
    until("it stands before its end", || {
        let now = world.say("camera where");
        std::mem::replace(&mut before, now.clone()) == now
    });
    assert!(!before.starts_with("ok 50.00"), "{before}");
    world.say("camera plug");
    cart.hears(&READY);
}
