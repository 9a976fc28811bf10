//! What is wrong with a command whatever the state is. Names and reserved bytes are sound here: acts make no others.

use tickyard_types::{
    AmendOrder, AmendOrderAttached, AmendTrigger, Command, CommandKind, Credit, Debit, Leg, OrderId, OrderType,
    PlaceOrder, PlaceOrderAttached, PlaceTrigger, PostingReason, PriceType, Refusal, SelfTrade, TriggerKind,
};

/// The first rule that the command breaks.
pub(super) fn check(command: &Command) -> Result<(), Refusal> {
    match command {
        Command::PlaceOrder(order) => place(order),
        Command::CancelOrder(cancel) => names(cancel.order_id, &cancel.client_id),
        Command::AmendOrder(amend) => amendment(amend),
        Command::PlaceTrigger(place) => trigger(place),
        Command::CancelTrigger(cancel) => names(OrderId(cancel.trigger_id.0), &cancel.client_id),
        Command::AmendTrigger(amend) => trigger_amendment(amend),
        Command::PlaceOrderAttached(place) => attachments(place),
        Command::AmendOrderAttached(amend) => attachment_changes(amend),
        Command::CancelAllAfter(timer) => match timer.timeout_ms {
            0 | 10_000..=120_000 => Ok(()),
            _ => Err(Refusal::TimeoutOutOfRange),
        },
        Command::Transfer(transfer) if transfer.amount <= 0 => Err(Refusal::AmountNotPositive),
        Command::Transfer(t) if (t.from, t.from_wallet) == (t.to, t.to_wallet) => Err(Refusal::SameWallet),
        Command::Credit(Credit { reason: PostingReason::Trade | PostingReason::Fee, .. })
        | Command::Debit(Debit { reason: PostingReason::Trade | PostingReason::Fee, .. }) => Err(Refusal::Malformed),
        Command::Credit(credit) if credit.amount <= 0 => Err(Refusal::AmountNotPositive),
        Command::Debit(debit) if debit.amount <= 0 => Err(Refusal::AmountNotPositive),
        Command::SetIndexPrice(s) if s.price.min(s.highest_buy).min(s.lowest_sell) < 0 => Err(Refusal::PriceInvalid),
        _ => Ok(()),
    }
}

pub(super) fn place(order: &PlaceOrder) -> Result<(), Refusal> {
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
    match order.slippage_ppb {
        0 => {}
        _ if !is_market => return Err(Refusal::NotForOrderType),
        1..=50_000_000 => {}
        _ => return Err(Refusal::Malformed),
    }
    if order.order_type == OrderType::FillOrKill && order.self_trade == SelfTrade::CancelBoth {
        return Err(Refusal::FillOrKillCancelBoth);
    }
    Ok(())
}

fn trigger(place: &PlaceTrigger) -> Result<(), Refusal> {
    if place.header.flags > 1 {
        return Err(Refusal::Malformed);
    }
    if place.size <= 0 {
        return Err(Refusal::SizeNotPositive);
    }
    legs(place.kind, place.legs)?;
    let (ratio, spread, active) = (place.callback_ratio_ppb, place.callback_spread, place.active_price);
    let trails = place.kind == TriggerKind::Trailing;
    if matches!(place.order_type, OrderType::Market | OrderType::PostOnly)
        || place.price_types != [PriceType::Last; 2]
        || !trails && (ratio != 0 || spread != 0 || active != 0)
    {
        return Err(Refusal::TriggerIncomplete);
    }
    let is_ratio = spread == 0 && (1_000_000..=1_000_000_000).contains(&ratio);
    if trails && !is_ratio && !(ratio == 0 && spread > 0) {
        return Err(Refusal::CallbackOutOfRange);
    }
    if active < 0 {
        return Err(Refusal::PriceInvalid);
    }
    let in_quote = place.header.flags == 1;
    let is_simple = matches!(place.kind, TriggerKind::Conditional | TriggerKind::OneCancelsOther);
    if in_quote && (!is_simple || place.legs.iter().any(|leg| leg.price > 0)) {
        return Err(Refusal::NotForOrderType);
    }
    if place.order_type == OrderType::FillOrKill && place.self_trade == SelfTrade::CancelBoth {
        return Err(Refusal::FillOrKillCancelBoth);
    }
    Ok(())
}

