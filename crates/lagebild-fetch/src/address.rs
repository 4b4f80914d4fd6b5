//! Which addresses may be connected to: public ones.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is not connected to: the network it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Denied {
    /// In CIDR notation.
    pub network: &'static str,
    /// What it is used for.
    pub what: &'static str,
}

struct Network<A> {
    first: A,
    bits: u32,
    denied: Denied,
}

const fn v4(first: [u8; 4], bits: u32, network: &'static str, what: &'static str) -> Network<u32> {
    Network {
        first: u32::from_be_bytes(first),
        bits,
        denied: Denied { network, what },
    }
}

const fn v6(first: [u16; 8], bits: u32, network: &'static str, what: &'static str) -> Network<u128> {
    let [a, b, c, d, e, f, g, h] = first;
    Network {
        first: Ipv6Addr::new(a, b, c, d, e, f, g, h).to_bits(),
        bits,
        denied: Denied { network, what },
    }
}

/// The IANA special-purpose registry, as far as an address of it leads into a machine or a network of somebody's own.
const V4: [Network<u32>; 11] = [
    v4([0, 0, 0, 0], 8, "0.0.0.0/8", "this host"),
    v4([10, 0, 0, 0], 8, "10.0.0.0/8", "private"),
    v4([100, 64, 0, 0], 10, "100.64.0.0/10", "shared by carriers (CGNAT)"),
    v4([127, 0, 0, 0], 8, "127.0.0.0/8", "loopback"),
    v4([169, 254, 0, 0], 16, "169.254.0.0/16", "link-local"),
    v4([172, 16, 0, 0], 12, "172.16.0.0/12", "private"),
    v4([192, 0, 0, 0], 24, "192.0.0.0/24", "protocol assignments"),
    v4([192, 168, 0, 0], 16, "192.168.0.0/16", "private"),
    v4([198, 18, 0, 0], 15, "198.18.0.0/15", "benchmarks"),
    v4([224, 0, 0, 0], 4, "224.0.0.0/4", "multicast"),
    v4([240, 0, 0, 0], 4, "240.0.0.0/4", "reserved"),
];

/// Forms that carry an IPv4 address (mapped, translated, tunnelled) are denied as a whole: no public news server needs
/// them, and what they lead to is decided by somebody else's gateway.
const V6: [Network<u128>; 11] = [
    v6([0; 8], 96, "::/96", "this host, and IPv4 in its old form"),
    v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, "::ffff:0:0/96", "mapped IPv4"),
    v6(
        [0x64, 0xff9b, 0, 0, 0, 0, 0, 0],
        96,
        "64:ff9b::/96",
        "translated IPv4 (NAT64)",
    ),
    v6(
        [0x64, 0xff9b, 1, 0, 0, 0, 0, 0],
        48,
        "64:ff9b:1::/48",
        "translated IPv4 (NAT64)",
    ),
    v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64, "100::/64", "discarded"),
    v6(
        [0x2001, 0, 0, 0, 0, 0, 0, 0],
        32,
        "2001::/32",
        "tunnelled IPv4 (Teredo)",
    ),
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "2002::/16", "tunnelled IPv4 (6to4)"),
    v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "fc00::/7", "private"),
    v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "fe80::/10", "link-local"),
    v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, "fec0::/10", "site-local"),
    v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "ff00::/8", "multicast"),
];

/// Checks that `address` is public.
///
/// # Errors
/// The network that `address` belongs to, when it is not.
pub fn check(address: IpAddr) -> Result<(), Denied> {
    let denied = match address {
        IpAddr::V4(address) => find(&V4, |n| within_v4(n, address)),
        IpAddr::V6(address) => find(&V6, |n| within_v6(n, address)),
    };
    denied.map_or(Ok(()), Err)
}

fn find<A>(networks: &[Network<A>], holds: impl Fn(&Network<A>) -> bool) -> Option<Denied> {
    networks.iter().find(|n| holds(n)).map(|n| n.denied)
}

fn within_v4(network: &Network<u32>, address: Ipv4Addr) -> bool {
    (address.to_bits() ^ network.first) >> (u32::BITS - network.bits) == 0
}

fn within_v6(network: &Network<u128>, address: Ipv6Addr) -> bool {
    (address.to_bits() ^ network.first) >> (u128::BITS - network.bits) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_of_somebodys_own_are_denied_to_their_last_address() {
        for (address, network) in [
            ("0.0.0.0", "0.0.0.0/8"),
            ("10.255.255.255", "10.0.0.0/8"),
            ("100.64.0.1", "100.64.0.0/10"),
            ("100.127.255.255", "100.64.0.0/10"),
            ("127.0.0.1", "127.0.0.0/8"),
            ("127.255.255.254", "127.0.0.0/8"),
            ("169.254.169.254", "169.254.0.0/16"),
            ("172.16.0.1", "172.16.0.0/12"),
            ("172.31.255.255", "172.16.0.0/12"),
            ("192.0.0.192", "192.0.0.0/24"),
            ("192.168.1.1", "192.168.0.0/16"),
            ("198.19.255.255", "198.18.0.0/15"),
            ("239.1.2.3", "224.0.0.0/4"),
            ("255.255.255.255", "240.0.0.0/4"),
            ("::", "::/96"),
            ("::1", "::/96"),
            ("::7f00:1", "::/96"),
            ("::ffff:127.0.0.1", "::ffff:0:0/96"),
            ("::ffff:8.8.8.8", "::ffff:0:0/96"),
            ("64:ff9b::7f00:1", "64:ff9b::/96"),
            ("64:ff9b:1::1", "64:ff9b:1::/48"),
            ("2001::1", "2001::/32"),
            ("2002:7f00:1::", "2002::/16"),
            ("fdff:ffff::1", "fc00::/7"),
            ("fe80::1", "fe80::/10"),
            ("febf::1", "fe80::/10"),
            ("fec0::1", "fec0::/10"),
            ("ff02::1", "ff00::/8"),
        ] {
            let denied = check(address.parse().unwrap()).expect_err(address);
            assert_eq!(denied.network, network, "{address}");
        }
    }

    #[test]
    fn their_neighbours_are_public() {
        for address in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:4860:4860::8888",
            "2003::1",
            "2a02::1",
            "64:ff9b:2::1",
            "fbff::1",
        ] {
            assert_eq!(check(address.parse().unwrap()), Ok(()), "{address}");
        }
    }
}
