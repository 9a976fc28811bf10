//! A sample of each event.

use super::{FLAGS, SEQ, Sample, TIME_NS, WIDE, Zero, legs, name};
use crate::json::Json;
use tickyard_types::{
    AccountDefined, AccountId, AmendResult, AssetDefined, AssetId, CancelSource, EventHeader, EventKind,
    FeeLevelDefined, IndexPriceSet, InstrumentDefined, InstrumentId, InstrumentState, LevelChanged, OrderAccepted,
    OrderAmended, OrderClosed, OrderId, OrderState, OrderType, PlaceOrder, Posted, PostingReason, PriceType, SelfTrade,
    Seq, Side, TimerChanged, TradeId, TradeMode, Traded, TransferNamed, TriggerChanged, TriggerId, TriggerKind,
    TriggerState, Wallet, event_size,
};
use zerocopy::TryFromBytes;

/// An event: its fields, and the names of its reserved fields.
macro_rules! event {
    ($name:ident, { $($field:ident: $value:expr),* $(,)? }, zero { $($zero:ident),* }) => {{
        let header = EventHeader {
            kind: EventKind::$name,
            reserved: 0,
            size: event_size(EventKind::$name) as u16,
            index: 0x5152_5354,
            seq: SEQ,
            time_ns: TIME_NS,
        };
        let record = $name { header, $($field: $value,)* $($zero: Zero::ZERO,)* };
        Sample::new(
            stringify!($name),
            &record,
            vec![
                ("index", header.index.to_string()),
                ("seq", header.seq.json()),
                ("time_ns", header.time_ns.to_string()),
            ],
            vec![$((stringify!($field), record.$field.json())),*],
        )
    }};
}

