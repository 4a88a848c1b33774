//! A thermometer, a cuff and a camera that speak their real bytes.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use sim_devices::{
    Clock,
    camera::{Camera, session},
    cuff::{self, Cuff, Outcome},
    gatt,
    link::{Line, Speaker, tcp},
    thermometer::{
        Thermometer,
        measurement::{Temperature, Unit, encode},
    },
};

use crate::patience::PATIENCE;

pub struct Room {
    clock: Clock,
    thermometer: Arc<Mutex<Thermometer>>,
    cuff: Arc<Mutex<Cuff>>,
    camera: Arc<Mutex<Camera>>,
    pub cuff_line: Arc<Line>,
    addresses: [SocketAddr; 3],
}

impl Room {
    pub fn new() -> Self {
        let (clock, cuff_line) = (Clock::start(), Arc::new(Line::default()));
        let thermometer = Arc::new(Mutex::new(Thermometer::default()));
        let cuff = Arc::new(Mutex::new(Cuff::default()));
        let camera = Arc::new(Mutex::new(Camera::default()));
        let (seen, arm, room) = (thermometer.clone(), cuff.clone(), camera.clone());
        let addresses = [
            serve(Arc::default(), clock, move || Box::new(gatt::Session::new(seen.clone(), clock))),
            serve(cuff_line.clone(), clock, move || Box::new(cuff::Session::new(arm.clone()))),
            serve(Arc::default(), clock, move || Box::new(session::Session::new(room.clone()))),
        ];
        Self { clock, thermometer, cuff, camera, cuff_line, addresses }
    }

    /// The `[[device]]` blocks of the cart.
    pub fn configuration(&self) -> String {
        let [thermometer, cuff, camera] = self.addresses;
        let device = |id: &str, driver: &str, link: String| {
            format!("[[device]]\nid = '{id}'\ndriver = '{driver}'\nlink = '{link}'\n")
        };
        device("thermometer", "ble-thermometer", format!("att+tcp://{thermometer}"))
            + &device("cuff", "suntech-advantage", format!("tcp://{cuff}"))
            + &device("camera", "visca", format!("tcp://{camera}"))
    }

    /// In tenths of a degree Celsius.
    pub fn thermometer_measures(&self, tenths: i32) {
        let temperature =
            Temperature { mantissa: tenths, exponent: -1, unit: Unit::Celsius, site: Some(6) };
        self.thermometer_sends(encode(&temperature));
    }

    pub fn thermometer_sends(&self, value: Vec<u8>) {
        self.thermometer.lock().unwrap().store(value);
    }

    pub fn cuff_will(&self, outcome: Outcome, takes: Duration) {
        let mut cuff = self.cuff.lock().unwrap();
        cuff.will(outcome);
        cuff.takes(takes);
    }

    /// Degrees to the right.
    pub fn camera_pan(&self) -> f64 {
        let pose = self.camera.lock().unwrap().look(self.clock.now());
        pose.expect("the camera is on").pan
    }

    /// Waits until it looks there, by degrees to the right and up.
    #[track_caller]
    pub fn camera_looks(&self, where_to: &str, there: impl Fn(f64, f64) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            let pose = self.camera.lock().unwrap().look(self.clock.now());
            let pose = pose.expect("the camera is on");
            if there(pose.pan, pose.tilt) {
                return;
            }
            assert!(Instant::now() < end, "the camera does not look {where_to}: {pose:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[track_caller]
    pub fn camera_moves(&self) {
        let (before, end) = (self.camera_pan(), Instant::now() + PATIENCE);
        while (self.camera_pan() - before).abs() < 0.5 {
            assert!(Instant::now() < end, "the camera stands still at {before}°");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// How long it still turned.
    #[track_caller]
    pub fn camera_stops(&self) -> Duration {
        let start = Instant::now();
        let (mut last, mut moved) = (self.camera_pan(), Instant::now());
        // A camera at its slowest moves visibly within this time.
        while moved.elapsed() < Duration::from_millis(300) {
            assert!(start.elapsed() < PATIENCE, "the camera does not stop");
            std::thread::sleep(Duration::from_millis(5));
            let now = self.camera_pan();
            if now != last {
                (last, moved) = (now, Instant::now());
            }
        }
        moved - start
    }
}

fn serve(
    line: Arc<Line>,
    clock: Clock,
    speaker: impl Fn() -> Box<dyn Speaker> + Send + Sync + 'static,
) -> SocketAddr {
    tcp::serve(0, line, clock, speaker).unwrap()
}
