//! A sample of each command.

use super::{ACCOUNT, FLAGS, ORIGIN, Sample, WIDE, Zero, legs, name};
use crate::json::Json;
use tickyard_types::{
    AccountId, AdvanceTime, AmendOrder, AmendOrderAttached, AmendTrigger, AssetId, Attachment, AttachmentChange,
    CancelAllAfter, CancelOrder, CancelTrigger, CommandHeader, CommandKind, Credit, Debit, DefineAccount, DefineAsset,
    DefineFeeLevel, DefineInstrument, InstrumentId, InstrumentState, MassCancel, OrderId, OrderType, PlaceOrder,
    PlaceOrderAttached, PlaceTrigger, PostingReason, PriceType, SelfTrade, SetIndexPrice, SetInstrumentState, Side,
    TradeMode, Transfer, TriggerId, TriggerKind, Wallet,
};

/// A command: its header, its fields, and the names of its reserved fields.
macro_rules! command {
    ($name:ident, flags $flags:expr, { $($field:ident: $value:expr),* $(,)? }, zero { $($zero:ident),* }) => {{
        let header = header(CommandKind::$name, $flags);
        let record = $name { header, $($field: $value,)* $($zero: Zero::ZERO,)* };
        Sample::new(
            stringify!($name),
            &record,
            header_fields(&header),
            vec![$((stringify!($field), record.$field.json())),*],
        )
    }};
}

/// The header of every sample.
const fn header(kind: CommandKind, flags: u8) -> CommandHeader {
    CommandHeader { kind, flags, reserved: [0; 2], account: ACCOUNT, origin: ORIGIN }
}

fn header_fields(header: &CommandHeader) -> Vec<(&'static str, String)> {
    vec![
        ("flags", header.flags.to_string()),
        ("account", header.account.json()),
        ("boot", header.origin.boot.to_string()),
        ("counter", header.origin.counter.to_string()),
    ]
}

/// By kind.
pub fn commands() -> Vec<Sample> {
    vec![
        command!(PlaceOrder, flags PlaceOrder::SIZE_IN_QUOTE | PlaceOrder::CLAMP_PRICE, {
            instrument: InstrumentId(11),
            side: Side::Sell,
            order_type: OrderType::ImmediateOrCancel,
            trade_mode: TradeMode::Cross,
            self_trade: SelfTrade::CancelBoth,
            price: 0x0011_2233_4455_6601,
            size: 0x0011_2233_4455_6602,
            expires_at_ms: 0x0011_2233_4455_6603,
            client_id: name("clientOfThirtyTwoLettersAndDigit"),
            tag: name("tagOfSixteenLett"),
            slippage_ppb: 0x0011_2233_4455_6632,
        }, zero { reserved }),
        command!(CancelOrder, flags 0, {
            instrument: InstrumentId(12),
            order_id: OrderId(0x0011_2233_4455_6604),
            client_id: name("cancelMe"),
        }, zero { reserved, reserved2 }),
        command!(AmendOrder, flags FLAGS, {
            instrument: InstrumentId(13),
            order_id: OrderId(0x0011_2233_4455_6605),
            price: 0x0011_2233_4455_6606,
            size: 0x0011_2233_4455_6607,
            client_id: name("amendMe"),
            request_id: name("request7"),
            expires_at_ms: 0x0011_2233_4455_6608,
        }, zero { reserved }),
        command!(MassCancel, flags 0, { instrument: InstrumentId(14) }, zero { reserved }),
        command!(CancelAllAfter, flags 0, {
            timeout_ms: 0x0011_2233_4455_6609,
            tag: name("onlyThese"),
        }, zero { reserved }),
        command!(AdvanceTime, flags 0, {}, zero { reserved }),
        command!(Transfer, flags 0, {
            from: AccountId(15),
            to: AccountId(16),
            amount: WIDE + 1,
            asset: AssetId(17),
            from_wallet: Wallet::Trading,
            to_wallet: Wallet::Funding,
            key: *b"transferKeyOf16b",
            client_id: name("transferOfThirtyTwoLettersAndDig"),
        }, zero { reserved, reserved2 }),
        command!(Credit, flags 0, {
            asset: AssetId(18),
            wallet: Wallet::Trading,
            reason: PostingReason::Credit,
            amount: WIDE + 2,
            key: *b"creditKeyOf16byt",
        }, zero { reserved, reserved2 }),
        command!(Debit, flags 0, {
            asset: AssetId(19),
            wallet: Wallet::Trading,
            reason: PostingReason::Debit,
            amount: -WIDE,
            key: *b"debitKeyOf16byte",
        }, zero { reserved, reserved2 }),
        command!(DefineAsset, flags 0, {
            asset: AssetId(20),
            unit_digits: 18,
            symbol: name("SYMBOLOFSIXTEENX"),
        }, zero { reserved, reserved2 }),
        command!(DefineInstrument, flags 0, {
            instrument: InstrumentId(21),
            base: AssetId(22),
            tick: WIDE + 3,
            lot: WIDE + 4,
            quote: AssetId(23),
            state: InstrumentState::CancelOnly,
            min_size: 0x0011_2233_4455_660a,
            max_limit_size: 0x0011_2233_4455_660b,
            max_market_size: 0x0011_2233_4455_660c,
            max_market_amount: 0x0011_2233_4455_660d,
            min_price: 0x0011_2233_4455_660e,
            max_price: 0x0011_2233_4455_660f,
            symbol: name("BASE-QUOTE"),
        }, zero { reserved, reserved2 }),
        command!(SetInstrumentState, flags 0, {
            instrument: InstrumentId(24),
            state: InstrumentState::Suspended,
        }, zero { reserved }),
        command!(DefineAccount, flags 0, {
            master: AccountId(25),
            fee_level: 26,
            self_trade: SelfTrade::CancelTaker,
        }, zero { reserved }),
        command!(DefineFeeLevel, flags 0, {
            maker_ppb: -0x0011_2233_4455_6610,
            taker_ppb: 0x0011_2233_4455_6611,
            level: 27,
        }, zero { reserved }),
        command!(SetIndexPrice, flags 0, {
            instrument: InstrumentId(28),
            price: 0x0011_2233_4455_6612,
            highest_buy: 0x0011_2233_4455_6613,
            lowest_sell: 0x0011_2233_4455_6614,
        }, zero { reserved, reserved2 }),
        command!(PlaceTrigger, flags PlaceOrder::SIZE_IN_QUOTE, {
            instrument: InstrumentId(28),
            kind: TriggerKind::Trailing,
            side: Side::Sell,
            order_type: OrderType::FillOrKill,
            trade_mode: TradeMode::Cross,
            legs: legs(0x0011_2233_4455_6612),
            size: 0x0011_2233_4455_6616,
            callback_ratio_ppb: 0x0011_2233_4455_6617,
            callback_spread: 0x0011_2233_4455_6618,
            active_price: 0x0011_2233_4455_6619,
            client_id: name("triggerOfThirtyTwoLettersAndDigi"),
            tag: name("triggersTag"),
            price_types: [PriceType::Index, PriceType::Mark],
            self_trade: SelfTrade::CancelBoth,
        }, zero { reserved }),
        command!(CancelTrigger, flags 0, {
            instrument: InstrumentId(29),
            trigger_id: TriggerId(0x0011_2233_4455_661a),
            client_id: name("cancelTrigger"),
        }, zero { reserved, reserved2 }),
        command!(AmendTrigger, flags AmendTrigger::CANCEL_ON_FAIL, {
            instrument: InstrumentId(30),
            trigger_id: TriggerId(0x0011_2233_4455_661b),
            size: 0x0011_2233_4455_661c,
            legs: legs(0x0011_2233_4455_661d),
            client_id: name("amendTrigger"),
            request_id: name("request9"),
        }, zero { reserved, reserved2 }),
        place_attached(),
        amend_attached(),
    ]
}

