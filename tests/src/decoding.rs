//! How many frames a second the codecs decode on one core, and what the fastest device costs.
//!
//! On published bytes, in the profile in which everything here is built.

use std::{
    fs,
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use devices::{Channel, Clock, Driver, Event, catalogue};
use serde_json::Value;

use crate::{
    figures::Figure,
    peers::{BERRY, EMAY, Peer},
    place,
};

/// Of one codec: long enough that a busy machine's pauses do not decide.
const TIME: Duration = Duration::from_millis(300);
const DF2: &str = "nonin_serial_df2";
const FRAMES_IN_PACKET: usize = 25;
/// Frames between two looks at the clock.
const FRAMES_AT_ONCE: usize = 40 * FRAMES_IN_PACKET;

/// Oximeters of which somebody else's decoder can be had.
const OXIMETERS: [Oximeter; 2] = [
    Oximeter {
        figure: "bci_packets",
        protocol: "contec_cms50_bci_live",
        start: &[],
        length: 5,
        peer: BERRY,
    },
    Oximeter {
        figure: "emay_live_frames",
        protocol: "emay_sleepo2",
        start: &[0xEB, 0x01, 0x05],
        length: 8,
        peer: EMAY,
    },
];

struct Oximeter {
    figure: &'static str,
    protocol: &'static str,
    /// Of a live frame; a protocol has commands and files too.
    start: &'static [u8],
    length: usize,
    peer: Peer,
}

struct Example {
    characteristic: Option<String>,
    bytes: Vec<u8>,
}

/// # Errors
/// The published examples cannot be read.
pub fn measure() -> Result<Vec<Figure>> {
    let folder = place::file("crates/devices/testdata/vectors")?;
    let mut figures = Vec::new();
    for protocol in devices::protocols() {
        let examples = examples(&folder, protocol)?;
        if !examples.is_empty() {
            figures.push(Figure::told(protocol, codec(protocol, &examples), "frames/s"));
        }
    }
    for oximeter in OXIMETERS {
        figures.push(oximeter.beside_its_peer(&folder)?);
    }
    let packet = examples(&folder, DF2)?.into_iter().find(|of| of.bytes.len() == packet_bytes());
    let packet = packet.context("there is no published packet of an Xpod")?.bytes;
    figures.extend(driver(&packet)?);
    Ok(figures)
}

const fn packet_bytes() -> usize {
    5 * FRAMES_IN_PACKET
}

/// Some protocols have no published examples; then there is no file either.
fn examples(folder: &Path, protocol: &str) -> Result<Vec<Example>> {
    let path = folder.join(format!("{protocol}.json"));
    if !path.exists() {
        return Ok(Vec::new());
    }
    let file: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
    let vectors = file["vectors"].as_array().context("no examples")?;
    vectors
        .iter()
        .map(|vector| {
            let text = vector["input_hex"].as_str().context("an example without bytes")?;
            let pairs = text.as_bytes().chunks(2);
            let bytes = pairs.map(|pair| Ok(u8::from_str_radix(str::from_utf8(pair)?, 16)?));
            let characteristic = vector["characteristic"].as_str().map(str::to_owned);
            Ok(Example { characteristic, bytes: bytes.collect::<Result<_>>()? })
        })
        .collect()
}

impl Oximeter {
    /// Both decode the same frames, one at a time, one after the other on the same core.
    fn beside_its_peer(&self, folder: &Path) -> Result<Figure> {
        let examples = examples(folder, self.protocol)?;
        let frames: Vec<Example> = examples.into_iter().filter(|of| self.is_live(of)).collect();
        ensure!(!frames.is_empty(), "there is no published frame of {}", self.protocol);
        let bytes: Vec<&[u8]> = frames.iter().map(|frame| frame.bytes.as_slice()).collect();
        let peer = self.peer.frames_per_second(&bytes, TIME)?;
        let own = codec(self.protocol, &frames);
        Ok(Figure::told(self.figure, own, "frames/s").beside(peer))
    }

    /// One that both accept.
    fn is_live(&self, example: &Example) -> bool {
        let kind = example.characteristic.as_deref();
        example.bytes.len() == self.length
            && example.bytes.starts_with(self.start)
            && devices::decode(self.protocol, kind, &example.bytes).is_ok()
    }
}

/// Each published example in turn. One of a stream counts as one frame, however many it has.
fn codec(protocol: &str, examples: &[Example]) -> f64 {
    per_second(examples.len(), || {
        for example in examples {
            let kind = example.characteristic.as_deref();
            // What is refused has been decoded as well.
            let _fields = black_box(devices::decode(protocol, kind, black_box(&example.bytes)));
        }
    })
}

/// The way that the bytes of a Nonin Xpod go on a cart, which has to keep up without allocating.
fn driver(packet: &[u8]) -> Result<[Figure; 2]> {
    let device = catalogue::find("nonin-xpod").context("the catalogue has no Xpod")?;
    let mut driver = (device.driver)();
    let clock = Clock { utc: clinical::Timestamp::from_millis(0), ahead_minutes: 0 };
    let _up = driver.handle(0, Event::Up(clock));
    let frames = packet.repeat(FRAMES_AT_ONCE / FRAMES_IN_PACKET);
    let rate = per_second(FRAMES_AT_ONCE, || feed(driver.as_mut(), &frames));
    // A packet at a time, as they come; a reading, which is reported once a minute, is none of them.
    let least = (0..FRAMES_AT_ONCE / FRAMES_IN_PACKET)
        .map(|_| allocation_counter::measure(|| feed(driver.as_mut(), packet)).count_total)
        .min()
        .unwrap_or(u64::MAX);
    let each = least as f64 / FRAMES_IN_PACKET as f64;
    Ok([
        Figure::at_least("nonin_df2_driver", rate, "frames/s", 1_000_000.),
        Figure::exactly("nonin_df2_allocations", each, "per frame", 0.),
    ])
}

fn feed(driver: &mut dyn Driver, bytes: &[u8]) {
    let event = Event::Bytes { channel: Channel::Stream, bytes: black_box(bytes) };
    let _actions = black_box(driver.handle(0, event));
}

fn per_second(frames: usize, mut round: impl FnMut()) -> f64 {
    let begin = Instant::now();
    let mut rounds = 0_u32;
    while begin.elapsed() < TIME {
        round();
        rounds += 1;
    }
    f64::from(rounds) * frames as f64 / begin.elapsed().as_secs_f64()
}
