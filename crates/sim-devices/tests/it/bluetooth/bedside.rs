//! A simulated device, a driver on a real link to it, and what the driver says, in words.

use clinical::{DeviceId, Measurement, Timestamp};
use device_links::{DeviceEvent, DeviceHandle, supervise};
use devices::{Clock as CartClock, Measured, Report, Status, catalogue};
use sim_devices::gatt::{Peripheral, Session};
use sim_devices::link::{Line, tcp};
use sim_devices::{Clock, peripherals};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longer than anything here takes on a busy machine; a test that waits for it has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// The cart's clock when a link opens: the wall shows 2026-11-22T08:42:00.
const CART: CartClock =
    CartClock { utc: Timestamp::from_millis(1_795_333_320_000), ahead_minutes: 60 };

pub struct Simulated {
    device: Arc<Mutex<dyn Peripheral>>,
    pub line: Arc<Line>,
    address: SocketAddr,
    clock: Clock,
}

impl Simulated {
    /// By the name that its commands begin with. Its clock is right.
    pub fn start(name: &str) -> Self {
        let device = (peripherals::MODELS[peripherals::find(name).unwrap()].make)();
        let (line, clock) = (Arc::<Line>::default(), Clock::start());
        let speaking = device.clone();
        let session = move || -> Box<dyn sim_devices::link::Speaker> {
            Box::new(Session::new(speaking.clone(), clock))
        };
        let address = tcp::serve(0, line.clone(), clock, session).unwrap();
        let simulated = Self { device, line, address, clock };
        simulated.say("clock shows 2026-11-22T08:42:00");
        simulated
    }

    pub fn say(&self, words: &str) {
        let words: Vec<&str> = words.split_whitespace().collect();
        self.device.lock().unwrap().obey(&words, self.clock.now()).unwrap();
    }

    /// On its clock.
    pub fn shows_year(&self, year: u16) -> bool {
        let current_time = self.device.lock().unwrap().read(0x2A2B.into(), self.clock.now());
        current_time.unwrap().unwrap().starts_with(&year.to_le_bytes())
    }

    pub fn watch(&self, driver: &str) -> Watched {
        let (sender, events) = channel();
        let handle = supervise(
            DeviceId("device".into()),
            format!("att+tcp://{}", self.address).parse().unwrap(),
            catalogue::find(driver).unwrap(),
            || CART,
            move |event| drop(sender.send(event)),
        );
        Watched { handle, events }
    }
}

pub struct Watched {
    pub handle: DeviceHandle,
    events: Receiver<DeviceEvent>,
}

impl Watched {
    #[track_caller]
    pub fn event(&self) -> DeviceEvent {
        self.events.recv_timeout(PATIENCE).expect("something is said in time")
    }

    /// The next `count` measurements, failures or malformed frames.
    #[track_caller]
    pub fn answers(&self, count: usize) -> Vec<String> {
        let mut answers = Vec::new();
        while answers.len() < count {
            answers.extend(answer(&self.event()));
        }
        answers
    }

    #[track_caller]
    pub fn measured(&self) -> Measured {
        loop {
            match self.event() {
                DeviceEvent::Report(Report::Measured(measured)) => return measured,
                DeviceEvent::Report(Report::Failed(_) | Report::Malformed(_)) => {
                    panic!("no measurement came")
                }
                _ => {}
            }
        }
    }

    #[track_caller]
    pub fn until_status(&self, what: impl Fn(Status) -> bool) {
        while !matches!(self.event(), DeviceEvent::Report(Report::Status(status)) if what(status)) {
        }
    }

    #[track_caller]
    pub fn until(&self, what: &DeviceEvent) {
        while self.event() != *what {}
    }
}

fn answer(event: &DeviceEvent) -> Option<String> {
    let DeviceEvent::Report(report) = event else { return None };
    match report {
        Report::Measured(measured) => Some(words(measured)),
        Report::Failed(failure) => Some(format!("{failure:?}")),
        Report::Malformed(malformation) => Some(malformation.what.to_string()),
        Report::Live(_) | Report::Status(_) | Report::Battery(_) | Report::Position(_) => None,
    }
}

/// The value, the number of the record, and the remarks.
fn words(measured: &Measured) -> String {
    let value = match &measured.measurement {
        Measurement::BloodPressure(found) => {
            let optional = |number: Option<clinical::Decimal>| {
                number.map_or("-".to_owned(), |number| number.to_string())
            };
            let (mean, pulse) = (optional(found.mean), optional(found.pulse));
            format!("{}/{} {mean} {pulse}", found.systolic, found.diastolic)
        }
        Measurement::Oximetry(found) => format!("{} {:?}", found.spo2, found.pulse),
        Measurement::HeartRate(found) => found.rate.to_string(),
        Measurement::Glucose(found) => {
            format!("{} {:?} {:?} {:?}", found.concentration, found.unit, found.sample, found.meal)
        }
        Measurement::Weight(found) => format!("{} kg", found.kilograms),
        Measurement::BodyComposition(found) => {
            format!("{} % {:?} ohm", found.fat_percent, found.impedance_ohm)
        }
        Measurement::Temperature(found) => format!("{} {:?}", found.celsius, found.site),
        Measurement::Ecg(_) => "ecg".to_owned(),
    };
    let number = measured.sequence.map_or(String::new(), |number| format!("#{number} "));
    let remarks = if measured.quality.is_empty() {
        String::new()
    } else {
        format!(" {:?}", measured.quality)
    };
    format!("{number}{value}{remarks}")
}
