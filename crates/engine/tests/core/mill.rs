//! The rounding mill: dust trades and transfers without end gain nobody anything.
//!
//! Two desks with accounts of every kind trade amounts of a few units, where a fee is mostly rounding, with each other and
//! with a bystander. Beside the engine an exact account is kept, in billionths of a unit. Nobody may ever have more than it,
//! and what the others lack is in the house's fee account, to the last billionth.

use super::support::commands::*;
use super::support::events::{Event, decode};
use super::support::exchange::{BTC, ETH, START_NS, USDT};
use std::collections::BTreeMap;
use tickyard_engine::{Engine, EventBuffer};
use tickyard_ledger::rounding::PPB;
use tickyard_types::*;

/// Commands in the suite; `TICKYARD_MILL_COMMANDS` asks for more.
const COMMANDS: u64 = 50_000;
/// A whole check of the state takes as long as a hundred commands.
const CHECK_EVERY: u64 = 1_000;
const SEED: u64 = 0x5eed_d057;

const DUST: u32 = 1;
const COARSE: u32 = 2;
const ASSETS: [u32; 3] = [BTC, USDT, ETH];
const EACH: i128 = 5_000_000;
/// Maker and taker rates by level; a rebate never exceeds the taker fee of any of them.
const RATES: [(i64, i64); 5] =
    [(800_000, 1_000_000), (-150_000, 150_000), (0, 150_000), (-1, 333_333_333), (999_999_999, 1_000_000_000)];
const FIRST: u32 = AccountId::FIRST_USER.0;
/// Eight accounts of two masters, then the bystander.
const ACCOUNTS: u32 = 9;

/// Splitmix64: the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

struct Mill {
    engine: Engine,
    dice: Dice,
    seq: u64,
    live: Vec<(AccountId, OrderId, InstrumentId)>,
    /// What exact arithmetic gives each account of each asset, in billionths of a unit.
    exact: BTreeMap<(AccountId, AssetId), i128>,
    /// What was rounded away of each asset, in billionths.
    lost: BTreeMap<AssetId, i128>,
    trades: u64,
}

fn level(account: AccountId) -> usize {
    (account.0 - FIRST) as usize % RATES.len()
}

fn master(account: AccountId) -> AccountId {
    AccountId(FIRST + (account.0 - FIRST) / 4 * 4)
}

impl Mill {
    fn new() -> Self {
        let mut mill = Self {
            engine: Engine::new(),
            dice: Dice(SEED),
            seq: 0,
            live: Vec::new(),
            exact: BTreeMap::new(),
            lost: BTreeMap::new(),
            trades: 0,
        };
        for (asset, symbol) in [(BTC, "BTC"), (USDT, "USDT"), (ETH, "ETH")] {
            mill.must(Command::DefineAsset(define_asset(asset, symbol)));
        }
        for (number, (maker, taker)) in RATES.into_iter().enumerate() {
            mill.must(Command::DefineFeeLevel(define_fee_level(number as u8, maker, taker)));
        }
        // A lot is one unit, so that a trade may move a single one; or an odd number of them at an odd price.
        for (instrument, base, tick, lot) in [(DUST, BTC, COIN, 1), (COARSE, ETH, 3 * COIN, 7)] {
            let listing = define_instrument(instrument, base, USDT, if base == BTC { "BTC-USDT" } else { "ETH-USDT" });
            mill.must(Command::DefineInstrument(DefineInstrument { tick, lot, ..listing }));
        }
        for account in (FIRST..FIRST + ACCOUNTS).map(AccountId) {
            let of = master(account);
            mill.must(Command::DefineAccount(define_account(account, of, level(account) as u8)));
            for asset in ASSETS {
                let number = u64::from(account.0) * 10 + u64::from(asset);
                mill.must(Command::Credit(credit(account, asset, EACH, number)));
                mill.exact.insert((account, AssetId(asset)), EACH * i128::from(PPB));
            }
        }
        mill
    }

    fn must(&mut self, command: Command) {
        let mut events = EventBuffer::new();
        assert_eq!(self.apply(&command, &mut events).refusal, 0, "{command:?}");
    }

    fn apply(&mut self, command: &Command, events: &mut EventBuffer) -> Reply {
        self.seq += 1;
        events.clear();
        self.engine.apply(Seq(self.seq), START_NS + self.seq, command, events)
    }

    /// One command of somebody who is out for dust.
    fn turn(&mut self, events: &mut EventBuffer) {
        let account = AccountId(FIRST + self.dice.below(u64::from(ACCOUNTS)) as u32);
        let command = match self.dice.below(20) {
            0..12 => self.place(account),
            12..15 => self.transfer(account),
            15..17 => Command::MassCancel(mass_cancel(account, 0)),
            _ => match self.live.pop() {
                Some(order) => self.change(order),
                None => self.place(account),
            },
        };
        let reply = self.apply(&command, events);
        if let Command::PlaceOrder(order) = command
            && reply.refusal == 0
        {
            self.live.push((account, reply.order_id, order.instrument));
        }
        self.account_for(events);
    }

    fn place(&mut self, account: AccountId) -> Command {
        let dice = &mut self.dice;
        let most = dice.of(&[1, 3, 30, 3_000]);
        let size = 1 + dice.below(most) as i64;
        let mut order = order(dice.of(&[Side::Buy, Side::Sell]), size).on(dice.of(&[DUST, COARSE])).stp(dice.of(&[
            SelfTrade::CancelMaker,
            SelfTrade::CancelTaker,
            SelfTrade::CancelBoth,
        ]));
        order.header.account = account;
        Command::PlaceOrder(match dice.below(8) {
            0 => order,
            1 => order.in_quote(),
            2 => order.at(1 + dice.below(9) as i64).ioc(),
            3 => order.at(1 + dice.below(9) as i64).post_only(),
            _ => order.at(1 + dice.below(9) as i64),
        })
    }

