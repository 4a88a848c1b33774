//! Pairing, against a Bluetooth service of the test on a bus of the test.

mod daemon;

use std::{
    cell::Cell,
    sync::atomic::{AtomicU32, Ordering},
};

use daemon::{Bus, CUFF, SHOWN};
use tokio::time::Instant;
use zbus::message::Message;

use super::*;

/// Agrees with one number.
#[derive(Default)]
struct Person {
    agrees_with: u32,
    asked: AtomicU32,
}

impl Technician for Person {
    fn passkey(&self) -> Option<u32> {
        None
    }

    fn shows_too(&self, passkey: u32) -> bool {
        self.asked.store(passkey, Ordering::SeqCst);
        passkey == self.agrees_with
    }

    fn type_in(&self, _passkey: u32) {}
}

fn cuff() -> BleAddress {
    "C0:26:DF:01:02:03".parse().unwrap()
}

#[tokio::test]
async fn a_scan_lists_what_is_heard_and_switches_the_adapter_on() {
    let bus = Bus::start();
    let mut daemon = bus.bluez().await;
    let nearby = scan_by(&bus.client().await, None, Duration::ZERO).await.unwrap();
    let expected = Nearby {
        address: cuff(),
        name: Some("A&D_UA-651BLE_010203".into()),
        services: vec![Uuid::sig(0x1810), Uuid::sig(0x180A)],
        paired: false,
    };
    assert_eq!(nearby, [expected]);
    assert_eq!(daemon.log(), ["powered", "scan", "stop scan"]);
}

#[tokio::test]
async fn an_adapter_that_was_away_is_found_again_and_switched_on() {
    let bus = Bus::start();
    let mut daemon = bus.bluez().await;
    let bluez = bus.client().await;
    scan_by(&bluez, None, Duration::ZERO).await.unwrap();
    daemon.pull_out().await;
    let none = scan_by(&bluez, None, Duration::ZERO).await;
    assert!(matches!(none, Err(BluetoothError::NoAdapter)));
    assert_eq!(bluez.known("hci7", cuff().device).await.unwrap(), None);
    daemon.plug_in().await;
    daemon.log();
    assert_eq!(scan_by(&bluez, None, Duration::ZERO).await.unwrap().len(), 1);
    assert_eq!(daemon.log(), ["powered", "scan", "stop scan"]);
}

#[tokio::test]
async fn a_bluetooth_service_that_ended_is_used_again_when_it_is_back() {
    let bus = Bus::start();
    let mut daemon = bus.bluez().await;
    let bluez = bus.client().await;
    daemon.end().await;
    assert!(bluez.adapters().await.is_err());
    daemon.begin().await;
    assert_eq!(bluez.adapters().await.unwrap(), ["hci0"]);
    bluez.power_cycle("hci0").await.unwrap();
    assert_eq!(daemon.log(), ["powered off", "powered"]);
    assert!(bluez.is_powered("hci0").await.unwrap());
}

#[tokio::test]
async fn an_adapter_that_is_not_there_is_told() {
    let bus = Bus::start();
    let _daemon = bus.bluez().await;
    let none = scan_by(&bus.client().await, Some("hci7"), Duration::ZERO).await;
    assert!(matches!(none, Err(BluetoothError::NoAdapter)));
}

#[tokio::test]
async fn a_bus_without_bluez_is_told() {
    let bus = Bus::start();
    let none = scan_by(&bus.client().await, None, Duration::ZERO).await;
    assert!(matches!(none, Err(BluetoothError::Service(_))));
}

#[tokio::test]
async fn a_device_is_paired_and_trusted_when_the_technician_agrees() {
    let bus = Bus::start();
    let mut daemon = bus.bluez().await;
    let person = Arc::new(Person { agrees_with: SHOWN, ..Person::default() });
    let client = bus.client().await;
    pair_by(&client, &cuff(), Arc::<Person>::clone(&person)).await.unwrap();
    assert_eq!(person.asked.load(Ordering::SeqCst), SHOWN);
    let steps = ["powered", "agent KeyboardDisplay", "scan", "stop scan", "pair", "trusted"];
    assert_eq!(daemon.log(), steps);
    assert!(client.known("hci0", cuff().device).await.unwrap().unwrap().bonded);
}

