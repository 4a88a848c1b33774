//! How long a measurement takes from the device's bytes at the cart's link until the cart has saved it.
//!
//! Through the real `cartd`: its link, driver and encounter, and its vault, SQLCipher with
//! synchronous=FULL. The thermometer is simulated in this process, so that the moment of its bytes is
//! known. `cartd` tells the kiosk's socket of a reading when the commit has returned and not before, so
//! the figure ends there and has that message in it too.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::fs::FileExt as _,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use cart_api::{CartState, Command, DeviceState, DeviceStatus};
use clinical::{Patient, Sex};
use sim_devices::{
    Clock,
    gatt::Session,
    link::Speaker as _,
    thermometer::{
        Thermometer,
        measurement::{Temperature, Unit, encode},
    },
};

use crate::{
    cart::Cart,
    figures::{Figure, p50, p95},
    observer::Observer,
    place,
    wait::{seconds, until},
};

/// Visits, and measurements in each: as many as a nurse takes of a patient on a long day.
const VISITS: i32 = 10;
const EACH: i32 = 20;
/// A nurse who looks up from the thermometer sees it there: a tenth of a second is at once.
const AT_ONCE: f64 = 100_000.;
/// What a database page has.
const PAGE: usize = 4096;

/// # Errors
/// `cartd` is not built, does not start, or does not save a measurement.
pub async fn measure() -> Result<[Figure; 2]> {
    // Beside the programs, because a folder for temporary files may be no disk at all.
    let programs = std::env::current_exe()?;
    let programs = programs.parent().context("a program is in a folder")?;
    let mut folder = tempfile::Builder::new().prefix("saving-").tempdir_in(programs)?;
    let times = times(folder.path()).await;
    folder.disable_cleanup(times.is_err());
    let place = || format!("the logs are left in {}", folder.path().display());
    let (saved, synced) = times.with_context(place)?;
    let figure = |name, of: fn(&[f64]) -> Option<f64>| {
        let (saved, synced) = (of(&saved).context("no times")?, of(&synced).context("no times")?);
        anyhow::Ok(Figure::at_most(name, saved, "µs", AT_ONCE).beside(synced))
    };
    Ok([figure("bytes_to_saved_p50", p50)?, figure("bytes_to_saved_p95", p95)?])
}

/// In microseconds: until a measurement was saved, and what one page on the same disk takes, in turns.
async fn times(folder: &Path) -> Result<(Vec<f64>, Vec<f64>)> {
    let thermometer = Simulated::listen()?;
    let mut cart = prepare(folder, &thermometer.link)?;
    cart.run().await?;
    let mut kiosk = Observer::connect(&cart.socket()).await?;
    kiosk.sign_in().await?;
    // Only a device that is there is armed for a visit.
    kiosk.sees("the thermometer", seconds(30), |state| is_there(&state.devices)).await?;
    let pages = File::create(folder.join("pages"))?;
    let (mut saved, mut synced) = (Vec::new(), Vec::new());
    for visit in 0..VISITS {
        open(&mut kiosk, visit).await?;
        for number in 0..EACH {
            synced.push(micros(write_page(&pages, synced.len())?));
            // Of the same value twice the second would be taken for a repeat.
            let hundredths = 3600 + visit * EACH + number;
            let took = save(&thermometer, &kiosk, hundredths, usize::try_from(number)?).await?;
            saved.push(micros(took));
        }
        kiosk.ask(Command::EndEncounter).await?;
        let ended = |state: &CartState| state.encounter.is_none().then_some(());
        kiosk.sees("the end of the visit", seconds(15), ended).await?;
    }
    Ok((saved, synced))
}

/// Its hub is away, so that nothing else uses the disk.
fn prepare(folder: &Path, thermometer: &str) -> Result<Cart> {
    let logs = folder.join("logs");
    place::private(&logs)?;
    let cart = Cart::prepare(&folder.join("cart"), &logs)?;
    let nobody = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    cart.configure(nobody, &[("thermometer", "ble-thermometer", thermometer)])?;
    Ok(cart)
}

