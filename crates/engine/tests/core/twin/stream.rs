//! Random streams of commands over a small exchange where everything happens often.

use crate::support::commands::*;
use proptest::prelude::*;
use tickyard_types::*;

/// A lot that no rate divides, so that every fee is rounded. One tick times one lot is a tenth of it.
const LOT: i128 = 123_456_790;

/// Users' accounts: two masters of their own, and two that belong to the first.
pub const ACCOUNTS: u32 = 5;

/// A command before it knows the ids of live orders.
#[derive(Clone, Debug)]
pub enum Step {
    /// As it is.
    Plain(Command),
    /// Its order id becomes that of one of the account's live orders, if there is one.
    OfLiveOrder(Command, usize),
    /// The command of so many steps before is sent again.
    Again(usize),
}

/// What sets the exchange up.
pub fn founding() -> Vec<Command> {
    let small = |instrument, base, quote, symbol| DefineInstrument {
        tick: COIN / 10,
        lot: LOT,
        min_size: 2,
        max_limit_size: 60,
        max_market_size: 50,
        max_market_amount: 1_000,
        min_price: 5,
        max_price: 30,
        ..define_instrument(instrument, base, quote, symbol)
    };
    let mut commands = vec![
        Command::DefineAsset(define_asset(1, "A")),
        Command::DefineAsset(define_asset(2, "B")),
        Command::DefineAsset(define_asset(3, "C")),
        Command::DefineInstrument(small(1, 1, 2, "A-B")),
        Command::DefineInstrument(small(2, 2, 3, "B-C")),
        Command::DefineFeeLevel(define_fee_level(1, -200_000, 700_000)),
        Command::DefineFeeLevel(define_fee_level(2, 300_000_000, 999_999_999)),
    ];
    for n in 0..ACCOUNTS {
        let id = AccountId(16 + n);
        let master = if n == 1 || n == 2 { AccountId(16) } else { id };
        let define = define_account(id, master, (n % 3) as u8);
        let self_trade = [SelfTrade::CancelMaker, SelfTrade::CancelTaker, SelfTrade::CancelBoth][n as usize % 3];
        commands.push(Command::DefineAccount(DefineAccount { self_trade, ..define }));
        for asset in 1..=3 {
            let amount = 150 * LOT * i128::from(n + 1) + 7;
            commands.push(Command::Credit(credit(id, asset, amount, u64::from(900 + n * 10 + asset))));
        }
    }
    commands
}

fn account() -> impl Strategy<Value = AccountId> {
    (0..ACCOUNTS).prop_map(|n| AccountId(16 + n))
}

fn instrument() -> impl Strategy<Value = InstrumentId> {
    prop_oneof![8 => Just(1), 3 => Just(2), 1 => Just(3)].prop_map(InstrumentId)
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Buy), Just(Side::Sell)]
}

fn client_id() -> impl Strategy<Value = ClientId> {
    prop_oneof![2 => Just([0; 32]), 3 => (0..12).prop_map(|n| padded(&format!("c{n}")))]
}

fn tag() -> impl Strategy<Value = Tag> {
    prop_oneof![Just([0; 16]), Just(padded("x")), Just(padded("y"))]
}

fn self_trade() -> impl Strategy<Value = SelfTrade> {
    prop::sample::select(SelfTrade::ALL)
}

fn expiry() -> impl Strategy<Value = u64> {
    prop_oneof![20 => Just(0), 1 => Just(1), 1 => Just(u64::MAX / 1_000_000)]
}

fn place() -> impl Strategy<Value = Command> {
    let kind = prop_oneof![
        8 => Just(OrderType::Limit),
        3 => Just(OrderType::Market),
        1 => Just(OrderType::PostOnly),
        1 => Just(OrderType::ImmediateOrCancel),
        1 => Just(OrderType::FillOrKill)
    ];
    let what = (account(), instrument(), side(), kind, self_trade(), any::<[bool; 3]>());
    let how = (1_i64..=32, 1_i64..=62, 1_i64..=1_050, client_id(), tag(), expiry());
    (what, how).prop_map(|((account, instrument, side, order_type, self_trade, bits), how)| {
        let (price, size, amount, client_id, tag, expires_at_ms) = how;
        let is_market = order_type == OrderType::Market;
        let in_quote = is_market && bits[0];
        let mut placed = order(side, if in_quote { amount } else { size }).kind(order_type);
        placed.header.account = account;
        if in_quote {
            placed = placed.in_quote();
        }
        if bits[1] {
            placed = placed.flagged(if is_market { PlaceOrder::BAN_AMEND } else { PlaceOrder::CLAMP_PRICE });
        }
        let price = if is_market { 0 } else { price };
        // Of prices like these that is a tick at most.
        let slippage_ppb = if is_market && bits[2] { 50_000_000 } else { 0 };
        Command::PlaceOrder(PlaceOrder {
            instrument,
            self_trade,
            price,
            client_id,
            tag,
            expires_at_ms,
            slippage_ppb,
            ..placed
        })
    })
}

