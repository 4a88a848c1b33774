//! A camera that is moved by ONVIF: a web service of the test, which checks HTTP Digest by itself.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use device_links::{DeviceAway, DeviceEvent, LinkAddress, Login};
use devices::{Command, Failure, Position, Ptz, Report};
use md5::{Digest, Md5};

use crate::support::{PATIENCE, READY, Watched, watch_at};

const PTZ: &str = "/onvif/ptz_service";
const MEDIA: &str = "/onvif/media_service";
const LEFT: Command = Command::Ptz(Ptz::Move { pan: -1.0, tilt: 0.0, zoom: 0.0 });
const STOP: Command = Command::Ptz(Ptz::Stop);

/// What the web service was asked, and how it took it.
#[derive(Debug, PartialEq)]
enum Asked {
    /// The name of the request, by who may ask.
    Taken(&'static str, String),
    /// Without a proof, or with one that is of no use.
    Refused { proved: bool },
}

/// A camera at this address, which takes the user `ptz` with the password `s3cret`.
struct Camera {
    listener: TcpListener,
    /// Of the last answer to the challenge: each has to have another one.
    count: u32,
    asked: Sender<Asked>,
}

impl Camera {
    /// Answers this many requests, and then is gone.
    fn start(requests: usize) -> (Receiver<Asked>, LinkAddress) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (asked, hears) = channel();
        let mut camera = Self { listener, count: 0, asked };
        thread::spawn(move || {
            let mut left = requests;
            while left > 0 {
                let (peer, _) = camera.listener.accept().unwrap();
                // One that only looks whether somebody is there asks nothing.
                left -= usize::from(camera.serve(peer).is_some());
            }
        });
        (hears, address.parse().unwrap())
    }

    fn serve(&mut self, mut peer: TcpStream) -> Option<()> {
        let (path, headers, body) = request(&mut peer)?;
        let (name, answer) = answer(&path, &body);
        // ONVIF Core, 5.9.4: who does not know a camera yet may ask what it can do.
        let (asked, text) = if name == "GetCapabilities" || self.is_proved(&path, &headers) {
            let ok = "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n";
            (Asked::Taken(name, body), response(ok, &envelope(&answer)))
        } else {
            let proved = headers.contains_key("authorization");
            let head = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\
                        WWW-Authenticate: Digest realm=\"camera\", qop=\"auth\", nonce=\"n0nce\", \
                        algorithm=MD5\r\n";
            (Asked::Refused { proved }, response(head, "<html>Unauthorized</html>"))
        };
        // A test that has seen enough no longer listens.
        drop(self.asked.send(asked));
        drop(peer.write_all(text.as_bytes()));
        Some(())
    }

    /// RFC 7616, section 3.4.
    fn is_proved(&mut self, path: &str, headers: &HashMap<String, String>) -> bool {
        let Some(given) = headers.get("authorization") else { return false };
        let given = given.strip_prefix("Digest ").expect("no other scheme is answered");
        let fields: HashMap<&str, &str> = given
            .split(", ")
            .map(|field| field.split_once('=').unwrap())
            .map(|(name, value)| (name, value.trim_matches('"')))
            .collect();
        let hash = |text: String| format!("{:x}", Md5::digest(text));
        let who = hash("ptz:camera:s3cret".to_owned());
        let what = hash(format!("POST:{path}"));
        let (count, own) = (fields["nc"], fields["cnonce"]);
        let expected = hash(format!("{who}:n0nce:{count}:{own}:auth:{what}"));
        let count = u32::from_str_radix(count, 16).unwrap();
        let is_new = count > std::mem::replace(&mut self.count, count);
        is_new && fields["uri"] == path && fields["response"] == expected
    }
}

