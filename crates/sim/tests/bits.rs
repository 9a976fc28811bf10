//! Every bit of a small home is turned, one at a time: the core sees it before it uses it, or is not hurt.

use tickyard_engine::Engine;
use tickyard_journal::testing::FaultyStorage;
use tickyard_sim::act::Act;
use tickyard_sim::commands::bytes;
use tickyard_sim::desk::Desk;
use tickyard_sim::draw;
use tickyard_sim::machine::Machine;
use tickyard_types::{Origin, Seq};

/// Frames begin at multiples of this; commands of one frame end before the bytes that are looked at do.
const BLOCK: usize = 4096;
const USED_OF_BLOCK: usize = 192;

struct Nobody;

impl Desk for Nobody {
    fn engine(&self) -> Option<&Engine> {
        None
    }

    fn now_ms(&self) -> u64 {
        0
    }
}

/// The founding of an exchange and a few orders, with a snapshot on the way.
fn home() -> (Machine, FaultyStorage) {
    let storage = FaultyStorage::new();
    let mut machine = Machine::open(&storage).expect("a new home");
    for (counter, act) in (1_u64..).zip(draw::day(3, 4).iter().filter(|act| !matches!(act, Act::Wait { .. }))) {
        let origin = Origin { boot: 1, counter };
        let Some(command) = bytes(act, origin, &Nobody) else { continue };
        let seq = machine.append(false, std::slice::from_ref(&command), counter).expect("appends");
        let applied = machine.apply(seq, counter, &command);
        machine.write_events(seq, counter, &[applied]).expect("writes");
        if seq == Seq(12) {
            machine.snapshot(1).expect("a snapshot");
        }
    }
    (machine, storage)
}

#[test]
fn f04_each_bit_of_journal_snapshot_and_events_is_seen_or_harmless() {
    let (machine, storage) = home();
    let expected = machine.engine.snapshot();
    let (mut seen, mut turned) = (0, 0);
    for path in Machine::files(&storage).expect("files") {
        let is_journal = path.extension().is_some_and(|suffix| suffix == "log");
        let content = storage.bytes(&path);
        let used = content.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        for at in (0..used).filter(|at| if is_journal { at % BLOCK < USED_OF_BLOCK } else { at % 4 == 0 }) {
            // Every bit of what is read at a start; of the rest, one in every fourth byte.
            for bit in if is_journal { 0..8 } else { at as u8 % 8..at as u8 % 8 + 1 } {
                let copy = storage.copy();
                copy.edit(&path, |bytes| bytes[at] ^= 1 << bit);
                turned += 1;
                match Machine::open(&copy) {
                    Ok(hurt) => {
                        let place = format!("bit {bit} of byte {at} of {}", path.display());
                        assert!(hurt.engine.snapshot() == expected, "{place} was turned unseen");
                    }
                    Err(why) => {
                        assert!(is_journal, "{} keeps the core from starting: {why}", path.display());
                        seen += 1;
                    }
                }
            }
        }
    }
    assert!(turned > 5_000 && seen > 1_000, "{turned} bits were turned, {seen} were refused");
}
