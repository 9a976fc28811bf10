//! What all records begin with.

use tickyard_types::{AccountId, CommandHeader, CommandKind, Origin};

/// A header without origin: that is stamped when the command is sent.
pub(crate) const fn header(kind: CommandKind, flags: u8, account: AccountId) -> CommandHeader {
    CommandHeader { kind, flags, reserved: [0; 2], account, origin: Origin { boot: 0, counter: 0 } }
}
