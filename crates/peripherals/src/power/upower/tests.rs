//! A bus of the test, and on it a UPower whose battery is in the test's hands.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use zbus::{connection::Builder, interface, zvariant::Value};

use super::*;

/// Far longer than anything here takes; a test that waits for it has failed.
const PATIENCE: Duration = Duration::from_secs(20);

struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn start() -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned() }
    }

    async fn connect(&self) -> Connection {
        Builder::address(self.address.as_str()).unwrap().build().await.unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
    }
}

struct Daemon {
    on_battery: bool,
}

#[interface(name = "org.freedesktop.UPower")]
impl Daemon {
    #[zbus(property)]
    fn on_battery(&self) -> bool {
        self.on_battery
    }
}

struct Display {
    percentage: f64,
    state: u32,
    warning: u32,
}

#[interface(name = "org.freedesktop.UPower.Device")]
impl Display {
    #[zbus(property)]
    fn is_present(&self) -> bool {
        true
    }
    #[zbus(property)]
    fn percentage(&self) -> f64 {
        self.percentage
    }
    #[zbus(property)]
    fn state(&self) -> u32 {
        self.state
    }
    #[zbus(property)]
    fn warning_level(&self) -> u32 {
        self.warning
    }
    #[zbus(property)]
    fn time_to_empty(&self) -> i64 {
        if self.state == 2 { 5400 } else { 0 }
    }
}

/// On battery with 47.9 %, for an hour and a half.
async fn upower(bus: &Bus) -> Connection {
    let connection = bus.connect().await;
    let objects = connection.object_server();
    objects.at(DAEMON, Daemon { on_battery: true }).await.unwrap();
    objects.at(DISPLAY, Display { percentage: 47.9, state: 2, warning: 1 }).await.unwrap();
    connection.request_name(SERVICE).await.unwrap();
    connection
}

async fn watched(bus: &Bus) -> watch::Receiver<Power> {
    let connection = bus.connect().await;
    let (power, shown) = watch::channel(Power { charge: Some(100), ..Power::default() });
    tokio::spawn(async move { super::watch(&connection, &power).await });
    shown
}

async fn until(shown: &mut watch::Receiver<Power>, expected: Power) {
    let is_it = |power: &Power| *power == expected;
    let seen = timeout(PATIENCE, shown.wait_for(is_it)).await;
    assert!(seen.is_ok(), "{expected:?} did not come");
}

fn half() -> Power {
    Power {
        on_mains: Some(false),
        charge: Some(47),
        left: Some(Duration::from_secs(5400)),
        battery: Some(Battery::Discharging),
        says_low: false,
    }
}

#[tokio::test]
async fn a_change_is_seen_when_upower_tells_it() {
    let bus = Bus::start();
    let upower = upower(&bus).await;
    let mut shown = watched(&bus).await;
    until(&mut shown, half()).await;
    let display = upower.object_server().interface::<_, Display>(DISPLAY).await.unwrap();
    {
        let mut device = display.get_mut().await;
        (device.percentage, device.warning) = (4.0, 4);
        device.percentage_changed(display.signal_emitter()).await.unwrap();
    }
    until(&mut shown, Power { charge: Some(4), says_low: true, ..half() }).await;
    let daemon = upower.object_server().interface::<_, Daemon>(DAEMON).await.unwrap();
    display.get_mut().await.state = 1;
    {
        let mut daemon_now = daemon.get_mut().await;
        daemon_now.on_battery = false;
        daemon_now.on_battery_changed(daemon.signal_emitter()).await.unwrap();
    }
    let charging = Power {
        on_mains: Some(true),
        charge: Some(4),
        left: None,
        battery: Some(Battery::Charging),
        says_low: true,
    };
    until(&mut shown, charging).await;
}

#[tokio::test]
async fn without_upower_nothing_is_known() {
    let bus = Bus::start();
    let mut shown = watched(&bus).await;
    until(&mut shown, Power::default()).await;
}

#[tokio::test]
async fn an_upower_that_ends_takes_its_numbers_with_it_and_one_that_starts_brings_them() {
    let bus = Bus::start();
    let mut shown = watched(&bus).await;
    until(&mut shown, Power::default()).await;
    let upower = upower(&bus).await;
    until(&mut shown, half()).await;
    upower.release_name(SERVICE).await.unwrap();
    until(&mut shown, Power::default()).await;
}

#[tokio::test]
async fn a_bus_that_is_lost_is_an_error_and_leaves_no_number() {
    let bus = Bus::start();
    let _upower = upower(&bus).await;
    let connection = bus.connect().await;
    let (power, mut shown) = watch::channel(Power::default());
    let watching = tokio::spawn(async move { super::watch(&connection, &power).await });
    until(&mut shown, half()).await;
    drop(bus);
    assert!(timeout(PATIENCE, watching).await.unwrap().unwrap().is_err());
    assert_eq!(*shown.borrow(), Power::default());
}

/// What the display device says, and what is known by it.
#[track_caller]
fn check(said: &[(&str, Value<'static>)], expected: Power) {
    let own = |(name, value): &(&str, Value<'static>)| {
        ((*name).to_owned(), OwnedValue::try_from(value.clone()).unwrap())
    };
    let properties: Properties = said.iter().map(own).collect();
    assert_eq!(of_battery(&properties), expected);
}

#[test]
fn a_computer_without_a_battery_has_no_charge() {
    let charge = ("Percentage", Value::from(0.0));
    check(&[("IsPresent", false.into()), charge.clone()], Power::default());
    check(&[charge], Power::default());
}

#[test]
fn a_number_that_is_none_is_not_guessed() {
    let there = ("IsPresent", Value::from(true));
    for wrong in [f64::NAN, -1.0, 100.1, f64::INFINITY] {
        check(&[there.clone(), ("Percentage", wrong.into())], Power::default());
    }
    check(&[there.clone(), ("Percentage", "85".into())], Power::default());
    let full = Power { charge: Some(100), battery: Some(Battery::Full), ..Power::default() };
    let said = [there, ("Percentage", 100.0.into()), ("State", 4_u32.into())];
    check(&said, full);
}
