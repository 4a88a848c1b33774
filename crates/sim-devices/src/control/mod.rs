//! The control socket: one command a line, one answer a line.
//!
//! `grammar` knows the words; the caller of `serve` carries out the orders.

pub mod grammar;
pub mod hex;

use grammar::Order;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// A line holds at most 512 bytes in hexadecimal with spaces, and a few words.
const LONGEST_LINE: u64 = 4096;

/// Answers orders at `path` for the life of the process. `obey` returns what follows `ok`, or the
/// words that follow `error:`. The receiver hears of a `quit` that was answered.
pub fn serve(
    path: &Path,
    obey: impl Fn(Order) -> Result<String, String> + Send + Sync + 'static,
) -> io::Result<Receiver<()>> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(path)?;
    let obey = Arc::new(obey);
    let (quit, quitting) = channel();
    thread::Builder::new().name("control".into()).spawn(move || {
        for stream in listener.incoming() {
            let (obey, quit) = (obey.clone(), quit.clone());
            let started = stream.and_then(|stream| {
                thread::Builder::new().name("command".into()).spawn(move || {
                    match answer_lines(&stream, &*obey) {
                        // A second `quit` finds nobody who still waits for one.
                        Ok(End::Quit) => drop(quit.send(())),
                        Ok(End::Closed) => {}
                        Err(error) => eprintln!("a control connection was dropped: {error}"),
                    }
                })
            });
            if let Err(error) = started {
                eprintln!("could not answer a control connection: {error}");
                thread::sleep(Duration::from_millis(100));
            }
        }
    })?;
    Ok(quitting)
}

/// Why a connection ended.
enum End {
    Closed,
    Quit,
}

fn answer_lines(
    stream: &UnixStream,
    obey: &dyn Fn(Order) -> Result<String, String>,
) -> io::Result<End> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.by_ref().take(LONGEST_LINE).read_line(&mut line)? == 0 {
            return Ok(End::Closed);
        }
        let too_long = line.len() as u64 == LONGEST_LINE && !line.ends_with('\n');
        if too_long {
            // Who is still writing would find the connection broken, and not the answer.
            reader.skip_until(b'\n')?;
        }
        let order = grammar::parse(&line);
        let quit = order == Ok(Order::Quit);
        let answer = match order {
            _ if too_long => Err("the line is too long".to_owned()),
            Ok(order) => obey(order),
            Err(words) => Err(words),
        };
        let mut writer = stream;
        writer.write_all(answer_line(&answer).as_bytes())?;
        if quit {
            return Ok(End::Quit);
        }
    }
}

fn answer_line(answer: &Result<String, String>) -> String {
    match answer {
        Ok(words) if words.is_empty() => "ok\n".into(),
        Ok(words) => format!("ok {words}\n"),
        Err(words) => format!("error: {}\n", words.replace('\n', " / ")),
    }
}

/// Says one line to the simulation in `directory` and returns its answer.
pub fn say(directory: &Path, line: &str) -> io::Result<String> {
    let mut stream = UnixStream::connect(directory.join("control"))?;
    stream.write_all(line.replace('\n', " ").as_bytes())?;
    stream.write_all(b"\n")?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(answer.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_gets_one_answer() {
        let directory = tempfile::tempdir().unwrap();
        let obey = |order| match order {
            Order::CameraWhere => Ok("0.00 0.00 1.00".to_owned()),
            Order::Quit => Ok(String::new()),
            _ => Err("not now".to_owned()),
        };
        let quit = serve(&directory.path().join("control"), obey).unwrap();
        let say = |line| say(directory.path(), line).unwrap();
        assert_eq!(say("camera where"), "ok 0.00 0.00 1.00");
        assert!(quit.try_recv().is_err());
        assert_eq!(say("quit"), "ok");
        quit.recv_timeout(Duration::from_secs(5)).expect("told after the answer");
        assert_eq!(say("oximeter off"), "error: not now");
        assert!(say("cuff sings").starts_with("error: unknown command `sings`"));
        assert_eq!(say(&"x".repeat(500_000)), "error: the line is too long");
    }
}
