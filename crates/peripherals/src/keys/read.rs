//! Reads `struct input_event`s until the device is gone.

use std::{
    io,
    os::fd::{AsFd, AsRawFd},
};

use devices::{INPUT_EVENT, KeyEvent, Millis};
use tokio::{
    io::{Interest, unix::AsyncFd},
    sync::mpsc,
    time::{Duration, Instant, sleep_until},
};

use super::{Keys, KeysEvent};

/// Events of one read. The kernel keeps 64 for a keyboard.
const EVENTS: usize = 64;

/// Gives why it ended.
pub(super) async fn until_gone<F: AsFd + AsRawFd>(
    source: F,
    mut keys: Keys,
    events: &mpsc::Sender<KeysEvent>,
) -> io::Error {
    let zero = Instant::now();
    let ended = read(source, &mut keys, events, zero).await;
    for last in keys.gone() {
        if events.send(last).await.is_err() {
            break;
        }
    }
    ended
}

async fn read<F: AsFd + AsRawFd>(
    source: F,
    keys: &mut Keys,
    events: &mpsc::Sender<KeysEvent>,
    zero: Instant,
) -> io::Error {
    let source = match register(source) {
        Ok(source) => source,
        Err(error) => return error,
    };
    // The kernel writes whole events; what is left of one waits here for the rest.
    let mut pending: Vec<u8> = Vec::with_capacity(2 * EVENTS * INPUT_EVENT);
    loop {
        let wake = keys.deadline().map(|at| zero + Duration::from_millis(at));
        let said = tokio::select! {
            read = more(&source, &mut pending) => match read {
                Ok(()) => keys.take(millis_since(zero), &mut pending),
                Err(error) => return error,
            },
            () = sleep_until(wake.unwrap_or(zero)), if wake.is_some() => {
                keys.timer(millis_since(zero))
            }
            // A scanner that lies still says nothing that would show that nobody listens.
            () = events.closed() => return io::ErrorKind::BrokenPipe.into(),
        };
        for event in said {
            if events.send(event).await.is_err() {
                return io::ErrorKind::BrokenPipe.into();
            }
        }
    }
}

#[expect(deprecated, reason = "its successor is unsafe; a source owns its descriptor throughout")]
fn register<F: AsRawFd>(source: F) -> io::Result<AsyncFd<F>> {
    AsyncFd::with_interest(source, Interest::READABLE)
}

/// Waits for bytes. No bytes is an unplugged device.
async fn more<F: AsFd + AsRawFd>(source: &AsyncFd<F>, pending: &mut Vec<u8>) -> io::Result<()> {
    let mut bytes = [0_u8; EVENTS * INPUT_EVENT];
    let read = source.async_io(Interest::READABLE, |fd| Ok(rustix::io::read(fd, &mut bytes)?));
    match read.await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        count => {
            pending.extend_from_slice(&bytes[..count]);
            Ok(())
        }
    }
}

fn millis_since(zero: Instant) -> Millis {
    Millis::try_from(zero.elapsed().as_millis()).unwrap_or(Millis::MAX)
}

impl Keys {
    fn take(&mut self, now: Millis, pending: &mut Vec<u8>) -> Vec<KeysEvent> {
        let (whole, rest) = pending.as_chunks::<INPUT_EVENT>();
        let said = whole.iter().filter_map(KeyEvent::read);
        let said = said.flat_map(|event| self.handle(now, event)).collect();
        let rest = rest.len();
        pending.drain(..pending.len() - rest);
        said
    }

    fn handle(&mut self, now: Millis, event: KeyEvent) -> Vec<KeysEvent> {
        match self {
            Self::Wedge(wedge) => {
                wedge.handle(now, event).map(KeysEvent::Scanned).into_iter().collect()
            }
            Self::Buttons(buttons) => {
                buttons.handle(event).into_iter().map(KeysEvent::Press).collect()
            }
        }
    }

    fn deadline(&self) -> Option<Millis> {
        match self {
            Self::Wedge(wedge) => wedge.deadline(),
            Self::Buttons(_) => None,
        }
    }

    fn timer(&mut self, now: Millis) -> Vec<KeysEvent> {
        match self {
            Self::Wedge(wedge) => wedge.timer(now).map(KeysEvent::Scanned).into_iter().collect(),
            Self::Buttons(_) => Vec::new(),
        }
    }

