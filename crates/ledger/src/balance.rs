//! One balance: 64 bytes, so that it is one cache line.

use tickyard_types::{AccountId, AssetId, Wallet};

/// Where a balance lives. Balances never move, so an order keeps the rows it will need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowId(pub u32);

impl RowId {
    /// No row.
    pub(crate) const NONE: Self = Self(u32::MAX);

    /// Where it stands in [`crate::Ledger::rows`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What one account has of one asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Balance {
    pub(crate) trading: i128,
    pub(crate) hold: i128,
    pub(crate) funding: i128,
    pub(crate) account: AccountId,
    pub(crate) asset: AssetId,
    /// The account's balance of the next higher asset.
    pub(crate) next: RowId,
}

const _: () = assert!(size_of::<Balance>() == 64);

impl Balance {
    pub(crate) const fn empty(account: AccountId, asset: AssetId, next: RowId) -> Self {
        Self { trading: 0, hold: 0, funding: 0, account, asset, next }
    }

    /// Whose.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// Of what.
    #[must_use]
    pub const fn asset(&self) -> AssetId {
        self.asset
    }

    /// The trading wallet, holds included.
    #[must_use]
    pub const fn trading(&self) -> i128 {
        self.trading
    }

    /// The part of the trading wallet that open orders hold.
    #[must_use]
    pub const fn hold(&self) -> i128 {
        self.hold
    }

    /// The funding wallet.
    #[must_use]
    pub const fn funding(&self) -> i128 {
        self.funding
    }

    /// A wallet's balance, holds included.
    #[must_use]
    pub const fn total(&self, wallet: Wallet) -> i128 {
        match wallet {
            Wallet::Funding => self.funding,
            Wallet::Trading => self.trading,
        }
    }

    /// What may leave a wallet; never negative, also when the house owes.
    #[must_use]
    pub fn available(&self, wallet: Wallet) -> i128 {
        match wallet {
            Wallet::Funding => self.funding.max(0),
            Wallet::Trading => (self.trading - self.hold).max(0),
        }
    }

    /// Whether all of it is zero, as if it had never been opened.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.trading == 0 && self.hold == 0 && self.funding == 0
    }

    /// Only the world outside and the fee account may owe; everybody else has what the orders hold.
    pub(crate) fn is_sound(&self) -> bool {
        let may_owe = self.account == AccountId::EXTERNAL || self.account == AccountId::FEES;
        self.hold >= 0 && (may_owe || self.trading >= self.hold && self.funding >= 0)
    }
}
