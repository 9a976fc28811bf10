//! A fixed journal gives a fixed result, on every machine and for ever: `tests/golden/core_journal.{bin,json}`.
//!
//! The journal is a row of (exchange time in ns: u64, length: u64, command), little-endian. The other file says what
//! becomes of it. To accept a change of the rules, which also needs a new `CORE_VERSION`:
//! `UPDATE_GOLDEN=1 cargo test -p tickyard-engine --test core golden`; with `UPDATE_GOLDEN=journal` the journal itself
//! is drawn anew.

use crate::support::exchange::{Engine, START_NS, bytes};
use crate::twin::Commands;
use crate::twin::stream;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::fmt::Write as _;
use std::path::PathBuf;
use tickyard_engine::EventBuffer;
use tickyard_types::*;
use zerocopy::IntoBytes;

const COMMANDS: usize = 1_500;

fn golden(extension: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/core_journal").with_extension(extension)
}

/// A day of trading, drawn from the same streams as the twins' tests.
fn draw_journal() -> Vec<u8> {
    let mut runner = TestRunner::deterministic();
    let mut engine = Engine::new();
    let mut buffer = EventBuffer::new();
    let mut commands = Commands::default();
    let mut journal = Vec::new();
    let mut now_ns = START_NS;
    let mut append = |engine: &mut Engine, now_ns: u64, command: &Command| {
        let bytes = bytes(command);
        engine.apply_bytes(Seq(engine.seq().0 + 1), now_ns, &bytes, &mut buffer);
        journal.extend_from_slice(&now_ns.to_le_bytes());
        journal.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        journal.extend_from_slice(&bytes);
    };
    for command in stream::founding() {
        append(&mut engine, now_ns, &command);
        commands.sent(command);
    }
    while engine.seq().0 < COMMANDS as u64 {
        let (ms, step) = stream::step().new_tree(&mut runner).expect("a step").current();
        now_ns += ms * 1_000_000 + 1;
        if let Some(command) = commands.command(&step, &engine) {
            append(&mut engine, now_ns, &command);
            commands.sent(command);
        }
    }
    journal
}

/// Applies a journal and says what became of it.
fn outcome(mut journal: &[u8]) -> String {
    let mut engine = Engine::new();
    let mut buffer = EventBuffer::new();
    let (mut events, mut replies) = (blake3::Hasher::new(), blake3::Hasher::new());
    let mut refused = 0;
    let number = |journal: &mut &[u8]| {
        let (number, rest) = journal.split_first_chunk().expect("a whole journal");
        *journal = rest;
        u64::from_le_bytes(*number)
    };
    while !journal.is_empty() {
        let time_ns = number(&mut journal);
        let length = number(&mut journal) as usize;
        let (command, rest) = journal.split_at(length);
        journal = rest;
        let reply = engine.apply_bytes(Seq(engine.seq().0 + 1), time_ns, command, &mut buffer);
        refused += u32::from(reply.refusal != 0);
        replies.update(reply.as_bytes());
        events.update(buffer.as_bytes());
        buffer.clear();
    }
    let mut text = String::from("{\n");
    let mut line = |name: &str, value: &str| writeln!(text, "  \"{name}\": {value},").expect("text grows");
    line("coreVersion", &CORE_VERSION.to_string());
    line("commands", &engine.seq().0.to_string());
    line("refused", &refused.to_string());
    line("repliesHash", &format!("\"{}\"", replies.finalize().to_hex()));
    line("eventsHash", &format!("\"{}\"", events.finalize().to_hex()));
    line("snapshotHash", &format!("\"{}\"", blake3::hash(&engine.snapshot()).to_hex()));
    let state_hash = blake3::Hash::from_bytes(engine.state_hash()).to_hex();
    write!(text, "  \"stateHash\": \"{state_hash}\"\n}}\n").expect("text grows");
    text
}

#[test]
fn fixed_journal_gives_the_golden_outcome() {
    let update = std::env::var_os("UPDATE_GOLDEN");
    if update.as_ref().is_some_and(|what| what == "journal") {
        std::fs::write(golden("bin"), draw_journal()).unwrap();
    }
    let journal = std::fs::read(golden("bin")).unwrap();
    if update.is_some() {
        std::fs::write(golden("json"), outcome(&journal)).unwrap();
    }
    assert_eq!(outcome(&journal), std::fs::read_to_string(golden("json")).unwrap());
}
