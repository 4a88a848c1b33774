//! All simulated devices of one cart on their lines, and the orders that change them.

mod bluetooth;
mod pictures;

use crate::camera::{self, Camera, onvif};
use crate::control;
use crate::control::grammar::{Device, Order};
use crate::cuff::{self, Cuff};
use crate::link::{Line, pty, tcp, udp};
use crate::oximeter::{self, Oximeter, wave::Wave};
use crate::peripherals::MODELS;
use crate::sound::{self, Chest, Sound};
use crate::{Clock, lock};
use anyhow::Context;
use bluetooth::Bluetooth;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

/// Where things are, and on which ports (0 = any).
#[derive(Clone, Debug, Default)]
pub struct Setup {
    pub directory: PathBuf,
    pub video_port: u16,
    pub visca_port: u16,
    /// UDP ports of the same: numbered datagrams, and bare ones.
    pub visca_udp_port: u16,
    pub visca_raw_udp_port: u16,
    pub microphone_port: u16,
    pub stethoscope_port: u16,
    pub otoscope_port: u16,
    pub thermometer_port: u16,
    /// An SVG drawing; `None` is the room that comes with the simulation.
    pub scene: Option<PathBuf>,
    /// A WAV file; `None` is a drawn room tone.
    pub room_sound: Option<PathBuf>,
}

/// The running devices. They live as long as the process.
pub struct Rig {
    directory: PathBuf,
    quit: Receiver<()>,
}

/// Names of what a rig leaves in its directory.
const PORTS: [&str; 4] = ["cuff", "oximeter", "camera", "camera-pelco"];
const CONTROL: &str = "control";
const READY: &str = "sim.json";
/// Who the camera's web service lets in, as a cart's configuration names such a file.
const LOGIN: &str = "camera.login";

struct Devices {
    clock: Clock,
    cuff: Arc<Mutex<Cuff>>,
    oximeter: Arc<Mutex<Oximeter>>,
    /// In the order of [`MODELS`].
    bluetooth: Vec<Bluetooth>,
    camera: Arc<Mutex<Camera>>,
    chest: Arc<Mutex<Chest>>,
    lines: Lines,
}

#[derive(Default)]
struct Lines {
    cuff: Arc<Line>,
    oximeter: Arc<Line>,
    camera_serial: Arc<Line>,
    camera_network: Arc<Line>,
    camera_pelco: Arc<Line>,
    video: Arc<Line>,
    microphone: Arc<Line>,
    stethoscope: Arc<Line>,
    otoscope: Arc<Line>,
}

impl Rig {
    /// Starts every device; when this returns, all of them can be reached and `sim.json` says how.
    /// The first frame of video follows when the scene is drawn.
    pub fn start(setup: &Setup) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&setup.directory)
            .with_context(|| format!("could not create {}", setup.directory.display()))?;
        let directory = setup.directory.canonicalize()?;
        let devices = Arc::new(Devices::new());
        devices.open_ports(&directory)?;
        let addresses = devices.open_sockets(setup, &directory)?;
        let path = directory.join(CONTROL);
        let obeying = devices.clone();
        let quit = control::serve(&path, move |order| obeying.obey(order))
            .with_context(|| format!("could not listen at {}", path.display()))?;
        announce(&directory, &addresses)?;
        Ok(Self { directory, quit })
    }

    /// Waits until somebody says `quit`, then takes the names away.
    pub fn run(self) -> anyhow::Result<()> {
        self.quit.recv().context("the control socket is gone")?;
        for name in PORTS.into_iter().chain([CONTROL, READY, LOGIN]) {
            match std::fs::remove_file(self.directory.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("could not remove {name}"));
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }
}

impl Devices {
    fn new() -> Self {
        Self {
            clock: Clock::start(),
            cuff: Arc::default(),
            oximeter: Arc::default(),
            bluetooth: MODELS.iter().copied().map(Bluetooth::new).collect(),
            camera: Arc::default(),
            chest: Arc::new(Mutex::new(Chest::new(None))),
            lines: Lines::default(),
        }
    }

