//! A small exchange: people by name, books as drawings, and every invariant checked after every command.

use super::commands::*;
use super::events::{Event, decode};
use std::collections::BTreeMap;
use tickyard_engine::{EventBuffer, OrderView};
use tickyard_types::*;
use zerocopy::IntoBytes;

pub use tickyard_engine::Engine;

/// The base asset of instrument 1.
pub const BTC: u32 = 1;
/// The quote asset of instruments 1 and 2.
pub const USDT: u32 = 2;
/// The base asset of instrument 2.
pub const ETH: u32 = 3;

/// Everybody; the account is [`AccountId::FIRST_USER`] plus the place here.
pub const NAMES: [&str; 6] = ["alice", "bob", "carol", "dave", "alices-bot", "poor"];

/// When the exchange begins.
pub const START_NS: u64 = 1_700_000_000_000_000_000;

/// An exchange with two instruments, whose people have a million coins of each asset (poor has none).
pub struct Exchange {
    pub engine: Engine,
    pub now_ns: u64,
    /// Events of the newest command.
    pub events: Vec<Event>,
    /// Every command so far, with the time of its frame.
    pub journal: Vec<(u64, Command)>,
    /// The last hash, if nothing has changed since.
    hash: [u8; 32],
    keys: u64,
}

/// The account of a person.
pub fn account(name: &str) -> AccountId {
    let place = NAMES.iter().position(|known| *known == name).expect("a known name");
    AccountId(AccountId::FIRST_USER.0 + place as u32)
}

fn name(account: AccountId) -> &'static str {
    NAMES[(account.0 - AccountId::FIRST_USER.0) as usize]
}

/// The bytes of a command.
pub fn bytes(command: &Command) -> Vec<u8> {
    match command {
        Command::PlaceOrder(c) => c.as_bytes().to_vec(),
        Command::CancelOrder(c) => c.as_bytes().to_vec(),
        Command::AmendOrder(c) => c.as_bytes().to_vec(),
        Command::MassCancel(c) => c.as_bytes().to_vec(),
        Command::CancelAllAfter(c) => c.as_bytes().to_vec(),
        Command::AdvanceTime(c) => c.as_bytes().to_vec(),
        Command::Transfer(c) => c.as_bytes().to_vec(),
        Command::Credit(c) => c.as_bytes().to_vec(),
        Command::Debit(c) => c.as_bytes().to_vec(),
        Command::DefineAsset(c) => c.as_bytes().to_vec(),
        Command::DefineInstrument(c) => c.as_bytes().to_vec(),
        Command::SetInstrumentState(c) => c.as_bytes().to_vec(),
        Command::DefineAccount(c) => c.as_bytes().to_vec(),
        Command::DefineFeeLevel(c) => c.as_bytes().to_vec(),
        Command::SetIndexPrice(c) => c.as_bytes().to_vec(),
        Command::PlaceTrigger(c) => c.as_bytes().to_vec(),
        Command::CancelTrigger(c) => c.as_bytes().to_vec(),
        Command::AmendTrigger(c) => c.as_bytes().to_vec(),
        Command::PlaceOrderAttached(c) => c.as_bytes().to_vec(),
        Command::AmendOrderAttached(c) => c.as_bytes().to_vec(),
    }
}

/// What sets the small exchange up, in order.
pub fn founding() -> Vec<Command> {
    let mut commands = vec![
        Command::DefineAsset(define_asset(BTC, "BTC")),
        Command::DefineAsset(define_asset(USDT, "USDT")),
        Command::DefineAsset(define_asset(ETH, "ETH")),
        Command::DefineInstrument(define_instrument(1, BTC, USDT, "BTC-USDT")),
        Command::DefineInstrument(define_instrument(2, ETH, USDT, "ETH-USDT")),
    ];
    for who in NAMES {
        let master = if who == "alices-bot" { account("alice") } else { account(who) };
        commands.push(Command::DefineAccount(define_account(account(who), master, 0)));
    }
    for (number, who) in NAMES.iter().enumerate().filter(|(_, who)| **who != "poor") {
        for asset in [BTC, USDT, ETH] {
            let number = 1_000_000 + number as u64 * 10 + u64::from(asset);
            commands.push(Command::Credit(credit(account(who), asset, 1_000_000 * COIN, number)));
        }
    }
    commands
}

