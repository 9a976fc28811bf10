//! Decimal text into whole steps, exactly.

/// Longest number that is accepted, in characters.
pub const TEXT_LENGTH_MAX: usize = 32;

/// The whole multiples of a positive step, e.g. all prices of a pair: `mantissa` · 10^-`digits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    mantissa: u64,
    digits: u32,
}

/// A number of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// Whole steps, rounded down; `u128::MAX` for more than that.
    pub floor: u128,
    /// Whether nothing was left over.
    pub is_whole: bool,
}

impl Grid {
    /// The grid of a step.
    #[must_use]
    pub const fn new(mantissa: u64, digits: u32) -> Self {
        assert!(mantissa > 0, "Invariant: a step is positive");
        Self { mantissa, digits }
    }

    /// Counts the steps of a plain decimal: ASCII digits with at most one point between digits, 32 characters at most.
    ///
    /// Nothing for any other text.
    #[must_use]
    pub fn count(self, text: &str) -> Option<Steps> {
        let (figures, places) = parse(text)?;
        let step = u128::from(self.mantissa);
        let Some(shift) = self.digits.checked_sub(places) else {
            let finer = 10_u128.checked_pow(places - self.digits).and_then(|power| step.checked_mul(power));
            return Some(match finer {
                Some(divisor) => Steps { floor: figures / divisor, is_whole: figures % divisor == 0 },
                None => Steps { floor: 0, is_whole: figures == 0 },
            });
        };
        let shifted = 10_u128.checked_pow(shift).and_then(|power| figures.checked_mul(power));
        Some(match shifted {
            Some(units) => Steps { floor: units / step, is_whole: units % step == 0 },
            None => Steps { floor: u128::MAX, is_whole: is_multiple(figures, shift, step) },
        })
    }
}

/// Whether `figures` · 10^`shift` is a multiple of a step that fits into 64 bits.
fn is_multiple(figures: u128, shift: u32, step: u128) -> bool {
    (0..shift).fold(figures % step, |rest, _| rest * 10 % step) == 0
}

/// Reads a plain decimal as its figures without the point, and how many of them stand behind it.
fn parse(text: &str) -> Option<(u128, u32)> {
    if text.len() > TEXT_LENGTH_MAX {
        return None;
    }
    let (mut figures, mut places, mut has_point) = (0_u128, 0, false);
    let mut follows_digit = false;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                figures = figures * 10 + u128::from(byte - b'0'); // 32 digits fit
                places += u32::from(has_point);
                follows_digit = true;
            }
            b'.' if follows_digit && !has_point => (has_point, follows_digit) = (true, false),
            _ => return None,
        }
    }
    follows_digit.then_some((figures, places))
}

#[cfg(test)]
mod tests {
    use super::{Grid, Steps};
    use proptest::prelude::*;

    const fn steps(floor: u128, is_whole: bool) -> Option<Steps> {
        Some(Steps { floor, is_whole })
    }

    #[test]
    fn a_number_is_a_whole_number_of_steps_or_lies_between_two() {
        let tenths = Grid::new(1, 1);
        assert_eq!(tenths.count("60000.1"), steps(600_001, true));
        assert_eq!(tenths.count("60000"), steps(600_000, true));
        assert_eq!(tenths.count("60000.10000"), steps(600_001, true));
        assert_eq!(tenths.count("60000.15"), steps(600_001, false));
        let halves = Grid::new(5, 1);
        assert_eq!(halves.count("1.5"), steps(3, true));
        assert_eq!(halves.count("1.4"), steps(2, false));
        assert_eq!(Grid::new(25, 0).count("99.99"), steps(3, false));
    }

    #[test]
    fn what_is_no_plain_decimal_is_no_number() {
        for text in ["", ".", "1.", ".5", "+1", "-1", "1e2", "1_0", " 1", "1.2.3", "NaN", "\u{663}", "1,5"] {
            assert_eq!(Grid::new(1, 2).count(text), None, "{text}");
        }
        assert_eq!(Grid::new(1, 0).count(&"0".repeat(33)), None);
    }

    #[test]
    fn more_than_fits_is_still_judged_by_the_grid() {
        let nines = "9".repeat(32);
        assert_eq!(Grid::new(1, 20).count(&nines), steps(u128::MAX, true));
        assert_eq!(Grid::new(7, 20).count(&nines), steps(u128::MAX, false));
        assert_eq!(Grid::new(9, 20).count(&nines), steps(u128::MAX, true));
        assert_eq!(Grid::new(u64::MAX, 0).count(&format!("0.{}1", "0".repeat(29))), steps(0, false));
    }

    proptest! {
        #[test]
        fn steps_times_the_step_are_the_number(mantissa in 1_u64..1_000_000, digits in 0_u32..9, n in 0_u128..1 << 40) {
            let units = n * u128::from(mantissa);
            let scale = 10_u128.pow(digits);
            let text = if digits == 0 {
                format!("{units}")
            } else {
                format!("{}.{:0width$}", units / scale, units % scale, width = digits as usize)
            };
            prop_assert_eq!(Grid::new(mantissa, digits).count(&text), steps(n, true));
        }
    }
}