/// An order of which one attached changes; its own fields are those of [`AmendOrder`].
fn amend_attached() -> Sample {
    let mut changes = [AttachmentChange::NONE; Attachment::MAX];
    changes[0] = AttachmentChange {
        trigger_id: TriggerId(0x0011_2233_4455_6641),
        size: 0x0011_2233_4455_6642,
        legs: legs(0x0011_2233_4455_6643),
    };
    let header = header(CommandKind::AmendOrderAttached, AmendOrder::CANCEL_ON_FAIL);
    let order = AmendOrder {
        header,
        instrument: InstrumentId(32),
        reserved: Zero::ZERO,
        order_id: OrderId(0x0011_2233_4455_6651),
        price: 0x0011_2233_4455_6652,
        size: 0x0011_2233_4455_6653,
        client_id: Zero::ZERO,
        request_id: name("request10"),
        expires_at_ms: 0,
    };
    let change = &changes[0];
    let changed = format!("[{}, {}, {}]", change.trigger_id.json(), change.legs.json(), change.size.json());
    let fields = vec![
        ("instrument", order.instrument.json()),
        ("order_id", order.order_id.json()),
        ("price", order.price.json()),
        ("size", order.size.json()),
        ("request_id", order.request_id.json()),
        ("changes", format!("[{changed}]")),
    ];
    Sample::new("AmendOrderAttached", &AmendOrderAttached { order, changes }, header_fields(&header), fields)
}

/// An order with two attached; its own fields are those of [`PlaceOrder`].
fn place_attached() -> Sample {
    let mut attachments = [Attachment::NONE; Attachment::MAX];
    for (at, attachment) in (0..).zip(&mut attachments[..2]) {
        *attachment = Attachment {
            legs: legs(0x0011_2233_4455_6621 + at * 8),
            size: 0x0011_2233_4455_6625 + at * 8,
            client_id: name(["attachedOne", "attachedTwo"][at as usize]),
            reserved: Zero::ZERO,
        };
    }
    let header = header(CommandKind::PlaceOrderAttached, PlaceOrder::ATTACHED);
    let order = PlaceOrder {
        header,
        instrument: InstrumentId(31),
        side: Side::Sell,
        order_type: OrderType::Limit,
        trade_mode: TradeMode::Cash,
        self_trade: SelfTrade::CancelTaker,
        price: 0x0011_2233_4455_6631,
        size: 0x0011_2233_4455_6632,
        expires_at_ms: 0,
        client_id: name("parent"),
        tag: name("parentsTag"),
        slippage_ppb: 0x0011_2233_4455_6633,
        reserved: Zero::ZERO,
    };
    let record = PlaceOrderAttached { order, attachments };
    let of_one = |attachment: &Attachment| {
        format!("[{}, {}, {}]", attachment.legs.json(), attachment.size.json(), attachment.client_id.json())
    };
    let attached: Vec<String> = attachments[..2].iter().map(of_one).collect();
    let fields = vec![
        ("instrument", order.instrument.json()),
        ("side", order.side.json()),
        ("order_type", order.order_type.json()),
        ("trade_mode", order.trade_mode.json()),
        ("self_trade", order.self_trade.json()),
        ("price", order.price.json()),
        ("size", order.size.json()),
        ("client_id", order.client_id.json()),
        ("tag", order.tag.json()),
        ("slippage_ppb", order.slippage_ppb.json()),
        ("attachments", format!("[{}]", attached.join(", "))),
    ];
    Sample::new("PlaceOrderAttached", &record, header_fields(&header), fields)
}
