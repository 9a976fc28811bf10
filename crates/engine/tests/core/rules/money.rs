//! Credits, debits and transfers.

use crate::support::commands::*;
use crate::support::events::Event;
use crate::support::exchange::*;
use tickyard_ledger::MAX_SUPPLY;
use tickyard_types::*;

#[test]
fn credit_comes_from_outside_and_debit_goes_there() {
    let mut market = Exchange::new();
    let outside = |market: &Exchange| market.engine.balances(AccountId::EXTERNAL).next().map_or(0, |b| b.funding);
    let before = outside(&market);
    market.accepted(Command::Credit(credit(account("poor"), BTC, 5 * COIN, 1)));
    assert_eq!(outside(&market), before - 5 * COIN);
    market.accepted(Command::Debit(debit(account("poor"), BTC, 2 * COIN, 2)));
    assert_eq!(outside(&market), before - 3 * COIN);
    assert_eq!(market.balance("poor", BTC), (3 * COIN, 0));
}

#[test]
fn key_moves_once_and_names_one_movement() {
    let mut market = Exchange::new();
    let first = credit(account("poor"), BTC, 5 * COIN, 1);
    assert_eq!(market.accepted(Command::Credit(first)).value, 0);
    assert!(market.engine.has_key(&key(1)));
    assert_eq!(market.accepted(Command::Credit(first)).value, 1);
    assert!(market.events.is_empty());
    assert_eq!(market.balance("poor", BTC).0, 5 * COIN);
    let others = [
        Credit { amount: 6 * COIN, ..first },
        Credit { wallet: Wallet::Funding, ..first },
        Credit { asset: AssetId(USDT), ..first },
    ];
    for other in others {
        assert_eq!(market.refusal(Command::Credit(other)), Refusal::KeyReused);
    }
    let debit = debit(account("poor"), BTC, 5 * COIN, 1);
    assert_eq!(market.refusal(Command::Debit(debit)), Refusal::KeyReused);
}

#[test]
fn key_of_a_refused_movement_is_not_used() {
    let mut market = Exchange::new();
    let debit = Command::Debit(debit(account("poor"), BTC, COIN, 1));
    assert_eq!(market.refusal(debit), Refusal::InsufficientBalance);
    assert!(!market.engine.has_key(&key(1)));
    market.accepted(Command::Credit(credit(account("poor"), BTC, COIN, 1)));
}

#[test]
fn done_movement_is_done_also_when_the_money_is_gone() {
    let mut market = Exchange::new();
    market.accepted(Command::Credit(credit(account("poor"), BTC, COIN, 1)));
    let debit = Command::Debit(debit(account("poor"), BTC, COIN, 2));
    assert_eq!(market.accepted(debit).value, 0);
    assert_eq!(market.accepted(debit).value, 1);
}

#[test]
fn only_free_money_leaves() {
    let mut market = Exchange::new();
    market.set_free("poor", USDT, 100 * COIN);
    market.place("poor", buy(1).at(60));
    let (poor, bob) = (account("poor"), account("bob"));
    let too_much = 40 * COIN + 1;
    assert_eq!(market.refusal(Command::Debit(debit(poor, USDT, too_much, 1))), Refusal::InsufficientBalance);
    let to_funding = Transfer { to_wallet: Wallet::Funding, ..transfer(poor, poor, poor, USDT, too_much, 1) };
    assert_eq!(market.refusal(Command::Transfer(to_funding)), Refusal::InsufficientBalance);
    market.accepted(Command::Transfer(Transfer { amount: 40 * COIN, ..to_funding }));
    assert_eq!(market.refusal(Command::Transfer(transfer(poor, poor, bob, USDT, 1, 2))), Refusal::NotRelated);
}

#[test]
fn master_moves_money_of_all_its_accounts_and_a_sub_account_its_own() {
    let mut market = Exchange::new();
    let (alice, bot, bob) = (account("alice"), account("alices-bot"), account("bob"));
    market.accepted(Command::Transfer(transfer(alice, alice, bot, USDT, COIN, 1)));
    market.accepted(Command::Transfer(transfer(alice, bot, alice, USDT, COIN, 2)));
    market.accepted(Command::Transfer(transfer(bot, bot, alice, USDT, COIN, 3)));
    let cases = [
        transfer(bot, alice, bot, USDT, COIN, 4),
        transfer(bob, alice, bot, USDT, COIN, 4),
        transfer(bob, alice, bob, USDT, COIN, 4),
        transfer(alice, alice, bob, USDT, COIN, 4),
        transfer(alice, bob, alice, USDT, COIN, 4),
    ];
    for case in cases {
        assert_eq!(market.refusal(Command::Transfer(case)), Refusal::NotRelated);
    }
    assert_eq!(market.gained("alice", USDT), COIN);
}

