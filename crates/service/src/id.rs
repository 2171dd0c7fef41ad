//! Identifiers: a type prefix, the tenant's prefix, and 26 characters that sort by creation.

use std::sync::Mutex;

use jiff::Timestamp;

/// Crockford's alphabet: sorts like the numbers it writes, without look-alikes.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Makes identifiers whose order is the order of their creation in this process.
///
/// The number behind one is the millisecond (48 bits) and 80 random bits; within a millisecond,
/// or when the clock steps back, it is the previous number plus one.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    last: Mutex<u128>,
    /// What is given out first, the first of the kind that is asked for: the demo's are known ahead.
    planned: Option<Mutex<Vec<String>>>,
}

impl Ids {
    /// Gives out `planned`, each once, and then what nobody can foresee.
    pub(crate) fn planned(planned: impl IntoIterator<Item = &'static str>) -> Ids {
        Ids {
            planned: Some(Mutex::new(planned.into_iter().map(str::to_owned).collect())),
            ..Ids::default()
        }
    }

    /// A new identifier such as `cust_ELE01KB…`.
    pub(crate) fn next(&self, kind: &str, tenant_prefix: &str, now: Timestamp) -> String {
        if let Some(id) = self.next_planned(kind) {
            return id;
        }
        let millis = u128::try_from(now.as_millisecond()).unwrap_or(0) & 0xFFFF_FFFF_FFFF;
        let fresh = (millis << 80) | random_80_bits();
        let number = {
            let mut last = self
                .last
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            *last = if fresh > *last { fresh } else { *last + 1 };
            *last
        };
        let mut id = String::with_capacity(kind.len() + tenant_prefix.len() + 26);
        id.push_str(kind);
        id.push_str(tenant_prefix);
        for shift in (0..26).rev() {
            let index = (number >> (shift * 5)) & 31;
            id.push(char::from(ALPHABET[index as usize]));
        }
        id
    }

    fn next_planned(&self, kind: &str) -> Option<String> {
        let planned = self.planned.as_ref()?.lock();
        let mut planned = planned.unwrap_or_else(std::sync::PoisonError::into_inner);
        let index = planned.iter().position(|id| id.starts_with(kind))?;
        Some(planned.remove(index))
    }
}

fn random_80_bits() -> u128 {
    let mut bytes = [0_u8; 16];
    // Without randomness identifiers stay unique within the process, and clashes between
    // processes are refused by the primary keys.
    let _ = getrandom::fill(&mut bytes[6..]);
    // The top bit stays free, so that counting up within a millisecond cannot run into the next.
    bytes[6] &= 0x7F;
    u128::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_creation_is_order_of_ids() {
        let ids = Ids::default();
        let now = Timestamp::from_millisecond(1_780_000_000_000).unwrap();
        let earlier = Timestamp::from_millisecond(1_770_000_000_000).unwrap();
        let made: Vec<String> = (0..1000)
            .map(|index| ids.next("cust_", "ELE", if index % 7 == 6 { earlier } else { now }))
            .collect();
        assert!(made.is_sorted_by(|a, b| a < b));
        assert!(
            made.iter()
                .all(|id| id.len() == 34 && id.starts_with("cust_ELE"))
        );
    }

    #[test]
    fn planned_ids_come_first_each_with_its_kind() {
        let ids = Ids::planned(["cust_1", "ord_1", "cust_2"]);
        let now = Timestamp::UNIX_EPOCH;
        let made: Vec<String> = ["ord_", "cust_", "cust_"]
            .map(|kind| ids.next(kind, "", now))
            .into();
        assert_eq!(made, ["ord_1", "cust_1", "cust_2"]);
        assert_eq!(ids.next("cust_", "", now).len(), 31);
    }
}
