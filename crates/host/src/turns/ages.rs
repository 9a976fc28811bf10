//! For how long a command may wait, and what came over it meanwhile.

use crate::admission::Waiting;
use crate::class::Class;

/// What went stale is looked for this often.
const SWEEP_NS: u64 = 10_000_000;

/// What time it is on both clocks of the host.
#[derive(Clone, Copy)]
pub struct Now {
    pub uptime_ns: u64,
    pub exchange_ns: u64,
}

/// A command, and since when it waits.
pub struct Aged {
    pub command: Waiting,
    pub arrived_ns: u64,
}

impl Aged {
    /// It has waited for longer than its class may.
    pub const fn is_stale(&self, uptime_ns: u64) -> bool {
        self.has_waited_for_longer_than_may(self.command.class, uptime_ns)
    }

    /// Whoever comes behind it and is of this class would be stale before its turn.
    pub const fn has_waited_for_longer_than_may(&self, class: Class, uptime_ns: u64) -> bool {
        self.age_ns(uptime_ns) > class.patience_ns()
    }

    /// Its time has passed while it waited. One that came too late is the engine's to refuse: it may have been sent
    /// before and carried out, which the engine knows.
    pub const fn has_expired_here(&self, now: Now) -> bool {
        let expires_at_ns = self.command.expires_at_ns;
        expires_at_ns != 0
            && expires_at_ns < now.exchange_ns
            && expires_at_ns >= now.exchange_ns.saturating_sub(self.age_ns(now.uptime_ns))
    }

    const fn age_ns(&self, uptime_ns: u64) -> u64 {
        uptime_ns.saturating_sub(self.arrived_ns)
    }
}

/// When to look for what went stale.
#[derive(Default)]
pub struct Sweeps {
    last_ns: u64,
}

impl Sweeps {
    /// Tells whether it is time, and counts from now on then.
    pub const fn is_due(&mut self, uptime_ns: u64) -> bool {
        let is_due = uptime_ns >= self.last_ns + SWEEP_NS;
        if is_due {
            self.last_ns = uptime_ns;
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use crate::samples::{cancel, expiring, order};
    use crate::turns::desk::{BYTES, Desk, cancels};
    use tickyard_types::OrderType::{Limit, Market, PostOnly};
    use tickyard_types::Refusal;

    #[test]
    fn an_order_that_expires_while_it_waits_is_not_taken() {
        let mut desk = Desk::new(10, 10);
        desk.push(&[expiring(16, 1, Limit, 1_005), expiring(17, 2, Limit, 1_006), cancel(16, 3)]);
        desk.ms = 1_006;
        assert_eq!(desk.take_some(10, BYTES), (vec![3, 2], vec![(1, Refusal::Expired)]));
    }

    #[test]
    fn an_order_that_came_too_late_is_the_engines_to_refuse() {
        let mut desk = Desk::new(10, 10);
        desk.push(&[expiring(16, 1, Limit, 999)]);
        assert_eq!(desk.take(10), [1]);
    }

    #[test]
    fn what_is_late_is_refused_by_class_once_a_batch_is_not_enough() {
        let mut desk = Desk::new(10, 1);
        desk.push(&[cancel(16, 1), cancel(17, 2), cancel(18, 3), cancel(19, 4)]);
        desk.push(&[order(20, 5, PostOnly), order(21, 6, Limit), order(22, 7, Market)]);
        desk.ms += 50;
        assert_eq!(desk.take(1), [1]);
        desk.ms += 11;
        assert_eq!(desk.take_some(1, BYTES), (vec![2], vec![(7, Refusal::Busy)]));
        desk.ms += 50;
        assert_eq!(desk.take_some(1, BYTES), (vec![3], vec![(6, Refusal::Busy)]));
        desk.ms += 1_000;
        assert_eq!(desk.take_some(0, BYTES), (vec![], vec![(5, Refusal::Busy)]));
        desk.ms += 3_880;
        assert_eq!(desk.take(0), [], "a cancel waits for five seconds");
        desk.ms += 11;
        assert_eq!(desk.take_some(0, BYTES), (vec![], vec![(4, Refusal::Busy)]));
    }

    #[test]
    fn what_one_batch_clears_is_never_too_late() {
        let mut desk = Desk::new(10, 3);
        desk.push(&[order(16, 1, Market), order(17, 2, Market)]);
        desk.ms += 400;
        assert_eq!(desk.push(&[order(16, 3, Market)]), []);
        assert_eq!(desk.take(3).len(), 3);
    }

    #[test]
    fn an_order_is_refused_at_once_behind_one_that_waits_for_longer_than_it_may_itself() {
        let mut desk = Desk::new(100, 2);
        desk.push(&cancels(16, 1..=3));
        desk.ms += 51;
        assert_eq!(desk.push(&[order(16, 4, Market), order(16, 5, Limit), order(17, 6, Market)]), [4]);
        desk.ms += 50;
        assert_eq!(desk.push(&[order(16, 7, Limit), order(16, 8, PostOnly), cancel(16, 9)]), [7]);
    }
}
