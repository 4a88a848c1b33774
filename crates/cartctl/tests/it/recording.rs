//! A recorded file is told to the driver that it names.

use std::fs;

use serde_json::{Value, json};

use crate::program::{Said, cartctl};

fn replay(text: &str) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recording.txt");
    fs::write(&file, text).unwrap();
    cartctl(&["replay", &file.display().to_string()])
}

#[test]
fn the_driver_reports_again_what_it_reported() {
    let said = replay(
        "bedside recording 1 of ble-thermometer\n\
         0 up 1795333320000 60\n\
         40 in 1809/2A1D 03\n\
         900 in 1809/2A1C 00720100ff\n\
         950 down\n",
    );
    let reports: Vec<Value> =
        said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(reports[0], json!({ "status": "ready" }), "{}{}", said.out, said.words);
    let measured = &reports[1]["measured"];
    assert_eq!(measured["measurement"]["celsius"], "37.0");
    assert_eq!(measured["raw"], "00720100ff");
    assert_eq!(said.code, Some(0));
}

#[test]
fn what_is_no_recording_is_said_so() {
    for (text, word) in [
        ("hello\n", "no recording"),
        ("bedside recording 1 of ble-thermometer\n0 sideways\n", "line 2"),
        ("bedside recording 1 of toaster\n", "`toaster`"),
    ] {
        let said = replay(text);
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
        assert!(said.words.contains(word), "{}", said.words);
    }
    let missing = cartctl(&["replay", "/nowhere/recording.txt"]);
    assert!(missing.words.contains("/nowhere/recording.txt"), "{}", missing.words);
}
