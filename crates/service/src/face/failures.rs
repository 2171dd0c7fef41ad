//! Wrong keys, counted by the address they come from.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// Length of a window.
const WINDOW_SECONDS: i64 = 60;
/// Addresses counted at a time. With more, those that failed in earlier windows are forgotten; if
/// none did, all of them: counting is no reason to run out of memory.
const ADDRESSES: usize = 10_000;

/// How often addresses have sent wrong keys.
#[derive(Debug)]
pub(crate) struct Failures {
    /// Most in a window.
    most: AtomicU32,
    by_address: Mutex<HashMap<IpAddr, Failed>>,
    /// Keys of addresses that failed too often are looked up one at a time.
    lane: AtomicBool,
}

/// Leave to look one key up.
pub(crate) struct Lane<'a>(&'a AtomicBool);

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

#[derive(Debug, Clone, Copy)]
struct Failed {
    window: i64,
    count: u32,
}

impl Default for Failures {
    fn default() -> Failures {
        Failures {
            most: AtomicU32::new(u32::MAX),
            by_address: Mutex::default(),
            lane: AtomicBool::new(false),
        }
    }
}

impl Failures {
    pub(crate) fn limit(&self, most: u32) {
        self.most.store(most, Ordering::Relaxed);
    }

    /// Whether an address has failed too often in this window.
    pub(crate) fn too_many(&self, address: Option<IpAddr>, now: Timestamp) -> bool {
        let Some(address) = address else { return false };
        let all = self.by_address.lock();
        let all = all.unwrap_or_else(PoisonError::into_inner);
        all.get(&network(address)).is_some_and(|failed| {
            failed.window == window(now) && failed.count >= self.most.load(Ordering::Relaxed)
        })
    }

    /// An address has sent a wrong key.
    pub(crate) fn count(&self, address: Option<IpAddr>, now: Timestamp) {
        let Some(address) = address else { return };
        let window = window(now);
        let all = self.by_address.lock();
        let mut all = all.unwrap_or_else(PoisonError::into_inner);
        if all.len() >= ADDRESSES {
            all.retain(|_, failed| failed.window == window);
            if all.len() >= ADDRESSES {
                all.clear();
            }
        }
        let failed = all
            .entry(network(address))
            .or_insert(Failed { window, count: 0 });
        if failed.window != window {
            *failed = Failed { window, count: 0 };
        }
        failed.count = failed.count.saturating_add(1);
    }

    /// Leave to look one key up, unless somebody else has it.
    pub(crate) fn lane(&self) -> Option<Lane<'_>> {
        let taken = self.lane.swap(true, Ordering::Acquire);
        (!taken).then_some(Lane(&self.lane))
    }

    /// Until the next window.
    pub(crate) fn seconds_left(&self, now: Timestamp) -> u64 {
        let left = (window(now) + 1) * WINDOW_SECONDS - now.as_second();
        u64::try_from(left).unwrap_or(1).max(1)
    }
}

fn window(now: Timestamp) -> i64 {
    now.as_second().div_euclid(WINDOW_SECONDS)
}

/// Who has an IPv6 address has 2⁶⁴ of them.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn an_address_may_fail_so_often_a_minute() {
        let failures = Failures::default();
        failures.limit(2);
        let (mine, other) = ("192.0.2.1".parse().ok(), "192.0.2.2".parse().ok());
        failures.count(mine, at(60));
        assert!(!failures.too_many(mine, at(61)));
        failures.count(mine, at(61));
        assert!(failures.too_many(mine, at(119)));
        assert!(!failures.too_many(other, at(119)));
        assert!(!failures.too_many(mine, at(120)));
        assert_eq!(failures.seconds_left(at(119)), 1);
    }

    #[test]
    fn addresses_of_one_network_count_together() {
        let failures = Failures::default();
        failures.limit(1);
        failures.count("2001:db8::1".parse().ok(), at(0));
        assert!(failures.too_many("2001:db8::2".parse().ok(), at(0)));
        assert!(!failures.too_many("2001:db8:0:1::1".parse().ok(), at(0)));
    }

    #[test]
    fn memory_for_addresses_is_bounded() {
        let failures = Failures::default();
        for number in 0..2 * ADDRESSES as u32 {
            failures.count(Some(std::net::Ipv4Addr::from_bits(number).into()), at(0));
        }
        assert!(failures.by_address.lock().unwrap().len() <= ADDRESSES);
    }
}