fn amendment() -> impl Strategy<Value = Step> {
    let change = prop_oneof![(0_i64..=32, 1_i64..=62), (1_i64..=32, Just(0)), (Just(0), 1_i64..=62)];
    let flags = prop_oneof![Just(0), Just(AmendOrder::CANCEL_ON_FAIL), Just(AmendOrder::CLAMP_PRICE)];
    (account(), instrument(), change, flags, client_id(), any::<usize>(), expiry()).prop_map(
        |(account, instrument, (price, size), flags, client_id, which, expires_at_ms)| {
            let mut amended = amend(account, OrderId(u64::MAX), price, size);
            amended.header.flags = flags;
            let by_name = client_id != [0; 32];
            let order_id = if by_name { OrderId(0) } else { amended.order_id };
            let command = Command::AmendOrder(AmendOrder { instrument, order_id, client_id, expires_at_ms, ..amended });
            if by_name { Step::Plain(command) } else { Step::OfLiveOrder(command, which) }
        },
    )
}

fn cancellation() -> impl Strategy<Value = Step> {
    (account(), instrument(), client_id(), any::<usize>()).prop_map(|(account, instrument, client_id, which)| {
        if client_id == [0; 32] {
            return Step::OfLiveOrder(Command::CancelOrder(cancel(account, OrderId(u64::MAX))), which);
        }
        Step::Plain(Command::CancelOrder(CancelOrder { instrument, client_id, ..cancel(account, OrderId(0)) }))
    })
}

/// A leg: where it fires, and the price of its order.
fn leg() -> impl Strategy<Value = Leg> {
    (4_i64..=31, prop_oneof![Just(Leg::MARKET), 5_i64..=30]).prop_map(|(trigger, price)| Leg { trigger, price })
}

fn trigger_order() -> impl Strategy<Value = Command> {
    let kind = prop::sample::select(TriggerKind::ALL);
    let distance = prop_oneof![(Just(0_i64), 1_i64..=4), (prop::sample::select(vec![1_000_000, 150_000_000]), Just(0))];
    let what = (account(), instrument(), side(), kind, leg(), leg(), any::<[bool; 2]>());
    let how = (1_i64..=55, distance, prop_oneof![Just(0), 5_i64..=30], client_id(), tag());
    (what, how).prop_map(|((account, instrument, side, kind, first, second, bits), how)| {
        let (size, (ratio, spread), active, client_id, tag) = how;
        let legs = match kind {
            TriggerKind::Conditional if bits[0] => [first, Leg::NONE],
            TriggerKind::Conditional => [Leg::NONE, second],
            TriggerKind::OneCancelsOther => [first, second],
            TriggerKind::Plain => [first, Leg::NONE],
            TriggerKind::Trailing => [Leg::NONE; 2],
        };
        let mut placed = trigger(kind, side, size);
        placed.header.account = account;
        if kind == TriggerKind::Trailing {
            (placed.callback_ratio_ppb, placed.callback_spread, placed.active_price) = (ratio, spread, active);
        } else if bits[1] && legs.iter().all(|leg| leg.price <= 0) && kind != TriggerKind::Plain {
            placed.header.flags = PlaceOrder::SIZE_IN_QUOTE;
            placed.size = size * 10;
        }
        Command::PlaceTrigger(PlaceTrigger { instrument, legs, client_id, tag, ..placed })
    })
}

fn attached_order() -> impl Strategy<Value = Command> {
    (place(), leg(), leg(), 0..3).prop_map(|(placed, first, second, how)| {
        let Command::PlaceOrder(order) = placed else { return placed };
        let half = order.size / 2;
        let split = [([first, Leg::NONE], half), ([second, Leg::NONE], order.size - half), ([Leg::NONE, first], 0)];
        let with: &[_] = match how {
            0 => &[([first, Leg::NONE], 0)],
            1 => &[([first, second], 0)],
            _ => &split,
        };
        Command::PlaceOrderAttached(attached(order, with))
    })
}

