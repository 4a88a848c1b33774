//! A link whose device and whose other end are in the test's hands.

use std::os::{fd::OwnedFd, unix::net::UnixDatagram as StdUnixDatagram};

use tokio::{
    net::UnixDatagram,
    time::{Instant, sleep},
};

use super::*;
use crate::ble::{
    central::Writing,
    fake::{Answer, Fake},
    message::ask,
    wire,
};

const PRESSURE: Channel = Channel::sig(0x1810, 0x2A35);
const CONTROL: Channel = Channel::sig(0x1808, 0x2A52);
const NAME: Channel = Channel::sig(0x180A, 0x2A24);
const CUFF: DeviceAddress = [1; 6];

/// The device's thread.
struct Other(UnixDatagram);

impl Other {
    fn new(end: OwnedFd) -> Self {
        Self(UnixDatagram::from_std(StdUnixDatagram::from(end)).unwrap())
    }

    async fn ask(&self, channel: Channel, want: &Want) {
        self.0.send(&ask(channel, want).unwrap()).await.unwrap();
    }

    /// What is told next. `None`: the link is closed.
    async fn told(&self) -> Option<Told> {
        let mut buffer = [0; 1024];
        let count = self.0.recv(&mut buffer).await.unwrap();
        (count > 0).then(|| Told::from_bytes(&buffer[..count]).unwrap())
    }
}

fn device() -> Fake {
    let fake = Fake::new();
    let characteristic = |channel, writing, pushes| Characteristic { channel, writing, pushes };
    fake.world().connected = true;
    fake.world().has = vec![
        characteristic(PRESSURE, None, true),
        characteristic(CONTROL, Some(Writing::Answered), true),
        characteristic(NAME, None, false),
    ];
    fake
}

/// What was asked goes through a socket, and the test's time does not wait for that.
async fn subscribed(fake: &Fake) {
    while !fake.world().log.contains(&"subscribe") {
        sleep(Duration::from_millis(1)).await;
    }
}

/// Plays `script` against a link to `fake` that is up, until both are over.
async fn play(fake: &Fake, script: impl AsyncFnOnce(Other)) {
    let [theirs, ours] = wire::pair().unwrap();
    let (other, wire) = (Other::new(theirs), Wire::new(ours).unwrap());
    let adapter = Adapter::new(fake.clone());
    let link = async {
        run(&adapter, CUFF, &wire).await;
        drop(wire);
    };
    let script = async {
        assert_eq!(other.told().await, Some(Told::Up));
        fake.log();
        script(other).await;
    };
    tokio::join!(link, script);
}

#[tokio::test(start_paused = true)]
async fn values_arrive_of_what_was_subscribed_to_and_of_nothing_else() {
    let fake = device();
    play(&fake, async |other| {
        fake.push(PRESSURE, &[1]);
        other.ask(PRESSURE, &Want::Subscribe).await;
        // An earlier connection's subscription is undone first.
        subscribed(&fake).await;
        assert_eq!(fake.log(), ["unsubscribe", "subscribe"]);
        fake.push(CONTROL, &[2]);
        fake.push(PRESSURE, &[3, 4]);
        assert_eq!(other.told().await, Some(Told::Value(PRESSURE, vec![3, 4])));
    })
    .await;
    // The script is over, and with it the device's thread.
    assert_eq!(fake.log(), ["disconnect"]);
}

#[tokio::test(start_paused = true)]
async fn reading_and_writing_are_answered() {
    let fake = device();
    fake.world().read = Ok(b"UA-651".to_vec());
    play(&fake, async |other| {
        other.ask(NAME, &Want::Read).await;
        assert_eq!(other.told().await, Some(Told::Value(NAME, b"UA-651".to_vec())));
        other.ask(CONTROL, &Want::Write(vec![1, 1])).await;
        other.ask(NAME, &Want::Write(vec![9])).await;
        assert_eq!(other.told().await, Some(Told::Refused(NAME)));
        assert_eq!(fake.world().written, [(Writing::Answered, vec![1, 1])]);
        fake.world().read = Err(Why("no such characteristic".into()));
        other.ask(NAME, &Want::Read).await;
        assert_eq!(other.told().await, Some(Told::Refused(NAME)));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_may_be_missing_is_refused_and_the_link_stays() {
    let fake = device();
    play(&fake, async |other| {
        other.ask(NAME, &Want::SubscribeIfThere).await;
        assert_eq!(other.told().await, Some(Told::Refused(NAME)));
        other.ask(PRESSURE, &Want::SubscribeIfThere).await;
        subscribed(&fake).await;
        fake.push(PRESSURE, &[5]);
        assert_eq!(other.told().await, Some(Told::Value(PRESSURE, vec![5])));
    })
    .await;
}

/// The reason that is told for the end of a link on which the driver needs `channel`.
async fn end_of(fake: &Fake, channel: Channel) -> (String, Duration) {
    let mut end = None;
    play(fake, async |other| {
        let began = Instant::now();
        other.ask(channel, &Want::Subscribe).await;
        let Some(Told::Over(why)) = other.told().await else { panic!("no end") };
        end = Some((why, began.elapsed()));
    })
    .await;
    end.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_device_without_what_the_driver_needs_is_forgotten_to_be_learned_again() {
    let fake = device();
    let (why, _) = end_of(&fake, NAME).await;
    assert!(why.contains("nothing to subscribe to"), "{why}");
    assert_eq!(fake.log()[..2], ["disconnect", "forget"]);
}

#[tokio::test(start_paused = true)]
async fn a_subscription_is_waited_for_ten_seconds() {
    let fake = device();
    fake.world().subscribe = Answer::Hangs;
    let (why, waited) = end_of(&fake, PRESSURE).await;
    assert_eq!(why, "it took too long to subscribe");
    // Up to a second passes before the question is read.
    assert!((10..=11).contains(&waited.as_secs()), "{waited:?}");
    assert!(!fake.log().contains(&"forget"));
}

#[tokio::test(start_paused = true)]
async fn a_device_that_wants_to_be_paired_says_how() {
    let fake = device();
    fake.world().subscribe = Answer::Fails("org.bluez.Error.NotPermitted: Not paired");
    let (why, _) = end_of(&fake, PRESSURE).await;
    assert!(why.contains("cartctl pair"), "{why}");
}

#[tokio::test(start_paused = true)]
async fn a_loss_that_nobody_tells_is_seen_soon_and_values_before_it_arrive() {
    let fake = device();
    play(&fake, async |other| {
        other.ask(PRESSURE, &Want::Subscribe).await;
        subscribed(&fake).await;
        fake.push(PRESSURE, &[6]);
        fake.world().connected = false;
        let began = Instant::now();
        assert_eq!(other.told().await, Some(Told::Value(PRESSURE, vec![6])));
        assert_eq!(other.told().await, Some(Told::Over("the connection is lost".into())));
        assert_eq!(other.told().await, None);
        // One second until it is looked, and one for the sockets.
        assert!(began.elapsed() <= Duration::from_secs(2));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_away_is_told_as_that() {
    let fake = device();
    (fake.world().near_from, fake.world().connected) = (None, false);
    let [theirs, ours] = wire::pair().unwrap();
    let other = Other::new(theirs);
    run(&Adapter::new(fake.clone()), CUFF, &Wire::new(ours).unwrap()).await;
    assert_eq!(other.told().await, Some(Told::NotInRange));
}
