//! Shape: what is wrong with a command whatever the state is.

use crate::dedupe::COUNTERS;
use tickyard_types::{
    AccountId, AdvanceTime, AmendOrder, AmendOrderAttached, AmendTrigger, Attachment, AttachmentChange, CancelAllAfter,
    CancelOrder, CancelTrigger, CommandHeader, CommandKind, Credit, Debit, DefineAccount, DefineAsset, DefineFeeLevel,
    DefineInstrument, Leg, MassCancel, OrderId, OrderType, Origin, PlaceOrder, PlaceOrderAttached, PlaceTrigger,
    PostingReason, PriceType, Refusal, SelfTrade, SetIndexPrice, SetInstrumentState, Transfer, TriggerId, TriggerKind,
};
use zerocopy::FromBytes;

/// Shortest and longest time of a cancel-all-after timer. Source: OKX v5, POST /api/v5/trade/cancel-all-after,
/// "timeOut".
const TIMEOUT_MS: std::ops::RangeInclusive<u64> = 10_000..=120_000;

/// Shortest and longest distance of a trailing stop. Source: OKX v5, POST /api/v5/trade/order-algo, "callbackRatio".
const RATIO_PPB: std::ops::RangeInclusive<i64> = 1_000_000..=1_000_000_000;

/// The origin in the first bytes of a command that may be none; zeros when the bytes are too few.
pub(crate) fn origin(bytes: &[u8]) -> Origin {
    let start = std::mem::offset_of!(CommandHeader, origin);
    bytes.get(start..).and_then(|rest| Origin::read_from_prefix(rest).ok()).map_or_else(Origin::default, |read| read.0)
}

pub(crate) fn place(order: &PlaceOrder) -> Result<(), Refusal> {
    let flags = order.header.flags;
    let known = PlaceOrder::SIZE_IN_QUOTE | PlaceOrder::BAN_AMEND | PlaceOrder::CLAMP_PRICE;
    header(&order.header, known)?;
    well_formed(is_zero(&order.reserved) && is_name(&order.client_id) && is_name(&order.tag))?;
    if order.size <= 0 {
        return Err(Refusal::SizeNotPositive);
    }
    let is_market = order.order_type == OrderType::Market;
    if is_market != (order.price == 0) || order.price < 0 {
        return Err(Refusal::PriceInvalid);
    }
    let foreign = if is_market { PlaceOrder::CLAMP_PRICE } else { PlaceOrder::SIZE_IN_QUOTE | PlaceOrder::BAN_AMEND };
    if flags & foreign != 0 || !is_market && order.slippage_ppb != 0 {
        return Err(Refusal::NotForOrderType);
    }
    well_formed((0..=PlaceOrder::SLIPPAGE_PPB_MAX).contains(&order.slippage_ppb))?;
    fill_or_kill_may(order.order_type, order.self_trade)
}

/// Fill-or-kill cannot cancel both. Source: OKX v5, POST /api/v5/trade/order, "stpMode".
pub(crate) fn fill_or_kill_may(order_type: OrderType, self_trade: SelfTrade) -> Result<(), Refusal> {
    if order_type == OrderType::FillOrKill && self_trade == SelfTrade::CancelBoth {
        return Err(Refusal::FillOrKillCancelBoth);
    }
    Ok(())
}

pub(crate) fn cancel(cancel: &CancelOrder) -> Result<(), Refusal> {
    header(&cancel.header, 0)?;
    well_formed(is_zero(&cancel.reserved) && is_zero(&cancel.reserved2))?;
    names_an_order(cancel.order_id, &cancel.client_id)
}

pub(crate) fn amend(amend: &AmendOrder) -> Result<(), Refusal> {
    header(&amend.header, AmendOrder::CANCEL_ON_FAIL | AmendOrder::CLAMP_PRICE)?;
    well_formed(is_zero(&amend.reserved) && is_name(&amend.request_id))?;
    if amend.size < 0 {
        return Err(Refusal::SizeNotPositive);
    }
    if amend.price < 0 {
        return Err(Refusal::PriceInvalid);
    }
    if amend.price == 0 && amend.size == 0 && amend.header.kind == CommandKind::AmendOrder {
        return Err(Refusal::NothingToAmend);
    }
    names_an_order(amend.order_id, &amend.client_id)
}

