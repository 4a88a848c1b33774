//! One technician's connection: reads requests within the kiosks' bounds, writes what the bench answers.

use cart_api::{Frame, TechnicianAnswer, TechnicianRequest};
use tokio::{
    io,
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
};

use super::{FromTechnician, MAX_WAITING};
use crate::kiosk::{ClientError, ClientId, number_of, read_frame, send};

pub async fn serve(client: ClientId, stream: UnixStream, bench: mpsc::Sender<FromTechnician>) {
    let (reader, writer) = stream.into_split();
    let (answers, waiting) = mpsc::channel(MAX_WAITING);
    if bench.send(FromTechnician::Joined { client, answers }).await.is_err() {
        return;
    }
    // Whichever ends first ends both: the bench lets go of who does not read.
    let ended = tokio::select! {
        ended = read(client, reader, &bench) => ended,
        ended = write(writer, waiting) => ended,
    };
    match ended {
        Ok(()) => tracing::info!(?client, "A technician left"),
        Err(error) => tracing::warn!(?client, %error, "Closed a technician's connection"),
    }
    if bench.send(FromTechnician::Left { client }).await.is_err() {
        tracing::debug!(?client, "The bench ended before its client");
    }
}

async fn read(
    client: ClientId,
    mut reader: OwnedReadHalf,
    bench: &mpsc::Sender<FromTechnician>,
) -> Result<(), ClientError> {
    while let Some(frame) = read_frame(&mut reader).await? {
        let message = match frame.message::<TechnicianRequest>() {
            Ok(request) => FromTechnician::Asked { client, request },
            Err(_) => FromTechnician::NotUnderstood { client, number: number_of(&frame) },
        };
        let sent = bench.send(message).await;
        sent.map_err(|_| io::Error::from(io::ErrorKind::NotConnected))?;
    }
    Ok(())
}

async fn write(
    mut writer: OwnedWriteHalf,
    mut answers: mpsc::Receiver<TechnicianAnswer>,
) -> Result<(), ClientError> {
    while let Some(answer) = answers.recv().await {
        send(&mut writer, &Frame::new(&answer, Vec::new())?.to_bytes()).await?;
    }
    Ok(())
}
