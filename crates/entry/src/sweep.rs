//! Cancellations of many orders: at once, and unless asked again in time.

use crate::item::Item;
use crate::listing::Listing;
use crate::member::Member;
use crate::record::header;
use crate::rejection::Rejection;
use tickyard_types::{AccountId, CancelAllAfter, CommandKind, InstrumentId, MassCancel};

const TIMEOUT_MIN_S: u64 = 10;
const TIMEOUT_MAX_S: u64 = 120;
const LOCK_MAX_MS: u64 = 10_000;
/// Every value of instType. The exchange lists spot pairs; of the others there is never an order.
const PRODUCTS: [&str; 6] = ["SPOT", "MARGIN", "SWAP", "FUTURES", "OPTION", "EVENTS"];

/// Makes the command that cancels every order of a product, family or instrument; nothing when there is none.
///
/// OKX has it for market makers' options alone; here it means whatever it names. The family of a spot pair is its own
/// name. Source: OKX v5, POST /api/v5/trade/mass-cancel.
///
/// # Errors
/// Why there is none.
pub fn mass_cancel(item: &Item<'_>, account: AccountId, listing: &Listing) -> Result<Option<MassCancel>, Rejection> {
    let product = item.word(Member::InstType, |word| PRODUCTS.iter().find(|product| **product == word))?;
    if item.has(Member::LockInterval) && item.whole(Member::LockInterval, 6).is_none_or(|ms| ms > LOCK_MAX_MS) {
        return Err(Rejection::LockOutOfRange);
    }
    if *product != "SPOT" {
        return Ok(None);
    }
    let instrument = if item.has(Member::InstIdCode) || item.has(Member::InstId) {
        item.instrument(listing)?.id
    } else if item.has(Member::InstFamily) {
        let found = item.text(Member::InstFamily).and_then(|family| listing.by_symbol(family));
        found.ok_or(Rejection::UnknownInstrument)?.id
    } else {
        InstrumentId(0)
    };
    Ok(Some(MassCancel { header: header(CommandKind::MassCancel, 0, account), instrument, reserved: [0; 100] }))
}

/// Makes the command that arms or disarms the timer.
///
/// Source: OKX v5, POST /api/v5/trade/cancel-all-after.
///
/// # Errors
/// The time is missing, or neither 0 nor 10 to 120 seconds.
pub fn cancel_all_after(item: &Item<'_>, account: AccountId) -> Result<CancelAllAfter, Rejection> {
    let seconds = item.whole(Member::TimeOut, 3).ok_or_else(|| item.rejection(Member::TimeOut))?;
    if seconds != 0 && !(TIMEOUT_MIN_S..=TIMEOUT_MAX_S).contains(&seconds) {
        return Err(Rejection::Invalid(Member::TimeOut));
    }
    Ok(CancelAllAfter {
        header: header(CommandKind::CancelAllAfter, 0, account),
        timeout_ms: seconds * 1_000,
        tag: item.name(Member::Tag)?,
        reserved: [0; 80],
    })
}
