//! Which events a feed passes on.

use std::collections::BTreeSet;
use std::mem::offset_of;
use tickyard_types::{
    AccountId, EventKind, OrderAccepted, OrderAmended, OrderClosed, Posted, TimerChanged, TransferNamed, TriggerChanged,
};

/// Where the size stands in an event.
const SIZE_AT: usize = 2;

/// Appends the events that a feed passes on: those of the market always, those of an account when it is watched.
pub fn pass_on(events: &[u8], watched: &BTreeSet<AccountId>, out: &mut Vec<u8>) {
    let mut rest = events;
    while let Some(&kind) = rest.first() {
        let size = u16::from_le_bytes([rest[SIZE_AT], rest[SIZE_AT + 1]]) as usize;
        let (event, after) = rest.split_at(size);
        rest = after;
        if account_of(kind, event).is_none_or(|account| watched.contains(&account)) {
            out.extend_from_slice(event);
        }
    }
}

/// Whose an event is; `None` for events of the market.
fn account_of(kind: u8, event: &[u8]) -> Option<AccountId> {
    const KINDS: [(EventKind, usize); 7] = [
        (EventKind::OrderAccepted, offset_of!(OrderAccepted, account)),
        (EventKind::OrderClosed, offset_of!(OrderClosed, account)),
        (EventKind::OrderAmended, offset_of!(OrderAmended, account)),
        (EventKind::Posted, offset_of!(Posted, account)),
        (EventKind::TimerChanged, offset_of!(TimerChanged, account)),
        (EventKind::TriggerChanged, offset_of!(TriggerChanged, account)),
        (EventKind::TransferNamed, offset_of!(TransferNamed, account)),
    ];
    let (_, at) = KINDS.into_iter().find(|(of, _)| *of as u8 == kind)?;
    let mut number = [0; 4];
    number.copy_from_slice(&event[at..at + 4]);
    Some(AccountId(u32::from_le_bytes(number)))
}
