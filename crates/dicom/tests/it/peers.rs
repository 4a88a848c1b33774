//! What others read in the files: dcmdump, dciodvfy, and pydicom with Pillow.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clinical::{ExamCamera, Examined, Laterality, Quality};
use dicom::Instance;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    python,
    visit::{ecg, ecg_of, still, still_of, strip},
};

const HERE: &str = env!("CARGO_MANIFEST_DIR");
/// What to do when a peer cannot be had; a test is never skipped for it.
const NEEDED: &str = "needs dcmtk and dicom3tools (`cargo xtask test` installs them)";
const PACKAGES: [&str; 3] = ["pydicom==3.0.2", "numpy==2.3.5", "pillow==12.0.0"];

/// The file as long as this lives.
struct Stored(TempDir);

impl Stored {
    fn new(bytes: &[u8]) -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("instance.dcm"), bytes).unwrap();
        Self(folder)
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("instance.dcm")
    }

    /// Everything that a program prints about it.
    fn seen_by(&self, mut program: Command) -> String {
        let output = program.arg(self.path()).output().expect(NEEDED);
        [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap()).concat()
    }
}

/// Compares with `testdata/{name}.txt`, and makes sure that the integrators' page shows that file.
#[track_caller]
fn check_dump(instance: &Instance, name: &str) {
    let dump = Stored::new(&instance.bytes).seen_by(Command::new("dcmdump"));
    let written: Vec<_> = dump.lines().map(str::trim_end).collect();
    let expected = fs::read_to_string(format!("{HERE}/testdata/{name}.txt")).unwrap_or_default();
    assert_eq!(written.join("\n").trim(), expected.trim(), "{name}");
    let page = Path::new(HERE).join("../../docs/integrators/dicom.md");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains(expected.trim()), "docs/integrators/dicom.md does not show {name}");
}

fn errors(bytes: &[u8]) -> String {
    let said = Stored::new(bytes).seen_by(Command::new("dciodvfy"));
    assert!(said.contains("Image\n") || said.contains("ECG\n"), "it knows the object: {said}");
    said.lines().filter(|line| line.starts_with("Error")).collect()
}

fn pydicom(instance: &Instance) -> Value {
    let stored = Stored::new(&instance.bytes);
    let mut reader = python::program("dicom_reader.py", &PACKAGES);
    let output =
        reader.arg(stored.path()).arg(format!("{HERE}/testdata/still.jpg")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn dcmtk_reads_what_the_page_shows() {
    check_dump(&still(), "still");
    check_dump(&ecg(), "ecg");
}

#[test]
fn dciodvfy_finds_every_attribute_that_the_object_must_have() {
    for instance in [still(), ecg(), ecg_of(strip(250, 100_000), vec![]).unwrap()] {
        assert_eq!(errors(&instance.bytes), "", "{instance:?}");
    }
}

#[test]
fn a_picture_of_an_ear_says_which_ear_and_is_as_good_an_object() {
    let right = still_of(Some(Examined::new(ExamCamera::Otoscope, Some(Laterality::Right))));
    let dump = Stored::new(&right.bytes).seen_by(Command::new("dcmdump"));
    assert!(dump.contains("[Otoscope, right ear]"), "{dump}");
    assert!(dump.contains("(0020,0062) CS [R]"), "{dump}");
    assert_eq!(errors(&right.bytes), "");
}

#[test]
fn dciodvfy_would_say_so_if_one_were_wrong() {
    let mut bytes = ecg().bytes;
    // Patient's Sex.
    let at = bytes.windows(10).position(|bytes| bytes == b"\x10\0\x40\0CS\x02\0F ").unwrap();
    bytes[at + 8] = b'X';
    assert!(errors(&bytes).contains("<X>"), "{}", errors(&bytes));
}

#[test]
fn a_viewer_shows_the_pixels_that_the_picture_has() {
    let seen = pydicom(&still());
    let expected = json!({
        "name": "Müller-Okafor^Grace",
        "family": "Müller-Okafor",
        "number": "100234",
        "class": "VL Photographic Image Storage",
        "syntax": "JPEG Baseline (Process 1)",
        "time": "20261122024335.407-0500",
        "shape": [48, 64, 3],
        "same": true,
    });
    assert_eq!(seen, expected);
}

#[test]
fn a_viewer_counts_every_sample_back_to_its_microvolts() {
    for (hertz, offset, class) in [
        (130, 0, "Ambulatory ECG Waveform Storage"),
        (250, 100_000, "General ECG Waveform Storage"),
        (250, -100_000, "General ECG Waveform Storage"),
    ] {
        let strip = strip(hertz, offset);
        let seen = pydicom(&ecg_of(strip.clone(), vec![Quality::Motion]).unwrap());
        assert_eq!(seen["class"], class);
        assert_eq!(seen["hertz"], f64::from(hertz));
        assert_eq!((&seen["lead"], &seen["unit"]), (&json!("Lead I"), &json!("uV")));
        let microvolts = strip.microvolts.iter().map(|sample| json!(f64::from(*sample)));
        assert_eq!(seen["microvolts"], Value::Array(microvolts.collect()));
        assert_eq!(seen["remarks"], json!([terminology::remark(Quality::Motion)]));
        // The strip was received with its last sample: two seconds after its first.
        assert_eq!(seen["time"], "20261122024518.007-0500");
    }
}
