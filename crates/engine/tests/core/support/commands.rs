//! Commands as tests write them. Every function fills what its rule is not about.

use tickyard_types::*;

/// A header of a command of the host.
pub fn header(kind: CommandKind, account: AccountId) -> CommandHeader {
    CommandHeader { kind, flags: 0, reserved: [0; 2], account, origin: Origin::default() }
}

/// Text as bytes, padded with zeros.
pub fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

/// An order to be placed; a limit order once it has a price, a market order before.
pub fn order(side: Side, size: i64) -> PlaceOrder {
    PlaceOrder {
        header: header(CommandKind::PlaceOrder, AccountId(0)),
        instrument: InstrumentId(1),
        side,
        order_type: OrderType::Market,
        trade_mode: TradeMode::Cash,
        self_trade: SelfTrade::AccountDefault,
        price: 0,
        size,
        expires_at_ms: 0,
        client_id: [0; 32],
        tag: [0; 16],
        slippage_ppb: 0,
        reserved: [0; 16],
    }
}

/// A buy of so many lots.
pub fn buy(size: i64) -> PlaceOrder {
    order(Side::Buy, size)
}

/// A sell of so many lots.
pub fn sell(size: i64) -> PlaceOrder {
    order(Side::Sell, size)
}

/// What an order may be besides its side and size.
pub trait OrderWords: Sized {
    fn at(self, price: i64) -> Self;
    fn kind(self, order_type: OrderType) -> Self;
    fn named(self, client_id: &str) -> Self;
    fn tagged(self, tag: &str) -> Self;
    fn stp(self, mode: SelfTrade) -> Self;
    fn flagged(self, flags: u8) -> Self;
    fn on(self, instrument: u32) -> Self;

    fn post_only(self) -> Self {
        self.kind(OrderType::PostOnly)
    }
    fn ioc(self) -> Self {
        self.kind(OrderType::ImmediateOrCancel)
    }
    fn fok(self) -> Self {
        self.kind(OrderType::FillOrKill)
    }
    fn in_quote(self) -> Self {
        self.flagged(PlaceOrder::SIZE_IN_QUOTE)
    }
    fn whole(self) -> Self {
        self.flagged(PlaceOrder::BAN_AMEND)
    }
}

impl OrderWords for PlaceOrder {
    fn at(self, price: i64) -> Self {
        Self { price, order_type: OrderType::Limit, ..self }
    }
    fn kind(self, order_type: OrderType) -> Self {
        Self { order_type, ..self }
    }
    fn named(self, client_id: &str) -> Self {
        Self { client_id: padded(client_id), ..self }
    }
    fn tagged(self, tag: &str) -> Self {
        Self { tag: padded(tag), ..self }
    }
    fn stp(self, self_trade: SelfTrade) -> Self {
        Self { self_trade, ..self }
    }
    fn flagged(mut self, flags: u8) -> Self {
        self.header.flags |= flags;
        self
    }
    fn on(self, instrument: u32) -> Self {
        Self { instrument: InstrumentId(instrument), ..self }
    }
}

pub fn cancel(account: AccountId, order_id: OrderId) -> CancelOrder {
    CancelOrder {
        header: header(CommandKind::CancelOrder, account),
        instrument: InstrumentId(1),
        reserved: [0; 4],
        order_id,
        client_id: [0; 32],
        reserved2: [0; 56],
    }
}

/// An amendment: price and size, 0 to leave.
pub fn amend(account: AccountId, order_id: OrderId, price: i64, size: i64) -> AmendOrder {
    AmendOrder {
        header: header(CommandKind::AmendOrder, account),
        instrument: InstrumentId(1),
        reserved: [0; 4],
        order_id,
        price,
        size,
        client_id: [0; 32],
        request_id: [0; 32],
        expires_at_ms: 0,
    }
}

pub fn mass_cancel(account: AccountId, instrument: u32) -> MassCancel {
    MassCancel {
        header: header(CommandKind::MassCancel, account),
        instrument: InstrumentId(instrument),
        reserved: [0; 100],
    }
}

pub fn cancel_all_after(account: AccountId, timeout_ms: u64, tag: &str) -> CancelAllAfter {
    CancelAllAfter {
        header: header(CommandKind::CancelAllAfter, account),
        timeout_ms,
        tag: padded(tag),
        reserved: [0; 80],
    }
}

