//! `upsd` of Network UPS Tools over TCP: asked every few seconds, since it tells nothing by itself.

use std::{io, time::Duration};

use devices::{
    nut::{LONGEST_LINE, NutLine, learn},
    power::Power,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    sync::watch,
    time::{sleep, timeout},
};

/// Where `upsd` is, and which of its UPSs is the cart's.
#[derive(Clone, Debug)]
pub struct NutAddress {
    /// `host:port`; port 3493 is the assigned one.
    pub host: String,
    /// `None`: the only one that it has.
    pub ups: Option<String>,
}

#[derive(Debug, thiserror::Error)]
enum NutError {
    #[error("the connection failed")]
    Connection(#[from] io::Error),
    #[error("no answer in time")]
    Silent,
    #[error("upsd refused: {0}")]
    Refused(String),
    #[error("what answers is no upsd")]
    NotUpsd,
    #[error("upsd has {0} UPSs: the configuration has to say which")]
    Which(usize),
}

/// The drivers of Network UPS Tools ask their UPS every two seconds.
const ASK_AGAIN: Duration = Duration::from_secs(5);
/// How soon one that is lost is looked for.
const LOOK: Duration = Duration::from_secs(1);
/// `upsd` answers from memory.
const ANSWER: Duration = Duration::from_secs(5);
/// The richest UPS has some hundred variables.
const LINES: usize = 1000;

/// Until nobody looks any more.
pub async fn watch(address: NutAddress, power: watch::Sender<Power>) {
    let mut told = None;
    while !power.is_closed() {
        let error = ask_until_lost(&address, &power).await;
        // No old number stays.
        power.send_if_modified(|shown| std::mem::take(shown) != Power::default());
        let words = error.to_string();
        if told.as_ref() != Some(&words) {
            tracing::warn!(host = address.host, %error, "The UPS is not known");
            told = Some(words);
        }
        tokio::select! {
            () = sleep(LOOK) => {}
            () = power.closed() => return,
        }
    }
}

async fn ask_until_lost(address: &NutAddress, power: &watch::Sender<Power>) -> NutError {
    match ask(address, power).await {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

async fn ask(
    address: &NutAddress,
    power: &watch::Sender<Power>,
) -> Result<std::convert::Infallible, NutError> {
    let connected = timeout(ANSWER, TcpStream::connect(&address.host)).await;
    let mut upsd = BufReader::new(connected.map_err(|_| NutError::Silent)??);
    let ups = match &address.ups {
        Some(ups) => ups.clone(),
        None => only_ups(&mut upsd).await?,
    };
    loop {
        let mut now = Power::default();
        for line in list(&mut upsd, &format!("LIST VAR {ups}\n")).await? {
            if let NutLine::Var { name, value } = line {
                learn(&mut now, &name, &value);
            }
        }
        power.send_if_modified(|shown| std::mem::replace(shown, now) != now);
        tokio::select! {
            () = sleep(ASK_AGAIN) => {}
            said = upsd.fill_buf() => return Err(unasked(said)),
            () = power.closed() => return Err(NutError::Silent),
        }
    }
}

/// Between two questions `upsd` is silent; what comes then is its end.
fn unasked(said: io::Result<&[u8]>) -> NutError {
    match said {
        Ok([]) => io::Error::from(io::ErrorKind::UnexpectedEof).into(),
        Ok(_) => NutError::NotUpsd,
        Err(error) => error.into(),
    }
}

async fn only_ups(upsd: &mut BufReader<TcpStream>) -> Result<String, NutError> {
    let lines = list(upsd, "LIST UPS\n").await?;
    let mut names = lines.into_iter().filter_map(|line| match line {
        NutLine::Ups(name) => Some(name),
        _ => None,
    });
    match (names.next(), names.count()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(NutError::Which(0)),
        (Some(_), others) => Err(NutError::Which(others + 1)),
    }
}

/// What stands between `BEGIN` and `END`.
async fn list(upsd: &mut BufReader<TcpStream>, command: &str) -> Result<Vec<NutLine>, NutError> {
    timeout(ANSWER, list_now(upsd, command)).await.map_err(|_| NutError::Silent)?
}

async fn list_now(
    upsd: &mut BufReader<TcpStream>,
    command: &str,
) -> Result<Vec<NutLine>, NutError> {
    upsd.write_all(command.as_bytes()).await?;
    let mut lines = Vec::new();
    match line(upsd).await? {
        NutLine::Begin => {}
        NutLine::Error(code) => return Err(NutError::Refused(code)),
        _ => return Err(NutError::NotUpsd),
    }
    while lines.len() < LINES {
        match line(upsd).await? {
            NutLine::End => return Ok(lines),
            NutLine::Error(code) => return Err(NutError::Refused(code)),
            other => lines.push(other),
        }
    }
    Err(NutError::NotUpsd)
}

async fn line(upsd: &mut BufReader<TcpStream>) -> Result<NutLine, NutError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(LONGEST_LINE).expect("a thousand");
    upsd.take(limit).read_until(b'\n', &mut bytes).await?;
    if bytes.is_empty() {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    let text = String::from_utf8_lossy(&bytes);
    let line = text.strip_suffix('\n').ok_or(NutError::NotUpsd)?;
    NutLine::read(line).ok_or(NutError::NotUpsd)
}

#[cfg(test)]
mod tests;