/// By kind.
pub fn events() -> Vec<Sample> {
    vec![
        event!(OrderAccepted, {
            order_id: OrderId(0x0021_2233_4455_6601),
            account: AccountId(31),
            instrument: InstrumentId(32),
            price: 0x0021_2233_4455_6602,
            size: 0x0021_2233_4455_6603,
            side: Side::Sell,
            order_type: OrderType::PostOnly,
            trade_mode: TradeMode::Cross,
            self_trade: SelfTrade::CancelMaker,
            flags: FLAGS,
            client_id: name("clientOfThirtyTwoLettersAndDigit"),
            tag: name("tagOfSixteenLett"),
            trigger_id: TriggerId(0x0021_2233_4455_6630),
        }, zero { reserved, reserved2 }),
        event!(Traded, {
            trade_id: TradeId(0x0021_2233_4455_6604),
            price: 0x0021_2233_4455_6605,
            size: 0x0021_2233_4455_6606,
            instrument: InstrumentId(33),
            taker_side: Side::Sell,
            taker_state: OrderState::PartiallyFilled,
            maker_state: OrderState::Filled,
            taker_order: OrderId(0x0021_2233_4455_6607),
            maker_order: OrderId(0x0021_2233_4455_6608),
            taker_account: AccountId(34),
            maker_account: AccountId(35),
            taker_filled: 0x0021_2233_4455_6609,
            maker_filled: 0x0021_2233_4455_660a,
            taker_fee_asset: AssetId(36),
            maker_fee_asset: AssetId(37),
            taker_rate_ppb: 0x0021_2233_4455_660b,
            taker_cost: WIDE + 5,
            maker_cost: WIDE + 6,
            taker_fee: -WIDE - 7,
            maker_fee: WIDE + 8,
            taker_fee_total: -WIDE - 9,
            maker_fee_total: -10,
            maker_rebate_total: WIDE + 11,
            maker_rate_ppb: -0x0021_2233_4455_660c,
            index_price: 0x0021_2233_4455_6645,
        }, zero { reserved, reserved2 }),
        event!(OrderClosed, {
            order_id: OrderId(0x0021_2233_4455_660d),
            account: AccountId(38),
            instrument: InstrumentId(39),
            filled: 0x0021_2233_4455_660e,
            size: 0x0021_2233_4455_660f,
            state: OrderState::Canceled,
            source: CancelSource::PostOnly,
        }, zero { reserved }),
        event!(OrderAmended, {
            order_id: OrderId(0x0021_2233_4455_6610),
            account: AccountId(40),
            instrument: InstrumentId(41),
            price: 0x0021_2233_4455_6611,
            size: 0x0021_2233_4455_6612,
            filled: 0x0021_2233_4455_6613,
            state: OrderState::PartiallyFilled,
            result: AmendResult::Canceled,
            request_id: name("request8"),
        }, zero { reserved, reserved2 }),
        event!(Posted, {
            account: AccountId(42),
            asset: AssetId(43),
            amount: -WIDE - 12,
            balance: WIDE + 13,
            fee: -14,
            size: 0x0021_2233_4455_6614,
            price: 0x0021_2233_4455_6615,
            order_id: OrderId(0x0021_2233_4455_6616),
            trade_id: TradeId(0x0021_2233_4455_6617),
            instrument: InstrumentId(44),
            wallet: Wallet::Funding,
            reason: PostingReason::Transfer,
            side: Side::Sell as u8,
            is_taker: 1,
            counter_wallet: Wallet::Trading as u8,
            counter_account: AccountId(45),
            key: *b"postingKeyOf16by",
        }, zero { reserved }),
        event!(LevelChanged, {
            price: 0x0021_2233_4455_6618,
            size: 0x0021_2233_4455_6619,
            instrument: InstrumentId(46),
            orders: 47,
            side: Side::Sell,
        }, zero { reserved }),
        event!(TimerChanged, {
            trigger_ms: 0x0021_2233_4455_661a,
            tag: name("onlyThese"),
            account: AccountId(48),
            canceled: 49,
            has_fired: 1,
        }, zero { reserved }),
        event!(AssetDefined, {
            asset: AssetId(50),
            unit_digits: 18,
            symbol: name("SYMBOLOFSIXTEENX"),
        }, zero { reserved, reserved2 }),
        event!(InstrumentDefined, {
            instrument: InstrumentId(51),
            base: AssetId(52),
            tick: WIDE + 15,
            lot: WIDE + 16,
            quote: AssetId(53),
            state: InstrumentState::PostOnly,
            min_size: 0x0021_2233_4455_661b,
            max_limit_size: 0x0021_2233_4455_661c,
            max_market_size: 0x0021_2233_4455_661d,
            max_market_amount: 0x0021_2233_4455_661e,
            min_price: 0x0021_2233_4455_661f,
            max_price: 0x0021_2233_4455_6620,
            symbol: name("BASE-QUOTE"),
        }, zero { reserved, reserved2 }),
        event!(AccountDefined, {
            account: AccountId(54),
            master: AccountId(55),
            fee_level: 56,
            self_trade: SelfTrade::CancelBoth,
        }, zero { reserved }),
        event!(FeeLevelDefined, {
            maker_ppb: -0x0021_2233_4455_6621,
            taker_ppb: 0x0021_2233_4455_6622,
            level: 57,
        }, zero { reserved }),
        event!(IndexPriceSet, {
            instrument: InstrumentId(58),
            price: 0x0021_2233_4455_6623,
            highest_buy: 0x0021_2233_4455_6624,
            lowest_sell: 0x0021_2233_4455_6625,
        }, zero { reserved }),
        event!(TriggerChanged, {
            trigger_id: TriggerId(0x0021_2233_4455_6631),
            account: AccountId(58),
            instrument: InstrumentId(59),
            parent: OrderId(0x0021_2233_4455_6632),
            size: 0x0021_2233_4455_6633,
            legs: legs(0x0021_2233_4455_6634),
            callback_ratio_ppb: 0x0021_2233_4455_6638,
            callback_spread: 0x0021_2233_4455_6639,
            active_price: 0x0021_2233_4455_663a,
            extreme: 0x0021_2233_4455_663b,
            order_id: OrderId(0x0021_2233_4455_663c),
            order_size: 0x0021_2233_4455_663d,
            order_price: 0x0021_2233_4455_663e,
            fired_trade: TradeId(0x0021_2233_4455_663f),
            fired_price: 0x0021_2233_4455_6640,
            fired_seq: Seq(0x0021_2233_4455_6641),
            fired_ns: 0x0021_2233_4455_6642,
            created_ns: 0x0021_2233_4455_6643,
            client_id: name("triggerOfThirtyTwoLettersAndDigi"),
            tag: name("triggersTag"),
            request_id: name("requestA"),
            failure: 60,
            kind: TriggerKind::OneCancelsOther,
            side: Side::Sell,
            order_type: OrderType::ImmediateOrCancel,
            trade_mode: TradeMode::Cross,
            state: TriggerState::Effective,
            fired_leg: 2,
            flags: PlaceOrder::SIZE_IN_QUOTE,
            price_types: [PriceType::Index, PriceType::Mark],
            is_amendment: 1,
        }, zero { reserved }),
        event!(TransferNamed, {
            account: AccountId(61),
            key: *b"transferKeyOf16b",
            client_id: name("transferOfThirtyTwoLettersAndDig"),
        }, zero { reserved }),
    ]
}

/// Decodes an event and shows what it holds.
pub fn decoded_event(kind: EventKind, bytes: &[u8]) -> String {
    macro_rules! decode {
        ($($name:ident),+) => {
            match kind {
                $(EventKind::$name => format!("{:?}", $name::try_read_from_bytes(bytes).unwrap()),)+
            }
        };
    }
    decode!(
        OrderAccepted,
        Traded,
        OrderClosed,
        OrderAmended,
        Posted,
        LevelChanged,
        TimerChanged,
        AssetDefined,
        InstrumentDefined,
        AccountDefined,
        FeeLevelDefined,
        IndexPriceSet,
        TriggerChanged,
        TransferNamed
    )
}
