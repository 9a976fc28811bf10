//! When the points bite in a thread.

#[cfg(feature = "on")]
use crate::Point;
#[cfg(feature = "on")]
use std::cell::RefCell;
#[cfg(feature = "on")]
use std::sync::atomic::{AtomicBool, Ordering};

/// What a thread has before it; empty without the feature `on`. A thread passes its plan on to those it starts.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    #[cfg(feature = "on")]
    seed: u64,
    /// Every point bites once in so many times; 0 for never.
    #[cfg(feature = "on")]
    once_in: u64,
    /// The commands over which the core panics, by sender and number, and where.
    #[cfg(feature = "on")]
    poison: Vec<(Point, (u64, u64))>,
}

#[cfg(feature = "on")]
thread_local! {
    static PLAN: RefCell<Plan> = RefCell::default();
}

/// Whether any thread was ever given a plan: all that the points look at before that.
#[cfg(feature = "on")]
static IS_ANY: AtomicBool = AtomicBool::new(false);

#[cfg(feature = "on")]
impl Plan {
    /// Every point bites once in so many times, as a seed decides.
    #[must_use]
    pub const fn new(seed: u64, once_in: u64) -> Self {
        Self { seed, once_in, poison: Vec::new() }
    }

    /// The core panics at a point over the command of this sender and number.
    #[must_use]
    pub fn with_poison(mut self, point: Point, origin: (u64, u64)) -> Self {
        self.poison.push((point, origin));
        self
    }
}

impl Plan {
    /// Gives this thread the plan, in place of the one it has.
    pub fn install(self) {
        #[cfg(feature = "on")]
        {
            IS_ANY.store(true, Ordering::Relaxed);
            PLAN.set(self);
        }
    }

    /// A plan for a thread that this one starts: the same, with luck of its own.
    #[must_use]
    pub fn inherited() -> Self {
        #[cfg(feature = "on")]
        {
            let seed = if IS_ANY.load(Ordering::Relaxed) { draw() } else { 0 };
            PLAN.with_borrow(|plan| Self { seed, ..plan.clone() })
        }
        #[cfg(not(feature = "on"))]
        Self {}
    }
}

#[cfg(feature = "on")]
pub fn bites(point: Point) -> bool {
    if !IS_ANY.load(Ordering::Relaxed) {
        return false;
    }
    let once_in = PLAN.with_borrow(|plan| plan.once_in);
    // The point is mixed in so that two of them that are passed in turn do not share their luck.
    once_in > 0 && (draw() ^ u64::from(point as u8)).is_multiple_of(once_in)
}

#[cfg(feature = "on")]
pub fn is_poisoned(point: Point, origin: (u64, u64)) -> bool {
    IS_ANY.load(Ordering::Relaxed) && PLAN.with_borrow(|plan| plan.poison.contains(&(point, origin)))
}

/// The next number of this thread's seed (splitmix64).
#[cfg(feature = "on")]
fn draw() -> u64 {
    PLAN.with_borrow_mut(|plan| {
        plan.seed = plan.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (plan.seed ^ (plan.seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

#[cfg(all(test, feature = "on"))]
mod tests {
    use super::*;

    fn luck() -> Vec<bool> {
        (0..200).map(|_| bites(Point::SlowApply)).collect()
    }

    #[test]
    fn a_seed_decides_and_a_thread_without_a_plan_has_no_bad_luck() {
        assert!(!luck().contains(&true));
        Plan::new(7, 4).install();
        let first = luck();
        assert!(first.contains(&true) && first.contains(&false));
        Plan::new(7, 4).install();
        assert_eq!(luck(), first);
        let inherited = Plan::inherited();
        std::thread::spawn(move || {
            assert!(!luck().contains(&true));
            inherited.install();
            assert!(luck().contains(&true));
        })
        .join()
        .expect("no panic");
        Plan::default().install();
        assert!(!luck().contains(&true));
    }
}
