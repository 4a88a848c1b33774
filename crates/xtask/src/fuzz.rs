//! Fuzzing without tools of its own: the stable compiler's coverage instrumentation and libFuzzer.
//!
//! Knows how the targets in `fuzz/` are built, run and replayed; what they check is theirs.

#[path = "../../../fuzz/fuzz_targets/kinds.rs"]
mod kinds;
mod seed;

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
    thread,
};

use anyhow::{Context as _, Result, bail, ensure};

use crate::shell;
pub use seed::seed;

/// The target that plays scripts to drivers.
const DRIVERS: &str = "drivers";
/// The target of what an EHR answers in FHIR.
const FHIR: &str = "fhir";
/// The target of what an EHR sends over MLLP.
const HL7: &str = "hl7";
/// The target of pictures and of what an image archive gives back; each other target is a codec.
const DICOM: &str = "dicom";

/// What cargo-fuzz tells the compiler, without the sanitizers that only its nightly version has: this
/// code has no `unsafe` that they could look into.
const INSTRUMENTATION: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg",
    "fuzzing",
    // Overflows panic, as in the tests.
    "-Cdebug-assertions",
    "-Ccodegen-units=1",
];

/// No frame of a device leads to more than this at once, in MiB; a length that a device says and
/// that is taken at its word does.
const MOST_ALLOCATED: u32 = 16;

/// Builds the targets once and runs all of them, or one.
///
/// # Errors
/// There is no such target, it cannot be built, or an input was found that it does not stand.
pub fn run(root: &Path, seconds: u32, only: Option<&str>) -> Result<()> {
    let targets: Vec<&str> =
        targets().filter(|target| only.is_none_or(|only| only == *target)).collect();
    ensure!(!targets.is_empty(), "There is no fuzz target `{}`", only.unwrap_or_default());
    let programs = build(root, only)?;
    let count = targets.len();
    println!("── fuzz {count} targets, {seconds} s each");
    let left = Mutex::new(targets.into_iter());
    let found = Mutex::new(Vec::new());
    let worker = || {
        let take = || left.lock().ok()?.next();
        while let Some(target) = take() {
            let outcome = fuzz(root, &programs, target, seconds);
            if let (Err(error), Ok(mut found)) = (outcome, found.lock()) {
                found.push(format!("{error:#}"));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(worker);
        }
    });
    let found = found.into_inner().unwrap_or_default();
    if !found.is_empty() {
        bail!("{}", found.join("\n"));
    }
    println!("   {count} targets passed");
    Ok(())
}

fn targets() -> impl Iterator<Item = &'static str> {
    devices::protocols().chain([DRIVERS, FHIR, HL7, DICOM])
}

/// The folder of the programs.
fn build(root: &Path, only: Option<&str>) -> Result<PathBuf> {
    let triple = host(root)?;
    // Apart from everything else, which is built with other flags.
    let target = shell::target(root).join("fuzz");
    let mut cargo = shell::cargo(root);
    cargo.args(["build", "--release", "--locked", "--manifest-path", "fuzz/Cargo.toml"]);
    // With a target named, the flags are not for build scripts.
    cargo.arg("--target").arg(&triple).arg("--target-dir").arg(&target);
    if let Some(only) = only {
        cargo.args(["--bin", only]);
    }
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", INSTRUMENTATION.join(" "));
    shell::step("build the fuzz targets", &mut cargo)?;
    Ok(target.join(triple).join("release"))
}

fn host(root: &Path) -> Result<String> {
    let version = shell::read(Command::new("rustc").arg("-vV").current_dir(root))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not say which machine it is for")
}

/// # Errors
/// The target did not stand an input; the error says which and how to replay it.
fn fuzz(root: &Path, programs: &Path, target: &str, seconds: u32) -> Result<()> {
    let own = shell::target(root).join("fuzz/found").join(target);
    // What is found lands here; the committed corpus is only read.
    let corpus = own.join("corpus");
    fs::create_dir_all(&corpus)?;
    let log = own.join("log");
    let crash = own.join("crash");
    if crash.exists() {
        fs::remove_file(&crash)?;
    }
    let mut path = OsString::from("-exact_artifact_path=");
    path.push(&crash);
    let mut program = Command::new(programs.join(target));
    program.arg(format!("-max_total_time={seconds}")).arg(path);
    program.arg(format!("-malloc_limit_mb={MOST_ALLOCATED}"));
    program.args(["-max_len=512", "-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1"]);
    program.arg(&corpus).arg(root.join("fuzz/corpus").join(target));
    program.env("RUST_BACKTRACE", "0").stdout(Stdio::null()).stderr(fs::File::create(&log)?);
    let status = program.status().with_context(|| format!("could not start {target}"))?;
    if status.success() {
        return Ok(());
    }
    let words = fs::read_to_string(&log)?;
    let said = words.lines().skip_while(|line| !line.contains("panicked at")).take(4);
    let said: Vec<&str> = said.collect();
    let input = fs::read(&crash).unwrap_or_default();
    let again = format!("  {} {}", programs.join(target).display(), crash.display());
    let how = replay(target, &input);
    bail!("{target} ended with {status}: {}\n{how}\n{again}", said.join(" "));
}

/// The bytes, and the command by which the technician's tool gives them to the same codec.
fn replay(target: &str, input: &[u8]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let whole = format!("  input: {}", hex(input));
    match input.split_first() {
        Some((&first, bytes)) if ![DRIVERS, HL7, DICOM].contains(&target) => {
            let kind = kinds::chosen(target, first)
                .map_or_else(String::new, |kind| format!(" --characteristic '{kind}'"));
            format!("{whole}\n  cartctl decode {target} {}{kind}", hex(bytes))
        }
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_codec_has_a_target_and_every_target_a_corpus() {
        let root = shell::root().unwrap();
        let manifest = fs::read_to_string(root.join("fuzz/Cargo.toml")).unwrap();
        let programs = manifest.split("[[bin]]").skip(1);
        let named: BTreeSet<&str> = programs.filter_map(|text| text.split('"').nth(1)).collect();
        assert_eq!(named, targets().collect());
        for target in targets() {
            let corpus = fs::read_dir(root.join("fuzz/corpus").join(target)).unwrap();
            assert!(corpus.count() > 0, "{target}");
        }
    }

    #[test]
    fn each_byte_chooses_a_kind_that_its_codec_has() {
        for protocol in devices::protocols() {
            for byte in 0..=u8::MAX {
                let kind = kinds::chosen(protocol, byte);
                let said =
                    [0, 2, 14].map(|length| devices::decode(protocol, kind, &vec![0; length]));
                let none = Err(devices::Undecoded::NoSuchCharacteristic);
                assert!(kind.is_none() || said.iter().any(|said| *said != none), "{kind:?}");
            }
        }
    }

    #[test]
    fn a_crash_says_how_it_is_replayed() {
        let codec = replay("ble_glucose", &[1, 0x0F, 0xA0]);
        assert_eq!(
            codec,
            "  input: 010fa0\n  cartctl decode ble_glucose 0fa0 --characteristic '2A18'"
        );
        assert_eq!(replay(DRIVERS, &[1, 2]), "  input: 0102");
    }
}