pub fn advance_time() -> AdvanceTime {
    AdvanceTime { header: header(CommandKind::AdvanceTime, AccountId(0)), reserved: [0; 104] }
}

/// A key that is as good as its number.
pub fn key(number: u64) -> Key {
    let mut key = [0xaa; 16];
    key[..8].copy_from_slice(&number.to_le_bytes());
    key
}

pub fn credit(account: AccountId, asset: u32, amount: i128, number: u64) -> Credit {
    Credit {
        header: header(CommandKind::Credit, account),
        asset: AssetId(asset),
        wallet: Wallet::Trading,
        reason: PostingReason::Credit,
        reserved: [0; 2],
        amount,
        key: key(number),
        reserved2: [0; 64],
    }
}

pub fn debit(account: AccountId, asset: u32, amount: i128, number: u64) -> Debit {
    Debit {
        header: header(CommandKind::Debit, account),
        asset: AssetId(asset),
        wallet: Wallet::Trading,
        reason: PostingReason::Debit,
        reserved: [0; 2],
        amount,
        key: key(number),
        reserved2: [0; 64],
    }
}

/// A transfer between trading wallets, which `actor` asks for.
pub fn transfer(actor: AccountId, from: AccountId, to: AccountId, asset: u32, amount: i128, number: u64) -> Transfer {
    Transfer {
        header: header(CommandKind::Transfer, actor),
        from,
        to,
        amount,
        asset: AssetId(asset),
        from_wallet: Wallet::Trading,
        to_wallet: Wallet::Trading,
        reserved: [0; 2],
        key: key(number),
        client_id: [0; 32],
        reserved2: [0; 24],
    }
}

pub fn define_asset(asset: u32, symbol: &str) -> DefineAsset {
    DefineAsset {
        header: header(CommandKind::DefineAsset, AccountId(0)),
        asset: AssetId(asset),
        unit_digits: 18,
        reserved: [0; 3],
        symbol: padded(symbol),
        reserved2: [0; 80],
    }
}

/// One whole coin.
pub const COIN: i128 = 1_000_000_000_000_000_000;

/// An instrument whose tick and lot are one whole coin each, so that prices and sizes are coins.
pub fn define_instrument(instrument: u32, base: u32, quote: u32, symbol: &str) -> DefineInstrument {
    DefineInstrument {
        header: header(CommandKind::DefineInstrument, AccountId(0)),
        instrument: InstrumentId(instrument),
        base: AssetId(base),
        tick: COIN,
        lot: COIN,
        quote: AssetId(quote),
        state: InstrumentState::Live,
        reserved: [0; 3],
        min_size: 1,
        max_limit_size: 1_000_000,
        max_market_size: 1_000_000,
        max_market_amount: 1_000_000_000,
        min_price: 1,
        max_price: 10_000,
        symbol: padded(symbol),
        reserved2: [0; 104],
    }
}

pub fn set_state(instrument: u32, state: InstrumentState) -> SetInstrumentState {
    SetInstrumentState {
        header: header(CommandKind::SetInstrumentState, AccountId(0)),
        instrument: InstrumentId(instrument),
        state,
        reserved: [0; 99],
    }
}

pub fn set_index_price(instrument: u32, price: i64, highest_buy: i64, lowest_sell: i64) -> SetIndexPrice {
    SetIndexPrice {
        header: header(CommandKind::SetIndexPrice, AccountId(0)),
        instrument: InstrumentId(instrument),
        reserved: [0; 4],
        price,
        highest_buy,
        lowest_sell,
        reserved2: [0; 72],
    }
}

pub fn define_account(account: AccountId, master: AccountId, fee_level: u8) -> DefineAccount {
    DefineAccount {
        header: header(CommandKind::DefineAccount, account),
        master,
        fee_level,
        self_trade: SelfTrade::CancelMaker,
        reserved: [0; 98],
    }
}

pub fn define_fee_level(level: u8, maker_ppb: i64, taker_ppb: i64) -> DefineFeeLevel {
    DefineFeeLevel {
        header: header(CommandKind::DefineFeeLevel, AccountId(0)),
        maker_ppb,
        taker_ppb,
        level,
        reserved: [0; 87],
    }
}

