//! Replay from the journal beside the whole core: the same day of trading, read, checked and applied.
//!
//! Prints one JSON object. Times are CPU time, medians of the rounds, the two in turns; of the two threads of a replay,
//! which reads and verifies in one and applies in the other, the busier counts. The file is in memory if `--dir` is,
//! else in the page cache. Arguments (all optional): `--commands=N`, `--rounds=N`, `--seed=N`,
//! `--accounts=N`, `--dir=PATH`.

#[allow(dead_code, reason = "the bench of the engine uses all of it")]
#[path = "../../../engine/benches/core/day.rs"]
mod day;
#[path = "../../../engine/benches/core/random.rs"]
mod random;
#[path = "../../../book/benches/book/timing.rs"]
mod timing;

use day::Day;
use std::hint::black_box;
use std::path::PathBuf;
use tickyard_engine::{Engine, EventBuffer};
use tickyard_host::each_frame;
use tickyard_journal::{
    Append, CommandLog, Disk, FileLog, Frame, FrameKind, FrameSource, Head, Home, JournalReader, LogError, Options,
    Until,
};
use tickyard_types::Seq;
use timing::{cpu_ns, median};

/// Commands of a frame, as a host under load writes them.
const FRAME: usize = 64;
const COMMAND_BYTES: usize = 128;

const fn time_of(day: &Day, frame: u64) -> u64 {
    day.start_ns + frame * 1_000
}

/// Applies one frame and looks at its events, as a host does.
fn apply(engine: &mut Engine, time_ns: u64, mut body: &[u8], events: &mut EventBuffer) {
    engine.look_at(body);
    while let Some((command, rest)) = body.split_at_checked(COMMAND_BYTES) {
        body = rest;
        engine.look_ahead(body);
        let seq = Seq(engine.seq().0 + 1);
        black_box(engine.apply_bytes(seq, time_ns, command, events));
    }
    black_box(events.as_bytes());
    events.clear();
}

fn core_round(engine: &mut Engine, day: &Day) -> u64 {
    let mut events = EventBuffer::with_capacity(1 << 20);
    let before = cpu_ns();
    for (frame, commands) in (0..).zip(day.commands.chunks(FRAME)) {
        apply(engine, time_of(day, frame), commands.as_flattened(), &mut events);
    }
    cpu_ns() - before
}

fn replay_round(engine: &mut Engine, home: &Home) -> u64 {
    let mut events = EventBuffer::with_capacity(1 << 20);
    let before = cpu_ns();
    let reader = JournalReader::after(Disk::shared(), &home.journal(), Head::GENESIS, Until::Live);
    let mut frames = Timed { frames: reader.expect("a journal"), spent_ns: 0 };
    let applied = |frame: &Frame<'_>| {
        apply(engine, frame.header.time_ns, frame.body, &mut events);
        Ok::<(), LogError>(())
    };
    each_frame(&mut frames, applied).expect("whole frames");
    frames.spent_ns.max(cpu_ns() - before)
}

/// Frames, and the CPU time of the thread that reads them.
struct Timed {
    frames: JournalReader,
    spent_ns: u64,
}

impl FrameSource for Timed {
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, LogError> {
        let frame = self.frames.next_frame();
        self.spent_ns = cpu_ns();
        frame
    }
}

/// Writes the day into a journal of its own.
fn write(home: &Home, day: &Day) {
    home.create(&Disk).expect("folders");
    let mut log = FileLog::open(Disk::shared(), home, Options::default()).expect("a new journal");
    for (frame, commands) in (0..).zip(day.commands.chunks(FRAME)) {
        let append = Append {
            kind: FrameKind::Batch,
            commands: commands.as_flattened(),
            count: commands.len() as u32,
            time_ns: time_of(day, frame),
            uid: frame + 1,
        };
        let head = log.head();
        log.append(head, append).expect("appended");
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let given = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('='));
    let number = |name: &str, default: u64| given(name).map_or(default, |text| text.parse().expect("a number"));
    let commands = number("--commands", 2_000_000) as usize;
    let (accounts, rounds) = (number("--accounts", 100_000) as u32, number("--rounds", 5));
    let parent = given("--dir").map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let dir = tempfile::tempdir_in(parent).expect("a directory to measure in");

    let (founded, day) = Day::draw(accounts, commands, number("--seed", 23));
    let home = Home::new(dir.path());
    write(&home, &day);
    let (mut core_ns, mut replay_ns) = (Vec::new(), Vec::new());
    // Each begins in a copy that was just made; who comes first takes turns.
    let core = || {
        let mut engine = founded.clone();
        (core_round(&mut engine, &day), engine)
    };
    let replay = || {
        let mut engine = founded.clone();
        (replay_round(&mut engine, &home), engine)
    };
    for round in 0..rounds {
        let (cored, replayed) = if round % 2 == 0 {
            let cored = core();
            (cored, replay())
        } else {
            let replayed = replay();
            (core(), replayed)
        };
        core_ns.push(cored.0);
        replay_ns.push(replayed.0);
        if round == 0 {
            assert_eq!(cored.1.state_hash(), replayed.1.state_hash(), "Invariant: a replay ends where the core ended");
        }
    }
    let count = day.commands.len() as u64;
    let per_s = |ns: u64| count * 1_000_000_000 / ns;
    println!(
        "{{\"name\": \"replay_commands\", \"value\": {}, \"unit\": \"commands/s\", \"conditions\": \"{count} commands \
         in frames of {FRAME}, file in memory, {accounts} accounts, checksums and chain verified in one thread, \
         applied with events encoded in another; the busier counts\", \"yardstick\": {{\"name\": \"core_commands\", \"value\": {}, \"unit\": \"commands/s\"}}}}",
        per_s(median(replay_ns)),
        per_s(median(core_ns)),
    );
}