    fn gone(&mut self) -> Vec<KeysEvent> {
        match self {
            Self::Wedge(wedge) => wedge.unplugged().map(KeysEvent::Scanned).into_iter().collect(),
            Self::Buttons(buttons) => {
                buttons.release_all().into_iter().map(KeysEvent::Press).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{PipeReader, PipeWriter, Write, pipe};

    use devices::{Affixes, Discarded, KEY_CAMERA, Press, Scanned};

    use super::*;
    use crate::keys::Role;

    /// A key as the kernel reports it: the scan code, the key, the end of the report.
    fn key(code: u16, value: i32) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (kind, code, value) in [(4_u16, 4_u16, 0x7_0004_i32), (1, code, value), (0, 0, 0)] {
            bytes.extend([0; 16]);
            bytes.extend(kind.to_ne_bytes());
            bytes.extend(code.to_ne_bytes());
            bytes.extend(value.to_ne_bytes());
        }
        bytes
    }

    fn typed(codes: &[u16]) -> Vec<u8> {
        codes.iter().flat_map(|code| [key(*code, 1), key(*code, 0)].concat()).collect()
    }

    fn device() -> (PipeReader, PipeWriter) {
        let (reader, writer) = pipe().unwrap();
        rustix::io::ioctl_fionbio(&reader, true).unwrap();
        (reader, writer)
    }

    fn said(event: &KeysEvent) -> String {
        match event {
            KeysEvent::Scanned(Scanned::Text(scan)) => scan.text().to_owned(),
            other => format!("{other:?}"),
        }
    }

    /// What is said of bytes that come in these pieces, and of the unplugging after them.
    async fn check(role: &Role, pieces: &[&[u8]], expected: &[&str]) {
        let (reader, mut writer) = device();
        let (events, mut told) = mpsc::channel(16);
        let keys = Keys::new(role);
        let reading = tokio::spawn(async move { until_gone(reader, keys, &events).await });
        for piece in pieces {
            writer.write_all(piece).unwrap();
            tokio::task::yield_now().await;
        }
        drop(writer);
        let mut all = Vec::new();
        while let Some(event) = told.recv().await {
            all.push(said(&event));
        }
        assert_eq!(all, expected);
        assert_eq!(reading.await.unwrap().kind(), io::ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn a_scan_comes_whole_however_its_bytes_are_cut() {
        let bytes = [typed(&[2, 30, 3, 28]), typed(&[11, 28])].concat();
        let wedge = Role::Wedge(Affixes::default());
        check(&wedge, &[&bytes], &["1a2", "0"]).await;
        let pieces: Vec<&[u8]> = bytes.chunks(7).collect();
        check(&wedge, &pieces, &["1a2", "0"]).await;
    }

    #[tokio::test]
    async fn an_unplugged_scanner_leaves_no_half_text() {
        let wedge = Role::Wedge(Affixes::default());
        check(&wedge, &[&typed(&[2, 3])], &["Scanned(Discarded(KeysLost))"]).await;
    }

    #[tokio::test]
    async fn an_unplugged_pedal_is_let_go() {
        let pressed = format!("Press(Pressed({KEY_CAMERA}))");
        let released = format!("Press(Released({KEY_CAMERA}))");
        let bytes = [key(KEY_CAMERA, 1), key(KEY_CAMERA, 2)].concat();
        check(&Role::Buttons, &[&bytes], &[&pressed, &released]).await;
    }

    #[tokio::test]
    async fn a_scanner_that_falls_silent_is_not_waited_for() {
        let (reader, mut writer) = device();
        let (events, mut told) = mpsc::channel(16);
        let keys = Keys::new(&Role::Wedge(Affixes::default()));
        tokio::spawn(async move { until_gone(reader, keys, &events).await });
        writer.write_all(&typed(&[2, 3])).unwrap();
        let unfinished = Scanned::Discarded(Discarded::Unfinished);
        let event = told.recv().await.unwrap();
        assert!(matches!(event, KeysEvent::Scanned(said) if said == unfinished));
    }

    #[tokio::test]
    async fn nobody_who_listens_ends_the_reading() {
        let (reader, _writer) = device();
        let (events, told) = mpsc::channel(16);
        drop(told);
        let ended = until_gone(reader, Keys::new(&Role::Buttons), &events).await;
        assert_eq!(ended.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn a_press_is_told_by_its_code() {
        let mut keys = Keys::new(&Role::Buttons);
        let said = keys.take(0, &mut key(30, 1));
        assert!(matches!(said[..], [KeysEvent::Press(Press::Pressed(30))]));
    }
}