/// Whether a trigger order of a kind has such legs.
pub(super) fn legs(kind: TriggerKind, legs: [Leg; 2]) -> Result<(), Refusal> {
    for Leg { trigger, price } in legs {
        let is_none = trigger == 0 && price == 0;
        if !is_none && (trigger <= 0 || price == 0 || price < -1) {
            return Err(Refusal::PriceInvalid);
        }
    }
    let count = legs.iter().filter(|leg| leg.trigger != 0).count();
    let fits = match kind {
        TriggerKind::Conditional => count == 1,
        TriggerKind::OneCancelsOther => count == 2,
        TriggerKind::Plain => count == 1 && legs[0].trigger != 0,
        TriggerKind::Trailing => count == 0,
    };
    if fits { Ok(()) } else { Err(Refusal::TriggerIncomplete) }
}

fn trigger_amendment(amend: &AmendTrigger) -> Result<(), Refusal> {
    if amend.header.flags > 1 {
        return Err(Refusal::Malformed);
    }
    trigger_change(amend.size, &amend.legs)?;
    names(OrderId(amend.trigger_id.0), &amend.client_id)
}

fn trigger_change(size: i64, legs: &[Leg; 2]) -> Result<(), Refusal> {
    if size < 0 {
        return Err(Refusal::SizeNotPositive);
    }
    if legs.iter().any(|leg| leg.trigger < -1 || leg.price < -1) {
        return Err(Refusal::PriceInvalid);
    }
    if size == 0 && legs.iter().all(|leg| leg.trigger == 0 && leg.price == 0) {
        return Err(Refusal::NothingToAmend);
    }
    Ok(())
}

/// What changes of what is attached, and of the order itself.
fn attachment_changes(amend: &AmendOrderAttached) -> Result<(), Refusal> {
    let used: Vec<_> = amend.changes.iter().filter(|change| change.is_there()).collect();
    let is_twice = |id| used.iter().filter(|change| change.trigger_id == id).count() > 1;
    if used.is_empty() || used.iter().any(|change| is_twice(change.trigger_id)) {
        return Err(Refusal::Malformed);
    }
    for change in used {
        trigger_change(change.size, &change.legs)?;
    }
    amendment(&amend.order)
}

/// What is attached, and the order itself.
fn attachments(attached: &PlaceOrderAttached) -> Result<(), Refusal> {
    let order = &attached.order;
    if order.header.flags & 8 == 0 {
        return Err(Refusal::Malformed);
    }
    let used: Vec<_> = attached.attachments.iter().filter(|attachment| attachment.is_there()).collect();
    for attachment in &used {
        let both = attachment.legs.iter().all(|leg| leg.trigger != 0);
        let kind = if both { TriggerKind::OneCancelsOther } else { TriggerKind::Conditional };
        legs(kind, attachment.legs)?;
        if attachment.size < 0 {
            return Err(Refusal::SizeNotPositive);
        }
        let has = |leg: usize| attachment.legs[leg].trigger != 0;
        let is_part = attachment.size > 0 && !has(1);
        let is_stop_of_all = attachment.size == 0 && !has(0);
        if used.len() > 1 && !is_part && !is_stop_of_all {
            return Err(Refusal::AttachmentsInvalid);
        }
    }
    let sum: i128 = used.iter().map(|attachment| i128::from(attachment.size)).sum();
    if sum > i128::from(i64::MAX) {
        return Err(Refusal::Overflow);
    }
    let stops = used.iter().filter(|attachment| attachment.legs[1].trigger != 0).count();
    let in_quote = order.header.flags & PlaceOrder::SIZE_IN_QUOTE != 0;
    let fits = sum == 0 || !in_quote && sum == i128::from(order.size);
    if used.is_empty() || stops > 1 || !fits {
        return Err(Refusal::AttachmentsInvalid);
    }
    let mut bare = *order;
    bare.header.flags &= !8;
    place(&bare)
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
    if amend.price == 0 && amend.size == 0 && amend.header.kind == CommandKind::AmendOrder {
        return Err(Refusal::NothingToAmend);
    }
    names(amend.order_id, &amend.client_id)
}

fn names(id: OrderId, client_id: &[u8; 32]) -> Result<(), Refusal> {
    if id.0 == 0 && *client_id == [0; 32] { Err(Refusal::NoOrderId) } else { Ok(()) }
}
