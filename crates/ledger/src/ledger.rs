//! The balances of all accounts, and the posting of money between them.

use crate::balance::{Balance, RowId};
use crate::key::Keys;
use tickyard_types::{AccountId, AssetId, Wallet};

/// As much of an asset as may come in from outside, in its unit. With [`MAX_FEE_DEBT`] it bounds every sum of
/// balances by 2^126, so that adding them never overflows.
pub const MAX_SUPPLY: i128 = 1 << 125;

/// As much of an asset as the fee account may owe for rebates.
pub const MAX_FEE_DEBT: i128 = 1 << 125;

/// One side of a movement of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Which balance.
    pub row: RowId,
    /// Which wallet of it.
    pub wallet: Wallet,
    /// How much, signed.
    pub amount: i128,
    /// How much of the hold ends with it; trading wallet only.
    pub release: i128,
}

/// The rows that each asset has from the start.
#[derive(Clone, Copy, Debug)]
struct HouseRows {
    external: RowId,
    fees: RowId,
}

/// All balances of all accounts.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    rows: Vec<Balance>,
    /// By account: its balance of the lowest asset.
    heads: Vec<RowId>,
    /// By asset, from 1.
    house: Vec<HouseRows>,
    /// Keys of the movements that were carried out.
    pub keys: Keys,
}

impl Ledger {
    /// An empty ledger that knows the house's accounts.
    #[must_use]
    pub fn new() -> Self {
        let heads = vec![RowId::NONE; AccountId::FIRST_USER.0 as usize];
        Self { heads, ..Self::default() }
    }

    /// Makes room for one more account.
    ///
    /// # Panics
    /// When account numbers leave a gap.
    pub fn add_account(&mut self, account: AccountId) {
        assert_eq!(account.0 as usize, self.heads.len(), "Invariant: accounts are dense");
        self.heads.push(RowId::NONE);
    }

    /// Opens the house's balances of one more asset.
    ///
    /// # Panics
    /// When asset numbers leave a gap.
    pub fn add_asset(&mut self, asset: AssetId) {
        assert_eq!(asset.0 as usize, self.house.len() + 1, "Invariant: assets are dense");
        let external = self.open(AccountId::EXTERNAL, asset);
        let fees = self.open(AccountId::FEES, asset);
        self.house.push(HouseRows { external, fees });
    }

    /// The balance of the world outside.
    #[must_use]
    pub fn external(&self, asset: AssetId) -> RowId {
        self.house[asset.0 as usize - 1].external
    }

    /// The balance of the account that takes fees and pays rebates.
    #[must_use]
    pub fn fees(&self, asset: AssetId) -> RowId {
        self.house[asset.0 as usize - 1].fees
    }

    /// Where an account's balance of an asset lives, if it ever had one.
    #[must_use]
    pub fn find(&self, account: AccountId, asset: AssetId) -> Option<RowId> {
        let mut row = self.heads[account.0 as usize];
        while row != RowId::NONE {
            let balance = &self.rows[row.index()];
            if balance.asset >= asset {
                return (balance.asset == asset).then_some(row);
            }
            row = balance.next;
        }
        None
    }

    /// Where an account's balance of an asset lives from now on. Assets keep their order in the account's list.
    pub fn open(&mut self, account: AccountId, asset: AssetId) -> RowId {
        let mut before = RowId::NONE;
        let mut row = self.heads[account.0 as usize];
        while row != RowId::NONE && self.rows[row.index()].asset < asset {
            before = row;
            row = self.rows[row.index()].next;
        }
        if row != RowId::NONE && self.rows[row.index()].asset == asset {
            return row;
        }
        let opened = RowId(u32::try_from(self.rows.len()).expect("Invariant: fewer than 2^32 balances"));
        self.rows.push(Balance::empty(account, asset, row));
        match before {
            RowId::NONE => self.heads[account.0 as usize] = opened,
            _ => self.rows[before.index()].next = opened,
        }
        opened
    }

    /// One balance.
    #[must_use]
    pub fn balance(&self, row: RowId) -> &Balance {
        &self.rows[row.index()]
    }

    /// Where a balance lies, whatever it says: for fetching it ahead.
    #[must_use]
    pub fn line(&self, row: RowId) -> Option<&Balance> {
        self.rows.get(row.index())
    }

