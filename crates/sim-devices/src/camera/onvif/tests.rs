//! Requests as a host that knows the password sends them, and where the camera looks after them.

use super::soap::{DEVICE, MEDIA, PTZ};
use super::*;

/// A camera with a host that needs no proof: what `digest` checks is tested there.
#[derive(Default)]
struct World {
    camera: Arc<Mutex<Camera>>,
    service: Option<Service>,
    now: Duration,
}

impl World {
    /// The answer's content, or the fault.
    fn asks(&mut self, path: &str, namespace: &str, request: &str) -> Result<String, Fault> {
        let (name, rest) = request.split_once(' ').unwrap_or((request, ""));
        let body = format!(
            "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>\
             <p:{name} xmlns:p=\"{namespace}\" xmlns:s=\"http://www.onvif.org/ver10/schema\">{rest}\
             </p:{name}></e:Body></e:Envelope>"
        );
        let document = Document::parse(&body).unwrap();
        let camera = self.camera.clone();
        let service = self.service.get_or_insert_with(|| Service::new(camera));
        service.obey(path, "camera:80", soap::asked(&document)?, self.now)
    }

    fn ptz(&mut self, name: &str, rest: &str) -> Result<String, Fault> {
        let token = "<p:ProfileToken>profile_1</p:ProfileToken>";
        self.asks(PTZ_PATH, PTZ, &format!("{name} {token}{rest}"))
    }

    /// Pan, tilt and magnification, in tenths.
    fn after(&mut self, seconds: u64) -> [i32; 3] {
        self.now += Duration::from_secs(seconds);
        let pose = lock(&self.camera).look(self.now).unwrap();
        [pose.pan, pose.tilt, pose.zoom].map(|part| (part * 10.0).round() as i32)
    }
}

#[test]
fn a_host_finds_the_services_and_the_profile_that_can_be_moved() {
    let mut world = World::default();
    let found = world.asks(DEVICE_PATH, DEVICE, "GetCapabilities").unwrap();
    assert!(found.contains("<tt:XAddr>http://camera:80/onvif/ptz_service</tt:XAddr>"), "{found}");
    let found = world.asks(MEDIA_PATH, MEDIA, "GetProfiles").unwrap();
    assert!(found.contains("token=\"profile_1\"") && found.contains("profile_thermal"), "{found}");
}

#[test]
fn it_moves_until_it_is_stopped_or_its_time_is_over() {
    let mut world = World::default();
    let left = "<p:Velocity><s:PanTilt x=\"-1\" y=\"0\"/></p:Velocity>";
    world.ptz("ContinuousMove", &format!("{left}<p:Timeout>PT1S</p:Timeout>")).unwrap();
    let stood = world.after(2);
    assert!(stood[0] < -100 && stood[1..] == [0, 10], "{stood:?}");
    assert_eq!(world.after(2), stood, "its time was over");
    world.ptz("ContinuousMove", left).unwrap();
    world.ptz("Stop", "").unwrap();
    assert!(world.ptz("GetStatus", "").unwrap().contains("<tt:Zoom>IDLE</tt:Zoom>"));
    let stood = world.after(1);
    assert_eq!(world.after(3), stood);
}

#[test]
fn it_goes_to_places_and_says_where_it_is() {
    let mut world = World::default();
    let place = "<p:Position><s:PanTilt x=\"0.5\" y=\"-0.5\"/><s:Zoom x=\"1\"/></p:Position>";
    world.ptz("AbsoluteMove", place).unwrap();
    assert!(world.ptz("GetStatus", "").unwrap().contains("<tt:PanTilt>MOVING</tt:PanTilt>"));
    assert_eq!(world.after(9), [250, -84, 80]);
    let status = world.ptz("GetStatus", "").unwrap();
    assert!(status.contains("x=\"0.50000\" y=\"-0.50000\""), "{status}");
    world.ptz("GotoHomePosition", "").unwrap();
    assert_eq!(world.after(9), [0, 0, 10]);
}

#[test]
fn it_keeps_places_by_tokens_of_its_own() {
    let mut world = World::default();
    let kept = world.ptz("SetPreset", "<p:PresetName>Bed &lt;1&gt;</p:PresetName>").unwrap();
    assert!(kept.contains("<tptz:PresetToken>preset_01</tptz:PresetToken>"), "{kept}");
    assert!(world.ptz("GetPresets", "").unwrap().contains("<tt:Name>Bed &lt;1&gt;</tt:Name>"));
    let place = "<p:Position><s:PanTilt x=\"1\" y=\"1\"/></p:Position>";
    world.ptz("AbsoluteMove", place).unwrap();
    assert_eq!(world.after(9), [500, 168, 10]);
    let token = "<p:PresetToken>preset_01</p:PresetToken>";
    world.ptz("GotoPreset", token).unwrap();
    assert_eq!(world.after(9), [0, 0, 10]);
    world.ptz("RemovePreset", token).unwrap();
    assert_eq!(world.ptz("GotoPreset", token), Err(Fault::NoToken));
    for _ in 0..16 {
        world.ptz("SetPreset", "").unwrap();
    }
    assert_eq!(world.ptz("SetPreset", ""), Err(Fault::TooManyPresets));
}

#[test]
fn what_a_camera_cannot_do_is_a_fault() {
    let mut world = World::default();
    let too_fast = "<p:Velocity><s:PanTilt x=\"1.1\" y=\"0\"/></p:Velocity>";
    assert_eq!(world.ptz("ContinuousMove", too_fast), Err(Fault::InvalidVelocity));
    let late = "<p:Velocity/><p:Timeout>soon</p:Timeout>";
    assert_eq!(world.ptz("ContinuousMove", late), Err(Fault::InvalidTimeout));
    let wide = "<p:Position><s:Zoom x=\"-0.5\"/></p:Position>";
    assert_eq!(world.ptz("AbsoluteMove", wide), Err(Fault::InvalidPosition));
    assert_eq!(world.ptz("Dance", ""), Err(Fault::ActionNotSupported));
    let other = "Stop <p:ProfileToken>profile_thermal</p:ProfileToken>";
    assert_eq!(world.asks(PTZ_PATH, PTZ, other), Err(Fault::NoProfile));
    assert_eq!(world.asks(DEVICE_PATH, PTZ, other), Err(Fault::ActionNotSupported));
}

/// The status line of the answer to a request without a proof.
fn said(head: &str, body: &str) -> String {
    let mut session = Session::new(Arc::new(Mutex::new(Service::new(Arc::default()))));
    let length = body.len();
    let request = format!("{head} HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{body}");
    let answer = session.hear(request.as_bytes(), Duration::ZERO).remove(0);
    assert!(session.hangs_up(Duration::ZERO));
    String::from_utf8(answer).unwrap().lines().next().unwrap().to_owned()
}

#[test]
fn nobody_moves_it_without_a_proof() {
    let request = |namespace: &str, name: &str| {
        format!(
            "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>\
             <p:{name} xmlns:p=\"{namespace}\"/></e:Body></e:Envelope>"
        )
    };
    let post = "POST /onvif/ptz_service";
    assert_eq!(said(post, &request(PTZ, "Stop")), "HTTP/1.1 401 Unauthorized");
    assert_eq!(said(post, "<a/>"), "HTTP/1.1 401 Unauthorized");
    let open = said("POST /onvif/device_service", &request(DEVICE, "GetCapabilities"));
    assert_eq!(open, "HTTP/1.1 200 OK");
    assert_eq!(said(post, "no xml"), "HTTP/1.1 400 Bad Request");
    assert_eq!(said("GET /", ""), "HTTP/1.1 405 Method Not Allowed");
}
