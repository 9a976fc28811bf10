//! What is accepted, and what is refused with which refusal.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_types::*;

#[test]
fn order_of_a_wrong_shape_is_refused_whatever_the_state_is() {
    let mut market = Exchange::new();
    let limit = buy(1).at(100);
    let cases = [
        (PlaceOrder { reserved: [1; 16], ..limit }, Refusal::Malformed),
        (limit.flagged(0x80), Refusal::Malformed),
        (PlaceOrder { client_id: padded("not-a-name"), ..limit }, Refusal::Malformed),
        (
            PlaceOrder { client_id: *b"gap\0gap\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", ..limit },
            Refusal::Malformed,
        ),
        (PlaceOrder { tag: padded("no tag"), ..limit }, Refusal::Malformed),
        (buy(0).at(100), Refusal::SizeNotPositive),
        (buy(-1).at(100), Refusal::SizeNotPositive),
        (buy(1).at(0), Refusal::PriceInvalid),
        (buy(1).at(-1), Refusal::PriceInvalid),
        (buy(1).at(100).kind(OrderType::Market), Refusal::PriceInvalid),
        (limit.in_quote(), Refusal::NotForOrderType),
        (limit.whole(), Refusal::NotForOrderType),
        (buy(1).flagged(PlaceOrder::CLAMP_PRICE), Refusal::NotForOrderType),
        (PlaceOrder { slippage_ppb: 1, ..limit }, Refusal::NotForOrderType),
        (PlaceOrder { slippage_ppb: -1, ..buy(1) }, Refusal::Malformed),
        (PlaceOrder { slippage_ppb: PlaceOrder::SLIPPAGE_PPB_MAX + 1, ..buy(1) }, Refusal::Malformed),
        (limit.fok().stp(SelfTrade::CancelBoth), Refusal::FillOrKillCancelBoth),
    ];
    for (order, refusal) in cases {
        // Shape goes before everything else: there is no such account and no such instrument.
        let nowhere =
            PlaceOrder { header: CommandHeader { account: AccountId(9_999), ..order.header }, ..order.on(77) };
        assert_eq!(market.refusal(Command::PlaceOrder(nowhere)), refusal, "{order:?}");
    }
}

#[test]
fn fill_or_kill_cannot_cancel_both_by_the_accounts_own_setting_either() {
    let mut market = Exchange::new();
    let both =
        DefineAccount { self_trade: SelfTrade::CancelBoth, ..define_account(account("alice"), account("alice"), 0) };
    market.accepted(Command::DefineAccount(both));
    assert_eq!(market.place_refused("alice", buy(1).at(100).fok()), Refusal::FillOrKillCancelBoth);
    market.place("alice", buy(1).at(100).fok().stp(SelfTrade::CancelMaker));
}

#[test]
fn only_users_of_the_exchange_place_orders() {
    let mut market = Exchange::new();
    for id in [0, 1, 2, 15, 9_999, u32::MAX] {
        let mut order = buy(1).at(100).on(77);
        order.header.account = AccountId(id);
        assert_eq!(market.refusal(Command::PlaceOrder(order)), Refusal::UnknownAccount);
    }
}

#[test]
fn order_goes_to_a_listed_instrument() {
    let mut market = Exchange::new();
    for id in [0, 3, u32::MAX] {
        assert_eq!(market.place_refused("alice", buy(1).at(100).on(id)), Refusal::UnknownInstrument);
    }
}

#[test]
fn instrument_state_says_what_is_accepted() {
    let mut market = Exchange::new();
    let resting = market.place("alice", buy(1).at(100));
    let cases = [
        (InstrumentState::Suspended, Refusal::InstrumentSuspended),
        (InstrumentState::CancelOnly, Refusal::InstrumentCancelOnly),
    ];
    for (state, refusal) in cases {
        market.accepted(Command::SetInstrumentState(set_state(1, state)));
        assert_eq!(market.place_refused("alice", buy(1).at(100)), refusal);
        assert_eq!(market.place_refused("alice", buy(1).at(100).post_only()), refusal);
        assert_eq!(market.amend_refused("alice", resting, 0, 2), refusal);
    }
    market.accepted(Command::SetInstrumentState(set_state(1, InstrumentState::PostOnly)));
    assert_eq!(market.place_refused("alice", buy(1).at(100)), Refusal::InstrumentPostOnly);
    assert_eq!(market.place_refused("alice", buy(1)), Refusal::InstrumentPostOnly);
    market.place("alice", buy(1).at(100).post_only());
    market.accepted(Command::SetInstrumentState(set_state(1, InstrumentState::Suspended)));
    market.cancel("alice", resting);
}

