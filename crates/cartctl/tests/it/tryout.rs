//! `cartctl try` on a machine that has none of it, and against a UPS that is a script.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    process::{Command, Stdio},
    thread,
};

use serde_json::Value;

use crate::program::cartctl;

#[test]
fn what_is_not_one_of_them_is_not_understood() {
    cartctl(&["try", "toaster"]).is_not_understood("toaster");
    let said = cartctl(&["try", "scanner", "--allow", "05e0-1200"]);
    said.is_not_understood("is not two hexadecimal numbers such as 05e0:1200");
}

#[test]
fn a_scanner_without_a_name_lists_those_that_are_plugged_in() {
    let said = cartctl(&["try", "scanner"]);
    assert!(said.json()["devices"].is_array(), "{}", said.out);
}

#[test]
fn a_camera_that_is_none_is_named() {
    let said = cartctl(&["try", "exam-cameras", "--lock", "/dev/video-of-nobody"]);
    assert_eq!(said.code, Some(1));
    assert!(said.words.contains("could not open /dev/video-of-nobody"), "{}", said.words);
}

/// Answers as `upsd` does (RFC 9271), for one UPS on battery at 9 per cent.
fn ups(listener: &TcpListener) {
    let (socket, _) = listener.accept().unwrap();
    let mut answers = socket.try_clone().unwrap();
    for line in BufReader::new(socket).lines() {
        let Ok(line) = line else { return };
        let answer = match line.as_str() {
            "LIST UPS" => "BEGIN LIST UPS\nUPS cart \"Cart\"\nEND LIST UPS\n",
            "LIST VAR cart" => {
                "BEGIN LIST VAR cart\nVAR cart ups.status \"OB DISCHRG\"\n\
                 VAR cart battery.charge \"9\"\nEND LIST VAR cart\n"
            }
            _ => "ERR UNKNOWN-COMMAND\n",
        };
        if answers.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

#[test]
fn a_ups_that_runs_empty_is_urgent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || ups(&listener));
    let mut cartctl = Command::new(env!("CARGO_BIN_EXE_cartctl"));
    cartctl.args(["try", "power", "--nut", &address, "--ups", "cart"]);
    let mut running = cartctl.stdout(Stdio::piped()).spawn().unwrap();
    let said = BufReader::new(running.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut told = said.map(|line| serde_json::from_str::<Value>(&line).unwrap());
    let urgent = told.find(|told| told["urgency"] == "Critical").unwrap();
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!((&urgent["on_mains"], &urgent["charge_percent"]), (&false.into(), &9.into()));
}
