//! The wall clock, which the times of trades are compared with.

/// Microseconds since 1970-01-01 UTC.
#[allow(clippy::disallowed_types)] // a measurement reads a clock
pub fn now_us() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}