    fn open_ports(&self, directory: &Path) -> anyhow::Result<()> {
        let (clock, lines) = (self.clock, &self.lines);
        let (cuff, oximeter) = (self.cuff.clone(), self.oximeter.clone());
        let (camera, pelco) = (self.camera.clone(), self.camera.clone());
        pty::serve(directory.join("cuff"), lines.cuff.clone(), clock, move || {
            Box::new(cuff::Session::new(cuff.clone()))
        })
        .context("no serial port for the cuff")?;
        pty::serve(directory.join("oximeter"), lines.oximeter.clone(), clock, move || {
            Box::new(oximeter::Session::new(oximeter.clone()))
        })
        .context("no serial port for the oximeter")?;
        pty::serve(directory.join("camera"), lines.camera_serial.clone(), clock, move || {
            Box::new(camera::session::Session::new(camera.clone()))
        })
        .context("no serial port for the camera")?;
        pty::serve(directory.join("camera-pelco"), lines.camera_pelco.clone(), clock, move || {
            Box::new(camera::pelco::Pelco::new(pelco.clone()))
        })
        .context("no RS-485 port for the camera")
    }

    /// Numbered and bare datagrams.
    fn open_datagrams(&self, setup: &Setup) -> anyhow::Result<[SocketAddr; 2]> {
        let line = &self.lines.camera_network;
        let (camera, bare) = (self.camera.clone(), self.camera.clone());
        let numbered = udp::serve(setup.visca_udp_port, line.clone(), self.clock, move || {
            Box::new(camera::numbered::Numbered::new(camera.clone()))
        })
        .context("no UDP port for the camera's control")?;
        let bare = udp::serve(setup.visca_raw_udp_port, line.clone(), self.clock, move || {
            Box::new(camera::session::Session::new(bare.clone()))
        })
        .context("no UDP port for the camera's bare control")?;
        Ok([numbered, bare])
    }

    /// ONVIF, and the file that says who may use it.
    fn open_web(&self, directory: &Path) -> anyhow::Result<SocketAddr> {
        let service = Arc::new(Mutex::new(onvif::Service::new(self.camera.clone())));
        let file = directory.join(LOGIN);
        std::fs::write(&file, format!("{}\n{}\n", onvif::USER, onvif::PASSWORD))
            .with_context(|| format!("could not write {}", file.display()))?;
        tcp::serve(0, self.lines.camera_network.clone(), self.clock, move || {
            Box::new(onvif::Session::new(service.clone()))
        })
        .context("no port for the camera's web service")
    }

    fn open_sockets(&self, setup: &Setup, directory: &Path) -> anyhow::Result<serde_json::Value> {
        let (clock, lines) = (self.clock, &self.lines);
        let camera = self.camera.clone();
        let visca = tcp::serve(setup.visca_port, lines.camera_network.clone(), clock, move || {
            Box::new(camera::session::Session::new(camera.clone()))
        })
        .context("no port for the camera's control")?;
        let [numbered, bare] = self.open_datagrams(setup)?;
        let web = self.open_web(directory)?;
        let video = self.open_video(setup)?;
        let otoscope = self.open_otoscope(setup)?;
        let sound = match &setup.room_sound {
            Some(file) => Sound::read(file)?,
            None => Sound::Drawn,
        };
        let microphone = sound::serve(setup.microphone_port, lines.microphone.clone(), sound)
            .context("no port for the microphone")?;
        let chest = Sound::Chest(self.chest.clone());
        let stethoscope = sound::serve(setup.stethoscope_port, lines.stethoscope.clone(), chest)
            .context("no port for the stethoscope")?;
        let serial = |name: &str| format!("serial:{}", directory.join(name).display());
        let mut addresses = serde_json::json!({
            "cuff": serial("cuff"),
            "oximeter": serial("oximeter"),
            "camera_control": format!("tcp://{visca}"),
            "camera_control_serial": serial("camera"),
            "camera_control_udp": format!("udp://{numbered}"),
            "camera_control_raw_udp": format!("udp://{bare}"),
            "camera_control_pelco": serial("camera-pelco"),
            "camera_control_onvif": format!("http://{web}"),
            "camera_video": format!("y4m+tcp://{video}"),
            "microphone": format!("s16+tcp://{microphone}"),
            "stethoscope": format!("s16+tcp://{stethoscope}"),
            "otoscope": format!("y4m+tcp://{otoscope}"),
            "control": directory.join(CONTROL),
        });
        for one in &self.bluetooth {
            addresses[one.model.name] = one.serve(setup, clock)?.into();
        }
        Ok(addresses)
    }

