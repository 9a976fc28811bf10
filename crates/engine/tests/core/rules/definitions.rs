//! What the operator may define.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_types::*;

#[test]
fn definitions_are_dense_and_said_once() {
    let mut market = Exchange::new();
    let again = [
        Command::DefineAsset(define_asset(BTC, "BTC")),
        Command::DefineInstrument(define_instrument(1, BTC, USDT, "BTC-USDT")),
        Command::DefineAccount(define_account(account("bob"), account("bob"), 0)),
        Command::DefineFeeLevel(define_fee_level(0, 0, 0)),
        Command::SetInstrumentState(set_state(1, InstrumentState::Live)),
    ];
    for command in again {
        market.accepted(command);
        assert!(market.events.is_empty(), "the same definition again changes nothing");
    }
    let wrong = [
        Command::DefineAsset(define_asset(BTC, "XBT")),
        Command::DefineAsset(define_asset(5, "GAP")),
        Command::DefineAsset(define_asset(0, "NONE")),
        Command::DefineAsset(define_asset(4, "BTC")),
        Command::DefineAsset(DefineAsset { unit_digits: 19, ..define_asset(4, "NEW") }),
        Command::DefineInstrument(define_instrument(1, ETH, USDT, "BTC-USDT")),
        Command::DefineInstrument(define_instrument(4, BTC, ETH, "BTC-ETH")),
        Command::DefineInstrument(define_instrument(3, BTC, ETH, "BTC-USDT")),
        Command::DefineAccount(define_account(AccountId(99), AccountId(99), 0)),
        Command::DefineAccount(define_account(AccountId(2), AccountId(2), 0)),
        Command::DefineAccount(define_account(account("bob"), account("alice"), 0)),
        Command::DefineAccount(define_account(account("bob"), account("bob"), 3)),
        Command::DefineAccount(define_account(AccountId(22), account("alices-bot"), 0)),
        Command::DefineAccount(DefineAccount {
            self_trade: SelfTrade::AccountDefault,
            ..define_account(AccountId(22), AccountId(22), 0)
        }),
    ];
    for command in wrong {
        assert_eq!(market.refusal(command), Refusal::DefinitionInvalid, "{command:?}");
    }
}

#[test]
fn listing_again_is_the_same_whatever_the_state_is_by_now() {
    let mut market = Exchange::new();
    market.accepted(Command::SetInstrumentState(set_state(1, InstrumentState::Suspended)));
    market.accepted(Command::DefineInstrument(define_instrument(1, BTC, USDT, "BTC-USDT")));
    assert!(market.events.is_empty());
    assert_eq!(market.engine.instruments().next().map(|defined| defined.state), Some(InstrumentState::Suspended));
}

#[test]
fn listing_obeys_rules_that_keep_arithmetic_exact() {
    let mut market = Exchange::new();
    let good =
        DefineInstrument { tick: 1_000_000_000, lot: 1_000_000_000, ..define_instrument(3, BTC, ETH, "BTC-ETH") };
    let wrong = [
        DefineInstrument { tick: 0, ..good },
        DefineInstrument { lot: -1, ..good },
        DefineInstrument { tick: 999_999_999, ..good },
        DefineInstrument { tick: i128::MAX, ..good },
        DefineInstrument { quote: AssetId(BTC), ..good },
        DefineInstrument { min_size: 0, ..good },
        DefineInstrument { min_size: 1_000_001, ..good },
        DefineInstrument { max_market_size: 0, ..good },
        DefineInstrument { max_market_amount: 0, ..good },
        DefineInstrument { min_price: 0, ..good },
        DefineInstrument { min_price: 10_001, ..good },
        DefineInstrument { tick: COIN, lot: COIN, max_limit_size: i64::MAX, ..good },
        DefineInstrument { tick: 10 * COIN, lot: COIN, max_market_amount: i64::MAX, max_price: 1, ..good },
        DefineInstrument { tick: 1, lot: COIN * COIN, ..good },
    ];
    for listing in wrong {
        assert_eq!(market.refusal(Command::DefineInstrument(listing)), Refusal::DefinitionInvalid, "{listing:?}");
    }
    let nothing = DefineInstrument { base: AssetId(9), ..good };
    assert_eq!(market.refusal(Command::DefineInstrument(nothing)), Refusal::UnknownAsset);
    market.accepted(Command::DefineInstrument(good));
}

#[test]
fn fee_level_pays_no_more_rebate_than_it_charges() {
    let mut market = Exchange::new();
    let wrong = [(-2, 1), (0, -1), (i64::MIN, 1), (0, i64::MIN), (0, 1_000_000_001), (1_000_000_001, 1)];
    for (maker, taker) in wrong {
        let level = Command::DefineFeeLevel(define_fee_level(1, maker, taker));
        assert_eq!(market.refusal(level), Refusal::DefinitionInvalid);
    }
    market.accepted(Command::DefineFeeLevel(define_fee_level(1, -1, 1)));
    market.accepted(Command::DefineFeeLevel(define_fee_level(1, 1_000_000_000, 1_000_000_000)));
}

#[test]
fn definitions_come_from_the_host_alone() {
    let mut market = Exchange::new();
    let mut asset = define_asset(4, "NEW");
    asset.header.account = account("alice");
    assert_eq!(market.refusal(Command::DefineAsset(asset)), Refusal::Malformed);
    let mut advance = advance_time();
    advance.header.account = account("alice");
    assert_eq!(market.refusal(Command::AdvanceTime(advance)), Refusal::Malformed);
}

#[test]
fn instrument_never_goes_back_to_before_its_opening() {
    let mut market = Exchange::new();
    let back = Command::SetInstrumentState(set_state(1, InstrumentState::Preopen));
    assert_eq!(market.refusal(back), Refusal::DefinitionInvalid);
    let nothing = Command::SetInstrumentState(set_state(9, InstrumentState::Live));
    assert_eq!(market.refusal(nothing), Refusal::UnknownInstrument);
}

#[test]
fn what_is_defined_can_be_read() {
    let market = Exchange::new();
    assert_eq!(
        market.engine.assets().map(|asset| asset.symbol).collect::<Vec<_>>(),
        [padded("BTC"), padded("USDT"), padded("ETH")]
    );
    assert_eq!(market.engine.instruments().count(), 2);
    assert_eq!(market.engine.accounts().count(), NAMES.len());
    assert_eq!(market.engine.fee_levels().count(), 1);
    let bot = market.engine.account(account("alices-bot")).expect("an account");
    assert_eq!((bot.master, bot.open_orders), (account("alice"), 0));
    assert_eq!(market.engine.account(AccountId(0)), None);
    assert_eq!(market.engine.account(AccountId(99)), None);
    assert_eq!(market.engine.balances(AccountId(99)).count(), 0);
    assert_eq!(market.engine.open_orders(AccountId(99), None).count(), 0);
    assert_eq!(market.engine.book(InstrumentId(99), Side::Buy).count(), 0);
}
