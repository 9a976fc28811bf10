//! A seeded day of trading: 95 orders of 100 are cancelled, the others trade; prices wander.

use crate::random::Random;
use tickyard_engine::{Engine, EventBuffer};
use tickyard_types::*;
use zerocopy::IntoBytes;

pub const INSTRUMENTS: usize = 12;

/// Orders that rest when the market is at its usual depth.
const DEPTH: usize = 60_000;

const COIN: i128 = 1_000_000_000_000_000_000;

const MIDDLE: i64 = 600_000;

/// What a command of the day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Rest,
    Take,
    Cancel,
    Amend,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Rest, Self::Take, Self::Cancel, Self::Amend];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Rest => "resting",
            Self::Take => "taking",
            Self::Cancel => "cancels",
            Self::Amend => "amendments",
        }
    }
}

/// Commands as they stand in a journal, and what they came to.
pub struct Day {
    pub commands: Vec<[u8; 128]>,
    /// The id that each command's order got or named.
    pub placed: Vec<OrderId>,
    pub kinds: Vec<Kind>,
    pub start_ns: u64,
    pub resting: usize,
    pub trades: u64,
}

/// A live order, as its client knows it.
#[derive(Clone, Copy)]
struct Live {
    account: AccountId,
    instrument: InstrumentId,
    order_id: OrderId,
    side: Side,
}

struct Drawing {
    random: Random,
    engine: Engine,
    buffer: EventBuffer,
    now_ns: u64,
    middles: [i64; INSTRUMENTS],
    live: Vec<Live>,
    accounts: u32,
    names: u64,
    /// Commands sent so far, by worker.
    counters: [u64; 4],
    day: Day,
}

pub fn header(kind: CommandKind, account: AccountId) -> CommandHeader {
    CommandHeader { kind, flags: 0, reserved: [0; 2], account, origin: Origin::default() }
}

pub fn symbol<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

impl Day {
    /// The exchange before the day, and the day: commands after the market has reached its usual depth.
    pub fn draw(accounts: u32, commands: usize, seed: u64) -> (Engine, Self) {
        let mut drawing = Drawing {
            random: Random::new(seed),
            engine: Engine::new(),
            buffer: EventBuffer::new(),
            now_ns: 1_700_000_000_000_000_000,
            middles: [MIDDLE; INSTRUMENTS],
            live: Vec::new(),
            accounts,
            names: 0,
            counters: [0; 4],
            day: Self {
                commands: Vec::new(),
                placed: Vec::new(),
                kinds: Vec::new(),
                start_ns: 0,
                resting: 0,
                trades: 0,
            },
        };
        drawing.found();
        while drawing.live.len() < DEPTH {
            drawing.place(false);
        }
        // The first commands of a day bring the caches and tables to their usual state.
        for _ in 0..commands / 10 {
            drawing.step();
        }
        // Not the copy, which has no room in its tables: they would all grow once more.
        let copy = drawing.engine.clone();
        let founded = std::mem::replace(&mut drawing.engine, copy);
        drawing.day.commands.clear();
        drawing.day.placed.clear();
        drawing.day.kinds.clear();
        drawing.day.start_ns = drawing.now_ns;
        let trades =
            |engine: &Engine| (1..=INSTRUMENTS as u32).map(|n| engine.last_trade(InstrumentId(n)).0).sum::<u64>();
        let before = trades(&drawing.engine);
        while drawing.day.commands.len() < commands {
            drawing.step();
        }
        drawing.day.trades = trades(&drawing.engine) - before;
        drawing.day.resting = drawing.live.len();
        (founded, drawing.day)
    }

    pub fn count(&self, kind: Kind) -> usize {
        self.kinds.iter().filter(|drawn| **drawn == kind).count()
    }
}

impl Drawing {
    /// Applies a command; only what is accepted becomes a part of the day.
    fn apply(&mut self, bytes: &[u8]) -> Reply {
        self.buffer.clear();
        let seq = Seq(self.engine.seq().0 + 1);
        self.engine.apply_bytes(seq, self.now_ns, bytes, &mut self.buffer)
    }

