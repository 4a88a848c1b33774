//! A cart whose record's key is in a key ring: with a TPM, and without one.

mod told;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Instant,
};

use age::{secrecy::ExposeSecret, x25519::Identity};
use key_ring::{LockedRing, Machine, OpenRing, Passphrase, RecoveryIdentity};
use tempfile::TempDir;
use vault::{CartVault, VaultKey};

const PASSPHRASE: &str = "canary battery horse staple";

/// Spread over the time that a rotation took.
const KILLS: u32 = 8;

/// Where there is no daemon: only the commands, and what they leave on the disk.
struct Bench {
    folder: TempDir,
    hospital: Identity,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap(), hospital: Identity::generate() };
        let folder = bench.folder.path().display();
        let configuration = format!(
            "name = 'w3'\nhub = 'http://127.0.0.1:9'\ndata = '{folder}/data'\n\
             [key_ring]\npassphrase_file = 'words'\n"
        );
        fs::write(bench.path("cart.toml"), configuration).unwrap();
        bench.private("words", PASSPHRASE);
        bench.private("recovery", bench.hospital.to_string().expose_secret());
        bench
    }

    fn private(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn ring(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cartd"));
        command.args(["ring", "--config"]).arg(self.path("cart.toml")).args(arguments);
        command.stdin(Stdio::null()).output().unwrap()
    }

    #[track_caller]
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.ring(arguments);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(output.status.success(), "{said}");
        said
    }

    #[track_caller]
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.ring(arguments);
        assert!(!output.status.success(), "{output:?}");
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    }

    fn create(&self) -> String {
        self.done(&["create", "--recovery", &self.hospital.to_public().to_string()])
    }

    fn opened(&self) -> OpenRing {
        let identity = self.hospital.to_string().expose_secret().to_owned();
        let identity = RecoveryIdentity::parse(identity.as_bytes()).unwrap();
        LockedRing::load(&self.path("data/key-ring.json")).unwrap().recover(&identity).unwrap()
    }

    fn keys(&self) -> Vec<[u8; 32]> {
        self.opened().keys().iter().map(|key| *key.bytes()).collect()
    }

    /// The record, by the keys of the ring alone, as `cartd` does it: one of them opens it.
    fn opens(&self) -> bool {
        let open = |key| CartVault::open(&self.path("data"), &VaultKey::new(key)).is_ok();
        self.keys().into_iter().any(open)
    }
}

fn machine() -> Machine {
    Machine::Passphrase(Passphrase::new(PASSPHRASE.as_bytes()).unwrap())
}

#[test]
fn neither_key_nor_passphrase_is_on_the_disk_or_in_what_is_said() {
    let bench = Bench::new();
    let mut said = bench.create();
    let mut keys = bench.keys();
    CartVault::open(&bench.path("data"), &VaultKey::new(keys[0])).unwrap();
    said += &bench.done(&["show"]);
    said += &bench.done(&["rotate"]);
    keys.extend(bench.keys());
    assert_ne!(keys[0], keys[1]);
    let other = Identity::generate().to_public().to_string();
    said += &bench.done(&["recover", "--identity", bench.path("recovery").to_str().unwrap()]);
    said += &bench.done(&["recovery", &other]);
    said += &bench.refused(&["recover", "--identity", bench.path("recovery").to_str().unwrap()]);
    assert!(said.contains(&other), "{said}");

    let mut secrets = vec![PASSPHRASE.as_bytes().to_vec()];
    let private = bench.hospital.to_string();
    secrets.push(private.expose_secret().as_bytes().to_vec());
    for key in &keys {
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        secrets.extend([key.to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()]);
    }
    let mut searched = vec![("what was said".to_owned(), said.into_bytes())];
    for file in fs::read_dir(bench.path("data")).unwrap() {
        let path = file.unwrap().path();
        searched.push((path.display().to_string(), fs::read(&path).unwrap()));
    }
    assert!(searched.len() >= 3, "the record and its ring are there");
    for (place, content) in searched {
        for secret in &secrets {
            let found = content.windows(secret.len()).any(|bytes| bytes == secret.as_slice());
            assert!(!found, "a secret of {} bytes is in {place}", secret.len());
        }
    }
}