fn response(head: &str, body: &str) -> String {
    format!("{head}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// `None`: nothing was asked.
fn request(peer: &mut TcpStream) -> Option<(String, HashMap<String, String>, String)> {
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut reader = BufReader::new(peer);
    let mut line = || {
        let mut line = String::new();
        let count = reader.read_line(&mut line).ok()?;
        (count > 0).then(|| line.trim_end().to_owned())
    };
    let path = line()?.strip_prefix("POST ").unwrap().split(' ').next().unwrap().to_owned();
    let mut headers = HashMap::new();
    while let Some((name, value)) = line()?.split_once(": ") {
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    Some((path, headers, String::from_utf8(body).unwrap()))
}

fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">\
         <s:Body>{body}</s:Body></s:Envelope>"
    )
}

/// The name of what is asked of the service at this path, and what it answers.
fn answer(path: &str, body: &str) -> (&'static str, String) {
    let asks =
        |name: &str| body.contains(&format!(":{name}>")) || body.contains(&format!(":{name}/>"));
    if path == "/onvif/device_service" && asks("GetCapabilities") {
        let service = |name, path| {
            format!("<tt:{name}><tt:XAddr>http://192.0.2.7{path}</tt:XAddr></tt:{name}>")
        };
        let services = service("Media", MEDIA) + &service("PTZ", PTZ);
        ("GetCapabilities", format!("<tds:Capabilities>{services}</tds:Capabilities>"))
    } else if path == MEDIA && asks("GetProfiles") {
        let profile = "<trt:Profiles token=\"P1\"><tt:PTZConfiguration/></trt:Profiles>";
        ("GetProfiles", profile.to_owned())
    } else if path == PTZ && asks("ContinuousMove") {
        ("ContinuousMove", "<tptz:ContinuousMoveResponse/>".to_owned())
    } else if path == PTZ && asks("GetStatus") {
        let place = "<tt:PanTilt x=\"0.5\" y=\"-0.25\"/><tt:Zoom x=\"1\"/>";
        (
            "GetStatus",
            format!("<tptz:PTZStatus><tt:Position>{place}</tt:Position></tptz:PTZStatus>"),
        )
    } else if path == PTZ && asks("Stop") {
        ("Stop", "<tptz:StopResponse/>".to_owned())
    } else {
        ("something else", String::new())
    }
}

fn watch(address: LinkAddress, password: &str) -> Watched {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("login");
    std::fs::write(&file, format!("ptz\n{password}\n")).unwrap();
    let login = Login::from_file(&file).unwrap();
    watch_at("onvif", address.with_login(login).unwrap())
}

/// The next request that the camera takes, which has this name.
#[track_caller]
fn takes(camera: &Receiver<Asked>, expected: &str) -> String {
    match camera.recv_timeout(PATIENCE).unwrap() {
        Asked::Taken(name, body) if name == expected => body,
        other => panic!("{other:?} is not {expected}"),
    }
}

/// A camera that stands still, after the challenge that is made once.
fn ready() -> (Watched, Receiver<Asked>) {
    let (camera, address) = Camera::start(1_000);
    let watched = watch(address, "s3cret");
    watched.expect(DeviceEvent::Up);
    takes(&camera, "GetCapabilities");
    assert_eq!(camera.recv_timeout(PATIENCE), Ok(Asked::Refused { proved: false }));
    takes(&camera, "GetProfiles");
    watched.expect(READY);
    takes(&camera, "Stop");
    (watched, camera)
}

#[test]
fn a_camera_moves_and_stops_by_requests_that_prove_who_asks() {
    let (watched, camera) = ready();
    watched.handle.command(LEFT).unwrap();
    let moves = takes(&camera, "ContinuousMove");
    assert!(moves.contains("<tt:PanTilt x=\"-1.000\" y=\"0.000\"/>"), "{moves}");
    watched.handle.command(STOP).unwrap();
    takes(&camera, "Stop");
}

#[test]
fn a_camera_stops_when_nobody_needs_it_any_more() {
    let (watched, camera) = ready();
    watched.handle.command(LEFT).unwrap();
    takes(&camera, "ContinuousMove");
    // Only a camera that has answered is asked for something else.
    watched.handle.command(Command::Ptz(Ptz::Locate)).unwrap();
    let position = Position { pan: 0.5, tilt: -0.25, zoom: 1.0 };
    watched.expect(DeviceEvent::Report(Report::Position(position)));
    takes(&camera, "GetStatus");
    drop(watched.handle);
    takes(&camera, "Stop");
}

#[test]
fn a_camera_that_does_not_take_the_password_is_not_tried_again_and_again() {
    let (camera, address) = Camera::start(1_000);
    let watched = watch(address, "guess");
    watched.expect(DeviceEvent::Up);
    watched.expect(DeviceEvent::Report(Report::Failed(Failure::Device)));
    // The driver asks again after five seconds: then without the password.
    watched.expect(DeviceEvent::Report(Report::Failed(Failure::Device)));
    let asked: Vec<Asked> = camera.try_iter().collect();
    let proved = asked.iter().filter(|asked| **asked == Asked::Refused { proved: true });
    assert_eq!(proved.count(), 1, "{asked:?}");
}

#[test]
fn a_camera_that_answers_no_more_is_away() {
    // What it can do, the challenge, its profiles and the first stop.
    let (camera, address) = Camera::start(4);
    let watched = watch(address, "s3cret");
    watched.expect(DeviceEvent::Up);
    watched.expect(READY);
    while !matches!(camera.recv_timeout(PATIENCE).unwrap(), Asked::Taken("Stop", _)) {}
    // Away at once, or when it is asked the next time.
    let (Ok(()) | Err(DeviceAway)) = watched.handle.command(LEFT);
    watched.until(&DeviceEvent::Down);
}
