//! `cartctl listen` through the whole of ALSA, on its card that gives silence faster than time.

use std::{fs, process::Command};

/// The card `Steth`, made of ALSA's plugin `null`; no other sound card exists.
const ALSA: &str = r#"
defaults.namehint.showall on
defaults.namehint.basic on
defaults.namehint.extended on
pcm.'hw:CARD=Steth,DEV=0' { type null hint { show on description "Stethoscope" } }
pcm.hw { @args [ CARD DEV ] @args.CARD { type string } @args.DEV { type integer } type null }
"#;

fn cartctl(folder: &tempfile::TempDir, arguments: &[&str]) -> (bool, String, String) {
    let config = folder.path().join("asound.conf");
    fs::write(&config, ALSA).unwrap();
    let mut cartctl = Command::new(env!("CARGO_BIN_EXE_cartctl"));
    cartctl.args(arguments).current_dir(folder).env("ALSA_CONFIG_PATH", config);
    let output = cartctl.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn cards_are_listed_by_the_names_that_open_them() {
    let folder = tempfile::tempdir().unwrap();
    let (ok, said, _) = cartctl(&folder, &["listen"]);
    assert!(ok);
    assert_eq!(said, "{\"cards\":[\"Steth\"]}\n");
}

#[test]
fn what_is_recorded_and_what_is_missing_is_told_to_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    let (ok, said, _) = cartctl(&folder, &["listen", "Steth", "heart.wav", "--seconds", "1"]);
    assert!(ok);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["rate"], &said["channels"]), (&48_000.into(), &1.into()));
    // Nobody writes as fast as this card gives: the rest is marked, not lost without a word.
    let samples = said["samples"].as_u64().unwrap();
    assert!(samples >= 48_000 && said["gaps"].as_u64().unwrap() > 0);
    let wav = fs::read(folder.path().join("heart.wav")).unwrap();
    let length = |at: usize| u64::from(u32::from_le_bytes(wav[at..at + 4].try_into().unwrap()));
    assert_eq!((length(4) + 8, length(40)), (wav.len() as u64, samples * 2));
}

#[test]
fn a_card_without_a_name_of_its_own_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for card in ["default", "0", "plughw:CARD=Steth,DEV=0"] {
        let (ok, _, why) = cartctl(&folder, &["listen", card, "x.wav"]);
        assert!(!ok && why.contains("is no name of a sound card"), "{why}");
        assert!(!folder.path().join("x.wav").exists());
    }
}
