//! How long pushes took, counted in classes of a tenth of a millisecond.

const CLASS_US: u64 = 100;
const CLASSES: usize = 300_000; // half a minute

/// Counted latencies.
pub struct Latencies {
    counts: Vec<u64>,
    total: u64,
    worst_us: u64,
}

impl Latencies {
    /// None yet.
    pub fn new() -> Self {
        Self { counts: vec![0; CLASSES], total: 0, worst_us: 0 }
    }

    /// Counts one.
    pub fn add(&mut self, us: u64) {
        let class = usize::try_from(us / CLASS_US).unwrap_or(CLASSES).min(CLASSES - 1);
        self.counts[class] += 1;
        self.total += 1;
        self.worst_us = self.worst_us.max(us);
    }

    /// The latency, in microseconds and rounded up, that `per_mille` of a thousand do not exceed; 0 if there are none.
    pub fn at(&self, per_mille: u64) -> u64 {
        let mut left = (self.total * per_mille).div_ceil(1_000);
        for (class, count) in self.counts.iter().enumerate() {
            if left <= *count {
                return if left == 0 { 0 } else { (class as u64 + 1) * CLASS_US };
            }
            left -= count;
        }
        self.worst_us
    }

    /// The longest.
    pub fn worst_us(&self) -> u64 {
        self.worst_us
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_rounded_up_to_their_class() {
        let mut latencies = Latencies::new();
        assert_eq!(latencies.at(990), 0);
        for us in 0..1_000 {
            latencies.add(us * 100);
        }
        assert_eq!(latencies.at(500), 50_000);
        assert_eq!(latencies.at(990), 99_000);
        assert_eq!(latencies.worst_us(), 99_900);
        latencies.add(u64::MAX);
        assert_eq!(latencies.worst_us(), u64::MAX);
    }
}
