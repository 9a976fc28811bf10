//! Makes the home of an exchange that has lived: accounts, open orders, a snapshot, and a tail of commands after it.
//!
//! What a core must do when it starts again is measured by whoever starts it on this home. The events before the
//! snapshot are left out: nothing reads them at a start. Progress goes to standard error.
//! Arguments: the folder, and optionally `--accounts=N`, `--orders=N`, `--tail=N`.

#[path = "../shared/commands.rs"]
mod commands;

use commands::{PAIR, cancel, client_id, header, padded, place};
use tickyard_engine::{Engine, EventBuffer};
use tickyard_journal::{
    Append, CommandLog, Disk, EventBatch, EventLog, EventOptions, FileLog, FrameKind, Home, Options, SnapshotMark,
    SnapshotStore,
};
use tickyard_types::*;
use zerocopy::IntoBytes;

/// Commands of a frame of the tail, as a host under load writes them.
const FRAME: u32 = 512;
/// Of a frame before the snapshot, which nobody reads: the larger, the sooner it is made.
const EARLY_FRAME: u32 = 4_096;
const COIN: i128 = 1_000_000_000_000_000_000;
const WORKERS: u64 = 4;
/// How many orders of the tail there are for one that takes.
const TAKES_ONE_OF: u64 = 25;
const PROGRESS: u64 = 250_000;

/// An exchange that is being made.
struct Maker {
    engine: Engine,
    log: FileLog,
    /// From the snapshot on.
    events: Option<EventLog>,
    buffer: EventBuffer,
    body: Vec<u8>,
    count: u32,
    time_ns: u64,
    counters: [u64; WORKERS as usize],
}

impl Maker {
    fn origin(&mut self, account: u32) -> Origin {
        let worker = u64::from(account) % WORKERS;
        let counter = &mut self.counters[worker as usize];
        *counter += 1;
        Origin { boot: 1_000 + worker, counter: *counter }
    }

    fn carry_out(&mut self, command: &[u8]) -> Reply {
        let seq = Seq(self.engine.seq().0 + 1);
        let reply = self.engine.apply_bytes(seq, self.time_ns, command, &mut self.buffer);
        self.body.extend_from_slice(command);
        self.count += 1;
        if self.count == if self.events.is_some() { FRAME } else { EARLY_FRAME } {
            self.commit();
        }
        reply
    }

    fn accepted(&mut self, command: &[u8]) -> Reply {
        let reply = self.carry_out(command);
        assert_eq!(reply.refusal, 0, "nothing of it is refused");
        reply
    }

    fn commit(&mut self) {
        let (head, time_ns, count) = (self.log.head(), self.time_ns, self.count);
        let uid = head.seq.0 + 1;
        let append = Append { kind: FrameKind::Batch, commands: &self.body, count, time_ns, uid };
        let after = self.log.append(head, append).expect("appended");
        if let Some(events) = &mut self.events {
            let batch = EventBatch {
                first_seq: head.next_seq(),
                last_seq: after.seq,
                time_ns,
                count: self.buffer.len() as u32,
                events: self.buffer.as_bytes(),
            };
            events.append(&batch).expect("events written");
        }
        self.buffer.clear();
        self.body.clear();
        self.count = 0;
        self.time_ns += 1_000_000;
    }

    fn found(&mut self) {
        for (asset, name) in [(1, "BTC"), (2, "USDT")] {
            let defined = DefineAsset {
                header: header(CommandKind::DefineAsset, 0, Origin::default()),
                asset: AssetId(asset),
                unit_digits: 18,
                reserved: [0; 3],
                symbol: padded(name),
                reserved2: [0; 80],
            };
            self.accepted(defined.as_bytes());
        }
        let listing = DefineInstrument {
            header: header(CommandKind::DefineInstrument, 0, Origin::default()),
            instrument: PAIR,
            base: AssetId(1),
            tick: COIN / 10,
            lot: COIN / 100_000_000,
            quote: AssetId(2),
            state: InstrumentState::Live,
            reserved: [0; 3],
            min_size: 1,
            max_limit_size: 1_000_000_000,
            max_market_size: 1_000_000_000,
            max_market_amount: 1_000_000_000,
            min_price: 1,
            max_price: 10_000_000,
            symbol: padded("BTC-USDT"),
            reserved2: [0; 104],
        };
        self.accepted(listing.as_bytes());
    }

