//! What the program makes of the answers of a `cartd` that the test plays.

use std::{
    io::{Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    thread,
};

use cart_api::{
    DeviceHealth, DeviceLink, DiskHealth, DiskRoom, Frame, HEADER_BYTES, Header, LastReading,
    OpenedBy, RecordKey, Space, TechnicianAnswer, TechnicianCommand, TechnicianRefusal,
    TechnicianRequest, VERSION,
};
use clinical::{AuditReport, ChainHead, DeviceId, HeadCheck, Hex, Timestamp};
use serde_json::json;
use tempfile::TempDir;

use crate::program::{Said, cartctl};

const NOW: Timestamp = Timestamp::from_millis(1_795_333_320_000);

fn cuff() -> DeviceHealth {
    DeviceHealth {
        id: DeviceId("cuff".into()),
        driver: "suntech-advantage".into(),
        title: "SunTech Advantage".into(),
        address: "serial:/dev/bedside/serial-A1".into(),
        link: DeviceLink::Up { since: NOW.plus_millis(-60_000) },
        lost: 1,
        heard: Some(NOW),
        malformed: 0,
        last_malformed: None,
        serial: None,
        firmware: None,
        battery: Some(70),
        last_reading: Some(LastReading { kind: "blood pressure".into(), at: NOW }),
    }
}

fn filling() -> DiskHealth {
    let gib = |gib: u64| gib * 1024 * 1024 * 1024;
    let room = DiskRoom {
        total: gib(100),
        available: gib(18),
        reusable: gib(1),
        ballast: 0,
        ballast_wanted: 512 * 1024 * 1024,
    };
    DiskHealth { space: Space::NoVideo, room, times_full: 2, purged: 1234 }
}

/// Answers one connection, then closes it.
fn play(
    answer: impl Fn(u64, TechnicianCommand) -> Vec<TechnicianAnswer> + Send + 'static,
) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let listener = UnixListener::bind(folder.path().join("socket")).unwrap();
    thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        while let Some(TechnicianRequest { number, command }) = read(&mut client) {
            let watched = matches!(command, TechnicianCommand::WatchDevice { .. });
            for answer in answer(number, command) {
                let frame = Frame::new(&answer, Vec::new()).unwrap();
                client.write_all(&frame.to_bytes()).unwrap();
            }
            if watched {
                return;
            }
        }
    });
    folder
}

fn read(client: &mut UnixStream) -> Option<TechnicianRequest> {
    let mut header = [0; HEADER_BYTES];
    client.read_exact(&mut header).ok()?;
    let mut json = vec![0; Header::read(header).unwrap().json as usize];
    client.read_exact(&mut json).unwrap();
    Some(Frame { json, blob: Vec::new() }.message().unwrap())
}

fn as_cartd(number: u64, command: TechnicianCommand) -> Vec<TechnicianAnswer> {
    match command {
        TechnicianCommand::Hello { version } => {
            assert_eq!(version, VERSION);
            vec![TechnicianAnswer::Done { number }]
        }
        TechnicianCommand::ListDevices => {
            vec![TechnicianAnswer::Devices { number, now: NOW, devices: vec![cuff()] }]
        }
        TechnicianCommand::LookAtDisk => {
            vec![TechnicianAnswer::Disk { number, disk: Some(filling()) }]
        }
        TechnicianCommand::LookAtKey => {
            let key = RecordKey { opened_by: OpenedBy::PassphraseFile, rotating: false };
            vec![TechnicianAnswer::Key { number, key }]
        }
        TechnicianCommand::TakeRecording { device } => {
            assert_eq!(device.0, "cuff");
            vec![TechnicianAnswer::Recording { number, text: "bedside recording\n".into() }]
        }
        TechnicianCommand::WatchDevice { device } => {
            let event = json!({ "battery": 70 });
            let saw = TechnicianAnswer::Saw { device, at: NOW, event };
            vec![TechnicianAnswer::Done { number }, saw]
        }
        TechnicianCommand::VerifyAudit { holds } => {
            let contained = holds.is_none();
            let head = holds.unwrap_or(ChainHead { position: 70, hash: Hex([0xab; 32]) });
            let asked = Some(HeadCheck { head, contained, signature_is_right: None });
            let (signed, anchored, broken) = (None, None, None);
            let (rows, since, head) = (70, Some(NOW), Some(head));
            let report = AuditReport { rows, since, head, broken, signed, anchored, asked };
            vec![TechnicianAnswer::Audit { number, report }]
        }
    }
}

fn ask(folder: &TempDir, arguments: &[&str]) -> Said {
    let socket = folder.path().join("socket").display().to_string();
    cartctl(&[arguments, &["--socket", &socket]].concat())
}