impl Exchange {
    pub fn new() -> Self {
        let engine = Engine::new();
        let hash = engine.state_hash();
        let mut exchange =
            Self { engine, now_ns: START_NS, events: Vec::new(), journal: Vec::new(), hash, keys: 10_000 };
        for command in founding() {
            assert_eq!(exchange.apply(command).refusal, 0);
        }
        exchange
    }

    /// Applies one command, and checks what is true of every command.
    pub fn apply(&mut self, command: Command) -> Reply {
        let mut buffer = EventBuffer::new();
        let seq = Seq(self.engine.seq().0 + 1);
        let reply = self.engine.apply_bytes(seq, self.now_ns, &bytes(&command), &mut buffer);
        self.journal.push((self.now_ns, command));
        let decoded = decode(buffer.as_bytes());
        assert_eq!(decoded.len(), buffer.len());
        for (index, (header, _)) in decoded.iter().enumerate() {
            let expected = (seq, index as u32, self.now_ns);
            assert_eq!((header.seq, header.index, header.time_ns), expected, "events are numbered without gaps");
        }
        self.events = decoded.into_iter().map(|(_, event)| event).collect();
        self.engine.check_invariants().expect("every invariant holds");
        self.check_postings();
        let hash = self.engine.state_hash();
        let has_fired = self.events.iter().any(|event| match event {
            Event::TimerChanged(timer) => timer.has_fired == 1,
            Event::TriggerChanged(trigger) => trigger.fired_leg != 0,
            _ => false,
        });
        if reply.refusal != 0 && !has_fired {
            assert_eq!(hash, self.hash, "a refusal leaves no trace");
            assert!(self.events.is_empty(), "a refusal makes no event");
        }
        self.hash = hash;
        reply
    }

    /// The postings of a command sum to zero per asset, and end at the balances that are there.
    fn check_postings(&self) {
        let mut sums: BTreeMap<AssetId, i128> = BTreeMap::new();
        let mut ends: BTreeMap<(AccountId, AssetId, Wallet), i128> = BTreeMap::new();
        for posted in self.postings() {
            *sums.entry(posted.asset).or_default() += posted.amount;
            ends.insert((posted.account, posted.asset, posted.wallet), posted.balance);
        }
        assert!(sums.values().all(|sum| *sum == 0), "every posting set sums to zero: {sums:?}");
        for ((account, asset, wallet), told) in ends {
            let balance = self.engine.balances(account).find(|balance| balance.asset == asset).expect("a balance");
            let is = if wallet == Wallet::Trading { balance.trading } else { balance.funding };
            assert_eq!(told, is, "the last posting tells the balance that is there");
        }
    }

    /// The refusal of a command that must be refused.
    pub fn refusal(&mut self, command: Command) -> Refusal {
        let reply = self.apply(command);
        let refused = Refusal::ALL.iter().find(|refusal| refusal.number() == reply.refusal);
        *refused.expect("the command was accepted")
    }

    /// Applies a command that must be accepted.
    pub fn accepted(&mut self, command: Command) -> Reply {
        let reply = self.apply(command);
        assert_eq!(reply.refusal, 0, "the command was refused");
        reply
    }

    /// Places an order that must be accepted.
    pub fn place(&mut self, who: &str, mut order: PlaceOrder) -> OrderId {
        order.header.account = account(who);
        self.accepted(Command::PlaceOrder(order)).order_id
    }

    /// The refusal of an order.
    pub fn place_refused(&mut self, who: &str, mut order: PlaceOrder) -> Refusal {
        order.header.account = account(who);
        self.refusal(Command::PlaceOrder(order))
    }

    /// Places a trigger order that must be accepted.
    pub fn trigger(&mut self, who: &str, mut place: PlaceTrigger) -> TriggerId {
        place.header.account = account(who);
        TriggerId(self.accepted(Command::PlaceTrigger(place)).order_id.0)
    }

    /// The refusal of a trigger order.
    pub fn trigger_refused(&mut self, who: &str, mut place: PlaceTrigger) -> Refusal {
        place.header.account = account(who);
        self.refusal(Command::PlaceTrigger(place))
    }

