//! Commands: none panics, none breaks an invariant, and a refusal leaves no trace.

use crate::founded::founded;
use crate::journal::size_of_first;
use tickyard_engine::{Engine, EventBuffer};
use tickyard_types::{AccountId, AdvanceTime, Command, CommandHeader, CommandKind, Origin, Refusal, Seq, command_size};
use zerocopy::IntoBytes;

const PLAIN: usize = 128;
const NS_PER_MS: u64 = 1_000_000;

/// Applies commands: a byte that says on what (odd: an exchange with a past), then for each command a byte of
/// milliseconds, 255 for a long time, and its bytes, as many as its kind has or as are left.
///
/// # Panics
/// When a promise of the engine is broken.
pub fn commands(data: &[u8]) {
    let Some((base, mut rest)) = data.split_first() else { return };
    let mut engine = if base % 2 == 1 { founded() } else { Engine::new() };
    let mut events = EventBuffer::new();
    while let Some((wait, after)) = rest.split_first() {
        let size = after.first().and_then(|kind| command_size(*kind)).unwrap_or(PLAIN).min(after.len());
        let (record, after) = after.split_at(size);
        rest = after;
        let wait_ms = if *wait == u8::MAX { 400 * 24 * 3_600_000 } else { u64::from(*wait) };
        let time_ns = engine.time_ns() + wait_ms * NS_PER_MS;
        apply_one(&mut engine, time_ns, record, &mut events);
    }
    let restored = Engine::restore(&engine.snapshot()).expect("Invariant: what an engine saved it restores");
    assert!(restored.snapshot() == engine.snapshot(), "Invariant: an engine that was restored is the same");
}

fn apply_one(engine: &mut Engine, time_ns: u64, record: &[u8], events: &mut EventBuffer) {
    // Timers fire first, whatever becomes of the command: not all that changes then is its doing.
    events.clear();
    let tick = advance_time();
    engine.apply_bytes(next(engine), time_ns, tick.as_bytes(), events);
    let before = engine.state_hash();

    events.clear();
    let reply = engine.apply_bytes(next(engine), time_ns, record, events);

    if reply.refusal != 0 {
        assert_eq!(engine.state_hash(), before, "Invariant: a refusal leaves no trace: {record:?}");
        assert!(events.as_bytes().is_empty(), "Invariant: a refusal tells nothing");
    }
    if Command::decode(record).is_err() && reply.refusal != Refusal::TimeBackwards as u16 {
        assert_eq!(reply.refusal, Refusal::Malformed as u16, "Invariant: what is no command is malformed");
    }
    engine.check_invariants().expect("Invariant: the invariants hold");
    let mut told = events.as_bytes();
    while !told.is_empty() {
        let size = size_of_first(told).expect("Invariant: events have a kind");
        told = told.get(size..).expect("Invariant: events are whole");
    }
}

fn next(engine: &Engine) -> Seq {
    Seq(engine.seq().0 + 1)
}

fn advance_time() -> AdvanceTime {
    let header = CommandHeader {
        kind: CommandKind::AdvanceTime,
        flags: 0,
        reserved: [0; 2],
        account: AccountId(0),
        origin: Origin { boot: 0, counter: 0 },
    };
    AdvanceTime { header, reserved: [0; 104] }
}
