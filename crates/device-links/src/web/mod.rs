//! Requests to a device's web service over HTTP: one at a time, on a thread of their own, so that
//! the device's thread can be rung while a camera thinks.
//!
//! Knows nothing of what is asked.

mod client;
mod login;

use std::{
    io,
    os::fd::OwnedFd,
    sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel},
    thread,
    time::{Duration, Instant},
};

use devices::Channel;
use rustix::{
    event::{EventfdFlags, eventfd},
    io::write,
};

pub use login::{Login, LoginError};

use crate::{address::Host, carrier::Arrived};
use client::{Client, RequestError};

/// A driver asks one thing at a time; another one is the stop of a link that is closed meanwhile.
const WAITING: usize = 2;
/// For the last words to a device when the link is closed.
const PARTING: Duration = Duration::from_millis(500);

/// Why the service is of no use any more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WebError {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error("the device does not answer as fast as it is asked")]
    Stuck,
}

struct Request {
    path: String,
    body: String,
}

/// `None`: nothing that a driver could read.
type Answer = Result<Option<Vec<u8>>, RequestError>;

pub(crate) struct Web {
    /// `None` only while it is dropped.
    requests: Option<SyncSender<Request>>,
    answers: Receiver<Answer>,
    unanswered: usize,
}

impl Web {
    /// With the descriptor that becomes readable at each answer.
    pub(crate) fn open(host: &Host, login: Option<&Login>) -> io::Result<(Self, OwnedFd)> {
        let heard = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        let bell = heard.try_clone()?;
        let (requests, asked) = sync_channel(WAITING);
        let (answer, answers) = sync_channel(WAITING + 1);
        let client = Client::new(host, login.cloned());
        thread::Builder::new()
            .name(format!("http {host}"))
            .spawn(move || work(client, &asked, &answer, &bell))?;
        Ok((Self { requests: Some(requests), answers, unanswered: 0 }, heard))
    }

    pub(crate) fn post(&mut self, path: String, body: String) -> Result<(), WebError> {
        let requests = self.requests.as_ref().ok_or(WebError::Stuck)?;
        requests.try_send(Request { path, body }).map_err(|_| WebError::Stuck)?;
        self.unanswered += 1;
        Ok(())
    }

    pub(crate) fn next(&mut self) -> Result<Option<Arrived>, WebError> {
        let answer = match self.answers.try_recv() {
            Err(TryRecvError::Empty) => return Ok(None),
            Err(TryRecvError::Disconnected) => return Err(WebError::Stuck),
            Ok(answer) => answer?,
        };
        self.unanswered = self.unanswered.saturating_sub(1);
        Ok(Some(match answer {
            None => Arrived::Refused(Channel::Http),
            Some(value) => Arrived::Value { channel: Some(Channel::Http), value, confirm: false },
        }))
    }
}

impl Drop for Web {
    /// What was asked last is a stop: it goes out before the program ends, if it can.
    fn drop(&mut self) {
        self.requests = None;
        let until = Instant::now() + PARTING;
        for _ in 0..self.unanswered {
            let left = until.saturating_duration_since(Instant::now());
            if !matches!(self.answers.recv_timeout(left), Ok(Ok(_))) {
                return;
            }
        }
    }
}

/// Until nobody asks any more.
fn work(
    mut client: Client,
    asked: &Receiver<Request>,
    answers: &SyncSender<Answer>,
    bell: &OwnedFd,
) {
    for Request { path, body } in asked {
        if answers.send(client.post(&path, &body)).is_err() {
            return;
        }
        if let Err(error) = write(bell, &1_u64.to_ne_bytes()) {
            // A full counter has rung already.
            tracing::debug!(%error, "An answer did not ring");
        }
    }
}