    /// Places an order with others attached, which must be accepted.
    pub fn place_with(&mut self, who: &str, mut order: PlaceOrder, with: &[([Leg; 2], i64)]) -> OrderId {
        order.header.account = account(who);
        self.accepted(Command::PlaceOrderAttached(attached(order, with))).order_id
    }

    /// What the newest command told of trigger orders.
    pub fn told_triggers(&self) -> Vec<TriggerChanged> {
        let told = self.events.iter().filter_map(|event| match event {
            Event::TriggerChanged(changed) => Some(*changed),
            _ => None,
        });
        told.collect()
    }

    /// Trigger orders of an account: (size, state).
    pub fn triggers(&self, who: &str) -> Vec<(i64, TriggerState)> {
        self.engine.triggers(account(who)).map(|trigger| (trigger.size, trigger.state)).collect()
    }

    /// Lets dave and carol trade one lot at a price, which becomes the last one.
    pub fn trade_at(&mut self, price: i64) {
        self.place("dave", sell(1).at(price));
        self.place("carol", buy(1).at(price).ioc());
    }

    pub fn cancel(&mut self, who: &str, order_id: OrderId) {
        self.accepted(Command::CancelOrder(cancel(account(who), order_id)));
    }

    /// Amends an order: price and size, 0 to leave.
    pub fn amend(&mut self, who: &str, order_id: OrderId, price: i64, size: i64) {
        self.accepted(Command::AmendOrder(amend(account(who), order_id, price, size)));
    }

    /// The refusal of an amendment.
    pub fn amend_refused(&mut self, who: &str, order_id: OrderId, price: i64, size: i64) -> Refusal {
        self.refusal(Command::AmendOrder(amend(account(who), order_id, price, size)))
    }

    /// Sets everybody's rates, in parts per billion.
    pub fn fees(&mut self, maker_ppb: i64, taker_ppb: i64) {
        self.accepted(Command::DefineFeeLevel(define_fee_level(0, maker_ppb, taker_ppb)));
    }

    /// Lets time pass.
    pub fn wait_ms(&mut self, ms: u64) {
        self.now_ns += ms * 1_000_000;
        self.accepted(Command::AdvanceTime(advance_time()));
    }

    /// Gives or takes trading money until exactly so much is free.
    pub fn set_free(&mut self, who: &str, asset: u32, amount: i128) {
        let balance = self.engine.balances(account(who)).find(|balance| balance.asset == AssetId(asset));
        let free = balance.map_or(0, |balance| balance.trading - balance.hold);
        self.keys += 1;
        match amount - free {
            0 => {}
            more @ 1.. => drop(self.accepted(Command::Credit(credit(account(who), asset, more, self.keys)))),
            less => drop(self.accepted(Command::Debit(debit(account(who), asset, -less, self.keys)))),
        }
    }

    /// (trading, hold) of an account.
    pub fn balance(&self, who: &str, asset: u32) -> (i128, i128) {
        let balance = self.engine.balances(account(who)).find(|balance| balance.asset == AssetId(asset));
        balance.map_or((0, 0), |balance| (balance.trading, balance.hold))
    }

    /// What an account's trading balance has changed by since the beginning.
    pub fn gained(&self, who: &str, asset: u32) -> i128 {
        self.balance(who, asset).0 - if who == "poor" { 0 } else { 1_000_000 * COIN }
    }

    pub fn orders(&self, who: &str) -> Vec<OrderView> {
        self.engine.open_orders(account(who), None).collect()
    }

    pub fn order(&self, who: &str, order_id: OrderId) -> Option<OrderView> {
        self.engine.order(account(who), order_id)
    }

