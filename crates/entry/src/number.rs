//! Prices and sizes of an item, in the steps of its instrument.

use crate::grid::TEXT_LENGTH_MAX;
use crate::item::Item;
use crate::listing::Instrument;
use crate::member::Member;
use crate::rejection::Rejection;

/// A price in ticks.
pub(crate) fn price(item: &Item<'_>, member: Member, instrument: &Instrument) -> Result<i64, Rejection> {
    let text = item.amount(member)?;
    if text.chars().count() > TEXT_LENGTH_MAX {
        return Err(Rejection::PriceTooLong);
    }
    let ticks = instrument.prices.count(text).filter(|ticks| ticks.is_whole && ticks.floor > 0);
    let ticks = ticks.ok_or(Rejection::Invalid(member))?;
    i64::try_from(ticks.floor).map_err(|_| Rejection::PriceOutOfBounds)
}

/// A size in lots; `too_large` when no instrument has such a size.
pub(crate) fn size(
    item: &Item<'_>,
    member: Member,
    instrument: &Instrument,
    too_large: Rejection,
) -> Result<i64, Rejection> {
    let lots = instrument.sizes.count(item.amount(member)?).ok_or(Rejection::Invalid(member))?;
    if !lots.is_whole {
        let is_small = lots.floor < u128::from(instrument.min_size);
        return Err(if is_small { Rejection::SizeTooSmall } else { Rejection::SizeOffLot });
    }
    if lots.floor == 0 {
        return Err(Rejection::Invalid(member));
    }
    i64::try_from(lots.floor).map_err(|_| too_large)
}

/// Quote money of a market order in notional units, rounded down: never more than was said.
pub(crate) fn money(item: &Item<'_>, member: Member, instrument: &Instrument) -> Result<i64, Rejection> {
    let text = item.amount(member)?;
    let notional = instrument.notionals.count(text).ok_or(Rejection::Invalid(member))?.floor;
    if notional == 0 {
        return Err(if is_zero(text) { Rejection::Invalid(member) } else { Rejection::SizeTooSmall });
    }
    // The core knows one bound for both units; the wire has a word for each.
    if notional > u128::from(instrument.max_market_amount) {
        return Err(Rejection::MarketValueTooLarge);
    }
    i64::try_from(notional).map_err(|_| Rejection::MarketValueTooLarge)
}

/// Whether a number is zero, by its figures.
pub(crate) fn is_zero(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0' | b'.'))
}
