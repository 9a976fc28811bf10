//! What the host says to a worker: replies, in whatever order and to whatever.

use tickyard_entry::InFlight;
use tickyard_types::{CommandKind, Reply};

const RECORD: usize = 128;
const BOOT: u64 = 7;

/// Settles commands with replies. The first byte says how many are in flight, and whether they were sent again.
///
/// # Panics
/// When a call is answered twice, or the count of those that wait goes wrong.
pub fn replies(data: &[u8]) {
    let Some((first, payload)) = data.split_first() else { return };
    let calls = usize::from(first % 8);
    let mut flight: InFlight<usize> = InFlight::new(BOOT);
    let mut record = [0; RECORD];
    record[0] = CommandKind::CancelOrder as u8;
    for call in 0..calls {
        let records = record.repeat(call + 1);
        flight.add(&records, call as u64, call).expect("Invariant: these are commands");
    }
    if first & 0x80 != 0 {
        assert_eq!(flight.again().len(), flight.len() * RECORD, "Invariant: all is sent again");
    }
    let mut waiting: Vec<usize> = (0..calls).collect();
    for part in payload.chunks(3 * size_of::<Reply>()) {
        let before = flight.len();
        let Ok(settled) = flight.settle(part) else { continue };
        assert!(flight.len() <= before, "Invariant: answers make nothing wait");
        for (call, replies) in settled.answered {
            assert_eq!(replies.len(), call + 1, "Invariant: one reply for each command");
            let at = waiting.iter().position(|each| *each == call).expect("Invariant: a call is answered once");
            waiting.swap_remove(at);
        }
        for counter in settled.once_more {
            assert!(flight.record(counter).len().is_multiple_of(RECORD), "Invariant: a record is whole");
        }
    }
    let late = flight.expire(u64::MAX);
    assert_eq!(late.len(), waiting.len(), "Invariant: every call ends once");
    assert!(flight.is_empty(), "Invariant: then nothing waits");
}
