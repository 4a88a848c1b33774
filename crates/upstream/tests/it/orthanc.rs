//! Clients of an image archive that nobody here wrote.

use std::{
    io::Read as _,
    net::{Shutdown, TcpListener, TcpStream},
    thread,
};

use sim_ehr::Orthanc;
use upstream::stow::{Access, StowClient, StowOptions};

pub fn client_of(archive: &Orthanc) -> StowClient {
    client(archive.port(), Orthanc::PASSWORD)
}

/// Takes one request whole and gets it answered, and then hangs up without passing on a byte of the answer.
pub fn client_that_loses_an_answer(archive: &Orthanc) -> StowClient {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, behind) = (listener.local_addr().unwrap().port(), archive.port());
    thread::spawn(move || {
        let (asking, _) = listener.accept().unwrap();
        let mut answering = TcpStream::connect(("127.0.0.1", behind)).unwrap();
        let mut there = answering.try_clone().unwrap();
        let mut from = asking.try_clone().unwrap();
        // It ends when the asking one hangs up, below.
        thread::spawn(move || std::io::copy(&mut from, &mut there));
        answering.read_exact(&mut [0]).unwrap();
        asking.shutdown(Shutdown::Both).unwrap();
    });
    client(port, Orthanc::PASSWORD)
}

pub fn client(port: u16, password: &str) -> StowClient {
    let base = format!("http://127.0.0.1:{port}/dicom-web");
    let access = Access::Basic { user: "hub".into(), password: password.into() };
    StowClient::new(StowOptions { base, access }).unwrap()
}

/// One that nobody listens at.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