    /// Rests the orders of a drawing: `ask 101  5@alice 5@bob`, one level a line, older orders first.
    pub fn draw(&mut self, drawing: &str) {
        for line in drawing.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut words = line.split_whitespace();
            let side = match words.next() {
                Some("ask") => Side::Sell,
                Some("bid") => Side::Buy,
                other => panic!("a level is an ask or a bid, {other:?} was given"),
            };
            let price = words.next().expect("a price").parse().expect("a price in ticks");
            for order_of in words {
                let (size, who) = order_of.split_once('@').expect("size@who");
                self.place(who, order(side, size.parse().expect("a size")).at(price));
            }
        }
    }

    /// The book of instrument 1 as a drawing: worst ask at the top, worst bid at the bottom.
    pub fn drawn(&self) -> String {
        let mut levels: BTreeMap<(i64, &str), Vec<OrderView>> = BTreeMap::new();
        for who in NAMES {
            for order in self.engine.open_orders(account(who), Some(InstrumentId(1))) {
                let word = if order.side == Side::Buy { "bid" } else { "ask" };
                levels.entry((order.price, word)).or_default().push(order);
            }
        }
        let mut text = String::new();
        for ((price, word), orders) in levels.iter().rev() {
            text += &format!("{word} {price} ");
            for id in self.queue(orders) {
                let order = orders.iter().find(|order| order.order_id == id).expect("an order of the level");
                text += &format!(" {}@{}", order.size - order.filled, name(order.account));
            }
            text += "\n";
        }
        text
    }

    /// The ids of a level's orders in the order in which they would be met: a copy of the exchange is asked.
    fn queue(&self, orders: &[OrderView]) -> Vec<OrderId> {
        let mut copy = self.engine.clone();
        let (side, price) = (orders[0].side.opposite(), orders[0].price);
        let reader = AccountId(AccountId::FIRST_USER.0 + NAMES.len() as u32);
        let mut buffer = EventBuffer::new();
        let mut run = |command: Command| {
            let seq = Seq(copy.seq().0 + 1);
            copy.apply_bytes(seq, self.now_ns, &bytes(&command), &mut buffer);
        };
        run(Command::DefineAccount(define_account(reader, reader, 0)));
        run(Command::SetInstrumentState(set_state(1, InstrumentState::Live)));
        for asset in [BTC, USDT] {
            run(Command::Credit(credit(reader, asset, 100_000_000_000 * COIN, u64::MAX - u64::from(asset))));
        }
        let sweep =
            PlaceOrder { header: header(CommandKind::PlaceOrder, reader), ..order(side, 1_000_000).at(price).ioc() };
        run(Command::PlaceOrder(sweep));
        let events = decode(buffer.as_bytes());
        let met = events.iter().filter_map(|(_, event)| match event {
            Event::Traded(trade) if trade.price == price => Some(trade.maker_order),
            _ => None,
        });
        met.collect()
    }

    /// Asserts that the book looks like this.
    pub fn shows(&self, drawing: &str) {
        let words = |text: &str| {
            let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
            lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(words(&self.drawn()), words(drawing));
    }

    /// Trades of the newest command: (maker, price, size).
    pub fn fills(&self) -> Vec<(&'static str, i64, i64)> {
        self.trades().map(|trade| (name(trade.maker_account), trade.price, trade.size)).collect()
    }

    pub fn trades(&self) -> impl Iterator<Item = &Traded> {
        self.events.iter().filter_map(|event| if let Event::Traded(trade) = event { Some(trade) } else { None })
    }

    pub fn postings(&self) -> impl Iterator<Item = &Posted> {
        self.events.iter().filter_map(|event| if let Event::Posted(posted) = event { Some(posted) } else { None })
    }

    pub fn levels(&self) -> impl Iterator<Item = &LevelChanged> {
        self.events.iter().filter_map(|event| if let Event::LevelChanged(level) = event { Some(level) } else { None })
    }

    /// Orders that the newest command closed: (whose, state, source).
    pub fn closed(&self) -> Vec<(&'static str, OrderState, CancelSource)> {
        let closed = self.events.iter().filter_map(|event| match event {
            Event::OrderClosed(closed) => Some((name(closed.account), closed.state, closed.source)),
            _ => None,
        });
        closed.collect()
    }

    /// The size with which the newest command's order was accepted.
    pub fn accepted_size(&self) -> i64 {
        let accepted = self.events.iter().find_map(|event| match event {
            Event::OrderAccepted(accepted) => Some(accepted.size),
            _ => None,
        });
        accepted.expect("an order was accepted")
    }

    /// The last amendment told by the newest command.
    pub fn amended(&self) -> OrderAmended {
        let amended = self.events.iter().find_map(|event| match event {
            Event::OrderAmended(amended) => Some(*amended),
            _ => None,
        });
        amended.expect("an order was amended")
    }
}
