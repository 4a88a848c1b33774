//! The driver and a camera's answers, as the ONVIF specifications show them.

use super::*;
use crate::Position;

const CAPABILITIES: &str = "<tds:Capabilities><tt:Device><tt:XAddr>http://10.0.0.9/onvif/device_service</tt:XAddr></tt:Device>
    <tt:Media><tt:XAddr>http://10.0.0.9:80/onvif/Media</tt:XAddr></tt:Media>
    <tt:PTZ><tt:XAddr>http://10.0.0.9/onvif/PTZ?x=1&amp;y=2</tt:XAddr></tt:PTZ></tds:Capabilities>";
const PROFILES: &str = "<trt:Profiles token='fixed'><tt:Name>a</tt:Name></trt:Profiles>
    <trt:Profiles fixed='true' token='Main&lt;1&gt;'><tt:PTZConfiguration token='p'/></trt:Profiles>";
const PRESETS: &str = "<tptz:Preset token='31'><tt:Name>Bedside 50</tt:Name></tptz:Preset>
    <tptz:Preset token='32'><tt:Name>Bedside 5</tt:Name></tptz:Preset>";
const STATUS: &str = "<tptz:PTZStatus><tt:Position><tt:PanTilt x='0.5' y='-0.25'/>
    <tt:Zoom x='1'/></tt:Position></tptz:PTZStatus>";
const LEFT: Ptz = Ptz::Move { pan: -1.0, tilt: 0.0, zoom: 0.0 };

struct Bench {
    driver: Onvif,
    now: Millis,
    posted: Vec<(String, String)>,
    reports: Vec<Report>,
}

impl Bench {
    fn up() -> Self {
        let (posted, reports) = (Vec::new(), Vec::new());
        let mut bench = Self { driver: Onvif::default(), now: 7, posted, reports };
        bench.event(Event::Up(crate::clock::TEST));
        bench
    }

    /// At rest.
    fn ready() -> Self {
        let mut bench = Self::up();
        for answer in [CAPABILITIES, PROFILES, "<tptz:StopResponse/>"] {
            bench.says(answer);
        }
        assert_eq!(bench.reports, [Report::Status(Status::Ready)]);
        assert_eq!(bench.request(), "Stop", "the link may have been lost in a movement");
        bench.posted.clear();
        bench.reports.clear();
        bench
    }

    fn event(&mut self, event: Event<'_>) {
        for action in self.driver.handle(self.now, event) {
            match action {
                Action::Post { path, body } => self.posted.push((path, body)),
                Action::Report(report) => self.reports.push(report),
                other => panic!("{other:?}"),
            }
        }
    }

    fn says(&mut self, body: &str) {
        let text = format!("<e:Envelope><e:Body>{body}</e:Body></e:Envelope>");
        self.event(Event::Bytes { channel: Channel::Http, bytes: text.as_bytes() });
    }

    fn asks(&mut self, wish: Ptz) {
        self.event(Event::Command(Command::Ptz(wish)));
    }

    /// The name of the last request.
    fn request(&self) -> &str {
        let (_, body) = self.posted.last().unwrap();
        let (_, from) = body.split_once("<s:Body><").unwrap();
        from.split(['>', '/', ' ']).next().unwrap().split(':').nth(1).unwrap()
    }

    fn body(&self) -> &str {
        &self.posted.last().unwrap().1
    }
}

#[test]
fn a_camera_is_asked_for_its_services_and_stopped() {
    let mut bench = Bench::up();
    assert_eq!((bench.posted[0].0.as_str(), bench.request()), (DEVICE_SERVICE, "GetCapabilities"));
    bench.says(CAPABILITIES);
    assert_eq!((bench.posted[1].0.as_str(), bench.request()), ("/onvif/Media", "GetProfiles"));
    bench.says(PROFILES);
    assert_eq!((bench.posted[2].0.as_str(), bench.request()), ("/onvif/PTZ?x=1&y=2", "Stop"));
    assert!(bench.body().contains("<tptz:ProfileToken>Main&lt;1&gt;</tptz:ProfileToken>"));
}