#[test]
fn nothing_trades_before_the_opening() {
    let mut market = Exchange::new();
    let listing = DefineInstrument { state: InstrumentState::Preopen, ..define_instrument(3, BTC, ETH, "BTC-ETH") };
    market.accepted(Command::DefineInstrument(listing));
    assert_eq!(market.place_refused("alice", buy(1).at(100).on(3)), Refusal::InstrumentPreopen);
    market.accepted(Command::SetInstrumentState(set_state(3, InstrumentState::Live)));
    market.place("alice", buy(1).at(100).on(3));
}

#[test]
fn order_is_refused_after_its_expiry_and_not_before() {
    let mut market = Exchange::new();
    let now_ms = market.now_ns / 1_000_000;
    market.place("alice", PlaceOrder { expires_at_ms: now_ms, ..buy(1).at(100) });
    let late = PlaceOrder { expires_at_ms: now_ms - 1, ..buy(1).at(100) };
    assert_eq!(market.place_refused("alice", late), Refusal::Expired);
}

#[test]
fn size_lies_between_the_instruments_bounds() {
    let mut market = Exchange::new();
    let listing = DefineInstrument {
        min_size: 10,
        max_limit_size: 100,
        max_market_size: 50,
        max_market_amount: 5_000,
        min_price: 5,
        ..define_instrument(3, BTC, ETH, "BTC-ETH")
    };
    market.accepted(Command::DefineInstrument(listing));
    let cases = [
        (buy(9).at(100), Refusal::SizeBelowMinimum),
        (buy(9), Refusal::SizeBelowMinimum),
        (buy(49).in_quote(), Refusal::SizeBelowMinimum),
        (buy(101).at(100), Refusal::LimitSizeAboveMaximum),
        (sell(101).at(100).ioc(), Refusal::LimitSizeAboveMaximum),
        (buy(51), Refusal::MarketSizeAboveMaximum),
        (buy(5_001).in_quote(), Refusal::MarketSizeAboveMaximum),
    ];
    for (order, refusal) in cases {
        assert_eq!(market.place_refused("alice", order.on(3)), refusal, "{order:?}");
    }
    for order in [buy(10).at(100), buy(100).at(100), buy(50), buy(50).in_quote(), buy(5_000).in_quote()] {
        market.place("alice", order.on(3));
    }
}

#[test]
fn price_lies_between_the_instruments_bounds_or_is_moved_there_on_request() {
    let mut market = Exchange::new();
    assert_eq!(market.place_refused("alice", buy(1).at(10_001)), Refusal::PriceOutOfBounds);
    let id = market.place("alice", buy(1).at(i64::MAX).flagged(PlaceOrder::CLAMP_PRICE));
    assert_eq!(market.order("alice", id).map(|order| order.price), Some(10_000));
}

#[test]
fn client_id_is_unique_among_the_accounts_live_orders_and_free_afterwards() {
    let mut market = Exchange::new();
    let id = market.place("alice", buy(1).at(100).named("mine"));
    assert_eq!(market.place_refused("alice", sell(1).at(200).named("mine")), Refusal::ClientIdInUse);
    assert_eq!(market.place_refused("alice", buy(1).named("mine").on(2)), Refusal::ClientIdInUse);
    market.place("bob", buy(1).at(100).named("mine"));
    market.cancel("alice", id);
    market.place("alice", buy(1).at(100).named("mine"));
    market.place("carol", sell(2).at(100));
    market.place("alice", buy(1).at(100).named("mine"));
}

