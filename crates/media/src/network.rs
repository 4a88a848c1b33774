//! Notices that this machine is reached at another address: on another access point, or by another cable.
//!
//! ICE finds out late, because it asks for consent every few seconds only, and webrtcbin cannot restart it. Who looks at
//! the own address several times a second may offer a new connection at once.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Addresses for documentation (RFC 5737 and RFC 3849): whatever leads out leads to them.
const OUT: [(SocketAddr, SocketAddr); 2] = [
    (any(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), far(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1)))),
    (
        any(IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
        far(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1))),
    ),
];

const fn any(address: IpAddr) -> SocketAddr {
    SocketAddr::new(address, 0)
}

/// The discard port (RFC 863).
const fn far(address: IpAddr) -> SocketAddr {
    SocketAddr::new(address, 9)
}

/// Own addresses towards the world, of IP versions 4 and 6; the last known where there is none now.
#[derive(Debug, Default)]
pub(crate) struct Network {
    known: [Option<IpAddr>; 2],
}

impl Network {
    pub(crate) fn now() -> Self {
        let mut network = Self::default();
        network.take(own_addresses());
        network
    }

    /// Since the last time.
    pub(crate) fn has_changed(&mut self) -> bool {
        self.take(own_addresses())
    }

    /// Without an address nothing can be offered, so only another one is a change.
    fn take(&mut self, now: [Option<IpAddr>; 2]) -> bool {
        let mut changed = false;
        for (known, now) in self.known.iter_mut().zip(now) {
            if now.is_some() && *known != now {
                *known = now;
                changed = true;
            }
        }
        changed
    }
}

/// Nothing is sent: a datagram socket that is connected only has its route chosen (udp(7)).
fn own_addresses() -> [Option<IpAddr>; 2] {
    OUT.map(|(any, far)| {
        let socket = UdpSocket::bind(any).ok()?;
        socket.connect(far).ok()?;
        Some(socket.local_addr().ok()?.ip())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four(last: u8) -> Option<IpAddr> {
        Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)))
    }

    #[test]
    fn another_address_is_a_change_and_a_network_that_comes_back_as_it_was_is_none() {
        let mut network = Network::default();
        let six = Some(IpAddr::V6(Ipv6Addr::LOCALHOST));
        for (now, changed) in [
            ([None, None], false),
            ([four(1), None], true),
            ([four(1), None], false),
            ([None, None], false),
            ([four(1), None], false),
            ([four(2), None], true),
            ([four(2), six], true),
            ([four(2), None], false),
            ([four(2), six], false),
        ] {
            assert_eq!(network.take(now), changed, "{now:?}");
        }
    }
}