    fn open_account(&mut self, account: u32) {
        let defined = DefineAccount {
            header: header(CommandKind::DefineAccount, account, Origin::default()),
            master: AccountId(account),
            fee_level: 0,
            self_trade: SelfTrade::CancelMaker,
            reserved: [0; 98],
        };
        self.accepted(defined.as_bytes());
        for asset in [1, 2] {
            let credit = Credit {
                header: header(CommandKind::Credit, account, Origin::default()),
                asset: AssetId(asset),
                wallet: Wallet::Trading,
                reason: PostingReason::Credit,
                reserved: [0; 2],
                amount: 1_000_000 * COIN,
                key: (u128::from(account) << 32 | u128::from(asset)).to_le_bytes(),
                reserved2: [0; 64],
            };
            self.accepted(credit.as_bytes());
        }
    }

    fn order(&mut self, account: u32, n: u64, away: i64) -> Live {
        let side = if n.is_multiple_of(2) { Side::Buy } else { Side::Sell };
        let origin = self.origin(account);
        let reply = self.accepted(place(account, origin, side, away, 1_000, client_id(n)).as_bytes());
        Live { account, order_id: reply.order_id }
    }

    fn take_snapshot(&mut self, home: &Home) {
        self.commit();
        let mark = SnapshotMark { head: self.log.head(), state_hash: self.engine.state_hash() };
        let store = SnapshotStore::new(Disk::shared(), home.snapshots());
        store.write(&mark, &self.engine.snapshot()).expect("a snapshot");
        let options = EventOptions::default();
        self.events = Some(EventLog::open(Disk::shared(), &home.events(), options).expect("events"));
    }
}

/// An order that its client may cancel.
#[derive(Clone, Copy)]
struct Live {
    account: u32,
    order_id: OrderId,
}

fn progress(what: &str, done: u64, all: u64) {
    if done.is_multiple_of(PROGRESS) {
        eprintln!("  {what}: {done} of {all}");
    }
}

/// An order and a cancel in turn; some orders take. What is cancelled may have been filled: refused, as in life.
fn tail(maker: &mut Maker, live: &mut [Live], commands: u64, accounts: u64) {
    for turn in 0..commands / 2 {
        progress("tail", turn * 2, commands);
        let account = AccountId::FIRST_USER.0 + (turn * 7_919 % accounts) as u32;
        let away = if turn.is_multiple_of(TAKES_ONE_OF) { -1 } else { 1 + (turn % 5_000) as i64 };
        let placed = maker.order(account, live.len() as u64 + turn, away);
        let slot = turn as usize % live.len();
        let Live { account, order_id } = std::mem::replace(&mut live[slot], placed);
        let origin = maker.origin(account);
        maker.carry_out(cancel(account, origin, order_id, ClientId::default()).as_bytes());
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, default: u64| {
        let given = arguments.iter().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('='));
        given.map_or(default, |text| text.parse().expect("a number"))
    };
    let Some(path) = arguments.iter().find(|argument| !argument.starts_with("--")) else {
        eprintln!("usage: aged_home FOLDER [--accounts=N] [--orders=N] [--tail=N]");
        return;
    };
    let home = Home::new(path);
    home.create(&Disk).expect("folders");
    let mut maker = Maker {
        engine: Engine::new(),
        log: FileLog::open(Disk::shared(), &home, Options::default()).expect("a new journal"),
        events: None,
        buffer: EventBuffer::new(),
        body: Vec::new(),
        count: 0,
        time_ns: 1_700_000_000_000_000_000,
        counters: [0; WORKERS as usize],
    };
    let accounts = number("--accounts", 1_000_000);
    let tail_commands = number("--tail", 1_000_000);
    // The takers of the tail use up as many as they are, and do not rest themselves.
    let orders = number("--orders", 1_000_000) + tail_commands / 2 / TAKES_ONE_OF;
    maker.found();
    for n in 0..accounts {
        progress("accounts", n, accounts);
        maker.open_account(AccountId::FIRST_USER.0 + n as u32);
    }
    let mut live = Vec::new();
    for n in 0..orders {
        progress("open orders", n, orders);
        live.push(maker.order(AccountId::FIRST_USER.0 + (n % accounts) as u32, n, 1 + (n % 5_000) as i64));
    }
    eprintln!("  snapshot");
    maker.take_snapshot(&home);
    tail(&mut maker, &mut live, tail_commands, accounts);
    if maker.count > 0 {
        maker.commit();
    }
    let is_open = |live: &&Live| maker.engine.order(AccountId(live.account), live.order_id).is_some();
    let open = live.iter().filter(is_open).count();
    println!("{{\"seq\": {}, \"accounts\": {accounts}, \"open_orders\": {open}}}", maker.engine.seq().0);
}
