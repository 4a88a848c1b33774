//! Listening sockets on the loopback interface that vanish while their device is unplugged.

use super::{Line, Overrun, Speaker, converse};
use crate::Clock;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// More than a cart, a test and a curious person at once; a runaway client cannot eat threads.
const CLIENTS: usize = 8;
/// How often an idle listener looks whether its device was unplugged.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// Listens on `port` (0 = any) and serves each client on a thread of its own, for the life of the
/// process. Returns the address.
pub fn listen(
    port: u16,
    line: Arc<Line>,
    client: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static,
) -> io::Result<SocketAddr> {
    let listener = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    let address = listener.local_addr()?;
    let client = Arc::new(client);
    thread::Builder::new().name(format!("tcp {}", address.port())).spawn(move || {
        let clients = Arc::new(AtomicUsize::new(0));
        let mut open = Some(listener);
        loop {
            match (&open, line.is_plugged()) {
                (Some(listener), true) => accept(listener, &client, &clients),
                (Some(_), false) => open = None,
                (None, true) => open = rebind(address),
                (None, false) => thread::sleep(Duration::from_millis(20)),
            }
        }
    })?;
    Ok(address)
}

/// Serves the clients of a listener as conversations, each with its own speaker.
pub fn serve(
    port: u16,
    line: Arc<Line>,
    clock: Clock,
    speaker: impl Fn() -> Box<dyn Speaker> + Send + Sync + 'static,
) -> io::Result<SocketAddr> {
    let cable = line.clone();
    listen(port, line, move |stream| {
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        converse(&stream, Overrun::Close, &mut *speaker(), &cable, clock)
    })
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn rebind(address: SocketAddr) -> Option<TcpListener> {
    match bind(address) {
        Ok(listener) => Some(listener),
        Err(error) => {
            eprintln!("{address}: could not be plugged in again: {error}");
            thread::sleep(Duration::from_secs(1));
            None
        }
    }
}

fn accept<C>(listener: &TcpListener, client: &Arc<C>, clients: &Arc<AtomicUsize>)
where
    C: Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static,
{
    let mut polled = [PollFd::new(listener, PollFlags::IN)];
    if !matches!(poll(&mut polled, Some(&LOOK)), Ok(1)) {
        return;
    }
    match listener.accept() {
        Ok(_) if clients.load(Ordering::SeqCst) >= CLIENTS => {
            eprintln!("refused a client: {CLIENTS} are connected already");
        }
        Ok((stream, _)) => start(stream, client.clone(), clients.clone()),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
        Err(error) => {
            eprintln!("could not accept a client: {error}");
            thread::sleep(Duration::from_millis(100));
        }
    }
}

fn start<C>(stream: TcpStream, client: Arc<C>, clients: Arc<AtomicUsize>)
where
    C: Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static,
{
    clients.fetch_add(1, Ordering::SeqCst);
    let leaving = clients.clone();
    let started = thread::Builder::new().name("client".into()).spawn(move || {
        match client(stream) {
            Err(error) if !is_farewell(&error) => eprintln!("a client was dropped: {error}"),
            Ok(()) | Err(_) => {}
        }
        clients.fetch_sub(1, Ordering::SeqCst);
    });
    if let Err(error) = started {
        leaving.fetch_sub(1, Ordering::SeqCst);
        eprintln!("no thread for a client: {error}");
    }
}

/// Hosts end a connection by closing it, also in the middle of a write.
fn is_farewell(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset)
}