#[test]
fn both_legs_of_a_transfer_name_each_other() {
    let mut market = Exchange::new();
    let (alice, bot) = (account("alice"), account("alices-bot"));
    let moved = Transfer { to_wallet: Wallet::Funding, ..transfer(alice, alice, bot, USDT, COIN, 1) };
    market.accepted(Command::Transfer(moved));
    let legs: Vec<Posted> = market.postings().copied().collect();
    assert_eq!((legs[0].account, legs[0].counter_account, legs[0].counter_wallet), (alice, bot, Wallet::Funding as u8));
    assert_eq!((legs[1].account, legs[1].counter_account, legs[1].counter_wallet), (bot, alice, Wallet::Trading as u8));
    assert_eq!((legs[0].amount, legs[1].amount, legs[1].key), (-COIN, COIN, key(1)));
}

#[test]
fn name_of_a_transfer_is_told_once_and_before_its_legs() {
    let mut market = Exchange::new();
    let (alice, bot) = (account("alice"), account("alices-bot"));
    let named = Transfer { client_id: padded("rent"), ..transfer(alice, alice, bot, USDT, COIN, 1) };
    market.accepted(Command::Transfer(named));
    let first = market.events.first().copied();
    let Some(Event::TransferNamed(told)) = first else { panic!("{first:?}") };
    assert_eq!((told.account, told.key, told.client_id), (alice, key(1), padded("rent")));
    assert_eq!(market.postings().count(), 2);
    market.accepted(Command::Transfer(named));
    assert!(market.events.is_empty());
    market.accepted(Command::Transfer(transfer(alice, alice, bot, USDT, COIN, 2)));
    assert_eq!(market.events.len(), 2);
}

#[test]
fn movement_of_a_wrong_shape_is_refused() {
    let mut market = Exchange::new();
    let alice = account("alice");
    let good = credit(alice, BTC, COIN, 1);
    let cases = [
        (Credit { amount: 0, ..good }, Refusal::AmountNotPositive),
        (Credit { amount: i128::MIN, ..good }, Refusal::AmountNotPositive),
        (Credit { key: [0; 16], ..good }, Refusal::Malformed),
        (Credit { reason: PostingReason::Trade, ..good }, Refusal::Malformed),
        (Credit { asset: AssetId(9), ..good }, Refusal::UnknownAsset),
        (Credit { asset: AssetId(0), ..good }, Refusal::UnknownAsset),
        (credit(AccountId(99), BTC, COIN, 1), Refusal::UnknownAccount),
        (credit(AccountId::EXTERNAL, BTC, COIN, 1), Refusal::UnknownAccount),
        (credit(AccountId(0), BTC, COIN, 1), Refusal::UnknownAccount),
    ];
    for (case, refusal) in cases {
        assert_eq!(market.refusal(Command::Credit(case)), refusal);
    }
    let to_itself = transfer(alice, alice, alice, BTC, COIN, 1);
    assert_eq!(market.refusal(Command::Transfer(to_itself)), Refusal::SameWallet);
}

#[test]
fn supply_of_an_asset_is_bounded() {
    let mut market = Exchange::new();
    let alice = account("alice");
    for amount in [i128::MAX, MAX_SUPPLY, MAX_SUPPLY - 5_000_000 * COIN + 1] {
        assert_eq!(market.refusal(Command::Credit(credit(alice, BTC, amount, 1))), Refusal::Overflow);
    }
    market.accepted(Command::Credit(credit(alice, BTC, MAX_SUPPLY - 5_000_000 * COIN, 1)));
    assert_eq!(market.refusal(Command::Credit(credit(alice, BTC, 1, 2))), Refusal::Overflow);
}

#[test]
fn house_receives_credits_and_pays_out_what_it_earned() {
    let mut market = Exchange::new();
    market.accepted(Command::Credit(credit(AccountId::FEES, BTC, COIN, 1)));
    let too_much = debit(AccountId::FEES, BTC, COIN + 1, 2);
    assert_eq!(market.refusal(Command::Debit(too_much)), Refusal::InsufficientBalance);
    market.accepted(Command::Debit(debit(AccountId::FEES, BTC, COIN, 2)));
}
