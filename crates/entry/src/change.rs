//! Cancellations and amendments of one order.

use crate::item::Item;
use crate::listing::Listing;
use crate::member::Member;
use crate::number;
use crate::record::header;
use crate::rejection::Rejection;
use tickyard_types::{AccountId, AmendOrder, CancelOrder, CommandKind, OrderId};

/// Makes the command that cancels an order; its id goes before the client's.
///
/// Source: OKX v5, POST /api/v5/trade/cancel-order.
///
/// # Errors
/// Why there is none.
pub fn cancel(item: &Item<'_>, account: AccountId, listing: &Listing) -> Result<CancelOrder, Rejection> {
    let instrument = item.instrument(listing)?;
    let (order_id, client_id) = item.order()?.ok_or(Rejection::CancelNeedsId)?;
    Ok(CancelOrder {
        header: header(CommandKind::CancelOrder, 0, account),
        instrument: instrument.id,
        reserved: [0; 4],
        order_id: OrderId(order_id),
        client_id,
        reserved2: [0; 56],
    })
}

/// Makes the command that changes an order; its id goes before the client's.
///
/// Source: OKX v5, POST /api/v5/trade/amend-order.
///
/// # Errors
/// Why there is none.
pub fn amend(
    item: &Item<'_>,
    account: AccountId,
    listing: &Listing,
    expires_at_ms: u64,
) -> Result<AmendOrder, Rejection> {
    let instrument = item.instrument(listing)?;
    let (order_id, client_id) = item.order()?.ok_or(Rejection::AmendNeedsId)?;
    if item.has(Member::NewOptionPrice) {
        return Err(Rejection::OptionPrice);
    }
    if item.has(Member::NewFlatTrigger) {
        return Err(Rejection::FlatTriggers);
    }
    if item.has_items(Member::AttachAlgoOrds)? {
        return Err(Rejection::NoAttachedTriggers);
    }
    let (mut price, mut size) = (0, 0);
    if item.has(Member::NewPx) {
        price = number::price(item, Member::NewPx, instrument)?;
    }
    if item.has(Member::NewSz) {
        size = number::size(item, Member::NewSz, instrument, Rejection::LimitTooLarge)?;
    }
    if price == 0 && size == 0 {
        return Err(Rejection::NothingToAmend);
    }
    let request_id = item.name(Member::ReqId)?;
    let mut flags = 0;
    if item.flag(Member::CxlOnFail)? {
        flags |= AmendOrder::CANCEL_ON_FAIL;
    }
    if item.is_clamped()? {
        flags |= AmendOrder::CLAMP_PRICE;
    }
    Ok(AmendOrder {
        header: header(CommandKind::AmendOrder, flags, account),
        instrument: instrument.id,
        reserved: [0; 4],
        order_id: OrderId(order_id),
        price,
        size,
        client_id,
        request_id,
        expires_at_ms,
    })
}
