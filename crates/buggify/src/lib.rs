//! Places in the product where a test may ask for bad luck: a slow core, a half-full batch, a read that comes short.
//!
//! What a point does is legal at any time, only rare in life; code that is right stays right however often it bites.
//! [`Point`] is the list of all of them. Without the feature `on` no point is compiled in; with it, a point bites only
//! in threads that were given a [`Plan`].

mod plan;
mod point;

pub use plan::Plan;
pub use point::Point;

/// Whether a point bites now.
#[cfg(not(feature = "on"))]
#[inline(always)]
#[must_use]
pub const fn bites(_: Point) -> bool {
    false
}

/// Whether a point bites now.
#[cfg(feature = "on")]
#[inline]
#[must_use]
pub fn bites(point: Point) -> bool {
    plan::bites(point)
}

/// Panics if the core is to panic at this point over the command of that sender and number.
#[cfg(not(feature = "on"))]
#[inline(always)]
pub const fn panic_over(_: Point, _: (u64, u64)) {}

/// Panics if the core is to panic at this point over the command of that sender and number.
///
/// # Panics
/// When the plan says so.
#[cfg(feature = "on")]
#[inline]
pub fn panic_over(point: Point, origin: (u64, u64)) {
    assert!(!plan::is_poisoned(point, origin), "a defect on purpose: {point:?} over {origin:?}");
}

/// Stands aside for a moment, if the point bites.
#[inline(always)]
pub fn dawdle(point: Point) {
    if bites(point) {
        std::thread::yield_now();
    }
}
