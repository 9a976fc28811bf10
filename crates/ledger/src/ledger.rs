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

    /// Makes room in memory for so many more balances.
    pub fn reserve(&mut self, balances: usize) {
        self.rows.reserve_exact(balances);
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

    /// Every balance, as they were opened.
    #[must_use]
    pub fn rows(&self) -> &[Balance] {
        &self.rows
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

    /// Where an account's first balances lie, if they were opened one after the other: for fetching them ahead.
    pub fn lines(&self, account: AccountId) -> impl Iterator<Item = Option<&Balance>> {
        let head = self.heads.get(account.0 as usize).map_or(usize::MAX, |head| head.index());
        (head..head.saturating_add(3)).map(|row| self.rows.get(row))
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

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: AccountId = AccountId(16);
    const BTC: AssetId = AssetId(1);
    const USDT: AssetId = AssetId(2);

    fn leg(row: RowId, amount: i128) -> Leg {
        Leg { row, wallet: Wallet::Trading, amount, release: 0 }
    }

    /// A ledger in which alice has ten of each asset.
    fn funded() -> Ledger {
        let mut ledger = Ledger::new();
        ledger.add_account(ALICE);
        for asset in [BTC, USDT] {
            ledger.add_asset(asset);
            let row = ledger.open(ALICE, asset);
            let outside = Leg { wallet: Wallet::Funding, ..leg(ledger.external(asset), -10) };
            ledger.post(asset, &[outside, leg(row, 10)]);
        }
        ledger
    }

    #[test]
    fn what_comes_in_stands_outside_with_a_minus() {
        let ledger = funded();
        assert_eq!(ledger.balance(ledger.external(BTC)).funding(), -10);
        assert_eq!(ledger.sum(BTC), Some(0));
        assert_eq!(ledger.check(), Ok(()));
    }

    #[test]
    fn rows_stay_where_they_are_and_are_told_by_asset() {
        let mut ledger = Ledger::new();
        ledger.add_account(ALICE);
        ledger.add_asset(BTC);
        ledger.add_asset(USDT);
        let usdt = ledger.open(ALICE, USDT);
        let btc = ledger.open(ALICE, BTC);
        assert_eq!((ledger.open(ALICE, USDT), ledger.find(ALICE, BTC)), (usdt, Some(btc)));
        assert_eq!(ledger.balances(ALICE).map(Balance::asset).collect::<Vec<_>>(), [BTC, USDT]);
        assert_eq!(ledger.find(ALICE, AssetId(3)), None);
    }

    #[test]
    fn what_is_held_is_not_available() {
        let mut ledger = funded();
        let row = ledger.open(ALICE, BTC);
        ledger.hold(row, 7);
        assert_eq!(ledger.available(ALICE, BTC, Wallet::Trading), 3);
        ledger.release(row, 2);
        assert_eq!(ledger.available(ALICE, BTC, Wallet::Trading), 5);
    }

    #[test]
    fn supply_and_fee_debt_are_bounded() {
        let ledger = funded();
        assert!(ledger.may_issue(BTC, MAX_SUPPLY - 10));
        assert!(!ledger.may_issue(BTC, MAX_SUPPLY - 9));
        assert!(!ledger.may_issue(BTC, i128::MAX));
        assert_eq!(ledger.rebate_covered(BTC, 1, MAX_FEE_DEBT + 5), MAX_FEE_DEBT + 1);
    }

    #[test]
    fn only_the_house_may_owe() {
        let mut ledger = funded();
        let (row, fees) = (ledger.open(ALICE, BTC), ledger.fees(BTC));
        ledger.post(BTC, &[leg(fees, -5), leg(row, 5)]);
        assert_eq!(ledger.balance(fees).trading(), -5);
        assert_eq!(ledger.balance(fees).available(Wallet::Trading), 0);
    }

    #[test]
    #[should_panic(expected = "sums to zero")]
    fn legs_that_do_not_sum_to_zero_are_a_bug() {
        let mut ledger = funded();
        let row = ledger.open(ALICE, BTC);
        ledger.post(BTC, &[leg(row, 1)]);
    }

    #[test]
    #[should_panic(expected = "less than nothing")]
    fn overdrawing_an_account_is_a_bug() {
        let mut ledger = funded();
        let (row, fees) = (ledger.open(ALICE, BTC), ledger.fees(BTC));
        ledger.post(BTC, &[leg(fees, 11), leg(row, -11)]);
    }

    #[test]
    #[should_panic(expected = "of one asset")]
    fn a_set_of_two_assets_is_a_bug() {
        let mut ledger = funded();
        let (btc, usdt) = (ledger.open(ALICE, BTC), ledger.open(ALICE, USDT));
        ledger.post(BTC, &[leg(btc, -1), leg(usdt, 1)]);
    }

    #[test]
    #[should_panic(expected = "no more than is there")]
    fn holding_more_than_is_there_is_a_bug() {
        let mut ledger = funded();
        let row = ledger.open(ALICE, BTC);
        ledger.hold(row, 11);
    }
}
