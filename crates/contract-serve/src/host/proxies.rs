//! Proxies before the server, and whom they speak for.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use axum::http::HeaderMap;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// An address, or all that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Network, String> {
        let form = "an address such as `10.0.0.5`, or a network such as `10.0.0.0/8`";
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| form)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= most).ok_or(form)?,
            None => most,
        };
        Ok(Network { address, bits })
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differing = own.to_bits() ^ other.to_bits();
                differing.leading_zeros() >= self.bits
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differing = own.to_bits() ^ other.to_bits();
                differing.leading_zeros() >= self.bits
            }
            _ => false,
        }
    }
}

/// Proxies whose word is taken for who the client is.
#[derive(Debug, Clone)]
pub struct Proxies(Arc<[Network]>);

impl Proxies {
    /// Those with an address in one of `networks`.
    pub fn new(networks: &[Network]) -> Proxies {
        Proxies(networks.into())
    }

    /// Whether a proxy has this address.
    pub fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// The address of the client: of the peer, or, if that is a proxy, the last one in
    /// `X-Forwarded-For` that is none. What stands before it was written by the client.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if self.0.is_empty() || !self.trust(peer) {
            return peer;
        }
        let lines: Vec<&str> = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .collect();
        let mut client = peer;
        for address in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            let Ok(address) = address.trim().parse::<IpAddr>() else {
                break;
            };
            client = address.to_canonical();
            if !self.trust(client) {
                break;
            }
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, lines: &[&str]) -> String {
        let networks = ["10.0.0.0/8", "::1"].map(|it| it.parse().unwrap());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let client = Proxies::new(&networks).client(peer.parse().unwrap(), &headers);
        client.to_string()
    }

    #[test]
    fn only_proxies_are_believed() {
        assert_eq!(client("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client("10.1.2.3", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("::1", &["2001:db8::1"]), "2001:db8::1");
        // What the client wrote itself stands further left.
        assert_eq!(
            client("10.1.2.3", &["6.6.6.6, 198.51.100.7, 10.9.9.9"]),
            "198.51.100.7"
        );
        assert_eq!(
            client("10.1.2.3", &["6.6.6.6", "198.51.100.7"]),
            "198.51.100.7"
        );
        assert_eq!(client("10.1.2.3", &["6.6.6.6, unknown"]), "10.1.2.3");
        assert_eq!(client("10.1.2.3", &[]), "10.1.2.3");
    }

    #[test]
    fn a_network_is_an_address_with_a_number_of_bits() {
        for bad in ["", "10.0.0", "10.0.0.0/33", "::1/129", "10.0.0.0/", "host"] {
            assert!(bad.parse::<Network>().is_err(), "`{bad}` is a network");
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains("255.0.0.1".parse().unwrap()));
    }
}
