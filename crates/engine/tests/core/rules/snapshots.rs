//! Snapshots and the state hash.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_engine::{OrderView, RestoreError};
use tickyard_types::*;
use zerocopy::IntoBytes;

/// An exchange with something of everything.
fn lively() -> Exchange {
    let mut market = Exchange::new();
    market.fees(-1_000_000, 2_000_000);
    market.draw(
        "ask 102  5@bob 1@alice
         ask 101  5@bob 2@carol
         bid 99   3@dave 4@alice",
    );
    market.place("alice", buy(6).at(101).named("mine").tagged("grid"));
    market.place("alice", buy(6).at(98).named("mine2"));
    let gone = market.place("bob", sell(3).at(103));
    market.cancel("bob", gone);
    market.accepted(Command::CancelAllAfter(cancel_all_after(account("alice"), 20_000, "grid")));
    market.accepted(Command::SetInstrumentState(set_state(2, InstrumentState::Suspended)));
    let mut order = buy(1).at(90);
    order.header.account = account("bob");
    order.header.origin = Origin { boot: 7, counter: 3 };
    market.accepted(Command::PlaceOrder(order));
    market
}

#[test]
fn restored_engine_is_equal_and_goes_on_alike() {
    let mut market = lively();
    let saved = market.engine.snapshot();
    let mut restored = Engine::restore(&saved).expect("a whole snapshot");
    assert_eq!(restored.snapshot(), saved);
    assert_eq!(restored.state_hash(), market.engine.state_hash());
    assert_eq!((restored.seq(), restored.time_ns()), (market.engine.seq(), market.engine.time_ns()));
    let mut buffer = tickyard_engine::EventBuffer::new();
    for step in 0..20 {
        let mut order = if step % 3 == 0 { sell(2).at(99) } else { buy(1).at(97 + step) };
        order.header.account = account(NAMES[step as usize % 4]);
        let reply = market.apply(Command::PlaceOrder(order));
        let twin = restored.apply(reply.seq, market.now_ns, &Command::PlaceOrder(order), &mut buffer);
        assert_eq!(twin, reply);
    }
    market.wait_ms(30_000);
    restored.apply(market.engine.seq(), market.now_ns, &Command::AdvanceTime(advance_time()), &mut buffer);
    assert_eq!(restored.snapshot(), market.engine.snapshot());
}

#[test]
fn restored_engine_answers_every_question_alike() {
    let mut market = lively();
    market.wait_ms(5);
    // Later than it was placed, an order of bob is filled in part.
    market.place("dave", buy(2).at(102));
    let engine = &market.engine;
    let restored = Engine::restore(&engine.snapshot()).expect("a whole snapshot");
    for name in NAMES {
        let id = account(name);
        assert_eq!(restored.account(id), engine.account(id));
        assert!(restored.balances(id).eq(engine.balances(id)), "{name}");
        let orders: Vec<OrderView> = restored.open_orders(id, None).collect();
        assert_eq!(orders, market.orders(name));
        for order in orders {
            assert_eq!(
                restored.order_by_client_id(id, &order.client_id),
                engine.order_by_client_id(id, &order.client_id)
            );
        }
    }
    let bobs = market.orders("bob").into_iter().find(|order| order.last_size > 0).expect("it was filled");
    assert!(bobs.updated_ns > bobs.created_ns, "{bobs:?}");
    for instrument in [InstrumentId(1), InstrumentId(2)] {
        assert_eq!(restored.last_trade(instrument), engine.last_trade(instrument));
        for side in [Side::Buy, Side::Sell] {
            assert!(restored.book(instrument, side).eq(engine.book(instrument, side)));
        }
    }
    let definitions = |engine: &Engine| {
        let assets = engine.assets().flat_map(|record| record.as_bytes().to_vec());
        let instruments = engine.instruments().flat_map(|record| record.as_bytes().to_vec());
        let prices = engine.index_prices().flat_map(|record| record.as_bytes().to_vec());
        let accounts = engine.accounts().flat_map(|record| record.as_bytes().to_vec());
        let levels = engine.fee_levels().flat_map(|record| record.as_bytes().to_vec());
        assets.chain(instruments).chain(prices).chain(accounts).chain(levels).collect::<Vec<u8>>()
    };
    assert_eq!(definitions(&restored), definitions(engine));
}

