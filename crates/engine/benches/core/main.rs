//! The whole core on one thread: real 128-byte commands in, encoded events out, every order risk-checked.
//!
//! Prints one JSON object a line. Times are CPU time of the thread, medians of the rounds. The yardstick is the same
//! day of trading on the book alone. Arguments (all optional): `--commands=N`, `--rounds=N`, `--seed=N`,
//! `--accounts=N`, `--profile` (the core alone, for a profiler).

#[path = "../../../book/benches/book/counting.rs"]
mod counting;
mod day;
mod memory;
mod random;
mod sweep;
#[path = "../../../book/benches/book/timing.rs"]
mod timing;

use counting::{Counting, allocations};
use day::{Day, Kind};
use std::hint::black_box;
use tickyard_book::{LimitOrder, Matcher, Matching};
use tickyard_engine::{Engine, EventBuffer};
use tickyard_types::{Command, OrderId, OrderType, Seq, Side};
use timing::{cpu_ns, median};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Commands that are applied between two readings of the events, as a host does.
const BATCH: usize = 64;

/// What a round took and made.
struct Round {
    cpu_ns: u64,
    allocations: u64,
    events: u64,
    event_bytes: u64,
}

/// Applies the whole day. Not inlined, so that a profile shows it.
#[inline(never)]
fn core_round(engine: &mut Engine, day: &Day) -> Round {
    let mut buffer = EventBuffer::with_capacity(1 << 20);
    let (mut events, mut event_bytes) = (0, 0);
    let mut seq = engine.seq().0;
    let (before, allocations_before) = (cpu_ns(), allocations());
    for (batch, commands) in day.commands.chunks(BATCH).enumerate() {
        let time_ns = day.start_ns + batch as u64 * 1_000;
        engine.look_at(commands.as_flattened());
        for (at, command) in commands.iter().enumerate() {
            seq += 1;
            engine.look_ahead(commands[at + 1..].as_flattened());
            black_box(engine.apply_bytes(Seq(seq), time_ns, command, &mut buffer));
        }
        events += buffer.len() as u64;
        event_bytes += black_box(buffer.as_bytes()).len() as u64;
        buffer.clear();
    }
    let (cpu_ns, allocations) = (cpu_ns() - before, allocations() - allocations_before);
    Round { cpu_ns, allocations, events, event_bytes }
}

/// One message of the book's day.
enum Message {
    Place(LimitOrder),
    Cancel(OrderId),
    Amend(OrderId, i64, i64),
}

/// The same day for books without accounts: (instrument, message).
fn messages(day: &Day) -> Vec<(usize, Message)> {
    let message = |(bytes, placed): (&[u8; 128], &OrderId)| match Command::decode(bytes) {
        Ok(Command::PlaceOrder(c)) => {
            let is_market = c.order_type == OrderType::Market;
            let worst = if c.side == Side::Buy { i64::MAX } else { 1 };
            let price = if is_market { worst } else { c.price };
            let is_immediate = c.order_type != OrderType::Limit;
            let order = LimitOrder { id: *placed, side: c.side, is_immediate, price, size: c.size };
            (c.instrument.0 as usize - 1, Message::Place(order))
        }
        Ok(Command::CancelOrder(c)) => (c.instrument.0 as usize - 1, Message::Cancel(c.order_id)),
        Ok(Command::AmendOrder(c)) => (c.instrument.0 as usize - 1, Message::Amend(c.order_id, c.price, c.size)),
        other => panic!("{other:?} is no message for a book"),
    };
    day.commands.iter().zip(&day.placed).map(message).collect()
}

#[inline(never)]
fn book_round(messages: &[(usize, Message)], seed: u64) -> u64 {
    let mut books: Vec<Matcher> = (0..day::INSTRUMENTS).map(|n| Matcher::new(seed + n as u64)).collect();
    let mut reports = 0_u64;
    let before = cpu_ns();
    for (instrument, message) in messages {
        let book = &mut books[*instrument];
        let mut report = |report| {
            black_box(&report);
            reports += 1;
        };
        match message {
            Message::Place(order) => book.place(*order, &mut report),
            Message::Cancel(id) => book.cancel(*id, &mut report),
            Message::Amend(id, price, size) => book.amend(*id, *price, *size, &mut report),
        }
    }
    let spent = cpu_ns() - before;
    black_box(reports);
    spent
}

/// A row as `benchmarks/` reads it.
fn row(name: &str, value: u64, unit: &str, conditions: &str, yardstick: Option<(&str, u64)>) {
    let yardstick = yardstick.map_or("null".to_owned(), |(name, value)| {
        format!("{{\"name\": \"{name}\", \"value\": {value}, \"unit\": \"{unit}\"}}")
    });
    println!(
        "{{\"name\": \"{name}\", \"value\": {value}, \"unit\": \"{unit}\", \"conditions\": \"{conditions}\", \
         \"yardstick\": {yardstick}}}"
    );
}

/// A quotient with one decimal, as text.
fn quotient(dividend: u64, divisor: u64) -> String {
    let tenths = (dividend * 10 + divisor / 2) / divisor;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, default: u64| {
        let given = arguments.iter().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('='));
        given.map_or(default, |text| text.parse().expect("a number"))
    };
    let (commands, seed) = (number("--commands", 2_000_000) as usize, number("--seed", 23));
    let accounts = number("--accounts", 100_000) as u32;
    let is_profiled = arguments.iter().any(|argument| argument == "--profile");
    let rounds = number("--rounds", 5);

    if !is_profiled {
        // First, while the process has no memory to use again.
        memory::rows();
    }
    let (founded, day) = Day::draw(accounts, commands, seed);
    let messages = messages(&day);
    let count = day.commands.len() as u64;
    let (mut core_ns, mut book_ns, mut last) = (Vec::new(), Vec::new(), None);
    if !is_profiled {
        sweep::row_of(&founded, &day, accounts);
    }
    let mut founded = Some(founded);
    for left in (0..rounds).rev() {
        // The last round is that of the engine itself: a copy has no room in its tables, and grows each once more.
        let engine = if left == 0 { founded.take() } else { founded.clone() };
        let mut engine = engine.expect("Invariant: it goes into the last round");
        let round = core_round(&mut engine, &day);
        core_ns.push(round.cpu_ns);
        last = Some(round);
        if !is_profiled {
            engine.check_invariants().expect("Invariant: the day was sound");
            book_ns.push(book_round(&messages, seed));
        }
    }
    if is_profiled {
        let fastest = core_ns.iter().min().expect("Invariant: there was a round") / count;
        println!("{fastest} ns a command at best, {} in the median", median(core_ns) / count);
        return;
    }
    let per_s = |ns: u64| count * 1_000_000_000 / ns;
    let (core_ns, book_ns) = (median(core_ns), median(book_ns));
    let last = last.expect("Invariant: there was a round");
    let kinds = Kind::ALL.map(|kind| format!("{} {}", day.count(kind), kind.name()));
    let conditions = format!(
        "one thread, {count} commands of 128 bytes ({}), {accounts} accounts, {} instruments, {} resting orders, \
         {} trades, {} events of {} bytes a command, {} ns a command",
        kinds.join(", "),
        day::INSTRUMENTS,
        day.resting,
        day.trades,
        quotient(last.events, count),
        last.event_bytes / count,
        core_ns / count,
    );
    row("core_commands", per_s(core_ns), "commands/s", &conditions, Some(("book_alone", per_s(book_ns))));
    let conditions = format!(
        "{count} commands of that day, none by the message: accounts are still new to instruments, and the table of \
         who trades where doubles"
    );
    row("core_allocations", last.allocations, "allocations", &conditions, None);
}
