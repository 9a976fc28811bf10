//! The book alone: five seeded scenarios, the fast book against the naive one in the same process.
//!
//! Prints one JSON object per scenario. Times are CPU time of the thread, medians of the rounds; both books take
//! turns, and each starts a round empty, in the memory of the round before. Both write their reports into a ring.
//! Arguments (all optional): names of scenarios, `--rounds=N`, `--seed=N`.

mod counting;
mod random;
mod scenario;
mod timing;

use counting::{Counting, allocations};
use scenario::{Message, SCENARIOS, Scenario};
use std::hint::black_box;
use tickyard_book::naive::NaiveMatcher;
use tickyard_book::{Matcher, Matching, Report, ReportKind};
use tickyard_types::OrderId;
use timing::{cpu_ns, median};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Where reports go, as a publisher would pick them up.
struct Outbox {
    ring: Box<[Report; Self::REPORTS]>,
    count: usize,
}

const NOTHING: Report = Report { kind: ReportKind::Accepted, id: OrderId(0), maker: OrderId(0), price: 0, size: 0 };

impl Outbox {
    const REPORTS: usize = 1 << 10;

    fn new() -> Self {
        Self { ring: Box::new([NOTHING; Self::REPORTS]), count: 0 }
    }

    #[inline]
    fn push(&mut self, report: Report) {
        self.ring[self.count % Self::REPORTS] = report;
        self.count += 1;
    }
}

#[inline]
fn send(matcher: &mut impl Matching, message: Message, report: &mut impl FnMut(Report)) {
    match message {
        Message::Place(order) => matcher.place(order, report),
        Message::Cancel(id) => matcher.cancel(id, report),
        Message::Amend { id, price, size } => matcher.amend(id, price, size, report),
    }
}

/// What one round took.
struct Round {
    cpu_ns: u64,
    allocations: u64,
}

/// Sends the whole day. Not inlined, so that a profile tells the two books apart.
#[inline(never)]
fn round(matcher: &mut impl Matching, messages: &[Message]) -> Round {
    let mut outbox = Outbox::new();
    let (cpu_before, allocations_before) = (cpu_ns(), allocations());
    for &message in messages {
        send(matcher, message, &mut |report| outbox.push(report));
    }
    let spent = Round { cpu_ns: cpu_ns() - cpu_before, allocations: allocations() - allocations_before };
    black_box(&outbox);
    empty(matcher, messages);
    spent
}

/// Cancels what still rests.
fn empty(matcher: &mut impl Matching, messages: &[Message]) {
    for message in messages {
        if let Message::Place(order) = message {
            matcher.cancel(order.id, &mut |_| {});
        }
    }
}

/// What the reports of a day say, as one number, and how many there are of each kind.
#[derive(Debug, Default, PartialEq, Eq)]
struct Digest {
    mixed: u64,
    trades: u64,
    cancels: u64,
    rejections: u64,
}

fn digest(matcher: &mut impl Matching, messages: &[Message]) -> Digest {
    let mut digest = Digest::default();
    for &message in messages {
        send(matcher, message, &mut |report| {
            let kind = match report.kind {
                ReportKind::Accepted => 1,
                ReportKind::Traded => 2,
                ReportKind::Canceled => 3,
                ReportKind::Amended => 4,
                ReportKind::Rejected(reason) => 5 + reason as u64,
            };
            for word in [kind, report.id.0, report.maker.0, report.price as u64, report.size as u64] {
                digest.mixed = (digest.mixed.rotate_left(9) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            }
            digest.trades += u64::from(kind == 2);
            digest.cancels += u64::from(kind == 3);
            digest.rejections += u64::from(kind >= 5);
        });
    }
    empty(matcher, messages);
    digest
}

/// A quotient with two decimals, as text.
fn quotient(dividend: u64, divisor: u64) -> String {
    let hundredths = (u128::from(dividend) * 100 + u128::from(divisor) / 2) / u128::from(divisor);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn run(scenario: &Scenario, seed: u64, rounds: usize) {
    let messages = scenario.messages(seed);
    let (mut fast, mut naive) = (Matcher::new(seed), NaiveMatcher::new());
    let expected = digest(&mut naive, &messages);
    assert_eq!(digest(&mut fast, &messages), expected, "Invariant: both books emit the same reports");
    let (mut fast_ns, mut naive_ns, mut allocated) = (Vec::new(), Vec::new(), 0);
    for _ in 0..rounds {
        let spent = round(&mut fast, &messages);
        fast_ns.push(spent.cpu_ns);
        allocated += spent.allocations;
        naive_ns.push(round(&mut naive, &messages).cpu_ns);
    }
    let count = messages.len() as u64;
    let (fast_ns, naive_ns) = (median(fast_ns), median(naive_ns));
    println!(
        "{{\"name\": \"book_messages\", \"scenario\": \"{}\", \"messages\": {count}, \"trades\": {}, \"cancels\": {}, \
         \"rejections\": {}, \"rounds\": {rounds}, \"fast_ns\": {}, \"naive_ns\": {}, \"ratio\": {}, \
         \"million_per_s\": {}, \"allocations\": {allocated}}}",
        scenario.name,
        expected.trades,
        expected.cancels,
        expected.rejections,
        quotient(fast_ns, count),
        quotient(naive_ns, count),
        quotient(naive_ns, fast_ns),
        quotient(count * 1_000, fast_ns),
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, default: u64| {
        let given = arguments.iter().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('='));
        given.map_or(default, |text| text.parse().expect("a number"))
    };
    let (rounds, seed) = (number("--rounds", 5), number("--seed", 23));
    let names: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    for scenario in
        SCENARIOS.iter().filter(|scenario| names.is_empty() || names.iter().any(|name| *name == scenario.name))
    {
        run(scenario, seed, rounds as usize);
    }
}
