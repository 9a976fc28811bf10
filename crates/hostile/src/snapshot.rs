//! Snapshots: whatever the bytes are, the answer is an engine that is sound, or an error.

use crate::founded::founded;
use tickyard_engine::{Engine, EventBuffer};
use tickyard_types::Seq;

const SEAL: usize = 32;
/// How a snapshot of this version begins.
const BEGINS: usize = 16;

/// Restores a snapshot: after an even byte the bytes as they are; after an odd one a sound snapshot in which four
/// bytes at a time are replaced (where: three bytes, by what: one), and that is sealed again.
///
/// # Panics
/// When what was restored is not sound.
pub fn snapshot(data: &[u8]) {
    let Some((how, bytes)) = data.split_first() else { return };
    let snapshot = if how % 2 == 1 { edited(bytes) } else { bytes.to_vec() };
    let Ok(mut engine) = Engine::restore(&snapshot) else { return };
    engine.check_invariants().expect("Invariant: what was restored is sound");
    let again = Engine::restore(&engine.snapshot()).expect("Invariant: what an engine saved it restores");
    assert!(again.snapshot() == engine.snapshot(), "Invariant: an engine that was restored is the same");
    assert!(again.state_hash() == engine.state_hash(), "Invariant: an engine that was restored is the same");
    if let Some(seq) = engine.seq().0.checked_add(1) {
        let mut events = EventBuffer::new();
        engine.apply_bytes(Seq(seq), engine.time_ns(), &[], &mut events);
        engine.check_invariants().expect("Invariant: what was restored goes on");
    }
}

fn edited(edits: &[u8]) -> Vec<u8> {
    let mut bytes = founded().snapshot();
    bytes.truncate(bytes.len() - SEAL);
    for edit in edits.chunks_exact(4) {
        let at = u32::from_le_bytes([edit[0], edit[1], edit[2], 0]) as usize % bytes.len();
        if at >= BEGINS {
            bytes[at] = edit[3];
        }
    }
    bytes.extend_from_slice(blake3::hash(&bytes).as_bytes());
    bytes
}
