//! The real `cartd` with its keys, configuration and nurse, as a technician sets it up.

use std::{
    fs,
    io::Write,
    os::unix::net::UnixStream,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use cart_api::{Command as Ask, HubLink, Identifier, SignInState};
use clinical::{EntryId, Patient, Sex};
use tempfile::TempDir;

use crate::{hub::Hub, kiosk::Kiosk, patience::PATIENCE, room::Room};

pub const NURSE: &str = "4711";
pub const PIN: &str = "2580";

pub struct Cart {
    folder: TempDir,
    daemon: Option<Child>,
    pub hub: Hub,
    pub room: Room,
}

impl Cart {
    /// Enrolled at a hub that is away; the daemon does not run yet.
    pub fn new() -> Self {
        Self::with("")
    }

    /// `lines`: more of the configuration.
    pub fn with(lines: &str) -> Self {
        let (folder, hub, room) = (tempfile::tempdir().unwrap(), Hub::away(), Room::new());
        let cart = Self { folder, daemon: None, hub, room };
        cart.configure(lines);
        let path = |name: &str| cart.path(name).display().to_string();
        cart.command(&["key", "create", &path("key")], "");
        let public_key = cart.command(&["identity", "create", &path("identity")], "");
        cart.hub.enrol(public_key.trim());
        let add = ["nurse", "--config", &path("cart.toml"), "add", NURSE, "Grace Okafor"];
        cart.command(&add, PIN);
        cart
    }

    fn configure(&self, lines: &str) {
        let folder = self.folder.path().display();
        // How full the disk of this machine is is nobody's test; one that plays it says so itself.
        let disk =
            if lines.contains("disk_percent") { "" } else { "disk_percent = [100, 100, 100]\n" };
        let head = format!(
            "name = 'w3'\nhub = 'http://{}'\ndata = '{folder}/data'\nkey = '{folder}/key'\n\
             identity = '{folder}/identity'\nsocket = '{folder}/socket'\n{disk}{lines}\n",
            self.hub.address
        );
        fs::write(self.path("cart.toml"), head + &self.room.configuration()).unwrap();
    }

    /// `block`: a `[[device]]` of the configuration, before the start.
    pub fn add_device(&self, block: &str) {
        let file = self.path("cart.toml");
        let configuration = fs::read_to_string(&file).unwrap();
        fs::write(file, configuration + block).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn try_command(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cartd"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// What it prints.
    #[track_caller]
    pub fn command(&self, arguments: &[&str], input: &str) -> String {
        let output = self.try_command(arguments, input);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts the daemon and waits until its socket answers.
    pub fn start(&mut self) {
        let log = fs::File::options().create(true).append(true).open(self.path("log")).unwrap();
        let mut daemon = Command::new(env!("CARGO_BIN_EXE_cartd"))
            .args(["run", "--config"])
            .arg(self.path("cart.toml"))
            .stderr(log)
            .spawn()
            .unwrap();
        let end = Instant::now() + PATIENCE;
        while UnixStream::connect(self.path("socket")).is_err() {
            assert!(daemon.try_wait().unwrap().is_none(), "cartd ended:\n{}", self.log());
            assert!(Instant::now() < end, "cartd does not answer:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
        self.daemon = Some(daemon);
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        let mut daemon = self.daemon.take().expect("cartd runs");
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }

    /// As systemd does it; the exit code.
    pub fn terminate(&mut self) -> Option<i32> {
        let mut daemon = self.daemon.take().expect("cartd runs");
        let pid = daemon.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        daemon.wait().unwrap().code()
    }

    pub fn kiosk(&self) -> Kiosk {
        Kiosk::connect(&self.path("socket"))
    }

    /// A kiosk at which the nurse has signed in.
    pub fn signed_in(&self) -> Kiosk {
        let mut kiosk = self.kiosk();
        kiosk.done(sign_in(PIN));
        kiosk.sees("the nurse", |state| {
            matches!(state.sign_in, SignInState::SignedIn { .. }).then_some(())
        });
        kiosk
    }

    /// A kiosk in the encounter of Grace's patient.
    pub fn in_encounter(&self) -> Kiosk {
        let mut kiosk = self.signed_in();
        open_encounter(&mut kiosk);
        kiosk
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }
}

impl Drop for Cart {
    fn drop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().unwrap();
            daemon.wait().unwrap();
        }
        if std::thread::panicking() {
            eprintln!("--- the log of cartd\n{}", self.log());
        }
    }
}

pub fn sign_in(pin: &str) -> Ask {
    Ask::SignIn { nurse: NURSE.into(), pin: pin.into() }
}

pub fn patient() -> Patient {
    Patient {
        system: "urn:hospital".into(),
        number: "canary-100234".into(),
        family: "Canary-Lindgren".into(),
        given: "Elsa".into(),
        birth_date: "1958-03-14".into(),
        sex: Sex::Female,
    }
}

pub fn started() -> Cart {
    let mut cart = Cart::new();
    cart.start();
    cart
}

pub fn open_encounter(kiosk: &mut Kiosk) -> EntryId {
    let confirmed = vec![Identifier::Name, Identifier::BirthDate];
    let entry = kiosk.done(Ask::OpenEncounter { patient: patient(), confirmed });
    kiosk.sees("the encounter", |state| state.encounter.as_ref().map(|_| ()));
    entry.expect("an opening is an entry")
}

pub fn wait_for_hub(kiosk: &Kiosk) {
    kiosk.sees("the hub", |state| (state.hub == HubLink::Connected).then_some(()));
}
