//! A socket with a `cartd` of a few lines behind it.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    sync::mpsc::{Receiver, channel},
};

use cart_api::{CartState, Measurable, Refusal};

use super::*;
use crate::model::testing::signed_out;

const SOON: Duration = Duration::from_secs(20);

struct FakeDaemon {
    listener: UnixListener,
    heard: Receiver<FromDaemon>,
    link: Link,
    _folder: tempfile::TempDir,
}

impl FakeDaemon {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("cartd.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let (tell, heard) = channel();
        let link = open(socket, move |news| tell.send(news).unwrap_or_default()).unwrap();
        Self { listener, heard, link, _folder: folder }
    }

    /// Takes the next connection, after its greeting.
    fn accept(&self) -> UnixStream {
        let (mut stream, _) = self.listener.accept().unwrap();
        let hello = read(&mut stream).message::<Request>().unwrap();
        assert!(matches!(hello.command, Command::Hello { version: VERSION }));
        assert_eq!(hello.number, 0);
        stream
    }

    fn hears(&self) -> FromDaemon {
        self.heard.recv_timeout(SOON).expect("the link says something")
    }

    fn hears_state(&self) -> CartState {
        match self.hears() {
            FromDaemon::Said(Response::State(state)) => *state,
            FromDaemon::Said(_) => panic!("something else was said"),
            FromDaemon::Lost => panic!("the connection was lost"),
        }
    }
}

fn read(stream: &mut UnixStream) -> Frame {
    let mut header = [0; HEADER_BYTES];
    stream.read_exact(&mut header).unwrap();
    let header = Header::read(header).unwrap();
    let mut frame =
        Frame { json: vec![0; header.json as usize], blob: vec![0; header.blob as usize] };
    stream.read_exact(&mut frame.json).unwrap();
    stream.read_exact(&mut frame.blob).unwrap();
    frame
}

fn write(stream: &mut UnixStream, response: &Response) {
    let frame = Frame::new(response, Vec::new()).unwrap();
    stream.write_all(&frame.to_bytes()).unwrap();
}

fn state() -> Response {
    Response::State(Box::new(signed_out()))
}

fn measure(number: u64) -> Request {
    let command = Command::Measure { what: Measurable::BloodPressure };
    Request { number, encounter: None, command }
}

#[test]
fn it_greets_and_carries_both_ways() {
    let daemon = FakeDaemon::start();
    let mut stream = daemon.accept();
    write(&mut stream, &state());
    assert_eq!(daemon.hears_state(), signed_out());
    daemon.link.send(&measure(1), vec![7; 100_000]).unwrap();
    let frame = read(&mut stream);
    assert_eq!(frame.message::<Request>().unwrap().number, 1);
    assert_eq!(frame.blob, vec![7; 100_000]);
}

#[test]
fn after_a_crash_of_cartd_it_connects_again_and_sends_nothing_old() {
    let daemon = FakeDaemon::start();
    let mut stream = daemon.accept();
    write(&mut stream, &state());
    daemon.hears_state();
    drop(stream);
    assert!(matches!(daemon.hears(), FromDaemon::Lost));
    assert!(matches!(daemon.link.send(&measure(1), Vec::new()), Err(SendError::NotConnected)));
    let mut stream = daemon.accept();
    write(&mut stream, &state());
    daemon.hears_state();
    daemon.link.send(&measure(2), Vec::new()).unwrap();
    assert_eq!(read(&mut stream).message::<Request>().unwrap().number, 2);
}

#[test]
fn an_unknown_message_is_passed_over_and_the_connection_stays() {
    let daemon = FakeDaemon::start();
    let mut stream = daemon.accept();
    let unknown = Frame::new(&"good morning", Vec::new()).unwrap();
    stream.write_all(&unknown.to_bytes()).unwrap();
    write(&mut stream, &Response::Refused { number: 4, refusal: Refusal::NotUnderstood });
    assert!(matches!(daemon.hears(), FromDaemon::Said(Response::Refused { number: 4, .. })));
}

#[test]
fn a_length_beyond_the_bound_ends_the_connection() {
    let daemon = FakeDaemon::start();
    let mut stream = daemon.accept();
    stream.write_all(&[0xff; HEADER_BYTES]).unwrap();
    assert!(matches!(daemon.hears(), FromDaemon::Lost));
    daemon.accept();
}
