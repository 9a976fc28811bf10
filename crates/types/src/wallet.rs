//! Where money stands, and why it moved.

use crate::order::wire_enum;
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

wire_enum! {
    /// One of the two balances that an account has of each asset.
    Wallet {
        /// Deposits and withdrawals ("6" on the wire).
        Funding = 1,
        /// Orders ("18" on the wire).
        Trading = 2,
    }
}

wire_enum! {
    /// Why a posting was made.
    PostingReason {
        /// One leg of a trade, net of its fee.
        Trade = 1,
        /// What the house took as fee or paid as rebate.
        Fee = 2,
        /// A transfer between wallets or accounts.
        Transfer = 3,
        /// Money that came in from outside.
        Credit = 4,
        /// Money that went out.
        Debit = 5,
        /// What a rounding left over.
        Rounding = 6,
    }
}
