//! Where webhooks may go: the internet, and nothing behind the server.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// How far webhooks reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// `https` to addresses of the internet.
    Internet,
    /// Anything, `http` and private networks included: for development and tests.
    Anything,
}

impl Reach {
    /// Whether something may be sent to this address.
    pub fn includes(self, address: IpAddr) -> bool {
        self == Reach::Anything || is_public(address)
    }

    /// Whether something may be sent to this URL, whatever address its host turns out to have.
    ///
    /// # Errors
    /// Why not.
    pub fn check(self, url: &str) -> Result<(), &'static str> {
        let url = Url::parse(url).map_err(|_| "must be a URL")?;
        match url.scheme() {
            "https" => {}
            "http" if self == Reach::Anything => {}
            _ => return Err("must begin with `https://`"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not contain credentials: events are signed");
        }
        if url.fragment().is_some() {
            return Err("must not have a fragment");
        }
        let address = match url.host() {
            None => return Err("must name a host"),
            Some(Host::Domain(_)) => return Ok(()),
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
        };
        match self.includes(address) {
            true => Ok(()),
            false => Err("must not be an address of a private network"),
        }
    }
}

/// Whether an address is one of the internet, by the special-purpose registries of IANA.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // This network; private; loopback.
        (0 | 10 | 127, ..) => true,
        // Shared by carriers (CGNAT); some clouds have their metadata there.
        (100, 64..=127, _) => true,
        // Link-local, with the metadata of clouds at 169.254.169.254.
        (169, 254, _) => true,
        (172, 16..=31, _) => true,
        // Protocol assignments, documentation, the former 6to4 relays.
        (192, 0, 0 | 2) | (192, 88, 99) => true,
        (192, 168, _) => true,
        // Benchmarks, documentation.
        (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => true,
        // Multicast, reserved, broadcast.
        (224.., ..) => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let [a, b, ..] = segments;
    let last_v4 = || {
        let [.., c, d] = segments;
        let [e, f] = c.to_be_bytes();
        let [g, h] = d.to_be_bytes();
        Ipv4Addr::new(e, f, g, h)
    };
    match segments {
        // Translated by NAT64: what stands at its end is meant.
        [0x64, 0xff9b, 0, 0, 0, 0, _, _] => return is_public_v4(last_v4()),
        // 6to4 carries the address of its router.
        [0x2002, c, d, ..] => {
            let [e, f] = c.to_be_bytes();
            let [g, h] = d.to_be_bytes();
            return is_public_v4(Ipv4Addr::new(e, f, g, h));
        }
        _ => {}
    }
    // Only 2000::/3 is given out. Everything else is unspecified, loopback, mapped (::ffff:0:0/96) or compatible
    // to IPv4, unique local (fd00:ec2::254 is the metadata of a cloud), link-local, multicast or reserved.
    let given_out = a & 0xe000 == 0x2000;
    // Protocol assignments with Teredo; documentation.
    let special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || (a == 0x3fff && b < 0x1000);
    given_out && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_behind_the_server_are_refused() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:169.254.169.254",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ] {
            let address = text.parse().unwrap();
            assert!(!Reach::Internet.includes(address), "{text} is let through");
            assert!(Reach::Anything.includes(address), "{text}");
        }
    }

    #[test]
    fn addresses_of_the_internet_are_let_through() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.255.255",
            "192.169.0.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "2a00:1450::1",
            "2002:808:808::1",
            "64:ff9b::808:808",
        ] {
            assert!(
                Reach::Internet.includes(text.parse().unwrap()),
                "{text} is refused"
            );
        }
    }

    #[test]
    fn urls_are_read_as_those_who_connect_read_them() {
        for url in [
            "https://hooks.example.com/flexportal",
            "https://hooks.example.com:8443/?a=b",
            "https://8.8.8.8/",
            "HTTPS://Hooks.Example.com",
        ] {
            assert_eq!(Reach::Internet.check(url), Ok(()), "{url}");
        }
        for url in [
            "",
            "hooks.example.com",
            "/path",
            "http://hooks.example.com",
            "ftp://hooks.example.com",
            "file:///etc/passwd",
            "https://",
            "https://user@hooks.example.com",
            "https://a:b@hooks.example.com",
            "https://hooks.example.com/#part",
            "https://127.0.0.1",
            "https://2130706433",
            "https://0x7f.1",
            "https://017700000001",
            "https://127.1",
            "https://[::1]",
            "https://[::ffff:127.0.0.1]:80",
            "https://169.254.169.254/latest/meta-data",
            "https://0/",
        ] {
            assert!(Reach::Internet.check(url).is_err(), "{url} is let through");
        }
        assert_eq!(Reach::Anything.check("http://127.0.0.1:8080/"), Ok(()));
        assert!(Reach::Anything.check("ftp://127.0.0.1/").is_err());
    }
}
