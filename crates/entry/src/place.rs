//! New orders.

use crate::grid::Grid;
use crate::item::Item;
use crate::listing::{Instrument, Listing};
use crate::member::Member;
use crate::number;
use crate::record::header;
use crate::rejection::Rejection;
use tickyard_types::{AccountId, CommandKind, OrderType, PlaceOrder, SelfTrade, Side, TradeMode};

/// Makes the command that places an order, valid until `expires_at_ms` (0: for ever).
///
/// Checks run in the core's order of precedence: shape, then instrument. Of risk the edge knows nothing.
/// Source: OKX v5, POST /api/v5/trade/order.
///
/// # Errors
/// Why there is none.
pub fn place(
    item: &Item<'_>,
    account: AccountId,
    listing: &Listing,
    expires_at_ms: u64,
) -> Result<PlaceOrder, Rejection> {
    let instrument = item.instrument(listing)?;
    let side = item.word(Member::Side, side)?;
    let order_type = order_type(item)?;
    check_trade_mode(item)?;
    let (self_trade, mut flags) = seldom(item, instrument, order_type)?;
    let slippage_ppb = slippage(item, order_type)?;
    let (price, size) = if order_type != OrderType::Market {
        if !item.has(Member::Px) {
            return Err(Rejection::PriceMissing);
        }
        let price = number::price(item, Member::Px, instrument)?;
        (price, number::size(item, Member::Sz, instrument, Rejection::LimitTooLarge)?)
    } else if is_by_quote(item, side)? {
        flags |= PlaceOrder::SIZE_IN_QUOTE;
        (0, number::money(item, Member::Sz, instrument)?)
    } else {
        (0, number::size(item, Member::Sz, instrument, Rejection::MarketTooLarge)?)
    };
    Ok(PlaceOrder {
        header: header(CommandKind::PlaceOrder, flags, account),
        instrument: instrument.id,
        side,
        order_type,
        trade_mode: TradeMode::Cash,
        self_trade,
        price,
        size,
        expires_at_ms,
        client_id: item.name(Member::ClOrdId)?,
        tag: item.name(Member::Tag)?,
        slippage_ppb,
        reserved: [0; 16],
    })
}

fn side(word: &str) -> Option<Side> {
    match word {
        "buy" => Some(Side::Buy),
        "sell" => Some(Side::Sell),
        _ => None,
    }
}

fn order_type(item: &Item<'_>) -> Result<OrderType, Rejection> {
    match item.text(Member::OrdType) {
        Some("limit") => Ok(OrderType::Limit),
        Some("post_only") => Ok(OrderType::PostOnly),
        Some("market") => Ok(OrderType::Market),
        Some("ioc") => Ok(OrderType::ImmediateOrCancel),
        Some("fok") => Ok(OrderType::FillOrKill),
        Some("mmp" | "mmp_and_post_only") => Err(Rejection::QuoteMakerType),
        _ => Err(item.rejection(Member::OrdType)),
    }
}

fn check_trade_mode(item: &Item<'_>) -> Result<(), Rejection> {
    match item.text(Member::TdMode) {
        Some("cash") => Ok(()),
        Some("cross" | "isolated" | "spot_isolated") => Err(Rejection::MarginMode),
        _ => Err(item.rejection(Member::TdMode)),
    }
}

/// What few orders say: self-trade prevention, and as flags whether the order may shrink and whether its price may move.
fn seldom(item: &Item<'_>, instrument: &Instrument, order_type: OrderType) -> Result<(SelfTrade, u8), Rejection> {
    if item.flag(Member::ReduceOnly)? {
        return Err(Rejection::ReduceOnly);
    }
    if item.has(Member::FlatTrigger) {
        return Err(Rejection::FlatTriggers);
    }
    if item.has_items(Member::AttachAlgoOrds)? {
        return Err(Rejection::AttachedTriggers);
    }
    if item.has(Member::OptionPrice) {
        return Err(Rejection::OptionPrice);
    }
    if item.has(Member::TradeQuoteCcy) && item.text(Member::TradeQuoteCcy) != Some(&instrument.quote) {
        return Err(Rejection::Invalid(Member::TradeQuoteCcy));
    }
    let self_trade = self_trade(item)?;
    if order_type == OrderType::FillOrKill && self_trade == SelfTrade::CancelBoth {
        return Err(Rejection::FokCancelBoth);
    }
    let (is_market, bans, clamps) = (order_type == OrderType::Market, item.flag(Member::BanAmend)?, item.is_clamped()?);
    let flags = match (is_market, bans, clamps) {
        (true, true, _) => PlaceOrder::BAN_AMEND,
        (false, _, true) => PlaceOrder::CLAMP_PRICE,
        _ => 0,
    };
    Ok((self_trade, flags))
}

/// How far a market order may go from the best price, in parts per billion; 0 when it does not say.
///
/// Source: OKX v5, POST /api/v5/trade/order, "slippagePct": 0 to 0.05.
fn slippage(item: &Item<'_>, order_type: OrderType) -> Result<i64, Rejection> {
    if !item.has(Member::SlippagePct) {
        return Ok(0);
    }
    let share = Grid::new(1, 9).count(item.amount(Member::SlippagePct)?).filter(|parts| parts.is_whole);
    let parts = share.and_then(|parts| i64::try_from(parts.floor).ok()).ok_or(Rejection::SlippageInvalid)?;
    if parts > PlaceOrder::SLIPPAGE_PPB_MAX {
        return Err(Rejection::SlippageInvalid);
    }
    if parts != 0 && order_type != OrderType::Market { Err(Rejection::Slippage) } else { Ok(parts) }
}

fn self_trade(item: &Item<'_>) -> Result<SelfTrade, Rejection> {
    if !item.has(Member::StpMode) {
        return Ok(SelfTrade::AccountDefault);
    }
    item.word(Member::StpMode, |word| match word {
        "cancel_maker" => Some(SelfTrade::CancelMaker),
        "cancel_taker" => Some(SelfTrade::CancelTaker),
        "cancel_both" => Some(SelfTrade::CancelBoth),
        _ => None,
    })
}

/// Whether the size of a market order is quote money, as it is for buyers who say nothing.
fn is_by_quote(item: &Item<'_>, side: Side) -> Result<bool, Rejection> {
    if !item.has(Member::TgtCcy) {
        return Ok(side == Side::Buy);
    }
    item.word(Member::TgtCcy, |word| match word {
        "quote_ccy" => Some(true),
        "base_ccy" => Some(false),
        _ => None,
    })
}
