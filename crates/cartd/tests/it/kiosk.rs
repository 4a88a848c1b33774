//! A kiosk without a screen: speaks the socket's bytes, remembers what it is told.

use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::UnixStream,
    path::Path,
    thread,
};

use cart_api::{
    CartState, Command, Frame, HEADER_BYTES, Header, NoticeKind, Refusal, Request, Response,
    VERSION,
};
use clinical::{CallId, EncounterId, EntryId};
use hub_api::Signal;

use crate::patience::Watched;

#[derive(Default)]
pub struct Told {
    /// Every state, oldest first.
    pub states: Vec<CartState>,
    pub answers: Vec<Response>,
    pub signals: Vec<(CallId, Signal)>,
    pub closed: bool,
}

pub struct Kiosk {
    socket: UnixStream,
    pub told: Watched<Told>,
    number: u64,
}

impl Kiosk {
    /// Connects without a greeting.
    pub fn silent(path: &Path) -> Self {
        let socket = UnixStream::connect(path).unwrap();
        let told = Watched::new(Told::default());
        let (reader, heard) = (socket.try_clone().unwrap(), told.clone());
        thread::spawn(move || listen(reader, &heard));
        Self { socket, told, number: 0 }
    }

    pub fn connect(path: &Path) -> Self {
        let mut kiosk = Self::silent(path);
        kiosk.done(Command::Hello { version: VERSION });
        kiosk
    }

    pub fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.socket.write_all(bytes)
    }

    /// Sends the command and waits for its answer.
    #[track_caller]
    pub fn ask(&mut self, command: Command) -> Result<Option<EntryId>, Refusal> {
        self.ask_with(command, Vec::new())
    }

    #[track_caller]
    pub fn ask_with(
        &mut self,
        command: Command,
        blob: Vec<u8>,
    ) -> Result<Option<EntryId>, Refusal> {
        let number = self.send(command, blob);
        self.answer_to(number)
    }

    /// As a person asks who looks at the newest state.
    pub fn send(&mut self, command: Command, blob: Vec<u8>) -> u64 {
        let encounter = self
            .told
            .change(|told| told.states.last().and_then(|state| Some(state.encounter.as_ref()?.id)));
        self.send_about(encounter, command, blob)
    }

    pub fn send_about(
        &mut self,
        encounter: Option<EncounterId>,
        command: Command,
        blob: Vec<u8>,
    ) -> u64 {
        self.number += 1;
        let request = Request { number: self.number, encounter, command };
        self.write(&Frame::new(&request, blob).unwrap().to_bytes()).unwrap();
        self.number
    }

    #[track_caller]
    pub fn answer_to(&self, wanted: u64) -> Result<Option<EntryId>, Refusal> {
        self.told.until("an answer", |told| {
            told.answers.iter().find_map(|answer| match answer {
                Response::Done { number, entry } if *number == wanted => Some(Ok(*entry)),
                Response::Refused { number, refusal } if *number == wanted => Some(Err(*refusal)),
                _ => None,
            })
        })
    }

    #[track_caller]
    pub fn done(&mut self, command: Command) -> Option<EntryId> {
        self.ask(command).expect("the command is carried out")
    }

    /// Waits for a state as described; looks at the newest only.
    #[track_caller]
    pub fn sees<R>(&self, what: &str, mut look: impl FnMut(&CartState) -> Option<R>) -> R {
        self.told.until(what, |told| told.states.last().and_then(&mut look))
    }

    #[track_caller]
    pub fn sees_notice(&self, what: &str, is: impl Fn(&NoticeKind) -> bool) -> u64 {
        self.sees(what, |state| {
            state.notices.iter().find(|notice| is(&notice.kind)).map(|notice| notice.id)
        })
    }

    #[track_caller]
    pub fn is_closed(&self) {
        self.told.until("the connection to be closed", |told| told.closed.then_some(()));
    }
}

impl Drop for Kiosk {
    fn drop(&mut self) {
        // The listening thread has a copy. A connection that is closed already is as good.
        if let Err(error) = self.socket.shutdown(Shutdown::Both) {
            assert_eq!(error.kind(), std::io::ErrorKind::NotConnected);
        }
    }
}

fn listen(mut socket: UnixStream, told: &Watched<Told>) {
    while let Ok(response) = read(&mut socket) {
        told.change(|told| match response {
            Response::State(state) => told.states.push(*state),
            Response::Signal { call, signal } => told.signals.push((call, signal)),
            Response::Done { .. } | Response::Refused { .. } => told.answers.push(response),
        });
    }
    told.change(|told| told.closed = true);
}

fn read(socket: &mut UnixStream) -> std::io::Result<Response> {
    let mut header = [0; HEADER_BYTES];
    socket.read_exact(&mut header)?;
    let header = Header::read(header).expect("cartd keeps its own bounds");
    let mut frame =
        Frame { json: vec![0; header.json as usize], blob: vec![0; header.blob as usize] };
    socket.read_exact(&mut frame.json)?;
    socket.read_exact(&mut frame.blob)?;
    Ok(frame.message().expect("cartd speaks the same version"))
}
