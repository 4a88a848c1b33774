//! What the machine must have beside Rust and git: asks Debian's package list, installs what is missing.

use std::{env, path::Path, process::Command};

use anyhow::{Result, bail};

use crate::shell;

/// To build: headers and compilers of the C parts.
const BUILD: &[&str] = &[
    "pkg-config",
    "clang",
    "libssl-dev",
    "libudev-dev",
    "libdbus-1-dev",
    "libasound2-dev",
    "libpcsclite-dev",
    "libfontconfig-dev",
    "libxkbcommon-dev",
    "libgstreamer1.0-dev",
    "libgstreamer-plugins-base1.0-dev",
    "libgstreamer-plugins-bad1.0-dev",
];

/// To run: codecs, network, fonts, and the libraries that the window opens by name.
const RUN: &[&str] = &[
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "gstreamer1.0-plugins-bad",
    "gstreamer1.0-plugins-ugly",
    "gstreamer1.0-libav",
    "gstreamer1.0-nice",
    "gstreamer1.0-alsa",
    "fonts-noto-core",
    "libxkbcommon-x11-0",
    "libx11-xcb1",
    "libxcursor1",
    "libxi6",
    "libxrandr2",
];

/// To play a consult without people: a screen, a browser, and the bus on which the kiosk can be read.
const REHEARSE: &[&str] =
    &["xvfb", "imagemagick", "chromium", "chromium-driver", "at-spi2-core", "dbus", "systemd"];

/// To play it with the other browser, and something to play sound on: without, Firefox starts no Web Audio.
const FIREFOX: &[&str] = &["firefox-esr", "pulseaudio"];

/// To run what others wrote beside ours: it comes from PyPI, and `openssl` makes keys and speaks old TLS.
const PEERS: &[&str] = &["python3", "python3-pip", "openssl"];

/// To store in, to read and to check DICOM files: an image archive and two toolkits.
const ARCHIVE: &[&str] = &["orthanc", "orthanc-dicomweb", "dcmtk", "dicom3tools"];

/// Their packages start services at every address, of the same names; the tests start their own.
const SERVICES: [&str; 2] = ["orthanc", "coturn"];

/// To seal keys: a TPM in software, and the tools that a cart asks its own by.
const TPM: &[&str] = &["swtpm", "tpm2-tools"];

/// To relay calls: a TURN server.
const RELAY: &[&str] = &["coturn"];

/// To fuzz: libFuzzer is C++.
const FUZZ: &[&str] = &["g++"];

/// To make a network narrow and lossy.
const NETWORK: &[&str] = &["iproute2", "nftables"];

/// Installs what building and the demo need.
///
/// # Errors
/// apt is missing or fails.
pub fn for_demo() -> Result<()> {
    let mut wanted = [BUILD, RUN].concat();
    if env::var_os("DISPLAY").is_none() && env::var_os("WAYLAND_DISPLAY").is_none() {
        wanted.push("xvfb");
    }
    install(wanted)
}

/// Installs what the benchmarks and the killing of programs need.
///
/// # Errors
/// apt is missing or fails.
pub fn for_bench() -> Result<()> {
    install([BUILD, PEERS, ARCHIVE].concat())
}

/// Installs what the rehearsal and the tests need too.
///
/// # Errors
/// apt is missing or fails.
pub fn for_tests() -> Result<()> {
    install([BUILD, RUN, REHEARSE, FIREFOX, PEERS, ARCHIVE, TPM, RELAY, FUZZ, NETWORK].concat())
}

/// Installs the packages of a lock file, unless they are there already.
///
/// # Errors
/// npm fails.
pub fn npm(folder: &Path) -> Result<()> {
    let installed = folder.join("node_modules/.package-lock.json");
    let age = |file: &Path| file.metadata().and_then(|data| data.modified());
    let newer = age(&installed)
        .and_then(|installed| Ok(installed >= age(&folder.join("package-lock.json"))?));
    if matches!(newer, Ok(true)) {
        return Ok(());
    }
    let what = format!("npm packages of {}", folder.display());
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
    shell::step(&what, &mut npm)
}

fn install(mut wanted: Vec<&str>) -> Result<()> {
    if !shell::finds("node") || !shell::finds("npm") {
        wanted.extend(["nodejs", "npm"]);
    }
    // Ubuntu's chromium package only points at a snap, which cannot be driven from outside.
    if shell::finds("chromium") && shell::finds("chromedriver") {
        wanted.retain(|name| !name.starts_with("chromium"));
    }
    // So does Ubuntu's firefox, and firefox-esr it has none.
    if shell::finds("firefox-esr") {
        wanted.retain(|name| *name != "firefox-esr");
    }
    // PulseAudio's package would take PipeWire's away from a desktop, and Firefox plays on either.
    if shell::finds("pipewire-pulse") {
        wanted.retain(|name| *name != "pulseaudio");
    }
    if !shell::finds("dpkg-query") || !shell::finds("apt-get") {
        bail!(
            "This machine has no apt. Install the counterparts of these by hand: {}",
            wanted.join(" ")
        );
    }
    let missing: Vec<&str> = wanted.into_iter().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing on this machine: {}", missing.join(" "));
    shell::step("read the package lists", apt().args(["update", "-q"]))?;
    let services: Vec<&str> = SERVICES.into_iter().filter(|one| missing.contains(one)).collect();
    // Who had it already keeps it as it is. A masked service is not started by its package.
    if Path::new("/run/systemd/system").exists() {
        for service in &services {
            let mut mask = as_root("systemctl");
            shell::step("keep a service down", mask.args(["mask", &format!("{service}.service")]))?;
        }
    }
    let install = ["install", "-y", "-q", "--no-install-recommends"];
    shell::step("install what is missing", apt().args(install).args(missing))?;
    services.into_iter().try_for_each(stop)
}

/// Without systemd, as in a container, its package may have started it all the same.
fn stop(service: &str) -> Result<()> {
    let script = format!("/etc/init.d/{service}");
    if Path::new("/run/systemd/system").exists() || !Path::new(&script).exists() {
        return Ok(());
    }
    shell::step("keep a service down", as_root(&script).arg("stop"))
}

fn is_installed(package: &str) -> bool {
    let status = Command::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}", package])
        .output()
        .map(|output| output.stdout);
    matches!(status, Ok(status) if status == b"installed")
}

fn apt() -> Command {
    as_root("apt-get")
}

/// By sudo for whoever is not root.
fn as_root(program: &str) -> Command {
    let root = env::var("USER").is_ok_and(|user| user == "root")
        || shell::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let mut command = Command::new(if root { program } else { "sudo" });
    if !root {
        command.args(["DEBIAN_FRONTEND=noninteractive", program]);
    }
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
