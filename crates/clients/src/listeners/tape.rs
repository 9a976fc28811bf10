//! The trades of one pair as one connection has seen them: how many, and which, in how few bytes that takes.

/// Equal tapes have seen the same trades in the same order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tape {
    /// How many trades were seen.
    pub trades: u64,
    last: u64,
    digest: u64,
    /// How many were doubled, or older than the one before.
    pub out_of_order: u64,
}

impl Tape {
    /// Notes a trade by its id, which grows from trade to trade.
    pub fn see(&mut self, id: u64) {
        self.out_of_order += u64::from(id <= self.last);
        self.trades += 1;
        self.last = id;
        self.digest = (self.digest.rotate_left(5) ^ id).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(ids: &[u64]) -> Tape {
        let mut tape = Tape::default();
        ids.iter().for_each(|id| tape.see(*id));
        tape
    }

    #[test]
    fn a_tape_knows_which_trades_it_has_seen() {
        assert_eq!(seen(&[1, 2, 5]), seen(&[1, 2, 5]));
        assert_ne!(seen(&[1, 2, 5]), seen(&[1, 3, 5]));
        assert_eq!(seen(&[1, 2, 5]).out_of_order, 0);
        assert_eq!(seen(&[1, 2, 2]).out_of_order, 1);
        assert_eq!(seen(&[2, 1, 3]).out_of_order, 1);
    }
}