#[test]
fn each_device_is_a_row_with_its_link_its_last_reading_and_its_battery() {
    let said = ask(&play(as_cartd), &["devices"]);
    let rows: Vec<&str> = said.out.lines().collect();
    assert_eq!(rows.len(), 2, "{}{}", said.out, said.words);
    for word in ["cuff", "SunTech Advantage", "up, lost 1×", "blood pressure, 0 s ago", "70 %"] {
        assert!(rows[1].contains(word), "{word} in {}", rows[1]);
    }
}

#[test]
fn the_disk_is_told_in_words_with_a_next_step() {
    let said = ask(&play(as_cartd), &["disk"]);
    for word in ["nearly full", "18.0 GiB of 100.0 GiB", "1.0 GiB", "was full 2×", "1234"] {
        assert!(said.out.contains(word), "{word} in {}", said.out);
    }
    assert!(said.out.contains("not there"), "the ballast was given up: {}", said.out);
    let json = ask(&play(as_cartd), &["disk", "--json"]).json();
    assert_eq!(json["disk"], serde_json::to_value(filling()).unwrap());
}

#[test]
fn a_record_that_a_passphrase_file_opens_is_warned_of_wherever_the_cart_is_looked_at() {
    for look in ["devices", "disk"] {
        for arguments in [&[look][..], &[look, "--json"]] {
            let said = ask(&play(as_cartd), arguments);
            assert_eq!(said.code, Some(0), "{}", said.words);
            assert!(said.words.starts_with("WARNING: The record"), "{look}: {}", said.words);
            assert!(said.words.contains("docs/field/keys.md"), "{look}: {}", said.words);
            assert!(!said.out.contains("WARNING"), "{look}: {}", said.out);
        }
    }
}

#[test]
fn as_json_nothing_is_left_out() {
    let said = ask(&play(as_cartd), &["devices", "--json"]).json();
    assert_eq!(said["devices"][0], serde_json::to_value(cuff()).unwrap());
    assert_eq!(said["now"], NOW.to_string());
}

#[test]
fn what_a_watched_device_says_is_a_line_each() {
    let said = ask(&play(as_cartd), &["watch", "cuff"]);
    let saw = json!({ "at": NOW.to_string(), "device": "cuff", "saw": { "battery": 70 } });
    assert_eq!(said.json(), saw);
    // The daemon that the test plays goes away after it.
    assert!(said.words.contains("closed the connection"), "{}", said.words);
    assert_eq!(said.code, Some(1));
}

#[test]
fn a_device_that_the_cart_does_not_have_is_answered_with_those_it_has() {
    let said = ask(&play(as_cartd), &["watch", "toaster"]);
    assert!(said.words.contains("`toaster`") && said.words.contains("cuff"), "{}", said.words);
    assert_eq!(said.code, Some(1));
}

#[test]
fn a_recording_is_written_to_a_new_file_and_over_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cuff.txt");
    let file = file.display().to_string();
    let said = ask(&play(as_cartd), &["record", "cuff", &file]);
    assert_eq!(said.code, Some(0), "{}", said.words);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "bedside recording\n");
    let again = ask(&play(as_cartd), &["record", "cuff", &file]);
    assert!(again.words.contains(&file), "{}", again.words);
    assert_eq!(again.code, Some(1));
}

#[test]
fn another_version_and_no_cartd_at_all_are_said_with_a_next_step() {
    let refuse = |number, _| {
        vec![TechnicianAnswer::Refused { number, why: TechnicianRefusal::WrongVersion }]
    };
    let other = ask(&play(refuse), &["devices"]);
    assert!(other.words.contains("different versions"), "{}", other.words);
    let nobody = ask(&tempfile::tempdir().unwrap(), &["devices"]);
    assert!(nobody.words.contains("systemctl start cartd"), "{}", nobody.words);
    assert_eq!((other.code, nobody.code), (Some(1), Some(1)));
}

#[test]
fn a_whole_audit_ends_with_0_and_one_that_is_not_with_1_and_a_next_step() {
    let whole = ask(&play(as_cartd), &["audit", "verify"]);
    assert_eq!(whole.code, Some(0), "{}{}", whole.out, whole.words);
    assert!(whole.out.starts_with("rows      70, since 2026-11-22"), "{}", whole.out);
    let head = format!("64:{}", "5a".repeat(32));
    let cut = ask(&play(as_cartd), &["audit", "verify", "--holds", &head]);
    assert_eq!(cut.code, Some(1), "{}{}", cut.out, cut.words);
    assert!(cut.out.contains(&format!("{head}: NOT IN THE CHAIN")), "{}", cut.out);
    assert!(cut.out.contains("docs/field/audit.md"), "{}", cut.out);
    let json = ask(&play(as_cartd), &["audit", "verify", "--json"]).json();
    assert_eq!(
        (json["rows"].as_i64(), json["asked"]["contained"].as_bool()),
        (Some(70), Some(true))
    );
    let wrong = ask(&play(as_cartd), &["audit", "verify", "--holds", "64"]);
    wrong.is_not_understood("a head is its position");
}
