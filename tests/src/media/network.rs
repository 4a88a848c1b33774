//! A network of this program's own, that can be made narrow, shallow and lossy.
//!
//! Needs a network namespace of its own (`unshare --net`): what it does to the loopback must meet nobody else. Both ends
//! of a call are on this machine, and what they send each other goes by `lo`, whatever their addresses. There UDP has a
//! class of its own (`htb` with a `bfifo`) and loses at random on its way in (nftables); the pages' and drivers' TCP
//! goes beside it. A delay cannot be made like this.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

/// What UDP meets, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// Bit/s.
    pub rate: u32,
    /// How long a full queue takes to empty, in ms.
    pub queue: u32,
    /// Of a hundred packets.
    pub loss: u32,
}

/// Far more than anything here sends.
pub const FREE: Conditions = Conditions { rate: 100_000_000, queue: 250, loss: 0 };

/// A router's queue holds two packets at least.
const SHORTEST_QUEUE: u32 = 3_000;

/// Libraries look for addresses to offer on interfaces other than the loopback, and for a route that leads to anywhere.
const BEGIN: [&str; 7] = [
    "ip link set lo up",
    "ip link add near type veth peer name far",
    "ip address add 10.99.0.1/24 dev near",
    "ip link set near up",
    "ip link set far up",
    "ip route add default via 10.99.0.2 dev near",
    "tc qdisc add dev lo root handle 1: htb default 20",
];

/// UDP into the class that is shaped, and a place where it may get lost.
const RULES: &str = "\
add table inet bedside
add chain inet bedside out { type filter hook output priority 0 ; }
add rule inet bedside out meta l4proto udp meta priority set 1:10
add chain inet bedside in { type filter hook input priority 0 ; }
";

const UDP_IN: &str = "add rule inet bedside in meta l4proto udp";

/// # Errors
/// This program has no network namespace of its own, or `ip`, `tc` or `nft` are missing.
pub fn begin() -> Result<()> {
    let [own, first] = ["/proc/self/ns/net", "/proc/1/ns/net"].map(std::fs::read_link);
    // Who may not even look at the first program's is in a container, and there each namespace is somebody's own.
    if let Ok(first) = first {
        ensure!(own? != first, "this must run in a network namespace of its own");
    }
    for line in BEGIN {
        command(line)?;
    }
    let Conditions { rate, .. } = FREE;
    command(&format!("tc class add dev lo parent 1: classid 1:10 htb rate {rate} quantum 1600"))?;
    command("tc class add dev lo parent 1: classid 1:20 htb rate 10gbit quantum 60000 burst 1mb")?;
    command("tc qdisc add dev lo parent 1:10 handle 10: bfifo limit 1000000")?;
    rules(RULES)?;
    shape(FREE)
}

/// # Errors
/// `tc` or `nft` refuse.
pub fn shape(Conditions { rate, queue, loss }: Conditions) -> Result<()> {
    let limit = (u64::from(rate) * u64::from(queue) / 8_000).max(u64::from(SHORTEST_QUEUE));
    // Ten milliseconds of a free network, or one packet of a narrow one, pass at once.
    let burst = (rate / 800).max(1_600);
    command(&format!(
        "tc class change dev lo parent 1: classid 1:10 htb rate {rate} quantum 1600 burst {burst} cburst {burst}"
    ))?;
    command(&format!("tc qdisc change dev lo parent 1:10 handle 10: bfifo limit {limit}"))?;
    let lose = match loss {
        0 => String::new(),
        1..100 => format!("{UDP_IN} numgen random mod 100 < {loss} drop"),
        100.. => format!("{UDP_IN} drop"),
    };
    rules(&format!("flush chain inet bedside in\n{lose}"))
}

/// This machine gets the other one of its two addresses, and loses the one it has.
///
/// # Errors
/// `ip` refuses.
pub fn move_on() -> Result<()> {
    let now = std::net::UdpSocket::bind("0.0.0.0:0")?;
    now.connect("10.99.0.2:9")?;
    let next = if now.local_addr()?.ip().to_string() == "10.99.0.1" { 3 } else { 1 };
    command("ip address flush dev near")?;
    command(&format!("ip address add 10.99.0.{next}/24 dev near"))?;
    command("ip route replace default via 10.99.0.2 dev near")
}

fn command(line: &str) -> Result<()> {
    let mut words = line.split(' ');
    let program = words.next().context("an empty line")?;
    let done = Command::new(program).args(words).status().with_context(|| line.to_owned())?;
    ensure!(done.success(), "`{line}` failed");
    Ok(())
}

fn rules(text: &str) -> Result<()> {
    let mut nft = Command::new("nft");
    let mut nft = nft.args(["-f", "-"]).stdin(Stdio::piped()).spawn().context("nft")?;
    nft.stdin.take().context("nft has an input")?.write_all(text.as_bytes())?;
    ensure!(nft.wait()?.success(), "nft refused: {text}");
    Ok(())
}