/// One leg of a trigger order: reached at `trigger`, then an order at `price` ([`Leg::MARKET`] for a market order).
pub const fn leg(trigger: i64, price: i64) -> Leg {
    Leg { trigger, price }
}

/// A trigger order of a kind, without legs yet.
pub fn trigger(kind: TriggerKind, side: Side, size: i64) -> PlaceTrigger {
    PlaceTrigger {
        header: header(CommandKind::PlaceTrigger, AccountId(0)),
        instrument: InstrumentId(1),
        kind,
        side,
        order_type: OrderType::Limit,
        trade_mode: TradeMode::Cash,
        legs: [Leg::NONE; 2],
        size,
        callback_ratio_ppb: 0,
        callback_spread: 0,
        active_price: 0,
        client_id: [0; 32],
        tag: [0; 16],
        price_types: [PriceType::Last; 2],
        self_trade: SelfTrade::AccountDefault,
        reserved: [0; 45],
    }
}

/// What a trigger order may be besides its kind, side and size.
pub trait TriggerWords: Sized {
    fn take(self, trigger: i64, price: i64) -> Self;
    fn stop(self, trigger: i64, price: i64) -> Self;
    fn behind(self, ticks: i64) -> Self;
    fn active_from(self, price: i64) -> Self;
    fn called(self, client_id: &str) -> Self;
}

impl TriggerWords for PlaceTrigger {
    fn take(mut self, trigger: i64, price: i64) -> Self {
        self.legs[Leg::TAKE_PROFIT] = leg(trigger, price);
        self
    }
    fn stop(mut self, trigger: i64, price: i64) -> Self {
        self.legs[Leg::STOP_LOSS] = leg(trigger, price);
        self
    }
    fn behind(self, ticks: i64) -> Self {
        Self { callback_spread: ticks, ..self }
    }
    fn active_from(self, price: i64) -> Self {
        Self { active_price: price, ..self }
    }
    fn called(self, client_id: &str) -> Self {
        Self { client_id: padded(client_id), ..self }
    }
}

pub fn cancel_trigger(account: AccountId, trigger_id: TriggerId) -> CancelTrigger {
    CancelTrigger {
        header: header(CommandKind::CancelTrigger, account),
        instrument: InstrumentId(1),
        reserved: [0; 4],
        trigger_id,
        client_id: [0; 32],
        reserved2: [0; 56],
    }
}

/// An amendment of a trigger order: legs and size, zeros to leave.
pub fn amend_trigger(account: AccountId, trigger_id: TriggerId, legs: [Leg; 2], size: i64) -> AmendTrigger {
    AmendTrigger {
        header: header(CommandKind::AmendTrigger, account),
        instrument: InstrumentId(1),
        reserved: [0; 4],
        trigger_id,
        size,
        legs,
        client_id: [0; 32],
        request_id: [0; 32],
        reserved2: [0; 48],
    }
}

/// An amendment of an order and of what is attached to it: (id, legs, size; zeros to leave).
pub fn amend_attached(order: AmendOrder, with: &[(TriggerId, [Leg; 2], i64)]) -> AmendOrderAttached {
    let mut changes = [AttachmentChange::NONE; Attachment::MAX];
    for (change, &(trigger_id, legs, size)) in changes.iter_mut().zip(with) {
        *change = AttachmentChange { trigger_id, size, legs };
    }
    let header = CommandHeader { kind: CommandKind::AmendOrderAttached, ..order.header };
    AmendOrderAttached { order: AmendOrder { header, ..order }, changes }
}

/// An order with take-profits and stop-losses attached: (legs, size; 0 for all of it).
pub fn attached(order: PlaceOrder, with: &[([Leg; 2], i64)]) -> PlaceOrderAttached {
    let mut attachments = [Attachment::NONE; Attachment::MAX];
    for (attachment, &(legs, size)) in attachments.iter_mut().zip(with) {
        *attachment = Attachment { legs, size, ..Attachment::NONE };
    }
    let flags = order.header.flags | PlaceOrder::ATTACHED;
    let header = CommandHeader { kind: CommandKind::PlaceOrderAttached, flags, ..order.header };
    PlaceOrderAttached { order: PlaceOrder { header, ..order }, attachments }
}
