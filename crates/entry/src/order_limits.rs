//! The limits of orders: each kind of request in each instrument, and all new orders and amendments of an account.
//!
//! REST and WebSocket share them. A request of a single item counts among the single ones, also when it is a batch. The
//! items of a batch are counted one by one, those that are wrong as well. Source: OKX v5, "Rate Limits", "Sub-account rate
//! limit".

use crate::counters::{Counters, Key, Limit};
use crate::rejection::Rejection;
use tickyard_types::{AccountId, InstrumentId};

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Verb {
    /// New orders.
    Place = 1,
    /// Cancellations.
    Cancel = 3,
    /// Amendments.
    Amend = 5,
}

const ACCOUNT: u16 = 7;
/// The first number that is free for other limits in the same memory.
pub const NUMBERS: u16 = 8;

/// The numbers.
#[derive(Clone, Copy, Debug)]
pub struct OrderLimits {
    /// Of requests with one item, for each verb, account and instrument.
    pub one: Limit,
    /// Of items of the others.
    pub many: Limit,
    /// Of new orders and amendments of an account, in all instruments.
    pub account: Limit,
}

impl OrderLimits {
    /// Counts an item.
    ///
    /// # Errors
    /// There is no room for it.
    pub fn count(
        &self,
        counters: Counters<'_>,
        verb: Verb,
        items: usize,
        (account, instrument): (AccountId, InstrumentId),
        now_ms: u64,
    ) -> Result<(), Rejection> {
        let (limit, number) = if items == 1 { (self.one, verb as u16) } else { (self.many, verb as u16 + 1) };
        if counters.take(Key::new(number, account.0, instrument.0), limit, 1, now_ms) == 0 {
            return Err(Rejection::TooManyRequests);
        }
        let is_counted = verb != Verb::Cancel;
        if is_counted && counters.take(Key::new(ACCOUNT, account.0, 0), self.account, 1, now_ms) == 0 {
            return Err(Rejection::TooManyOfAccount);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU64;

    const NOW: u64 = 1_790_000_000_000;
    const LIMITS: OrderLimits = OrderLimits {
        one: Limit { count: 2, per_ms: 2_000 },
        many: Limit { count: 4, per_ms: 2_000 },
        account: Limit { count: 9, per_ms: 2_000 },
    };

    fn accepted(counters: Counters<'_>, verb: Verb, items: usize, instrument: u32) -> usize {
        let whose = (AccountId(16), InstrumentId(instrument));
        (0..20).filter(|_| LIMITS.count(counters, verb, items, whose, NOW).is_ok()).count()
    }

    fn memory() -> Vec<AtomicU64> {
        (0..1 << 10).map(|_| AtomicU64::new(0)).collect()
    }

    #[test]
    fn single_requests_and_batches_of_each_verb_and_instrument_are_counted_apart() {
        let words = memory();
        let counters = Counters::new(&words);
        assert_eq!(accepted(counters, Verb::Place, 1, 1), 2);
        assert_eq!(accepted(counters, Verb::Cancel, 1, 1), 2);
        assert_eq!(accepted(counters, Verb::Place, 1, 2), 2);
        assert_eq!(accepted(counters, Verb::Place, 20, 1), 4);
    }

    #[test]
    fn new_orders_and_amendments_of_an_account_have_a_limit_of_their_own_and_cancellations_have_not() {
        let words = memory();
        let counters = Counters::new(&words);
        assert_eq!(accepted(counters, Verb::Place, 20, 1), 4);
        assert_eq!(accepted(counters, Verb::Amend, 20, 1), 4);
        assert_eq!(accepted(counters, Verb::Place, 20, 2), 1);
        let whose = (AccountId(16), InstrumentId(3));
        assert_eq!(LIMITS.count(counters, Verb::Place, 1, whose, NOW), Err(Rejection::TooManyOfAccount));
        assert_eq!(accepted(counters, Verb::Cancel, 20, 1), 4);
    }
}