/// The changes of what is attached to an order; those of the order itself are its own.
pub(crate) fn attachment_changes(amend: &AmendOrderAttached) -> Result<(), Refusal> {
    let used = amend.changes.iter().take_while(|change| change.is_there()).count();
    let (used, unused) = amend.changes.split_at(used);
    let is_named_twice = |id| used.iter().filter(|other| other.trigger_id == id).count() > 1;
    well_formed(!used.is_empty() && unused.iter().all(|change| *change == AttachmentChange::NONE))?;
    well_formed(!used.iter().any(|change| is_named_twice(change.trigger_id)))?;
    used.iter().try_for_each(|change| trigger_change(change.size, &change.legs))
}

pub(crate) fn mass_cancel(cancel: &MassCancel) -> Result<(), Refusal> {
    header(&cancel.header, 0)?;
    well_formed(is_zero(&cancel.reserved))
}

pub(crate) fn cancel_all_after(timer: &CancelAllAfter) -> Result<(), Refusal> {
    header(&timer.header, 0)?;
    well_formed(is_zero(&timer.reserved) && is_name(&timer.tag))?;
    if timer.timeout_ms != 0 && !TIMEOUT_MS.contains(&timer.timeout_ms) {
        return Err(Refusal::TimeoutOutOfRange);
    }
    Ok(())
}

pub(crate) fn advance_time(advance: &AdvanceTime) -> Result<(), Refusal> {
    of_the_host(&advance.header)?;
    well_formed(is_zero(&advance.reserved))
}

pub(crate) fn transfer(transfer: &Transfer) -> Result<(), Refusal> {
    header(&transfer.header, 0)?;
    well_formed(is_zero(&transfer.reserved) && is_zero(&transfer.reserved2) && transfer.key != [0; 16])?;
    well_formed(is_name(&transfer.client_id))?;
    if transfer.amount <= 0 {
        return Err(Refusal::AmountNotPositive);
    }
    if transfer.from == transfer.to && transfer.from_wallet == transfer.to_wallet {
        return Err(Refusal::SameWallet);
    }
    Ok(())
}

pub(crate) fn credit(credit: &Credit) -> Result<(), Refusal> {
    header(&credit.header, 0)?;
    well_formed(is_zero(&credit.reserved) && is_zero(&credit.reserved2))?;
    from_outside(credit.reason, credit.amount, &credit.key)
}

pub(crate) fn debit(debit: &Debit) -> Result<(), Refusal> {
    header(&debit.header, 0)?;
    well_formed(is_zero(&debit.reserved) && is_zero(&debit.reserved2))?;
    from_outside(debit.reason, debit.amount, &debit.key)
}

/// Trades and fees are posted by trades alone.
fn from_outside(reason: PostingReason, amount: i128, key: &[u8; 16]) -> Result<(), Refusal> {
    well_formed(!matches!(reason, PostingReason::Trade | PostingReason::Fee) && *key != [0; 16])?;
    if amount <= 0 { Err(Refusal::AmountNotPositive) } else { Ok(()) }
}

pub(crate) fn define_asset(asset: &DefineAsset) -> Result<(), Refusal> {
    of_the_host(&asset.header)?;
    well_formed(is_zero(&asset.reserved) && is_zero(&asset.reserved2) && is_symbol(&asset.symbol))
}

pub(crate) fn define_instrument(listing: &DefineInstrument) -> Result<(), Refusal> {
    of_the_host(&listing.header)?;
    well_formed(is_zero(&listing.reserved) && is_zero(&listing.reserved2) && is_symbol(&listing.symbol))
}

pub(crate) fn set_instrument_state(set: &SetInstrumentState) -> Result<(), Refusal> {
    of_the_host(&set.header)?;
    well_formed(is_zero(&set.reserved))
}

pub(crate) fn set_index_price(set: &SetIndexPrice) -> Result<(), Refusal> {
    of_the_host(&set.header)?;
    well_formed(is_zero(&set.reserved) && is_zero(&set.reserved2))?;
    if set.price.min(set.highest_buy).min(set.lowest_sell) < 0 { Err(Refusal::PriceInvalid) } else { Ok(()) }
}

pub(crate) fn define_account(account: &DefineAccount) -> Result<(), Refusal> {
    header(&account.header, 0)?;
    well_formed(is_zero(&account.reserved))
}

pub(crate) fn define_fee_level(level: &DefineFeeLevel) -> Result<(), Refusal> {
    of_the_host(&level.header)?;
    well_formed(is_zero(&level.reserved))
}