#[test]
fn empty_engine_can_be_saved() {
    let engine = Engine::new();
    let restored = Engine::restore(&engine.snapshot()).expect("a whole snapshot");
    assert_eq!(restored.state_hash(), engine.state_hash());
}

#[test]
fn damage_anywhere_is_found() {
    let saved = lively().engine.snapshot();
    for at in (0..saved.len()).step_by(37) {
        let mut damaged = saved.clone();
        damaged[at] ^= 0x10;
        assert!(Engine::restore(&damaged).is_err(), "byte {at}");
    }
    for length in (0..saved.len()).step_by(61) {
        assert!(Engine::restore(&saved[..length]).is_err(), "{length} bytes");
    }
    assert_eq!(
        Engine::restore(b"something else entirely, long enough to be read").err(),
        Some(RestoreError::NotASnapshot)
    );
}

/// A forged snapshot has a right hash over wrong contents. It may be accepted when it is sound, but never panics.
#[test]
fn forged_snapshot_is_refused_or_sound_but_never_panics() {
    let saved = lively().engine.snapshot();
    let body = saved.len() - 32;
    for at in 12..body {
        for flip in [0x01, 0x80, 0xff] {
            let mut forged = saved[..body].to_vec();
            forged[at] ^= flip;
            let seal = blake3::hash(&forged);
            forged.extend_from_slice(seal.as_bytes());
            if let Ok(engine) = Engine::restore(&forged) {
                engine.check_invariants().expect("what is restored is sound");
            }
        }
    }
    for cut in 1..200 {
        let mut forged = saved[..body - cut].to_vec();
        let seal = blake3::hash(&forged);
        forged.extend_from_slice(seal.as_bytes());
        assert!(Engine::restore(&forged).is_err());
    }
}

#[test]
fn snapshot_of_another_version_is_refused_with_its_numbers() {
    let mut saved = Engine::new().snapshot();
    saved[8] = 9;
    assert_eq!(Engine::restore(&saved).err(), Some(RestoreError::OtherVersion(9, CORE_VERSION)));
}

#[test]
fn hash_covers_what_trading_depends_on_and_not_the_clock() {
    let mut market = lively();
    let before = market.engine.state_hash();
    market.wait_ms(1);
    assert_eq!(market.engine.state_hash(), before);
    let id = market.place("carol", buy(1).at(50));
    let resting = market.engine.state_hash();
    assert_ne!(resting, before);
    market.cancel("carol", id);
    assert_ne!(market.engine.state_hash(), before, "the next order has another id");
}

#[test]
fn hash_sees_priority() {
    let run = |first: &str, second: &str| {
        let mut market = Exchange::new();
        let id = market.place(first, sell(1).at(101));
        market.place(second, sell(1).at(101));
        market.amend(first, id, 102, 0);
        market.amend(first, id, 101, 0);
        market.engine.state_hash()
    };
    assert_ne!(run("alice", "bob"), run("bob", "alice"));
}

#[test]
fn replay_gives_the_same_hash() {
    let market = lively();
    let mut replayed = Engine::new();
    let mut buffer = tickyard_engine::EventBuffer::new();
    for (seq, (time_ns, command)) in (1..).zip(&market.journal) {
        replayed.apply(Seq(seq), *time_ns, command, &mut buffer);
    }
    assert_eq!(replayed.state_hash(), market.engine.state_hash());
    assert_eq!(replayed.snapshot(), market.engine.snapshot());
}