    fn found(&mut self) {
        let nobody = AccountId(0);
        for asset in 1..=INSTRUMENTS as u32 + 1 {
            let defined = DefineAsset {
                header: header(CommandKind::DefineAsset, nobody),
                asset: AssetId(asset),
                unit_digits: 18,
                reserved: [0; 3],
                symbol: symbol(&format!("A{asset}")),
                reserved2: [0; 80],
            };
            assert_eq!(self.apply(defined.as_bytes()).refusal, 0);
        }
        for instrument in 1..=INSTRUMENTS as u32 {
            let listing = DefineInstrument {
                header: header(CommandKind::DefineInstrument, nobody),
                instrument: InstrumentId(instrument),
                base: AssetId(instrument + 1),
                tick: COIN / 10,
                lot: COIN / 100_000_000,
                quote: AssetId(1),
                state: InstrumentState::Live,
                reserved: [0; 3],
                min_size: 1_000,
                max_limit_size: 1_000_000_000_000,
                max_market_size: 100_000_000_000,
                max_market_amount: i64::MAX / 1_000_000,
                min_price: 1,
                max_price: 10_000_000,
                symbol: symbol(&format!("A{}-A1", instrument + 1)),
                reserved2: [0; 104],
            };
            assert_eq!(self.apply(listing.as_bytes()).refusal, 0);
        }
        let level = DefineFeeLevel {
            header: header(CommandKind::DefineFeeLevel, nobody),
            maker_ppb: 800_000,
            taker_ppb: 1_000_000,
            level: 1,
            reserved: [0; 87],
        };
        assert_eq!(self.apply(level.as_bytes()).refusal, 0);
        for n in 0..self.accounts {
            let id = AccountId(AccountId::FIRST_USER.0 + n);
            let account = DefineAccount {
                header: header(CommandKind::DefineAccount, id),
                master: id,
                fee_level: 1,
                self_trade: SelfTrade::CancelMaker,
                reserved: [0; 98],
            };
            assert_eq!(self.apply(account.as_bytes()).refusal, 0);
            let (first, second) = instruments_of(id);
            for asset in [1, first.0 + 1, second.0 + 1] {
                let mut key = [1; 16];
                key[..4].copy_from_slice(&id.0.to_le_bytes());
                key[4..8].copy_from_slice(&asset.to_le_bytes());
                let credit = Credit {
                    header: header(CommandKind::Credit, id),
                    asset: AssetId(asset),
                    wallet: Wallet::Trading,
                    reason: PostingReason::Credit,
                    reserved: [0; 2],
                    amount: 10_000_000 * COIN,
                    key,
                    reserved2: [0; 64],
                };
                assert_eq!(self.apply(credit.as_bytes()).refusal, 0);
            }
        }
    }

    fn step(&mut self) {
        let places = if self.live.len() < DEPTH { 51 } else { 42 };
        match self.random.below(100) {
            0..=3 => self.amend(),
            4..=6 => self.place(true),
            n if n < 7 + places => self.place(false),
            _ => self.cancel(),
        }
    }

    /// Whose command it is: any account as well as any other.
    fn account(&mut self) -> AccountId {
        AccountId(AccountId::FIRST_USER.0 + self.random.below(u64::from(self.accounts)) as u32)
    }

