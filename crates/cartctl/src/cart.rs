//! The way to the `cartd` of this cart: its technician's socket.

use std::{
    io::{self, ErrorKind, Read, Write},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use anyhow::{Context, anyhow, bail};
use cart_api::{
    DeviceHealth, DiskHealth, Frame, HEADER_BYTES, Header, RecordKey, TechnicianAnswer,
    TechnicianCommand, TechnicianRefusal, TechnicianRequest, VERSION,
};
use clinical::{AuditReport, ChainHead, DeviceId, Timestamp};
use serde_json::Value;

/// `cartd` answers at once; who waits longer than this waits for something that is stuck.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// A walk over the audit of many years, on a slow disk: about two seconds for a million rows.
const VERIFIED_WITHIN: Duration = Duration::from_secs(60);

pub struct Cart {
    socket: UnixStream,
    number: u64,
}

impl Cart {
    pub fn connect(path: &Path) -> anyhow::Result<Self> {
        let socket = UnixStream::connect(path).map_err(|error| away(&error, path))?;
        socket.set_read_timeout(Some(ANSWER_WITHIN))?;
        let mut cart = Self { socket, number: 0 };
        cart.done(TechnicianCommand::Hello { version: VERSION })?;
        Ok(cart)
    }

    /// With what its clock shows.
    pub fn devices(&mut self) -> anyhow::Result<(Timestamp, Vec<DeviceHealth>)> {
        match self.ask(TechnicianCommand::ListDevices)? {
            TechnicianAnswer::Devices { now, devices, .. } => Ok((now, devices)),
            other => Err(unexpected(&other)),
        }
    }

    /// `None`: `cartd` could not look at it.
    pub fn disk(&mut self) -> anyhow::Result<Option<DiskHealth>> {
        match self.ask(TechnicianCommand::LookAtDisk)? {
            TechnicianAnswer::Disk { disk, .. } => Ok(disk),
            other => Err(unexpected(&other)),
        }
    }

    pub fn key(&mut self) -> anyhow::Result<RecordKey> {
        match self.ask(TechnicianCommand::LookAtKey)? {
            TechnicianAnswer::Key { key, .. } => Ok(key),
            other => Err(unexpected(&other)),
        }
    }

    /// Whatever the device says, until `each` or the connection fails.
    pub fn watch(
        mut self,
        device: &str,
        mut each: impl FnMut(DeviceId, Timestamp, Value) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let device = self.known(device)?;
        self.done(TechnicianCommand::WatchDevice { device })?;
        // A device may be silent for as long as nobody uses it.
        self.socket.set_read_timeout(None)?;
        loop {
            match self.hear()? {
                TechnicianAnswer::Saw { device, at, event } => each(device, at, event)?,
                other => return Err(unexpected(&other)),
            }
        }
    }

    /// In the form that `cartctl replay` reads.
    pub fn recording(&mut self, device: &str) -> anyhow::Result<String> {
        let device = self.known(device)?;
        match self.ask(TechnicianCommand::TakeRecording { device })? {
            TechnicianAnswer::Recording { text, .. } => Ok(text),
            other => Err(unexpected(&other)),
        }
    }

    pub fn verify_audit(&mut self, holds: Option<ChainHead>) -> anyhow::Result<AuditReport> {
        self.socket.set_read_timeout(Some(VERIFIED_WITHIN))?;
        match self.ask(TechnicianCommand::VerifyAudit { holds })? {
            TechnicianAnswer::Audit { report, .. } => Ok(report),
            other => Err(unexpected(&other)),
        }
    }

    /// A name that is not one is answered with those that are.
    fn known(&mut self, device: &str) -> anyhow::Result<DeviceId> {
        let known = self.devices()?.1;
        let device = DeviceId(device.to_owned());
        if !known.iter().any(|known| known.id == device) {
            let names: Vec<&str> = known.iter().map(|known| known.id.0.as_str()).collect();
            bail!("The cart has no device `{device}`. It has: {}", names.join(", "));
        }
        Ok(device)
    }

    fn done(&mut self, command: TechnicianCommand) -> anyhow::Result<()> {
        match self.ask(command)? {
            TechnicianAnswer::Done { .. } => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    fn ask(&mut self, command: TechnicianCommand) -> anyhow::Result<TechnicianAnswer> {
        self.number += 1;
        let request = TechnicianRequest { number: self.number, command };
        let frame = Frame::new(&request, Vec::new())?;
        self.socket.write_all(&frame.to_bytes()).map_err(|error| hung_up(&error))?;
        match self.hear()? {
            TechnicianAnswer::Refused { why, .. } => bail!(words(why)),
            answer => Ok(answer),
        }
    }

    fn hear(&mut self) -> anyhow::Result<TechnicianAnswer> {
        let mut header = [0; HEADER_BYTES];
        self.socket.read_exact(&mut header).map_err(|error| hung_up(&error))?;
        let header = Header::read(header).context("The other side is no cartd")?;
        let mut frame =
            Frame { json: vec![0; header.json as usize], blob: vec![0; header.blob as usize] };
        self.socket.read_exact(&mut frame.json).map_err(|error| hung_up(&error))?;
        self.socket.read_exact(&mut frame.blob).map_err(|error| hung_up(&error))?;
        frame.message().with_context(|| words(TechnicianRefusal::WrongVersion))
    }
}

fn away(error: &io::Error, path: &Path) -> anyhow::Error {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::ConnectionRefused => anyhow!(
            "cartd does not run here: nobody answers at {}. Start it with: sudo systemctl start cartd",
            path.display()
        ),
        ErrorKind::PermissionDenied => anyhow!(
            "You may not ask this cart. Use sudo, or become a member of the group that \
             `technician_group` names in /etc/bedside/cartd.toml"
        ),
        _ => anyhow!("Could not reach cartd at {}: {error}", path.display()),
    }
}

fn hung_up(error: &io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            anyhow!("cartd does not answer. Look at: journalctl -u cartd")
        }
        _ => anyhow!(
            "cartd closed the connection: it ended, or you may not ask it. Look at: journalctl -u cartd"
        ),
    }
}

fn words(why: TechnicianRefusal) -> &'static str {
    match why {
        TechnicianRefusal::WrongVersion => {
            "cartctl and cartd are of different versions. After an update: sudo systemctl restart cartd"
        }
        TechnicianRefusal::NotUnderstood => "cartd did not understand the question",
        TechnicianRefusal::Busy => "cartd is verifying the audit already. Try again in a minute",
        TechnicianRefusal::RecordFailed => {
            "cartd could not read its record. Look at: journalctl -u cartd"
        }
        TechnicianRefusal::NoSuchDevice => "The cart has no such device. See: cartctl devices",
    }
}

fn unexpected(answer: &TechnicianAnswer) -> anyhow::Error {
    anyhow!("cartd answered something else than was asked: {answer:?}")
}