fn is_there(devices: &[DeviceState]) -> Option<()> {
    devices.iter().any(|device| device.status == DeviceStatus::Ready).then_some(())
}

async fn open(kiosk: &mut Observer, visit: i32) -> Result<()> {
    let patient = Patient {
        system: "urn:hospital".into(),
        number: format!("10023{visit}"),
        family: "Okafor".into(),
        given: "Grace".into(),
        birth_date: "1958-03-14".into(),
        sex: Sex::Female,
    };
    kiosk.open(patient).await
}

/// One measurement, in hundredths of a degree, from the bytes on the socket to the word that it is
/// saved. `before`: how many the visit has already.
async fn save(
    thermometer: &Simulated,
    kiosk: &Observer,
    hundredths: i32,
    before: usize,
) -> Result<Duration> {
    let temperature =
        Temperature { mantissa: hundredths, exponent: -2, unit: Unit::Celsius, site: None };
    lock(&thermometer.device).store(encode(&temperature));
    let bytes = until("the cart takes an indication", seconds(15), || {
        let bytes = thermometer.indicates();
        async { Ok(bytes) }
    });
    let bytes = bytes.await?;
    let begin = Instant::now();
    thermometer.send(&bytes)?;
    let saved = kiosk.sees("the reading", seconds(15), |state| {
        let visit = state.encounter.as_ref()?;
        (visit.readings.len() > before).then(Instant::now)
    });
    Ok(saved.await?.duration_since(begin))
}

pub(crate) fn write_page(pages: &File, number: usize) -> Result<Duration> {
    let begin = Instant::now();
    pages.write_all_at(&[0x5A; PAGE], (number * PAGE) as u64)?;
    pages.sync_data()?;
    Ok(begin.elapsed())
}

pub(crate) fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// A Bluetooth thermometer on a socket, whose bytes leave when they are told to.
struct Simulated {
    device: Arc<Mutex<Thermometer>>,
    /// Once the cart has connected.
    host: Arc<Mutex<Option<Host>>>,
    clock: Clock,
    link: String,
}

struct Host {
    session: Session,
    stream: TcpStream,
}

impl Simulated {
    /// For one cart.
    fn listen() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let link = format!("att+tcp://{}", listener.local_addr()?);
        let device = Arc::new(Mutex::new(Thermometer::default()));
        let (host, clock) = (Arc::new(Mutex::new(None)), Clock::start());
        let (shared, to_serve) = (host.clone(), device.clone());
        thread::spawn(move || {
            if let Err(error) = serve(&listener, to_serve, &shared, clock) {
                eprintln!("the simulated thermometer ended: {error:#}");
            }
        });
        Ok(Self { device, host, clock, link })
    }

    /// The bytes of its measurement; `None` while the cart has not subscribed, or has yet to confirm
    /// the one before.
    fn indicates(&self) -> Option<Vec<u8>> {
        let mut host = lock(&self.host);
        host.as_mut()?.session.due(self.clock.now()).into_iter().next()
    }

    fn send(&self, bytes: &[u8]) -> Result<()> {
        let mut host = lock(&self.host);
        let host = host.as_mut().context("the cart is gone")?;
        Ok(host.stream.write_all(bytes)?)
    }
}

/// Answers what the cart asks, until it is gone.
fn serve(
    listener: &TcpListener,
    device: Arc<Mutex<Thermometer>>,
    host: &Mutex<Option<Host>>,
    clock: Clock,
) -> Result<()> {
    let (mut stream, _) = listener.accept()?;
    stream.set_nodelay(true)?;
    let session = Session::new(device, clock);
    *lock(host) = Some(Host { session, stream: stream.try_clone()? });
    let mut buffer = [0; 1024];
    loop {
        let count = stream.read(&mut buffer)?;
        let mut host = lock(host);
        let Some(host) = host.as_mut().filter(|_| count > 0) else { return Ok(()) };
        for answer in host.session.hear(&buffer[..count], clock.now()) {
            host.stream.write_all(&answer)?;
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