#[tokio::test]
async fn a_device_that_the_technician_refuses_is_neither_paired_nor_trusted() {
    let bus = Bus::start();
    let mut daemon = bus.bluez().await;
    let refused = pair_by(&bus.client().await, &cuff(), Arc::new(Person::default())).await;
    assert!(matches!(refused, Err(BluetoothError::Pair(_))), "{refused:?}");
    assert_eq!(daemon.log().last().unwrap(), "pair");
}

/// What the agent of `client` answers when asked to pair `device`.
async fn answer(daemon: &daemon::Daemon, client: &Bluez, device: &str) -> Result<(), String> {
    let to = client.bus.unique_name().unwrap().to_string();
    let device = OwnedObjectPath::try_from(device).unwrap();
    let asked: zbus::Result<Message> = daemon.ask_agent(&to, &device).await;
    asked.map(drop).map_err(|error| error.to_string())
}

#[tokio::test]
async fn the_agent_agrees_with_the_one_device_that_is_being_paired() {
    let bus = Bus::start();
    let daemon = bus.bluez().await;
    let client = bus.client().await;
    let person = Arc::new(Person { agrees_with: SHOWN, ..Person::default() });
    let agent = Agent::of(OwnedObjectPath::try_from(CUFF).unwrap(), person);
    client.bus.object_server().at(agent::PATH, agent).await.unwrap();
    // As in earnest: only an agent that is registered is asked.
    agent::register(&client.bus).await.unwrap();
    assert_eq!(answer(&daemon, &client, CUFF).await, Ok(()));
    let other = answer(&daemon, &client, "/org/bluez/hci0/dev_00_00_00_00_00_01").await;
    assert!(other.unwrap_err().contains("org.bluez.Error.Rejected"));
}

#[tokio::test]
async fn the_agent_of_the_daemon_refuses_all_and_registers_again_with_a_new_bluez() {
    let bus = Bus::start();
    let mut daemon = bus.bluez().await;
    let client = bus.client().await;
    let kept = client.clone();
    tokio::spawn(async move { Agent::refusing().keep(&kept.bus).await });
    let registered = ["agent KeyboardDisplay", "default agent"];
    assert_eq!([daemon.next().await, daemon.next().await], registered);
    let refused = answer(&daemon, &client, CUFF).await;
    assert!(refused.unwrap_err().contains("org.bluez.Error.Rejected"));
    daemon.restart().await;
    assert_eq!([daemon.next().await, daemon.next().await], registered);
}

#[tokio::test]
async fn a_device_that_is_forgotten_is_not_known_any_more() {
    let bus = Bus::start();
    let _daemon = bus.bluez().await;
    let client = bus.client().await;
    let device = cuff().device;
    assert_eq!(client.known("hci0", device).await.unwrap(), None);
    client.start_scan("hci0").await.unwrap();
    assert!(client.known("hci0", device).await.unwrap().unwrap().heard);
    client.forget("hci0", device).await.unwrap();
    assert_eq!(client.known("hci0", device).await.unwrap(), None);
}

/// How often is tried, for how long, when each attempt fails with this error of BlueZ.
async fn attempts(error: &str) -> (u32, Duration, bool) {
    let count = Cell::new(0);
    let began = Instant::now();
    let paired = patiently(async || {
        count.update(|count| count + 1);
        let name = format!("org.bluez.Error.{error}");
        let call = Message::method_call("/", "Pair")?.build(&())?;
        let name = zbus::names::OwnedErrorName::try_from(name)?;
        Err(zbus::Error::MethodError(name, None, call))
    });
    let done = paired.await.is_ok();
    (count.get(), began.elapsed(), done)
}

#[tokio::test(start_paused = true)]
async fn a_device_that_just_woke_up_is_asked_three_times_and_a_refusal_is_final() {
    let six = Duration::from_secs(6);
    assert_eq!(attempts("ConnectionAttemptFailed").await, (3, six, false));
    assert_eq!(attempts("AuthenticationRejected").await, (1, Duration::ZERO, false));
    assert_eq!(attempts("AlreadyExists").await, (1, Duration::ZERO, true));
}
