//! Every rounding of money, by name and direction. Who pays pays the ceiling, who receives receives the floor.

/// Parts per billion in one whole: the denominator of every rate.
pub const PPB: i64 = 1_000_000_000;

/// The fee on `amount`: what is charged is rounded up.
///
/// # Panics
/// When the amount is negative or the rate is not within 0 and [`PPB`]; both are checked where they enter.
#[must_use]
pub fn fee_charged(amount: i128, rate_ppb: i64) -> i128 {
    let (whole, rest) = share(amount, rate_ppb);
    // A rest means that whole < amount, because the rate is at most one: the sum cannot overflow.
    whole + i128::from(rest > 0)
}

/// The rebate on `amount`: what is paid out is rounded down.
///
/// # Panics
/// When the amount is negative or the rate is not within 0 and [`PPB`]; both are checked where they enter.
#[must_use]
pub fn rebate_paid(amount: i128, rate_ppb: i64) -> i128 {
    share(amount, rate_ppb).0
}

/// How many whole units of `unit` each fit into `amount`, rounded down; at most `i64::MAX`.
///
/// # Panics
/// When the amount is negative or the unit is not positive.
#[must_use]
pub fn whole_units(amount: i128, unit: i128) -> i64 {
    assert!(amount >= 0 && unit > 0, "Invariant: units are counted in what is there");
    i64::try_from(amount / unit).unwrap_or(i64::MAX)
}

/// `amount × rate`, whole part and rest in billionths. The whole part is never above the amount.
fn share(amount: i128, rate_ppb: i64) -> (i128, u64) {
    assert!(amount >= 0, "Invariant: a share is taken of a positive amount");
    assert!((0..=PPB).contains(&rate_ppb), "Invariant: a rate is between nothing and the whole");
    let (whole, rest) = mul_div(amount.unsigned_abs(), rate_ppb.unsigned_abs(), PPB.unsigned_abs());
    (i128::try_from(whole).expect("Invariant: a share is not above its amount"), rest)
}

/// `amount × factor / divisor` through 192 bits: whole part and rest.
///
/// `factor <= divisor` keeps the whole part within `amount`, so nothing can overflow.
fn mul_div(amount: u128, factor: u64, divisor: u64) -> (u128, u64) {
    assert!(factor <= divisor && divisor > 0, "Invariant: a share is at most the whole");
    let (factor, wide_divisor) = (u128::from(factor), u128::from(divisor));
    let low = (amount & u128::from(u64::MAX)) * factor;
    let high = (amount >> 64) * factor + (low >> 64);

    // Long division, digit by digit in base 2^64, highest digit first: its quotient is below 2^64 - 1 and the
    // digit above it is already smaller than the divisor, because high / 2^64 < factor <= divisor.
    let first = high / wide_divisor;
    let carried = ((high % wide_divisor) << 64) | (low & u128::from(u64::MAX));
    ((first << 64) | (carried / wide_divisor), (carried % wide_divisor) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounding_loses_less_than_one_unit(amount in 0_i128..1 << 96, rate in 0..=PPB) {
            let exact = amount * i128::from(rate);
            let (fee, rebate) = (fee_charged(amount, rate), rebate_paid(amount, rate));
            prop_assert!((0..i128::from(PPB)).contains(&(fee * i128::from(PPB) - exact)));
            prop_assert!((0..i128::from(PPB)).contains(&(exact - rebate * i128::from(PPB))));
        }

        #[test]
        fn amounts_of_any_width_are_split_alike(amount in 0..=i128::MAX, rate in 0..=PPB) {
            // Whole billions have an exact share; the rest is small enough for plain arithmetic.
            let (billions, rest) = (amount / i128::from(PPB), amount % i128::from(PPB));
            let exact = billions * i128::from(rate);
            prop_assert_eq!(fee_charged(amount, rate), exact + fee_charged(rest, rate));
            prop_assert_eq!(rebate_paid(amount, rate), exact + rebate_paid(rest, rate));
        }
    }

    #[test]
    fn fee_is_rounded_up_and_rebate_down() {
        assert_eq!(fee_charged(1, 1), 1);
        assert_eq!(rebate_paid(1, 1), 0);
        assert_eq!(fee_charged(1_000, 1_000_000), 1);
        assert_eq!(fee_charged(1_001, 1_000_000), 2);
        assert_eq!(rebate_paid(1_999, 1_000_000), 1);
    }

    #[test]
    fn nothing_costs_nothing() {
        assert_eq!(fee_charged(0, PPB), 0);
        assert_eq!(fee_charged(i128::MAX, 0), 0);
    }

    #[test]
    fn whole_rate_takes_the_whole_amount_however_large() {
        assert_eq!(fee_charged(i128::MAX, PPB), i128::MAX);
        assert_eq!(rebate_paid(i128::MAX, PPB), i128::MAX);
    }

    #[test]
    fn wide_products_are_exact() {
        // 2^126 × 999,999,999 / 10^9, worked out with arbitrary precision.
        let amount = 1_i128 << 126;
        assert_eq!(rebate_paid(amount, PPB - 1), 85_070_591_645_164_024_135_609_035_992_098_401_006);
        assert_eq!(fee_charged(amount, PPB - 1) - rebate_paid(amount, PPB - 1), 1);
    }

    #[test]
    fn units_are_counted_down_and_saturate() {
        assert_eq!(whole_units(29, 10), 2);
        assert_eq!(whole_units(0, 10), 0);
        assert_eq!(whole_units(i128::MAX, 1), i64::MAX);
    }
}
