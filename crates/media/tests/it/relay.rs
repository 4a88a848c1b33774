//! Calls through a real relay (coturn) of this machine, and no other way.

use std::{
    net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    process::{Child, Command, Stdio},
};

use gst_webrtc::WebRTCPeerConnectionState as Connection;
use hub_api::{IceServer, Relays};

use crate::{
    physician::Seen,
    room::camera,
    world::{World, eventually},
};

const SECRET: &str = "north";
/// coturn counts in 32 bits: no end is later than in January 2038.
const USER: &str = "2147000000:bedside";
/// base64(HMAC-SHA1("north", USER)), by `openssl dgst -sha1 -hmac north -binary | base64`.
const CREDENTIAL: &str = "2QNPoDELobEE1+7l0UEXp8TcPO8=";

struct Coturn {
    process: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Coturn {
    fn start() -> Self {
        let free = TcpListener::bind((own_address(), 0)).unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let ip = address.ip();
        let folder = tempfile::tempdir().unwrap();
        let process = Command::new("turnserver")
            .args(["-n", "--no-tls", "--no-dtls", "--no-cli", "--cli-password=unused"])
            .args([format!("--listening-ip={ip}"), format!("--relay-ip={ip}")])
            .args(["--use-auth-secret", "--realm=bedside", "--log-file=stdout"])
            .arg(format!("--static-auth-secret={SECRET}"))
            .arg(format!("--listening-port={}", address.port()))
            .arg(format!("--userdb={}", folder.path().join("users").display()))
            .arg(format!("--pidfile={}", folder.path().join("pid").display()))
            .stdout(Stdio::null())
            .spawn()
            .expect("turnserver starts (Debian: coturn)");
        let relay = Self { process, address, _folder: folder };
        eventually("relay", || TcpStream::connect(address).ok());
        relay
    }

    fn offered(&self, transport: &str, credential: &str) -> Relays {
        let url = format!("turn:{}?transport={transport}", self.address);
        let (username, credential) = (USER.into(), credential.into());
        Relays { servers: vec![IceServer { urls: vec![url], username, credential }], only: true }
    }
}

/// Where the rest of a call is as well: libnice never uses the loopback.
fn own_address() -> IpAddr {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    socket.connect("203.0.113.1:9").unwrap();
    socket.local_addr().unwrap().ip()
}

impl Drop for Coturn {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn pictures_go_through(transport: &str) {
    let relay = Coturn::start();
    let room = camera(0, 640, 360, [120, 80, 90]);
    let mut world = World::new(&format!("y4m+tcp://127.0.0.1:{}", room.port), "none");
    world.relays = relay.offered(transport, CREDENTIAL);
    let world = world.in_call();
    let candidates = world.candidates_of_cart();
    assert!(!candidates.is_empty());
    for candidate in candidates {
        assert!(candidate.contains("typ relay"), "{candidate}");
    }
}

#[test]
fn pictures_go_through_a_relay_over_udp() {
    pictures_go_through("udp");
}

#[test]
fn pictures_go_through_a_relay_over_tcp() {
    pictures_go_through("tcp");
}

#[test]
fn a_relay_that_refuses_the_credential_connects_nobody() {
    let relay = Coturn::start();
    let room = camera(0, 640, 360, [120, 80, 90]);
    let mut world = World::new(&format!("y4m+tcp://127.0.0.1:{}", room.port), "none");
    world.relays = relay.offered("udp", "d3Jvbmc=");
    world.studio.join(world.call, world.relays.clone());
    // The next generation is offered only when the first has come to nothing.
    world.offers(2);
    assert_eq!(world.candidates_of_cart(), Vec::<String>::new());
    let connected = |seen: &Seen| matches!(seen, Seen::Connection(_, Connection::Connected));
    assert!(!world.has_seen(connected));
}
