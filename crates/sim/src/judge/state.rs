//! Compares the whole state of an engine with that of the twin, and with what a reader of its events believes.

use crate::reader::{Event, Reader};
use crate::twin::{Order, Twin, trigger};
use tickyard_engine::{Engine, OrderView};
use tickyard_types::{AccountId, FeeLevelDefined, InstrumentId, Seq, Side, Wallet};

/// The first thing that differs.
pub(super) fn compare(engine: &Engine, twin: &Twin, reader: &Reader) -> Result<(), String> {
    engine.check_invariants()?;
    if engine.next_deadline_ns() != twin.next_deadline_ns() {
        return Err("timers: the next deadline differs".to_owned());
    }
    for account in twin.accounts().chain([AccountId::EXTERNAL.0]) {
        let mut balances = engine.balances(AccountId(account)).peekable();
        for asset in twin.assets() {
            let of_engine = balances.next_if(|balance| balance.asset.0 == asset);
            let of_engine = of_engine.map_or((0, 0, 0), |b| (b.trading, b.hold, b.funding));
            let [trading, funding] =
                [Wallet::Trading, Wallet::Funding].map(|wallet| twin.balance(account, asset, wallet));
            let of_twin = (trading, twin.held(account, asset), funding);
            if of_engine != of_twin {
                let what = format!("account {account} has {of_engine:?} of asset {asset}, must be {of_twin:?}");
                return Err(format!("balances: {what}"));
            }
            let told = [Wallet::Trading, Wallet::Funding].map(|wallet| reader.balance(account, asset, wallet));
            if told != [trading, funding] {
                return Err(format!("balances: account {account} was told {told:?} of asset {asset}"));
            }
        }
    }
    compare_definitions(engine, reader)?;
    compare_last(engine, twin, reader)?;
    let views = twin.accounts().flat_map(|account| engine.open_orders(AccountId(account), None));
    let mut views: Vec<OrderView> = views.collect();
    views.sort_unstable_by_key(|view| view.order_id);
    if !views.iter().map(order).eq(twin.orders().values().cloned()) {
        return Err("I7: the live orders differ".to_owned());
    }
    for account in twin.accounts() {
        let rows = engine.triggers(AccountId(account)).map(|row| (row.header.time_ns, trigger(&row)));
        let of_engine: Vec<(u64, Event)> = rows.collect();
        if of_engine != twin.triggers(account) {
            return Err(format!("I7: the trigger orders of account {account} differ"));
        }
    }
    for instrument in twin.instruments() {
        for side in [Side::Buy, Side::Sell] {
            let levels = twin.levels(instrument, side);
            let book =
                engine.book(InstrumentId(instrument), side).map(|level| (level.price, (level.size, level.orders)));
            let is_best_first = match side {
                Side::Buy => book.eq(levels.iter().rev().map(|(price, level)| (*price, *level))),
                Side::Sell => book.eq(levels.iter().map(|(price, level)| (*price, *level))),
            };
            if !is_best_first || reader.levels(instrument, side) != levels {
                return Err(format!("I4: the {side:?} side of instrument {instrument} differs"));
            }
        }
    }
    Ok(())
}

/// What the operator has defined is what was told last.
fn compare_definitions(engine: &Engine, reader: &Reader) -> Result<(), String> {
    // Level 0 is there from the start and was never told.
    let is_free = |row: &FeeLevelDefined| (row.level, row.maker_ppb, row.taker_ppb) == (0, 0, 0);
    let defined = engine.assets().map(Event::AssetDefined);
    let defined = defined.chain(engine.instruments().map(Event::InstrumentDefined));
    let defined = defined.chain(engine.accounts().map(Event::AccountDefined));
    let told = reader.fee_level(0).is_some();
    let levels = engine.fee_levels().filter(|row| told || !is_free(row));
    let defined = defined.chain(levels.map(Event::FeeLevelDefined));
    let defined = defined.chain(engine.index_prices().map(Event::IndexPriceSet));
    if defined.filter_map(|event| crate::twin::translated(&event)).eq(reader.definitions()) {
        Ok(())
    } else {
        Err("definitions: the engine has others than were told".to_owned())
    }
}

/// The newest command about each account, and the newest trade of each instrument.
fn compare_last(engine: &Engine, twin: &Twin, reader: &Reader) -> Result<(), String> {
    for account in twin.accounts().chain([AccountId::EXTERNAL.0]) {
        let (known, told) = (engine.last_seq(AccountId(account)), Seq(reader.last_seq(account)));
        if known != told {
            return Err(format!("I9: account {account} was last told of by {told:?}, the engine says {known:?}"));
        }
    }
    for instrument in twin.instruments() {
        if engine.last_trade(InstrumentId(instrument)).0 != twin.last_trade(instrument) {
            return Err(format!("I9: the newest trade of instrument {instrument} differs"));
        }
    }
    Ok(())
}

fn order(view: &OrderView) -> Order {
    Order {
        serial: view.order_id.serial(),
        account: view.account.0,
        instrument: view.instrument.0,
        side: view.side,
        kind: view.order_type,
        mode: view.trade_mode,
        flags: view.flags,
        stp: view.self_trade,
        price: view.price,
        size: view.size,
        filled: view.filled,
        cost: view.cost,
        fee_total: view.fee_total,
        rebate_total: view.rebate_total,
        client_id: view.client_id,
        tag: view.tag,
        created_ns: view.created_ns,
        updated_ns: view.updated_ns,
        last: (view.last_trade_id.0, view.last_price, view.last_size, view.last_time_ns),
        trigger: (view.trigger_id.0 != 0).then(|| (view.trigger_id.serial(), view.trigger_client_id)),
    }
}
