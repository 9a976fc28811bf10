//! One sample of each record, with every field distinct.

use crate::json::{Json, object, string};
use std::fmt::{Debug, Write as _};
use tickyard_types::{
    AccountDefined, AccountId, AdvanceTime, AmendOrder, AmendResult, AmendTrigger, AssetDefined, AssetId, Attachment,
    CancelAllAfter, CancelOrder, CancelSource, CancelTrigger, CommandHeader, CommandKind, Credit, Debit, DefineAccount,
    DefineAsset, DefineFeeLevel, DefineInstrument, EventHeader, EventKind, FeeLevelDefined, IndexPriceSet,
    InstrumentDefined, InstrumentId, InstrumentState, Leg, LevelChanged, MassCancel, OrderAccepted, OrderAmended,
    OrderClosed, OrderId, OrderState, OrderType, Origin, PlaceOrder, PlaceOrderAttached, PlaceTrigger, Posted,
    PostingReason, PriceType, Reply, SelfTrade, Seq, SetIndexPrice, SetInstrumentState, Side, TimerChanged, TradeId,
    TradeMode, Traded, Transfer, TriggerChanged, TriggerId, TriggerKind, TriggerState, Wallet, event_size,
};
use zerocopy::{Immutable, IntoBytes, TryFromBytes};

/// A record with known contents.
pub struct Sample {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub debug: String,
    fields: Vec<(&'static str, String)>,
}

impl Sample {
    fn new(
        name: &'static str,
        record: &(impl IntoBytes + Immutable + Debug),
        header: Vec<(&'static str, String)>,
        fields: Vec<(&'static str, String)>,
    ) -> Self {
        let fields = header.into_iter().chain(fields).collect();
        Self { name, bytes: record.as_bytes().to_vec(), debug: format!("{record:?}"), fields }
    }

    /// The sample as it stands in the golden file.
    pub fn json(&self) -> String {
        let mut hex = String::new();
        for byte in &self.bytes {
            write!(hex, "{byte:02x}").expect("Invariant: a string takes everything");
        }
        object([
            ("size", self.bytes.len().to_string()),
            ("fields", object(self.fields.iter().map(|(name, value)| (*name, value.clone())))),
            ("hex", string(&hex)),
        ])
    }
}

/// What reserved fields hold.
trait Zero {
    const ZERO: Self;
}
impl Zero for u8 {
    const ZERO: Self = 0;
}
impl<const N: usize> Zero for [u8; N] {
    const ZERO: Self = [0; N];
}

/// A name padded with zeros.
fn name<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

const FLAGS: u8 = 5;
const ACCOUNT: AccountId = AccountId(0x0102_0304);
const ORIGIN: Origin = Origin { boot: 0x1112_1314_1516_1718, counter: 0x2122_2324_2526_2728 };
const SEQ: Seq = Seq(0x3132_3334_3536_3738);
const TIME_NS: u64 = 0x4142_4344_4546_4748;
/// Larger than 64 bits, so that both halves are tried.
const WIDE: i128 = 0x0a0b_0c0d_0e0f_1011_1213_1415_1617_1819;

/// A command: its header, its fields, and the names of its reserved fields.
macro_rules! command {
    ($name:ident, flags $flags:expr, { $($field:ident: $value:expr),* $(,)? }, zero { $($zero:ident),* }) => {{
        let header = CommandHeader {
            kind: CommandKind::$name,
            flags: $flags,
            reserved: Zero::ZERO,
            account: ACCOUNT,
            origin: ORIGIN,
        };
        let record = $name { header, $($field: $value,)* $($zero: Zero::ZERO,)* };
        Sample::new(
            stringify!($name),
            &record,
            vec![
                ("flags", header.flags.to_string()),
                ("account", header.account.json()),
                ("boot", header.origin.boot.to_string()),
                ("counter", header.origin.counter.to_string()),
            ],
            vec![$((stringify!($field), record.$field.json())),*],
        )
    }};
}

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

/// A sample of each command, by kind.
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
    ]
}

/// Four prices in a row.
const fn legs(first: i64) -> [Leg; 2] {
    [Leg { trigger: first, price: first + 1 }, Leg { trigger: first + 2, price: first + 3 }]
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
    let header = CommandHeader {
        kind: CommandKind::PlaceOrderAttached,
        flags: PlaceOrder::ATTACHED,
        reserved: Zero::ZERO,
        account: ACCOUNT,
        origin: ORIGIN,
    };
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
        reserved: Zero::ZERO,
    };
    let record = PlaceOrderAttached { order, attachments };
    let of_one = |attachment: &Attachment| {
        format!("[{}, {}, {}]", attachment.legs.json(), attachment.size.json(), attachment.client_id.json())
    };
    let attached: Vec<String> = attachments[..2].iter().map(of_one).collect();
    let fields = vec![
        ("flags", header.flags.to_string()),
        ("account", header.account.json()),
        ("boot", header.origin.boot.to_string()),
        ("counter", header.origin.counter.to_string()),
        ("instrument", order.instrument.json()),
        ("side", order.side.json()),
        ("order_type", order.order_type.json()),
        ("trade_mode", order.trade_mode.json()),
        ("self_trade", order.self_trade.json()),
        ("price", order.price.json()),
        ("size", order.size.json()),
        ("client_id", order.client_id.json()),
        ("tag", order.tag.json()),
        ("attachments", format!("[{}]", attached.join(", "))),
    ];
    Sample::new("PlaceOrderAttached", &record, Vec::new(), fields)
}

/// A sample of each event, by kind.
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
    ]
}

/// A sample of the reply.
pub fn reply() -> Sample {
    let reply = Reply {
        counter: 0x0031_2233_4455_6601,
        seq: Seq(0x0031_2233_4455_6602),
        time_ns: 0x0031_2233_4455_6603,
        order_id: OrderId(0x0031_2233_4455_6604),
        value: 0x0031_2233_4455_6605,
        refusal: 60,
        client_id: name("clientOfThirtyTwoLettersAndDigit"),
        ..Reply::default()
    };
    let fields = vec![
        ("counter", reply.counter.json()),
        ("seq", reply.seq.json()),
        ("time_ns", reply.time_ns.json()),
        ("order_id", reply.order_id.json()),
        ("value", reply.value.json()),
        ("refusal", reply.refusal.json()),
        ("client_id", reply.client_id.json()),
    ];
    Sample::new("Reply", &reply, Vec::new(), fields)
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
        TriggerChanged
    )
}
