//! What the sender of a command is told.

use crate::{ClientId, OrderId, Seq};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// The answer to one command: 96 bytes. Sent only when the command is durable and applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Reply {
    /// The sender's own count of the command ([`crate::Origin::counter`]).
    pub counter: u64,
    /// The command's place in the journal; 0 when it never reached it.
    pub seq: Seq,
    /// Exchange time of the frame, in ns.
    pub time_ns: u64,
    /// The order placed, cancelled or amended; 0 otherwise.
    pub order_id: OrderId,
    /// Whatever the command answers with beside an order: cancelled orders (mass cancel), trigger time in ms
    /// (cancel-all-after, 0 when disarmed), 1 when a key had been used already (credit, debit, transfer).
    pub value: u64,
    /// 0 when accepted, else the number of a [`crate::Refusal`].
    pub refusal: u16,
    /// Reserved, zero.
    pub reserved: [u8; 6],
    /// The order's own client id, also when it was named by order id.
    pub client_id: ClientId,
    /// Reserved, zero.
    pub reserved2: [u8; 16],
}

const _: () = assert!(size_of::<Reply>() == 96);
