//! What is wrong with a command whatever the state is. Names and reserved bytes are sound here: acts make no others.

use tickyard_types::{AmendOrder, Command, OrderId, OrderType, PlaceOrder, Refusal, SelfTrade};

/// The first rule that the command breaks.
pub(super) fn check(command: &Command) -> Result<(), Refusal> {
    match command {
        Command::PlaceOrder(order) => place(order),
        Command::CancelOrder(cancel) => names(cancel.order_id, &cancel.client_id),
        Command::AmendOrder(amend) => amendment(amend),
        Command::CancelAllAfter(timer) => match timer.timeout_ms {
            0 | 10_000..=120_000 => Ok(()),
            _ => Err(Refusal::TimeoutOutOfRange),
        },
        Command::Transfer(transfer) if transfer.amount <= 0 => Err(Refusal::AmountNotPositive),
        Command::Transfer(t) if (t.from, t.from_wallet) == (t.to, t.to_wallet) => Err(Refusal::SameWallet),
        Command::Credit(credit) if credit.amount <= 0 => Err(Refusal::AmountNotPositive),
        Command::Debit(debit) if debit.amount <= 0 => Err(Refusal::AmountNotPositive),
        Command::SetIndexPrice(s) if s.price.min(s.highest_buy).min(s.lowest_sell) < 0 => Err(Refusal::PriceInvalid),
        _ => Ok(()),
    }
}

fn place(order: &PlaceOrder) -> Result<(), Refusal> {
    let has = |flag| order.header.flags & flag != 0;
    let is_market = order.order_type == OrderType::Market;
    if order.header.flags > 7 {
        return Err(Refusal::Malformed);
    }
    if order.size <= 0 {
        return Err(Refusal::SizeNotPositive);
    }
    if is_market && order.price != 0 || !is_market && order.price <= 0 {
        return Err(Refusal::PriceInvalid);
    }
    if is_market && has(PlaceOrder::CLAMP_PRICE)
        || !is_market && (has(PlaceOrder::SIZE_IN_QUOTE) || has(PlaceOrder::BAN_AMEND))
    {
        return Err(Refusal::NotForOrderType);
    }
    if order.order_type == OrderType::FillOrKill && order.self_trade == SelfTrade::CancelBoth {
        return Err(Refusal::FillOrKillCancelBoth);
    }
    Ok(())
}

fn amendment(amend: &AmendOrder) -> Result<(), Refusal> {
    if !matches!(amend.header.flags, 0 | 1 | 4 | 5) {
        return Err(Refusal::Malformed);
    }
    if amend.size < 0 {
        return Err(Refusal::SizeNotPositive);
    }
    if amend.price < 0 {
        return Err(Refusal::PriceInvalid);
    }
    if amend.price == 0 && amend.size == 0 {
        return Err(Refusal::NothingToAmend);
    }
    names(amend.order_id, &amend.client_id)
}

fn names(id: OrderId, client_id: &[u8; 32]) -> Result<(), Refusal> {
    if id.0 == 0 && *client_id == [0; 32] { Err(Refusal::NoOrderId) } else { Ok(()) }
}
