//! Money that moves otherwise than by trades.

use crate::record;
use crate::{AccountId, AssetId, ClientId, CommandHeader, Key, PostingReason, Wallet};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

record! {
    /// Moves money between wallets of one account, or between accounts of one master.
    128 Transfer {
        /// `account` in the header is the one that acts.
        header: CommandHeader,
        /// From whom.
        from: AccountId,
        /// To whom.
        to: AccountId,
        /// How much, in the asset's unit.
        amount: i128,
        /// Of what.
        asset: AssetId,
        /// Out of which wallet.
        from_wallet: Wallet,
        /// Into which wallet.
        to_wallet: Wallet,
        /// Reserved, zero.
        reserved: [u8; 2],
        /// Moves once per key.
        key: Key,
        /// The client's name for it; all zeros for none.
        client_id: ClientId,
        /// Reserved, zero.
        reserved2: [u8; 24],
    }
}

record! {
    /// Brings money in from outside.
    128 Credit {
        /// `account` receives.
        header: CommandHeader,
        /// Of what.
        asset: AssetId,
        /// Into which wallet.
        wallet: Wallet,
        /// Written on the posting.
        reason: PostingReason,
        /// Reserved, zero.
        reserved: [u8; 2],
        /// How much, in the asset's unit.
        amount: i128,
        /// Moves once per key.
        key: Key,
        /// Reserved, zero.
        reserved2: [u8; 64],
    }
}

record! {
    /// Takes money out.
    128 Debit {
        /// `account` pays.
        header: CommandHeader,
        /// Of what.
        asset: AssetId,
        /// Out of which wallet.
        wallet: Wallet,
        /// Written on the posting.
        reason: PostingReason,
        /// Reserved, zero.
        reserved: [u8; 2],
        /// How much, in the asset's unit.
        amount: i128,
        /// Moves once per key.
        key: Key,
        /// Reserved, zero.
        reserved2: [u8; 64],
    }
}
