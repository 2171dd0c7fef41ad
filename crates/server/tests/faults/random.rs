//! Random choices that a seed repeats.

use std::sync::OnceLock;

/// SplitMix64: small, and good enough to choose moments.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The same numbers for the same seed of the run and the same `name`.
    pub(crate) fn new(name: &str) -> Random {
        // FNV-1a, so that every kind of fault has moments of its own.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Random(seed() ^ hash)
    }

    /// Another generator, whose numbers do not depend on what is drawn from this one later.
    pub(crate) fn fork(&mut self) -> Random {
        Random(self.next())
    }

    /// A number in `least..=most`.
    pub(crate) fn between(&mut self, least: usize, most: usize) -> usize {
        least + (self.next() % (most - least + 1) as u64) as usize
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.between(1, 100) <= percent
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// The seed of this run: `FAULT_SEED`, or one of the moment.
pub(crate) fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        std::env::var("FAULT_SEED").map_or_else(
            |_| jiff::Timestamp::now().as_millisecond().unsigned_abs(),
            |text| text.parse().expect("`FAULT_SEED` is a number"),
        )
    })
}
