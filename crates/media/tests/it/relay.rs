//! Calls through a real relay (coturn) on this machine, and nothing else.

use std::{
    net::{TcpListener, TcpStream},
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
const USER: &str = "4102444800:bedside";
/// base64(HMAC-SHA1("north", USER)), by `openssl dgst -sha1 -hmac north -binary | base64`.
const CREDENTIAL: &str = "rrDuyO5am2WTRn+dG/mZZmgREc8=";

struct Coturn {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Coturn {
    fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let folder = tempfile::tempdir().unwrap();
        let process = Command::new("turnserver")
            .args(["-n", "--no-tls", "--no-dtls", "--no-cli", "--cli-password=unused"])
            .args(["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--allow-loopback-peers"])
            .args(["--use-auth-secret", "--realm=bedside", "--log-file=stdout"])
            .arg(format!("--static-auth-secret={SECRET}"))
            .arg(format!("--listening-port={port}"))
            .arg(format!("--userdb={}", folder.path().join("users").display()))
            .arg(format!("--pidfile={}", folder.path().join("pid").display()))
            .stdout(Stdio::null())
            .spawn()
            .expect("turnserver starts (Debian: coturn)");
        let relay = Self { process, port, _folder: folder };
        eventually("relay", || TcpStream::connect(("127.0.0.1", port)).ok());
        relay
    }

    fn offered(&self, transport: &str, credential: &str) -> Relays {
        let url = format!("turn:127.0.0.1:{}?transport={transport}", self.port);
        let (username, credential) = (USER.into(), credential.into());
        Relays { servers: vec![IceServer { urls: vec![url], username, credential }], only: true }
    }
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
    let world = World::new(&format!("y4m+tcp://127.0.0.1:{}", room.port), "none");
    world.studio.use_relays(relay.offered(transport, CREDENTIAL));
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
    world.studio.use_relays(relay.offered("udp", "d3Jvbmc="));
    world.studio.join(world.call);
    // The next generation is offered only when the first has come to nothing.
    world.offers(2);
    assert_eq!(world.candidates_of_cart(), Vec::<String>::new());
    let connected = |seen: &Seen| matches!(seen, Seen::Connection(_, Connection::Connected));
    assert!(!world.has_seen(connected));
}