    /// Within its own house, a unit at a time or more than there is.
    fn transfer(&mut self, account: AccountId) -> Command {
        let to = AccountId(master(account).0 + self.dice.below(4) as u32);
        let amount = self.dice.of(&[1, 2, 3, 1_000, EACH]);
        let mut transfer = transfer(account, account, to, self.dice.of(&ASSETS), amount, 1_000_000 + self.seq);
        transfer.from_wallet = self.dice.of(&[Wallet::Trading, Wallet::Funding]);
        transfer.to_wallet = self.dice.of(&[Wallet::Trading, Wallet::Funding]);
        Command::Transfer(transfer)
    }

    fn change(&mut self, (account, order_id, instrument): (AccountId, OrderId, InstrumentId)) -> Command {
        if self.dice.below(2) == 0 {
            return Command::CancelOrder(CancelOrder { instrument, ..cancel(account, order_id) });
        }
        let (price, size) = (self.dice.below(10) as i64, self.dice.below(40) as i64);
        Command::AmendOrder(AmendOrder { instrument, ..amend(account, order_id, price, size) })
    }

    /// Carries what the engine posted into the exact account.
    fn account_for(&mut self, events: &EventBuffer) {
        for (_, event) in decode(events.as_bytes()) {
            let Event::Posted(posted) = event else { continue };
            if posted.account >= AccountId::FIRST_USER {
                let exact = self.exact_leg(&posted);
                *self.exact.get_mut(&(posted.account, posted.asset)).expect("everybody has every asset") += exact;
            }
        }
    }

    /// What a leg comes to without rounding.
    fn exact_leg(&mut self, posted: &Posted) -> i128 {
        let moved = posted.amount - posted.fee;
        if posted.trade_id == TradeId(0) {
            assert_eq!(posted.fee, 0, "a transfer costs nothing");
            return moved * i128::from(PPB);
        }
        self.trades += 1;
        let (maker, taker) = RATES[level(posted.account)];
        let fee = match posted.is_taker {
            1 => -moved.max(0) * i128::from(taker),
            _ if maker >= 0 => -moved.max(0) * i128::from(maker),
            _ => moved.min(0) * i128::from(maker),
        };
        let lost = fee - posted.fee * i128::from(PPB);
        assert!((0..i128::from(PPB)).contains(&lost), "rounded against its owner by less than a unit: {posted:?}");
        *self.lost.entry(posted.asset).or_default() += lost;
        moved * i128::from(PPB) + fee
    }

    fn balance(&self, account: AccountId, asset: AssetId) -> i128 {
        let mut balances = self.engine.balances(account);
        balances.find(|balance| balance.asset == asset).map_or(0, |balance| balance.trading + balance.funding)
    }

    fn users(&self, asset: AssetId) -> i128 {
        (FIRST..FIRST + ACCOUNTS).map(|account| self.balance(AccountId(account), asset)).sum()
    }

    /// Conserved: what users lack of what came from outside is what the house has, and never less than nothing.
    fn check(&self) {
        for asset in ASSETS.map(AssetId) {
            let issued = -self.balance(AccountId::EXTERNAL, asset);
            let fees = self.balance(AccountId::FEES, asset);
            assert_eq!(issued, EACH * i128::from(ACCOUNTS));
            assert_eq!(self.users(asset) + fees, issued);
            assert!(fees >= 0, "no schedule of fees pays more than it takes, so no set of accounts has gained");
        }
    }

    /// Nobody has more than exact arithmetic gives, and the difference is where it belongs.
    fn check_to_the_last_billionth(&self) {
        for (&(account, asset), &exact) in &self.exact {
            assert!(self.balance(account, asset) * i128::from(PPB) <= exact, "{account:?} has gained {asset:?}");
        }
        for asset in ASSETS.map(AssetId) {
            let of_users: i128 = self.exact.iter().filter(|((_, of), _)| *of == asset).map(|(_, exact)| exact).sum();
            let exact_fees = EACH * i128::from(ACCOUNTS) * i128::from(PPB) - of_users;
            let fees = self.balance(AccountId::FEES, asset) * i128::from(PPB);
            let lost = self.lost.get(&asset).copied().unwrap_or_default();
            assert_eq!(fees - exact_fees, lost, "all that was rounded away is in the fee account");
            assert!(lost > 0, "there was something to round");
            assert_eq!(self.balance(AccountId::ROUNDING, asset), 0, "trading leaves nothing there");
        }
        assert_eq!(self.engine.check_invariants(), Ok(()));
    }
}

#[test]
fn dust_gains_nobody_anything_and_what_is_rounded_away_is_in_the_fee_account() {
    let commands = std::env::var("TICKYARD_MILL_COMMANDS").map_or(COMMANDS, |text| text.parse().expect("a number"));
    let mut mill = Mill::new();
    let mut events = EventBuffer::new();
    for turn in 1..=commands {
        mill.turn(&mut events);
        mill.check();
        if turn.is_multiple_of(CHECK_EVERY) {
            mill.check_to_the_last_billionth();
        }
    }
    mill.check_to_the_last_billionth();
    assert!(mill.trades > commands / 4, "most commands did something: {} legs", mill.trades);
}