    fn place(&mut self, takes: bool) {
        let account = self.account();
        let (first, second) = instruments_of(account);
        let instrument = if self.random.below(4) == 0 { second } else { first };
        let side = if self.random.below(2) == 0 { Side::Buy } else { Side::Sell };
        let middle = &mut self.middles[instrument.0 as usize - 1];
        if self.random.below(50) == 0 {
            *middle += self.random.below(3) as i64 - 1;
        }
        let away = 1 + self.random.exponential(25) as i64;
        let away = if takes { -5 } else { away };
        let price = if side == Side::Buy { *middle - away } else { *middle + away };
        let order_type = match (takes, self.random.below(4)) {
            (true, 0) => OrderType::ImmediateOrCancel,
            (true, 1) => OrderType::Market,
            _ => OrderType::Limit,
        };
        self.names += 1;
        let order = PlaceOrder {
            header: header(CommandKind::PlaceOrder, account),
            instrument,
            side,
            order_type,
            trade_mode: TradeMode::Cash,
            self_trade: SelfTrade::AccountDefault,
            price: if order_type == OrderType::Market { 0 } else { price },
            size: 1_000 + self.random.exponential(5_000) as i64,
            expires_at_ms: 0,
            // As ccxt sends them: 16 letters of the broker, 16 of the client.
            client_id: symbol(&format!("e847386590ce4dBC{:016x}", self.names.wrapping_mul(0x9e37_79b9_7f4a_7c15))),
            tag: symbol("e847386590ce4dBC"),
            slippage_ppb: 0,
            reserved: [0; 16],
        };
        let order_id = self.send(order.as_bytes(), account, if takes { Kind::Take } else { Kind::Rest });
        if self.engine.order(account, order_id).is_some() {
            self.live.push(Live { account, instrument, order_id, side });
        }
    }

    fn cancel(&mut self) {
        let Some(live) = self.pick() else { return };
        let cancel = CancelOrder {
            header: header(CommandKind::CancelOrder, live.account),
            instrument: live.instrument,
            reserved: [0; 4],
            order_id: live.order_id,
            client_id: [0; 32],
            reserved2: [0; 56],
        };
        self.send(cancel.as_bytes(), live.account, Kind::Cancel);
    }

    fn amend(&mut self) {
        let Some(live) = self.pick() else { return };
        let order = self.engine.order(live.account, live.order_id).expect("a live order");
        let away = 1 + self.random.exponential(25) as i64;
        let middle = self.middles[live.instrument.0 as usize - 1];
        let amend = AmendOrder {
            header: header(CommandKind::AmendOrder, live.account),
            instrument: live.instrument,
            reserved: [0; 4],
            order_id: live.order_id,
            price: if live.side == Side::Buy { middle - away } else { middle + away },
            size: order.size,
            client_id: [0; 32],
            request_id: [0; 32],
            expires_at_ms: 0,
        };
        self.send(amend.as_bytes(), live.account, Kind::Amend);
        if self.engine.order(live.account, live.order_id).is_some() {
            self.live.push(live);
        }
    }

    /// A live order, taken out of the list. Orders that were filled in the meantime are forgotten.
    fn pick(&mut self) -> Option<Live> {
        loop {
            let at = self.random.below(self.live.len() as u64) as usize;
            let live = *self.live.get(at)?;
            self.live.swap_remove(at);
            if self.engine.order(live.account, live.order_id).is_some() {
                return Some(live);
            }
        }
    }

    fn send(&mut self, bytes: &[u8], account: AccountId, kind: Kind) -> OrderId {
        let mut command: [u8; 128] = bytes.try_into().expect("a command of the usual size");
        let worker = account.0 as usize % self.counters.len();
        self.counters[worker] += 1;
        let origin = Origin { boot: 1_000 + worker as u64, counter: self.counters[worker] };
        command[8..24].copy_from_slice(origin.as_bytes());
        let reply = self.apply(&command);
        assert_eq!(reply.refusal, 0, "a day has no refusals");
        self.day.commands.push(command);
        self.day.placed.push(reply.order_id);
        self.day.kinds.push(kind);
        reply.order_id
    }
}

/// The two instruments in which an account trades.
fn instruments_of(account: AccountId) -> (InstrumentId, InstrumentId) {
    let first = account.0 % INSTRUMENTS as u32;
    (InstrumentId(first + 1), InstrumentId((first + 5) % INSTRUMENTS as u32 + 1))
}