    /// Where an account's first balance lies: for fetching it ahead.
    #[must_use]
    pub fn first_line(&self, account: AccountId) -> Option<&Balance> {
        self.heads.get(account.0 as usize).and_then(|head| self.line(*head))
    }

    /// What may leave a wallet, also when the account never had a balance of the asset.
    #[must_use]
    pub fn available(&self, account: AccountId, asset: AssetId, wallet: Wallet) -> i128 {
        self.find(account, asset).map_or(0, |row| self.balance(row).available(wallet))
    }

    /// An account's balances, by asset.
    pub fn balances(&self, account: AccountId) -> impl Iterator<Item = &Balance> {
        let head = self.heads.get(account.0 as usize).copied().unwrap_or(RowId::NONE);
        let at = |row: RowId| self.rows.get(row.index());
        std::iter::successors(at(head), move |balance| at(balance.next))
    }

    /// How many accounts there is room for, the house's and number 0 included.
    #[must_use]
    pub fn accounts(&self) -> usize {
        self.heads.len()
    }

    /// Reserves a part of a trading balance for an order.
    ///
    /// # Panics
    /// When more is held than there is: whoever asks has checked it before.
    pub fn hold(&mut self, row: RowId, amount: i128) {
        let balance = &mut self.rows[row.index()];
        balance.hold += amount;
        assert!(balance.is_sound(), "Invariant: an order holds no more than is there");
    }

    /// Ends a part of a hold.
    ///
    /// # Panics
    /// When more is released than was held.
    pub fn release(&mut self, row: RowId, amount: i128) {
        let balance = &mut self.rows[row.index()];
        balance.hold -= amount;
        assert!(balance.is_sound(), "Invariant: an order releases no more than it holds");
    }

    /// Moves money of one asset. A movement of two assets is two sets.
    ///
    /// # Panics
    /// When the legs do not sum to zero, are of different assets, or leave somebody with less than nothing:
    /// whoever posts has checked all of it before.
    pub fn post(&mut self, asset: AssetId, legs: &[Leg]) {
        let mut sum = 0;
        for leg in legs {
            let balance = &mut self.rows[leg.row.index()];
            assert_eq!(balance.asset, asset, "Invariant: a set of postings is of one asset");
            match leg.wallet {
                Wallet::Trading => balance.trading += leg.amount,
                Wallet::Funding => balance.funding += leg.amount,
            }
            balance.hold -= leg.release;
            sum += leg.amount;
            assert!(balance.is_sound(), "Invariant: nobody is left with less than nothing");
        }
        assert_eq!(sum, 0, "Invariant: every set of postings sums to zero");
    }

    /// Whether so much more may come in from outside.
    #[must_use]
    pub fn may_issue(&self, asset: AssetId, amount: i128) -> bool {
        let issued = -self.balance(self.external(asset)).funding;
        amount <= MAX_SUPPLY && issued <= MAX_SUPPLY - amount
    }

    /// As much of a rebate as the fee account may pay, when it takes `fee` of the same asset in the same trade.
    #[must_use]
    pub fn rebate_covered(&self, asset: AssetId, fee: i128, rebate: i128) -> i128 {
        let owed = -self.balance(self.fees(asset)).trading;
        rebate.min(MAX_FEE_DEBT - owed + fee)
    }

    /// Sum of all balances of an asset, the house's included: zero at all times. `None` when it overflows.
    #[must_use]
    pub fn sum(&self, asset: AssetId) -> Option<i128> {
        let mut balances = self.rows.iter().filter(|balance| balance.asset == asset);
        balances.try_fold(0_i128, |sum, balance| sum.checked_add(balance.trading)?.checked_add(balance.funding))
    }

    /// Whether every balance is sound.
    ///
    /// # Errors
    /// The first balance that is not.
    pub fn check(&self) -> Result<(), Balance> {
        self.rows.iter().find(|b| !b.is_sound()).map_or(Ok(()), |b| Err(*b))
    }

    /// Sets a balance as a snapshot says. `check` and `sum` judge the whole afterwards.
    pub fn restore(&mut self, account: AccountId, asset: AssetId, trading: i128, hold: i128, funding: i128) {
        let row = self.open(account, asset);
        let balance = &mut self.rows[row.index()];
        (balance.trading, balance.hold, balance.funding) = (trading, hold, funding);
    }
}