#[test]
fn a_movement_ends_by_itself_and_is_repeated_in_time() {
    let mut bench = Bench::ready();
    bench.asks(LEFT);
    assert_eq!(bench.request(), "ContinuousMove");
    assert!(bench.body().contains("<tt:PanTilt x=\"-1.000\" y=\"0.000\"/>"), "{}", bench.body());
    assert!(bench.body().contains("<tptz:Timeout>PT1S</tptz:Timeout>"));
    bench.says("<tptz:ContinuousMoveResponse/>");
    for _ in 0..2 {
        bench.now += 200;
        bench.asks(LEFT);
    }
    assert_eq!(bench.posted.len(), 2);
}

#[test]
fn a_stop_is_the_next_request_and_drops_what_waits() {
    let mut bench = Bench::ready();
    bench.asks(LEFT);
    bench.asks(Ptz::Home);
    bench.asks(Ptz::Stop);
    assert_eq!(bench.posted.len(), 1, "one at a time");
    bench.says("<tptz:ContinuousMoveResponse/>");
    assert_eq!(bench.request(), "Stop");
    bench.says("<tptz:StopResponse/>");
    assert_eq!(bench.posted.len(), 2);
}

#[test]
fn a_number_is_the_name_of_a_preset() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Recall(5));
    assert_eq!(bench.request(), "GetPresets");
    bench.says(PRESETS);
    assert_eq!(bench.request(), "GotoPreset");
    assert!(bench.body().contains("<tptz:PresetToken>32</tptz:PresetToken>"));
    bench.says("<tptz:GotoPresetResponse/>");
    bench.asks(Ptz::Save(6));
    bench.says(PRESETS);
    assert_eq!(bench.request(), "SetPreset");
    assert!(!bench.body().contains("PresetToken"), "a new one: {}", bench.body());
    bench.says("<tptz:SetPresetResponse/>");
    bench.asks(Ptz::Clear(7));
    bench.says(PRESETS);
    assert_eq!(bench.reports, [Report::Failed(Failure::Device)], "there is none");
}

#[test]
fn a_stop_ends_the_way_to_a_preset_before_it_begins() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Recall(5));
    bench.asks(Ptz::Stop);
    bench.says(PRESETS);
    assert_eq!(bench.request(), "Stop");
    bench.says("<tptz:StopResponse/>");
    assert_eq!(bench.posted.len(), 2);
}

#[test]
fn where_it_looks_is_read_from_its_status() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Locate);
    bench.says(STATUS);
    let place = Position { pan: 0.5, tilt: -0.25, zoom: 1.0 };
    assert_eq!(bench.reports, [Report::Position(place)]);
    bench.asks(Ptz::To(place));
    assert_eq!(bench.request(), "AbsoluteMove");
    assert!(bench.body().contains("<tt:PanTilt x=\"0.500\" y=\"-0.250\"/><tt:Zoom x=\"1.000\"/>"));
}

#[test]
fn a_fault_is_told_and_the_next_wish_goes_on() {
    let mut bench = Bench::ready();
    bench.asks(Ptz::Home);
    bench.says("<e:Fault><e:Reason><e:Text>No home</e:Text></e:Reason></e:Fault>");
    bench.asks(Ptz::Stop);
    bench.event(Event::Refused(Channel::Http));
    assert_eq!(bench.reports, [const { Report::Failed(Failure::Device) }; 2]);
    bench.asks(LEFT);
    assert_eq!(bench.request(), "ContinuousMove");
}

#[test]
fn a_camera_that_does_not_answer_is_asked_again() {
    let mut bench = Bench::up();
    bench.event(Event::Refused(Channel::Http));
    bench.now = bench.driver.deadline().unwrap();
    bench.event(Event::Timer);
    assert_eq!(bench.posted.len(), 2);
    bench.now = bench.driver.deadline().unwrap();
    bench.event(Event::Timer);
    assert_eq!(bench.reports.len(), 2, "an answer that never came is one as well");
}
