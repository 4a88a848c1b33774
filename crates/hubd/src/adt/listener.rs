//! Takes HL7 messages over MLLP and answers each with one acknowledgement, in the order they came.

use std::{sync::Arc, time::Duration};

use hl7::{
    Answer, Refused, acknowledge,
    mllp::{Decoder, Unit, frame},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::Admissions;
use crate::clock;

/// An engine has one or two; more is a loop of connecting. With the size of a message it bounds the memory.
const MOST_CONNECTIONS: usize = 8;
/// An admission has a few kilobytes; the rest is for insurers and next of kin. Documents do not come so.
const MOST_BYTES: usize = 1 << 20;
/// A quiet engine connects again; a half frame of one that is gone is not held longer.
const IDLE: Duration = Duration::from_secs(10 * 60);
/// An engine that does not read its answer by then is gone.
const ANSWER_TAKEN_WITHIN: Duration = Duration::from_secs(30);
/// Out of file descriptors, for example: trying again at once would only keep a processor busy.
const AFTER_TROUBLE: Duration = Duration::from_secs(1);

/// Until the hub stops.
pub async fn listen(listener: TcpListener, admissions: Admissions) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "Could not take a connection for ADT");
                sleep(AFTER_TROUBLE).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            tracing::warn!(MOST_CONNECTIONS, "Too many connections for ADT: closed the newest");
            continue;
        };
        let admissions = admissions.clone();
        tokio::spawn(async move {
            if let Err(error) = serve(stream, &admissions).await {
                tracing::info!(%error, "A connection for ADT ended");
            }
            drop(place);
        });
    }
}

async fn serve(mut stream: TcpStream, admissions: &Admissions) -> std::io::Result<()> {
    let mut decoder = Decoder::new(MOST_BYTES);
    let mut buffer = [0; 4096];
    let mut answered = 0_u64;
    loop {
        let count = timeout(IDLE, stream.read(&mut buffer)).await??;
        if count == 0 {
            return Ok(());
        }
        for unit in decoder.push(&buffer[..count]) {
            answered += 1;
            // 20 characters at most (MSH-10): milliseconds, and a number where two share one.
            let control_id = format!("{}A{:05}", clock::now().millis(), answered % 100_000);
            let answer = match unit {
                Unit::Message(bytes) => admissions.answer(&bytes, &control_id).await,
                Unit::Malformed(why, _) => {
                    tracing::warn!(%why, "What came for ADT is no MLLP frame");
                    let why = Refused::NoHeader;
                    acknowledge(None, Answer::Refused(&why), &control_id, clock::now())
                }
            };
            let framed = frame(&answer).map_err(std::io::Error::other)?;
            timeout(ANSWER_TAKEN_WITHIN, stream.write_all(&framed)).await??;
        }
    }
}