#[test]
fn client_id_of_an_order_that_never_rests_is_free_at_once() {
    let mut market = Exchange::new();
    for _ in 0..2 {
        market.place("alice", buy(1).named("again"));
        market.place("alice", buy(1).at(100).ioc().named("again"));
    }
}

#[test]
fn account_has_at_most_500_live_orders_in_an_instrument() {
    let mut market = Exchange::new();
    let first = market.place("alice", buy(1).at(100));
    for _ in 1..500 {
        market.place("alice", buy(1).at(100));
    }
    assert_eq!(market.place_refused("alice", buy(1).at(100)), Refusal::TooManyOrdersInInstrument);
    market.place("alice", buy(1).at(100).ioc());
    market.place("alice", buy(1).at(100).on(2));
    market.cancel("alice", first);
    market.place("alice", buy(1).at(100));
}

#[test]
fn account_has_at_most_4000_live_orders() {
    // Invariants of 4,000 orders after every command take a while, so this one runs the bare engine.
    let mut engine = Engine::new();
    let mut buffer = tickyard_engine::EventBuffer::new();
    let mut run = |command: Command| {
        let seq = Seq(engine.seq().0 + 1);
        let reply = engine.apply(seq, START_NS, &command, &mut buffer);
        buffer.clear();
        reply.refusal
    };
    for command in founding() {
        assert_eq!(run(command), 0);
    }
    for instrument in 3..=10 {
        let listing = define_instrument(instrument, BTC, USDT, &format!("BTC-USDT-{instrument}"));
        assert_eq!(run(Command::DefineInstrument(listing)), 0);
    }
    let mut place = |instrument| {
        let mut order = buy(1).at(1).on(instrument);
        order.header.account = account("alice");
        run(Command::PlaceOrder(order))
    };
    for instrument in 1..=8 {
        for _ in 0..500 {
            assert_eq!(place(instrument), 0);
        }
    }
    assert_eq!(place(9), Refusal::TooManyOrders.number());
}

#[test]
fn more_lots_than_a_book_can_count_are_refused() {
    let mut market = Exchange::new();
    let most = i64::MAX / 2;
    let listing = DefineInstrument {
        tick: COIN,
        lot: 1,
        max_limit_size: most,
        max_market_size: most,
        max_price: 10,
        ..define_instrument(3, BTC, ETH, "BTC-ETH")
    };
    market.accepted(Command::DefineInstrument(listing));
    market.place("alice", buy(most).at(1).on(3));
    market.place("alice", buy(most).at(1).on(3));
    assert_eq!(market.place_refused("alice", buy(most).at(2).on(3)), Refusal::Overflow);
    let last = market.place("alice", buy(1).at(1).on(3));
    let amendment = AmendOrder { instrument: InstrumentId(3), ..amend(account("alice"), last, 0, 9) };
    assert_eq!(market.refusal(Command::AmendOrder(amendment)), Refusal::Overflow);
}

#[test]
fn malformed_bytes_are_refused_and_counted() {
    let mut engine = Engine::new();
    let before = engine.state_hash();
    let mut buffer = tickyard_engine::EventBuffer::new();
    let mut bytes = bytes(&Command::MassCancel(mass_cancel(account("alice"), 0)));
    bytes[16] = 7;
    for (seq, bad) in [&bytes[..127], &[99; 128], &[], &[1], &[0; 300]].into_iter().enumerate() {
        let reply = engine.apply_bytes(Seq(seq as u64 + 1), START_NS, bad, &mut buffer);
        assert_eq!(reply.refusal, Refusal::Malformed.number());
        assert_eq!(reply.seq, engine.seq());
    }
    assert_eq!(engine.apply_bytes(Seq(6), START_NS, &bytes[..127], &mut buffer).counter, 7);
    assert_eq!(engine.state_hash(), before);
    assert!(buffer.is_empty());
}

#[test]
fn exchange_time_does_not_run_backwards() {
    let mut market = Exchange::new();
    market.now_ns -= 1;
    assert_eq!(market.place_refused("alice", buy(1).at(100)), Refusal::TimeBackwards);
    assert_eq!(market.engine.time_ns(), START_NS);
    market.now_ns += 1;
    market.place("alice", buy(1).at(100));
}
