//! One connection: reads commands within bounds, writes the newest state and every answer.

use std::{io, time::Duration};

use cart_api::{Command, Frame, FrameError, HEADER_BYTES, Header, Refusal, Request, Response};
use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, oneshot, watch},
    time::timeout,
};

use super::{ClientId, FromKiosk, MAX_WAITING_ANSWERS, StateFrame};

/// On the same machine 16 MiB pass in milliseconds: who takes longer sends half a message.
const REST_OF_FRAME_WITHIN: Duration = Duration::from_secs(10);
/// Who does not read for this long is stopped or gone.
const WRITE_WITHIN: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("the connection broke")]
    Broken(#[from] io::Error),
    #[error("half a message came, and no more")]
    HalfAMessage,
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("the client does not read")]
    DoesNotRead,
    #[error("the core let go of the client")]
    Dropped,
}

pub async fn serve(
    client: ClientId,
    stream: UnixStream,
    core: mpsc::Sender<FromKiosk>,
    state: watch::Receiver<StateFrame>,
) {
    let (reader, writer) = stream.into_split();
    let (answers, waiting) = mpsc::channel(MAX_WAITING_ANSWERS);
    let (joined, when_joined) = oneshot::channel();
    let connection = Connection {
        client,
        core: core.clone(),
        answer_to: answers.downgrade(),
        not_joined: Some(NotJoined { answers, joined }),
    };
    // Whichever ends first ends both: a broken reader closes the socket, a client that does not
    // read is no longer listened to.
    let ended = tokio::select! {
        ended = connection.read(reader) => ended,
        ended = write(writer, waiting, state, when_joined) => ended,
    };
    match ended {
        Ok(()) => tracing::info!(?client, "A kiosk left"),
        Err(error) => tracing::warn!(?client, %error, "Closed a kiosk's connection"),
    }
    if core.send(FromKiosk::Left { client }).await.is_err() {
        tracing::debug!(?client, "The core ended before its client");
    }
}

struct Connection {
    client: ClientId,
    core: mpsc::Sender<FromKiosk>,
    /// Weak, so that the core ends the connection by letting go of its end.
    answer_to: mpsc::WeakSender<Response>,
    /// Taken by the first `Hello` that is understood.
    not_joined: Option<NotJoined>,
}

struct NotJoined {
    answers: mpsc::Sender<Response>,
    joined: oneshot::Sender<()>,
}

impl Connection {
    async fn read(mut self, mut reader: OwnedReadHalf) -> Result<(), ClientError> {
        while let Some(frame) = read_frame(&mut reader).await? {
            match frame.message::<Request>() {
                Ok(request) => self.take(request, frame.blob).await?,
                Err(_) => self.refuse(number_of(&frame), Refusal::NotUnderstood)?,
            }
        }
        Ok(())
    }

    async fn take(&mut self, request: Request, blob: Vec<u8>) -> Result<(), ClientError> {
        let (client, number) = (self.client, request.number);
        match &request.command {
            Command::Hello { version } if *version != cart_api::VERSION => {
                self.refuse(number, Refusal::WrongVersion)
            }
            Command::Hello { .. } => {
                self.join().await?;
                self.answer(Response::Done { number, entry: None })
            }
            // Before the greeting nobody knows whether both mean the same by it.
            _ if self.not_joined.is_some() => self.refuse(number, Refusal::NotUnderstood),
            // Nobody asks without reading: the writer may still be stuck with an older answer.
            _ if self.answer_to.upgrade().is_none() => Err(ClientError::Dropped),
            _ => self.tell(FromKiosk::Asked { client, request, blob }).await,
        }
    }

    async fn join(&mut self) -> Result<(), ClientError> {
        let Some(NotJoined { answers, joined }) = self.not_joined.take() else { return Ok(()) };
        self.tell(FromKiosk::Joined { client: self.client, answers }).await?;
        joined.send(()).map_err(|()| ClientError::Dropped)
    }

    /// Waits when the core is behind: the socket's buffer then holds the client back.
    async fn tell(&self, message: FromKiosk) -> Result<(), ClientError> {
        let sent = self.core.send(message).await;
        sent.map_err(|_| io::Error::from(io::ErrorKind::NotConnected).into())
    }

    fn refuse(&self, number: u64, refusal: Refusal) -> Result<(), ClientError> {
        self.answer(Response::Refused { number, refusal })
    }

    fn answer(&self, answer: Response) -> Result<(), ClientError> {
        let answers = self.answer_to.upgrade().ok_or(ClientError::Dropped)?;
        answers.try_send(answer).map_err(|_| ClientError::DoesNotRead)
    }
}

/// `None` when the client closed between two messages.
pub async fn read_frame(reader: &mut OwnedReadHalf) -> Result<Option<Frame>, ClientError> {
    let mut header = [0; HEADER_BYTES];
    if reader.read(&mut header[..1]).await? == 0 {
        return Ok(None);
    }
    match timeout(REST_OF_FRAME_WITHIN, read_rest(reader, header)).await {
        Ok(frame) => frame.map(Some),
        Err(_) => Err(ClientError::HalfAMessage),
    }
}

async fn read_rest(
    reader: &mut OwnedReadHalf,
    mut header: [u8; HEADER_BYTES],
) -> Result<Frame, ClientError> {
    reader.read_exact(&mut header[1..]).await?;
    let Header { json: json_bytes, blob: blob_bytes } = Header::read(header)?;
    let json = read_bytes(reader, json_bytes).await?;
    let blob = read_bytes(reader, blob_bytes).await?;
    Ok(Frame { json, blob })
}

/// Grows with what comes, not with what was announced.
async fn read_bytes(reader: &mut OwnedReadHalf, count: u32) -> Result<Vec<u8>, ClientError> {
    let mut bytes = Vec::new();
    reader.take(count.into()).read_to_end(&mut bytes).await?;
    if bytes.len() != count as usize {
        return Err(ClientError::HalfAMessage);
    }
    Ok(bytes)
}

/// So that also a command of a newer kiosk gets an answer that finds its question.
pub fn number_of(frame: &Frame) -> u64 {
    #[derive(Deserialize)]
    struct Numbered {
        number: u64,
    }
    frame.message::<Numbered>().map_or(0, |numbered| numbered.number)
}

async fn write(
    mut writer: OwnedWriteHalf,
    mut answers: mpsc::Receiver<Response>,
    mut state: watch::Receiver<StateFrame>,
    mut when_joined: oneshot::Receiver<()>,
) -> Result<(), ClientError> {
    let mut joined = false;
    loop {
        tokio::select! {
            biased;
            greeted = &mut when_joined, if !joined => {
                joined = greeted.is_ok();
                state.mark_changed();
            }
            // Before the answers, so that what an answer speaks of is already on the screen.
            changed = state.changed(), if joined => {
                if changed.is_err() { return Ok(()) }
                let newest = state.borrow_and_update().clone();
                send(&mut writer, &newest).await?;
            }
            answer = answers.recv() => match answer {
                Some(answer) => send(&mut writer, &Frame::new(&answer, Vec::new())?.to_bytes()).await?,
                // The core dropped this client, or ended.
                None => return Ok(()),
            },
        }
    }
}

pub async fn send(writer: &mut OwnedWriteHalf, bytes: &[u8]) -> Result<(), ClientError> {
    match timeout(WRITE_WITHIN, writer.write_all(bytes)).await {
        Ok(written) => Ok(written?),
        Err(_) => Err(ClientError::DoesNotRead),
    }
}