pub(crate) fn place_trigger(place: &PlaceTrigger) -> Result<(), Refusal> {
    header(&place.header, PlaceOrder::SIZE_IN_QUOTE)?;
    well_formed(is_zero(&place.reserved) && is_name(&place.client_id) && is_name(&place.tag))?;
    if place.size <= 0 {
        return Err(Refusal::SizeNotPositive);
    }
    legs(place.kind, &place.legs)?;
    let is_compared_with_trades = place.price_types == [PriceType::Last; 2];
    let may_be_placed = !matches!(place.order_type, OrderType::Market | OrderType::PostOnly);
    let (ratio, spread) = (place.callback_ratio_ppb, place.callback_spread);
    let is_trailing = place.kind == TriggerKind::Trailing;
    let is_whole = is_trailing || (ratio, spread, place.active_price) == (0, 0, 0);
    if !is_compared_with_trades || !may_be_placed || !is_whole {
        return Err(Refusal::TriggerIncomplete);
    }
    let is_distant = (ratio == 0) != (spread == 0) && (ratio == 0 || RATIO_PPB.contains(&ratio)) && spread >= 0;
    if is_trailing && !is_distant {
        return Err(Refusal::CallbackOutOfRange);
    }
    if place.active_price < 0 {
        return Err(Refusal::PriceInvalid);
    }
    let has_unit = matches!(place.kind, TriggerKind::Conditional | TriggerKind::OneCancelsOther)
        && place.legs.iter().all(|leg| !leg.is_there() || leg.price == Leg::MARKET);
    if place.header.flags & PlaceOrder::SIZE_IN_QUOTE != 0 && !has_unit {
        return Err(Refusal::NotForOrderType);
    }
    fill_or_kill_may(place.order_type, place.self_trade)
}

/// Whether a trigger order of a kind has such legs.
pub(crate) fn legs(kind: TriggerKind, legs: &[Leg; 2]) -> Result<(), Refusal> {
    for leg in legs {
        let is_priced = leg.trigger > 0 && (leg.price > 0 || leg.price == Leg::MARKET);
        if !is_priced && *leg != Leg::NONE {
            return Err(Refusal::PriceInvalid);
        }
    }
    let has_legs = match (kind, legs[Leg::TAKE_PROFIT].is_there(), legs[Leg::STOP_LOSS].is_there()) {
        (TriggerKind::Conditional, first, second) => first != second,
        (TriggerKind::OneCancelsOther, first, second) => first && second,
        (TriggerKind::Plain, first, second) => first && !second,
        (TriggerKind::Trailing, first, second) => !first && !second,
    };
    if has_legs { Ok(()) } else { Err(Refusal::TriggerIncomplete) }
}

pub(crate) fn cancel_trigger(cancel: &CancelTrigger) -> Result<(), Refusal> {
    header(&cancel.header, 0)?;
    well_formed(is_zero(&cancel.reserved) && is_zero(&cancel.reserved2) && is_name(&cancel.client_id))?;
    names_a_trigger(cancel.trigger_id, &cancel.client_id)
}

pub(crate) fn amend_trigger(amend: &AmendTrigger) -> Result<(), Refusal> {
    header(&amend.header, AmendTrigger::CANCEL_ON_FAIL)?;
    well_formed(is_zero(&amend.reserved) && is_zero(&amend.reserved2) && is_name(&amend.request_id))?;
    trigger_change(amend.size, &amend.legs)?;
    names_a_trigger(amend.trigger_id, &amend.client_id)
}

fn trigger_change(size: i64, legs: &[Leg; 2]) -> Result<(), Refusal> {
    if size < 0 {
        return Err(Refusal::SizeNotPositive);
    }
    for leg in legs {
        if leg.trigger < AmendTrigger::DROP_LEG || leg.price < Leg::MARKET {
            return Err(Refusal::PriceInvalid);
        }
    }
    if size == 0 && *legs == [Leg::NONE; 2] { Err(Refusal::NothingToAmend) } else { Ok(()) }
}

fn names_a_trigger(id: TriggerId, client_id: &[u8; 32]) -> Result<(), Refusal> {
    names_an_order(OrderId(id.0), client_id)
}

