//! The link between a cluster and the host: a pair of virtual interfaces with
//! two addresses of their own.

use std::net::Ipv4Addr;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::Path;
use std::process::Command;

use super::EmbeddedError;

/// A block of IPv4 addresses, such as `10.213.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    first: u32,
    prefix: u32,
}

/// From which each cluster takes its /30 where the workbook names no other.
pub const DEFAULT_BLOCK: &str = "10.213.0.0/16";

impl std::str::FromStr for Block {
    type Err = EmbeddedError;

    fn from_str(text: &str) -> Result<Self, EmbeddedError> {
        let wrong = || EmbeddedError::Block { text: text.to_owned() };
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let address: Ipv4Addr = address.parse().map_err(|_| wrong())?;
        let prefix: u32 = prefix.parse().map_err(|_| wrong())?;
        if !(8..=30).contains(&prefix) {
            return Err(wrong());
        }
        Ok(Self { first: u32::from(address) & mask(prefix), prefix })
    }
}

impl std::fmt::Display for Block {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", Ipv4Addr::from(self.first), self.prefix)
    }
}

fn mask(prefix: u32) -> u32 {
    u32::MAX.checked_shl(32 - prefix).unwrap_or(0)
}

/// The two addresses of one cluster, held as long as this lives.
#[derive(Debug)]
pub(super) struct Addresses {
    /// The host's end of the link.
    pub(super) host: Ipv4Addr,
    /// The node's end.
    pub(super) node: Ipv4Addr,
    _claim: UnixDatagram,
}

/// Takes the first /30 of `block` that no route of the host and no other
/// cluster uses.
///
/// A claim is an abstract socket: its name is unique in the host's network,
/// whoever made it, and is free again when its process is gone.
pub(super) fn claim(block: Block) -> Result<Addresses, EmbeddedError> {
    let routes = std::fs::read_to_string("/proc/net/route").unwrap_or_default();
    let routes = parse_routes(&routes);
    let size = 1_u32 << (32 - block.prefix);
    for first in (0..size).step_by(4).map(|offset| block.first + offset) {
        if routes.iter().any(|route| route.overlaps(first)) {
            continue;
        }
        let name = format!("labbook-{}", Ipv4Addr::from(first));
        let claim = SocketAddr::from_abstract_name(name.as_bytes())
            .and_then(|name| UnixDatagram::bind_addr(&name));
        if let Ok(claim) = claim {
            let (host, node) = (Ipv4Addr::from(first + 1), Ipv4Addr::from(first + 2));
            return Ok(Addresses { host, node, _claim: claim });
        }
    }
    Err(EmbeddedError::NoAddress { block })
}

#[derive(Debug, PartialEq, Eq)]
struct Route {
    destination: u32,
    mask: u32,
}

impl Route {
    /// Whether any of the four addresses from `first` on lies in it.
    fn overlaps(&self, first: u32) -> bool {
        // The narrower of the two decides: a /30, or a route to one host.
        let common = self.mask & mask(30);
        self.mask != 0 && self.destination & common == first & common
    }
}

/// `/proc/net/route`: addresses are hexadecimal in the host's byte order.
fn parse_routes(table: &str) -> Vec<Route> {
    let number = |text: &str| u32::from_str_radix(text, 16).ok().map(u32::from_be);
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            Some(Route { destination: number(fields.get(1)?)?, mask: number(fields.get(7)?)? })
        })
        .collect()
}

/// Makes the link: `name` on the host, `eth0` in the network of process `pid`.
pub(super) fn make_link(name: &str, pid: u32, addresses: &Addresses) -> Result<(), EmbeddedError> {
    let pid = pid.to_string();
    ip(&["link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", &pid])?;
    ip(&["address", "add", &format!("{}/30", addresses.host), "dev", name])?;
    ip(&["link", "set", name, "up"])
}

/// Takes a link away. It goes with the cluster's network by itself; this only
/// makes it go now.
pub(super) fn remove_link(name: &str) {
    if Path::new("/sys/class/net").join(name).exists() {
        // It may go in between.
        let _ = ip(&["link", "delete", name]);
    }
}

fn ip(arguments: &[&str]) -> Result<(), EmbeddedError> {
    let done = Command::new("ip")
        .env("PATH", crate::sandbox::PATH)
        .args(arguments)
        .output()
        .map_err(|error| EmbeddedError::io("start", Path::new("ip"), error))?;
    if done.status.success() {
        return Ok(());
    }
    Err(EmbeddedError::Link {
        command: format!("ip {}", arguments.join(" ")),
        words: String::from_utf8_lossy(&done.stderr).trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_part_of_the_block_is_passed_over() {
        let table = "\
Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0
br0\t0000D50A\t00000000\t0001\t0\t0\t0\tF8FFFFFF\t0\t0\t0
";
        let routes = parse_routes(table);
        let at = |last| u32::from(Ipv4Addr::new(10, 213, 0, last));
        assert!(routes.iter().any(|route| route.overlaps(at(4))));
        assert!(!routes.iter().any(|route| route.overlaps(at(8))));
    }

    #[test]
    fn a_block_of_one_link_is_used_up_by_one_claim() {
        let block: Block = "198.51.100.0/30".parse().unwrap();
        let first = claim(block).unwrap();
        assert_eq!(first.node, Ipv4Addr::new(198, 51, 100, 2));
        let second = claim(block);
        assert!(matches!(second, Err(EmbeddedError::NoAddress { .. })), "{second:?}");
        drop(first);
        claim(block).unwrap();
    }

    #[test]
    fn a_block_is_an_address_and_a_prefix() {
        for wrong in ["10.0.0.0", "10.0.0.0/31", "10.0.0.0/4", "ten/8", "10.0.0/24"] {
            assert!(wrong.parse::<Block>().is_err(), "{wrong}");
        }
        assert_eq!("10.213.7.9/16".parse::<Block>().unwrap().to_string(), "10.213.0.0/16");
    }
}