fn trigger_change() -> impl Strategy<Value = Step> {
    let legs = prop_oneof![
        leg().prop_map(|first| [first, Leg::NONE]),
        leg().prop_map(|second| [Leg::NONE, second]),
        Just([Leg { trigger: AmendTrigger::DROP_LEG, price: 0 }, Leg::NONE]),
        Just([Leg::NONE; 2]),
    ];
    (account(), legs, 0_i64..=55, 0..4, any::<usize>()).prop_map(|(account, legs, size, how, which)| {
        let id = TriggerId(u64::MAX);
        let command = match how {
            0 => Command::CancelTrigger(cancel_trigger(account, id)),
            3 => {
                let amended = amend(account, OrderId(u64::MAX >> 1), size.min(40), size);
                Command::AmendOrderAttached(amend_attached(amended, &[(id, legs, size / 2)]))
            }
            flags => {
                let mut amended = amend_trigger(account, id, legs, size);
                amended.header.flags = flags as u8 - 1;
                Command::AmendTrigger(amended)
            }
        };
        Step::OfLiveOrder(command, which)
    })
}

fn wallet() -> impl Strategy<Value = Wallet> {
    prop::sample::select(Wallet::ALL)
}

fn movement() -> impl Strategy<Value = Command> {
    let who = (account(), account(), account());
    let what = (1_u32..=4, 1_i128..30 * LOT, 0_u64..40, wallet(), wallet(), 0..3);
    (who, what).prop_map(|((actor, from, to), (asset, amount, number, from_wallet, to_wallet, kind))| match kind {
        0 => Command::Credit(Credit { wallet: to_wallet, ..credit(to, asset, amount, number) }),
        1 => Command::Debit(Debit { wallet: from_wallet, ..debit(from, asset, amount, number) }),
        _ => {
            let to = if from == to && from_wallet == to_wallet { AccountId(16 + (to.0 - 15) % ACCOUNTS) } else { to };
            Command::Transfer(Transfer { from_wallet, to_wallet, ..transfer(actor, from, to, asset, amount, number) })
        }
    })
}

fn operation() -> impl Strategy<Value = Command> {
    let state = prop_oneof![
        16 => Just(InstrumentState::Live),
        3 => Just(InstrumentState::PostOnly),
        1 => Just(InstrumentState::CancelOnly),
        1 => Just(InstrumentState::Suspended)
    ];
    prop_oneof![
        3 => (1_u32..=2, state).prop_map(|(instrument, state)| Command::SetInstrumentState(set_state(instrument, state))),
        1 => (0_u8..3, -500_000_i64..500_000, 500_000_i64..900_000)
            .prop_map(|(level, maker, taker)| Command::DefineFeeLevel(define_fee_level(level, maker, taker))),
        2 => (1_u32..=2, 0_i64..33, 0_i64..33, 0_i64..33)
            .prop_map(|(on, price, most, least)| Command::SetIndexPrice(set_index_price(on, price, most, least))),
        1 => Just(Command::AdvanceTime(advance_time())),
        1 => (account(), 0_u32..3).prop_map(|(account, on)| Command::MassCancel(mass_cancel(account, on))),
        2 => (account(), prop::sample::select(vec![0, 10_000, 15_000, 120_000]), tag())
            .prop_map(|(account, ms, tag)| Command::CancelAllAfter(CancelAllAfter { tag, ..cancel_all_after(account, ms, "") })),
    ]
}

/// One step: how far the clock goes before it, in ms, and what is sent.
pub fn step() -> impl Strategy<Value = (u64, Step)> {
    let what = prop_oneof![
        14 => place().prop_map(Step::Plain),
        5 => amendment(),
        5 => cancellation(),
        4 => trigger_order().prop_map(Step::Plain),
        2 => attached_order().prop_map(Step::Plain),
        2 => trigger_change(),
        2 => movement().prop_map(Step::Plain),
        2 => operation().prop_map(Step::Plain),
        1 => (1_usize..10).prop_map(Step::Again),
    ];
    (prop_oneof![3 => Just(0), 2 => 1_u64..900, 1 => 5_000_u64..9_000], what)
}