/// Each step is durable by itself, so these are all the places where a kill can come between two of them.
#[test]
fn a_rotation_that_was_cut_off_after_any_step_opens_and_is_finished_by_the_next() {
    for steps in 0..=3 {
        let bench = Bench::new();
        bench.create();
        let file = bench.path("data/key-ring.json");
        let before = bench.keys()[0];
        CartVault::open(&bench.path("data"), &VaultKey::new(before)).unwrap();
        let mut ring = bench.opened();
        if steps >= 1 {
            ring.begin_rotation(&machine()).unwrap();
            ring.replace_file(&file).unwrap();
        }
        if steps >= 2 {
            let [current, next] = ring.keys() else { panic!("two keys") };
            let [current, next] = [current, next].map(|key| VaultKey::new(*key.bytes()));
            CartVault::rekey(&bench.path("data"), &current, &next).unwrap();
        }
        if steps >= 3 {
            ring.finish_rotation();
            ring.replace_file(&file).unwrap();
        }
        assert!(bench.opens(), "after {steps} steps");
        let interrupted = steps == 1 || steps == 2;
        assert_eq!(bench.done(&["show"]).contains("cut off"), interrupted, "{steps}");
        bench.done(&["rotate"]);
        let [after] = bench.keys()[..] else { panic!("one key is left") };
        let told = told::rows(&bench.path("data"), bench.opened().keys());
        let rotated = told.iter().filter(|row| row.ends_with(" record_key_rotated")).count();
        assert_eq!(rotated, 1, "after {steps} steps: {told:?}");
        assert_ne!(after, before);
        assert!(bench.opens(), "after {steps} steps and another try");
        let old = CartVault::open(&bench.path("data"), &VaultKey::new(before));
        assert!(old.is_err(), "the old key is a key no more");
    }
}

/// `kill -9` at moments that nobody chose; a loaded machine comes to other places of the work.
#[test]
fn a_rotation_that_is_killed_leaves_a_record_that_opens() {
    let bench = Bench::new();
    bench.create();
    CartVault::open(&bench.path("data"), &VaultKey::new(bench.keys()[0])).unwrap();
    let begun = Instant::now();
    bench.done(&["rotate"]);
    let whole = begun.elapsed();
    for kill in 1..=KILLS {
        let mut rotate = Command::new(env!("CARGO_BIN_EXE_cartd"))
            .args(["ring", "--config"])
            .arg(bench.path("cart.toml"))
            .arg("rotate")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * kill / KILLS);
        let _ = rotate.kill();
        rotate.wait().unwrap();
        assert!(bench.opens(), "after kill {kill}");
    }
    bench.done(&["rotate"]);
    assert!(bench.opens() && bench.keys().len() == 1);
}

#[test]
fn a_ring_that_is_wrong_is_told_with_the_next_step() {
    let bench = Bench::new();
    let said = bench.refused(&["create", "--recovery", "ssh-ed25519"]);
    assert!(said.contains("age1"), "{said}");
    bench.create();
    let said = bench.refused(&["create", "--recovery", &bench.hospital.to_public().to_string()]);
    assert!(said.contains("never overwritten"), "{said}");
    bench.private("words", "another passphrase of a machine");
    let said = bench.refused(&["rotate"]);
    assert!(said.contains("passphrase does not open"), "{said}");
    bench.done(&["recover", "--identity", bench.path("recovery").to_str().unwrap()]);
    bench.done(&["rotate"]);
    damage(&bench.path("data/key-ring.json"));
    let said = bench.refused(&["show"]);
    assert!(said.contains("damaged"), "{said}");
}

fn damage(file: &Path) {
    let mut content = fs::read(file).unwrap();
    let middle = content.len() / 2;
    content[middle] ^= 1;
    fs::write(file, content).unwrap();
}