    /// Carries out an order. Returns what there is to answer.
    fn obey(&self, order: Order) -> Result<String, String> {
        let now = self.clock.now();
        match order {
            Order::CuffWill(outcome) => lock(&self.cuff).will(outcome),
            Order::CuffTakes(duration) => lock(&self.cuff).takes(duration),
            Order::CuffPressStart => lock(&self.cuff).start(now).map_err(|e| e.to_string())?,
            Order::OximeterOn(finger) => lock(&self.oximeter).put_on(finger, now),
            Order::OximeterOff => lock(&self.oximeter).take_off(),
            Order::OximeterSignal(signal) => lock(&self.oximeter).set_signal(signal),
            Order::OximeterPleth { file, rate } => {
                let wave = Wave::read(&file, rate).map_err(|error| error.to_string())?;
                lock(&self.oximeter).set_wave(wave);
            }
            Order::Bluetooth(index, words) => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                return lock(&self.bluetooth[index].device).obey(&words, now);
            }
            Order::StethoscopeOn(heart) => lock(&self.chest).set_rate(heart),
            Order::CameraWhere => return self.where_the_camera_looks(),
            Order::Fault(device, plan) => {
                self.lines_of(device).iter().for_each(|line| line.set_fault(plan));
            }
            Order::Plug(device, plugged) => {
                self.lines_of(device).iter().for_each(|line| line.plug(plugged));
            }
            Order::Sends(device, bytes) => {
                self.talking(device).iter().for_each(|line| line.say(bytes.clone()));
            }
            // The control socket tells the rig, after it has answered.
            Order::Quit => {}
        }
        Ok(String::new())
    }

    /// Degrees right and up, and the magnification.
    fn where_the_camera_looks(&self) -> Result<String, String> {
        let pose = lock(&self.camera).look(self.clock.now());
        let pose = pose.ok_or("the camera is switched off")?;
        Ok(format!("{:.2} {:.2} {:.2}", pose.pan, pose.tilt, pose.zoom))
    }

    /// Every line of a device: what unplugging it takes away.
    fn lines_of(&self, device: Device) -> Vec<&Line> {
        let lines = &self.lines;
        match device {
            Device::Camera => {
                vec![&lines.camera_serial, &lines.camera_network, &lines.camera_pelco, &lines.video]
            }
            Device::Microphone => vec![&lines.microphone],
            Device::Stethoscope => vec![&lines.stethoscope],
            Device::Otoscope => vec![&lines.otoscope],
            _ => self.talking(device),
        }
    }

    /// The lines that carry a device's messages.
    fn talking(&self, device: Device) -> Vec<&Line> {
        let lines = &self.lines;
        match device {
            Device::Cuff => vec![&lines.cuff],
            Device::Oximeter => vec![&lines.oximeter],
            Device::Bluetooth(index) => vec![&self.bluetooth[index].line],
            Device::Camera => vec![&lines.camera_serial, &lines.camera_network],
            Device::Microphone | Device::Stethoscope | Device::Otoscope => Vec::new(),
        }
    }
}

/// Says that all is ready, in one step: a reader never sees half a file.
fn announce(directory: &Path, addresses: &serde_json::Value) -> anyhow::Result<()> {
    let fresh = directory.join("sim.json.new");
    std::fs::write(&fresh, format!("{addresses:#}\n"))?;
    std::fs::rename(&fresh, directory.join(READY)).context("could not write sim.json")
}
