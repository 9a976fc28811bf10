//! An exchange with a past: what the golden journal makes of it in its first commands.

use std::sync::OnceLock;
use tickyard_engine::{Engine, EventBuffer};
use tickyard_types::Seq;

const JOURNAL: &[u8] = include_bytes!("../../../tests/golden/core_journal.bin");

/// So many commands that there are listings, accounts, money and orders, and few enough to be hashed often.
const COMMANDS: usize = 120;

/// The exchange after the first commands of the golden journal.
pub fn founded() -> Engine {
    static FOUNDED: OnceLock<Engine> = OnceLock::new();
    FOUNDED.get_or_init(found).clone()
}

fn found() -> Engine {
    let (mut engine, mut events) = (Engine::new(), EventBuffer::new());
    for (time_ns, record) in records().take(COMMANDS) {
        events.clear();
        engine.apply_bytes(Seq(engine.seq().0 + 1), time_ns, record, &mut events);
    }
    engine
}

/// The rows of the golden journal: exchange time in ns, and a command.
fn records() -> impl Iterator<Item = (u64, &'static [u8])> {
    let mut rest = JOURNAL;
    std::iter::from_fn(move || {
        let (time_ns, after) = rest.split_first_chunk()?;
        let (length, after) = after.split_first_chunk()?;
        let (record, after) = after.split_at(usize::try_from(u64::from_le_bytes(*length)).ok()?);
        rest = after;
        Some((u64::from_le_bytes(*time_ns), record))
    })
}
