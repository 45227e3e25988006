//! As many rules for hosts as there are subjects, in the crate `adblock`: what blockers keep lists of names in.

use std::fmt::Write;

use anyhow::Result;
use fastrand::Rng;
use soi_bench_adblock::Peer;

/// Addresses checked in a round, half of them on hosts with a rule.
const REQUESTS: usize = 4_000;
const SEED: u64 = 2_026;

/// The rules, loaded once and kept as the crate keeps them.
pub(crate) struct HostRules {
    pub(crate) serialized: Vec<u8>,
    /// As the peer takes them.
    pub(crate) requests: String,
}

impl HostRules {
    pub(crate) fn new(count: usize) -> Result<Self> {
        let mut rules = String::new();
        for number in 0..count {
            writeln!(rules, "||shop-{number}.example^")?;
        }
        let mut random = Rng::with_seed(SEED);
        let mut requests = String::new();
        for _ in 0..REQUESTS {
            // The second half of the numbers has no rules.
            let number = random.usize(..2 * count);
            writeln!(requests, "image\thttps://shopee.vn/\thttps://shop-{number}.example/cover/{number}.webp")?;
        }
        Ok(Self { serialized: Peer::new(rules, "").serialized(), requests })
    }

    /// Without its rules: they are to be loaded.
    pub(crate) fn peer(&self) -> Peer {
        Peer::new(String::new(), &self.requests)
    }
}
