//! What the engine knows of an account: one cache line.

use crate::seat::SeatList;
use tickyard_book::Slot;
use tickyard_types::{AccountId, Refusal, SelfTrade, Seq};

/// In a list of orders: none.
pub(crate) const NO_ORDER: Slot = Slot::MAX;

/// Most live orders of one account. Source: OKX v5, Order Book Trading, limits on pending orders.
pub(crate) const MAX_ORDERS: u32 = 4_000;

/// Most live orders of one account in one instrument. Source: OKX v5, Order Book Trading, limits on pending orders.
pub(crate) const MAX_ORDERS_IN_INSTRUMENT: u32 = 500;

/// Settings of an account, and the ends of its lists.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(crate) struct Account {
    /// The newest command that made an event about it.
    pub last_seq: Seq,
    /// Its master; itself for a master account.
    pub master: AccountId,
    /// Its oldest live order.
    pub oldest_order: Slot,
    /// Its newest live order.
    pub newest_order: Slot,
    /// How many live orders it has.
    pub orders: u32,
    /// Its seats.
    pub seats: SeatList,
    /// Row of the fee table.
    pub fee_level: u8,
    /// What [`SelfTrade::AccountDefault`] means for it.
    pub self_trade: SelfTrade,
}

impl Account {
    pub(crate) const fn new(master: AccountId, fee_level: u8, self_trade: SelfTrade) -> Self {
        Self {
            last_seq: Seq(0),
            master,
            oldest_order: NO_ORDER,
            newest_order: NO_ORDER,
            orders: 0,
            seats: SeatList::EMPTY,
            fee_level,
            self_trade,
        }
    }
}

const _: () = assert!(size_of::<Account>() == 64);

impl Account {
    /// What an order's self-trade prevention means for the account.
    pub(crate) const fn resolved(&self, mode: SelfTrade) -> SelfTrade {
        match mode {
            SelfTrade::AccountDefault => self.self_trade,
            own => own,
        }
    }
}

/// All accounts, by number. Numbers of the house are there from the start.
#[derive(Clone, Debug)]
pub(crate) struct Accounts {
    rows: Vec<Account>,
}

impl Accounts {
    pub(crate) fn new() -> Self {
        let house = |n| Account::new(AccountId(n), 0, SelfTrade::CancelMaker);
        Self { rows: (0..AccountId::FIRST_USER.0).map(house).collect() }
    }

    /// How many numbers are taken, 0 included.
    pub(crate) fn len(&self) -> u32 {
        self.rows.len() as u32
    }

    /// The account with this number, if there is one.
    pub(crate) fn get(&self, id: AccountId) -> Option<&Account> {
        self.rows.get(id.0 as usize)
    }

    /// Appends an account, whose number is the length so far.
    pub(crate) fn push(&mut self, account: Account) {
        self.rows.push(account);
    }

    /// The account of a user, who may trade.
    pub(crate) fn user(&self, id: AccountId) -> Result<&Account, Refusal> {
        let account = self.rows.get(id.0 as usize).filter(|_| id >= AccountId::FIRST_USER);
        account.ok_or(Refusal::UnknownAccount)
    }

    /// The account of a user or of the house, who may have money; not the world outside.
    pub(crate) fn holder(&self, id: AccountId) -> Result<&Account, Refusal> {
        let account = self.rows.get(id.0 as usize).filter(|_| id > AccountId::EXTERNAL);
        account.ok_or(Refusal::UnknownAccount)
    }

    /// Numbers of the users' accounts.
    pub(crate) fn users(&self) -> impl Iterator<Item = AccountId> + use<> {
        (AccountId::FIRST_USER.0..self.len()).map(AccountId)
    }
}

impl std::ops::Index<AccountId> for Accounts {
    type Output = Account;

    fn index(&self, id: AccountId) -> &Account {
        &self.rows[id.0 as usize]
    }
}

impl std::ops::IndexMut<AccountId> for Accounts {
    fn index_mut(&mut self, id: AccountId) -> &mut Account {
        &mut self.rows[id.0 as usize]
    }
}