/// Whether what is attached is whole by itself and fits its order: one entry, or take-profits that split its size and
/// one stop-loss for all of it.
pub(crate) fn attachments(place: &PlaceOrderAttached) -> Result<(), Refusal> {
    well_formed(place.order.header.flags & PlaceOrder::ATTACHED != 0)?;
    let used = place.attachments.iter().take_while(|attachment| attachment.is_there()).count();
    let (used, unused) = place.attachments.split_at(used);
    well_formed(unused.iter().all(|attachment| *attachment == Attachment::NONE))?;
    let mut split: i64 = 0;
    for attachment in used {
        well_formed(is_zero(&attachment.reserved) && is_name(&attachment.client_id))?;
        let has_both = attachment.legs.iter().all(Leg::is_there);
        legs(if has_both { TriggerKind::OneCancelsOther } else { TriggerKind::Conditional }, &attachment.legs)?;
        if attachment.size < 0 {
            return Err(Refusal::SizeNotPositive);
        }
        let is_part = attachment.size > 0 && !attachment.legs[Leg::STOP_LOSS].is_there();
        let is_all = attachment.size == 0 && !attachment.legs[Leg::TAKE_PROFIT].is_there();
        if used.len() > 1 && !is_part && !is_all {
            return Err(Refusal::AttachmentsInvalid);
        }
        split = split.checked_add(attachment.size).ok_or(Refusal::Overflow)?;
    }
    let stops = used.iter().filter(|attachment| attachment.legs[Leg::STOP_LOSS].is_there()).count();
    let is_in_lots = place.order.header.flags & PlaceOrder::SIZE_IN_QUOTE == 0;
    let fits = split == 0 || is_in_lots && split == place.order.size;
    if used.is_empty() || stops > 1 || !fits { Err(Refusal::AttachmentsInvalid) } else { Ok(()) }
}

fn of_the_host(header: &CommandHeader) -> Result<(), Refusal> {
    self::header(header, 0)?;
    well_formed(header.account == AccountId(0))
}

/// Unknown flags are malformed, and so is a worker's command that its worker did not count, or counted out of range.
fn header(header: &CommandHeader, known_flags: u8) -> Result<(), Refusal> {
    let is_counted = header.origin.boot == 0 || COUNTERS.contains(&header.origin.counter);
    well_formed(header.flags & !known_flags == 0 && header.reserved == [0; 2] && is_counted)
}

fn names_an_order(order_id: OrderId, client_id: &[u8; 32]) -> Result<(), Refusal> {
    if order_id == OrderId(0) && *client_id == [0; 32] { Err(Refusal::NoOrderId) } else { Ok(()) }
}

const fn well_formed(is_well_formed: bool) -> Result<(), Refusal> {
    if is_well_formed { Ok(()) } else { Err(Refusal::Malformed) }
}

fn is_zero(reserved: &[u8]) -> bool {
    reserved.iter().fold(0, |all, byte| all | byte) == 0
}

/// ASCII letters and digits, padded with zeros. Eight bytes at once, because every order has six such words.
fn is_name<const N: usize>(name: &[u8; N]) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    // In the highest bit of each byte that has none of its own: whether it is at least `low`.
    let at_least = |word: u64, low: u8| word.wrapping_add((0x80 - u64::from(low)) * EACH);
    let (mut strange, mut filled) = (0, u64::MAX);
    for word in name.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*word);
        let lower = word | (0x20 * EACH);
        let is_letter = at_least(lower, b'a') & !at_least(lower, b'z' + 1);
        let is_digit = at_least(word, b'0') & !at_least(word, b'9' + 1);
        let is_filled = at_least(word, 1);
        strange |= word | (is_filled ^ (is_letter | is_digit));
        filled &= is_filled;
    }
    strange & HIGH == 0 && (filled & HIGH == HIGH || is_padded(name))
}

/// Something printable, padded with zeros.
fn is_symbol<const N: usize>(symbol: &[u8; N]) -> bool {
    symbol[0] != 0 && is_padded(symbol) && symbol.iter().all(|byte| *byte == 0 || byte.is_ascii_graphic())
}

/// Nothing follows the first zero.
fn is_padded<const N: usize>(name: &[u8; N]) -> bool {
    let is_gap = |before: u8, after: u8| u8::from(before == 0) & u8::from(after != 0);
    name.iter().zip(&name[1..]).fold(0, |gaps, (before, after)| gaps | is_gap(*before, *after)) == 0
}
