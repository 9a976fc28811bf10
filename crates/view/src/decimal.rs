//! Whole steps as plain decimal text: how prices and sizes are written on the wire.

/// The whole multiples of a step of `mantissa` · 10^-`digits`: the prices, or the sizes, of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    mantissa: i64,
    digits: u8,
}

impl Grid {
    /// The most decimal places that a step may have.
    pub const DIGITS_MAX: u8 = 36;

    /// The grid of a step; `None` when it is not positive or has more than [`Self::DIGITS_MAX`] places.
    #[must_use]
    pub const fn new(mantissa: i64, digits: u8) -> Option<Self> {
        if mantissa > 0 && digits <= Self::DIGITS_MAX { Some(Self { mantissa, digits }) } else { None }
    }

    /// Appends so many steps as a plain decimal, without trailing zeros and without exponent.
    pub fn write(self, steps: i64, out: &mut Vec<u8>) {
        let units = i128::from(steps) * i128::from(self.mantissa);
        if units < 0 {
            out.push(b'-');
        }
        let units = units.unsigned_abs();
        match u64::try_from(units) {
            Ok(units) => write_narrow(units, self.digits, out),
            Err(_) => write_wide(units, self.digits, out),
        }
    }
}

/// Longest text of a `u128`, or of a fraction with its point and the zero before it.
const TEXT_MAX: usize = 40;

/// Appends `units` · 10^-`digits`.
fn write_narrow(mut units: u64, mut digits: u8, out: &mut Vec<u8>) {
    while digits > 0 && units.is_multiple_of(10) {
        (units, digits) = (units / 10, digits - 1);
    }
    let mut text = [b'0'; TEXT_MAX];
    let mut at = TEXT_MAX;
    // The last figure stands in the units' place; there is at least one before the point.
    let mut place = 0;
    while units > 0 || place <= digits {
        if place == digits && digits > 0 {
            at -= 1;
            text[at] = b'.';
        }
        at -= 1;
        text[at] = b'0' + (units % 10) as u8;
        units /= 10;
        place += 1;
    }
    out.extend_from_slice(&text[at..]);
}

/// The same for numbers of more than 64 bits, which no real instrument has.
fn write_wide(units: u128, digits: u8, out: &mut Vec<u8>) {
    let figures = format!("{units:0>width$}", width = usize::from(digits) + 1);
    let (whole, fraction) = figures.split_at(figures.len() - usize::from(digits));
    out.extend_from_slice(whole.as_bytes());
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        out.push(b'.');
        out.extend_from_slice(fraction.as_bytes());
    }
}

/// Appends a whole number.
pub fn write_whole(number: u64, out: &mut Vec<u8>) {
    write_narrow(number, 0, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(steps: i64, mantissa: i64, digits: u8) -> String {
        let mut out = Vec::new();
        Grid::new(mantissa, digits).unwrap().write(steps, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn steps_are_written_without_trailing_zeros_and_without_exponent() {
        assert_eq!(text(640_001, 1, 1), "64000.1");
        assert_eq!(text(640_000, 1, 1), "64000");
        assert_eq!(text(5, 1, 8), "0.00000005");
        assert_eq!(text(0, 1, 8), "0");
        assert_eq!(text(3, 25, 2), "0.75");
        assert_eq!(text(7, 10, 0), "70");
        assert_eq!(text(-15, 1, 1), "-1.5");
        assert_eq!(text(i64::MAX, 1, Grid::DIGITS_MAX), "0.000000000000000009223372036854775807");
        assert_eq!(text(i64::MAX, i64::MAX, 0), "85070591730234615847396907784232501249");
    }

    #[test]
    fn a_step_is_positive_and_not_finer_than_can_be_written() {
        assert_eq!(Grid::new(0, 1), None);
        assert_eq!(Grid::new(-1, 1), None);
        assert_eq!(Grid::new(1, Grid::DIGITS_MAX + 1), None);
    }

    proptest! {
        #[test]
        fn both_ways_of_writing_agree(units: u64, digits in 0..=Grid::DIGITS_MAX) {
            let (mut narrow, mut wide) = (Vec::new(), Vec::new());
            write_narrow(units, digits, &mut narrow);
            write_wide(u128::from(units), digits, &mut wide);
            prop_assert_eq!(String::from_utf8(narrow), String::from_utf8(wide));
        }
    }
}
