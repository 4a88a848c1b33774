//! A bus of the test, and on it a BlueZ with one adapter and one cuff.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};
use zbus::{
    Connection, DBusError, ObjectServer,
    connection::Builder,
    fdo::ObjectManager,
    interface,
    message::{Header, Message},
    zvariant::{ObjectPath, OwnedObjectPath},
};

use crate::ble::{
    agent,
    bluez::{Bluez, SERVICE},
};

pub const CUFF: &str = "/org/bluez/hci0/dev_C0_26_DF_01_02_03";
const ADAPTER_PATH: &str = "/org/bluez/hci0";
/// What the cuff shows.
pub const SHOWN: u32 = 417;
/// Far longer than anything here takes; a test that waits for it has failed.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    pub fn start() -> Self {
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

    pub async fn client(&self) -> Bluez {
        Bluez { bus: self.connect().await }
    }

    /// Its adapter is switched off.
    pub async fn bluez(&self) -> Daemon {
        let (said, heard) = unbounded_channel();
        let bus = self.connect().await;
        let objects = bus.object_server();
        objects.at("/", ObjectManager).await.unwrap();
        objects.at("/org/bluez", AgentManager(said.clone())).await.unwrap();
        bus.request_name(SERVICE).await.unwrap();
        let daemon = Daemon { bus, heard, said };
        daemon.plug_in().await;
        daemon
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
    }
}

pub struct Daemon {
    bus: Connection,
    heard: UnboundedReceiver<String>,
    said: UnboundedSender<String>,
}

impl Daemon {
    /// What was asked of it until now.
    pub fn log(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.heard.try_recv().ok()).collect()
    }

    pub async fn next(&mut self) -> String {
        timeout(PATIENCE, self.heard.recv()).await.unwrap().unwrap()
    }

    pub async fn restart(&self) {
        self.end().await;
        self.begin().await;
    }

    pub async fn end(&self) {
        self.bus.release_name(SERVICE).await.unwrap();
    }

    pub async fn begin(&self) {
        self.bus.request_name(SERVICE).await.unwrap();
    }

    /// The adapter, which is switched off.
    pub async fn plug_in(&self) {
        let adapter = Adapter { powered: false, said: self.said.clone() };
        self.bus.object_server().at(ADAPTER_PATH, adapter).await.unwrap();
    }

    pub async fn pull_out(&self) {
        self.bus.object_server().remove::<Adapter, _>(ADAPTER_PATH).await.unwrap();
    }

    pub async fn ask_agent(&self, to: &str, device: &OwnedObjectPath) -> zbus::Result<Message> {
        ask(&self.bus, to, device).await
    }
}

async fn ask(bus: &Connection, to: &str, device: &ObjectPath<'_>) -> zbus::Result<Message> {
    let question = (device, SHOWN);
    let interface = Some("org.bluez.Agent1");
    bus.call_method(Some(to), agent::PATH, interface, "RequestConfirmation", &question).await
}

struct AgentManager(UnboundedSender<String>);

#[interface(name = "org.bluez.AgentManager1")]
impl AgentManager {
    fn register_agent(&self, _path: ObjectPath<'_>, capability: &str) {
        self.0.send(format!("agent {capability}")).unwrap();
    }

    fn request_default_agent(&self, _path: ObjectPath<'_>) {
        self.0.send("default agent".into()).unwrap();
    }
}

struct Adapter {
    powered: bool,
    said: UnboundedSender<String>,
}

#[interface(name = "org.bluez.Adapter1")]
impl Adapter {
    #[zbus(property)]
    fn powered(&self) -> bool {
        self.powered
    }

    #[zbus(property)]
    fn set_powered(&mut self, on: bool) {
        let word = if on { "powered" } else { "powered off" };
        self.said.send(word.into()).unwrap();
        self.powered = on;
    }

    /// The cuff is heard at once.
    async fn start_discovery(&self, #[zbus(object_server)] objects: &ObjectServer) {
        self.said.send("scan".into()).unwrap();
        let cuff = Cuff { said: self.said.clone(), paired: AtomicBool::default(), trusted: false };
        objects.at(CUFF, cuff).await.unwrap();
    }

    fn stop_discovery(&self) {
        self.said.send("stop scan".into()).unwrap();
    }

    async fn remove_device(
        &self,
        device: ObjectPath<'_>,
        #[zbus(object_server)] objects: &ObjectServer,
    ) {
        objects.remove::<Cuff, _>(device).await.unwrap();
    }
}

#[derive(Debug, DBusError)]
#[zbus(prefix = "org.bluez.Error")]
enum PairError {
    #[zbus(error)]
    ZBus(zbus::Error),
    AuthenticationRejected(String),
}

struct Cuff {
    said: UnboundedSender<String>,
    paired: AtomicBool,
    trusted: bool,
}

#[interface(name = "org.bluez.Device1")]
impl Cuff {
    #[zbus(property)]
    fn name(&self) -> &str {
        "A&D_UA-651BLE_010203"
    }

    #[zbus(property, name = "UUIDs")]
    fn uuids(&self) -> Vec<&str> {
        vec!["00001810-0000-1000-8000-00805f9b34fb", "0000180a-0000-1000-8000-00805f9b34fb"]
    }

    #[zbus(property, name = "RSSI")]
    fn rssi(&self) -> i16 {
        -61
    }

    #[zbus(property)]
    fn connected(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn bonded(&self) -> bool {
        self.paired.load(Ordering::SeqCst)
    }

    #[zbus(property)]
    fn trusted(&self) -> bool {
        self.trusted
    }

    #[zbus(property)]
    fn set_trusted(&mut self, trusted: bool) {
        self.said.send("trusted".into()).unwrap();
        self.trusted = trusted;
    }

    /// Asks the agent of whoever pairs.
    async fn pair(
        &self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] bus: &Connection,
    ) -> Result<(), PairError> {
        self.said.send("pair".into()).unwrap();
        let sender = header.sender().unwrap().to_string();
        let answer = ask(bus, &sender, &ObjectPath::try_from(CUFF).unwrap()).await;
        answer.map_err(|error| PairError::AuthenticationRejected(error.to_string()))?;
        self.paired.store(true, Ordering::SeqCst);
        Ok(())
    }
}
