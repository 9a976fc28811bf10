//! Money that moves by command: transfers inside, credits from outside, debits to outside. Each moves once per key.

use crate::engine::Answer;
use crate::{Engine, EventBuffer, shape};
use tickyard_ledger::{KeyUse, Leg, Movement, RowId};
use tickyard_types::{
    AccountId, Credit, Debit, EventKind, InstrumentId, Key, OrderId, Posted, PostingReason, Refusal, TradeId, Transfer,
    TransferNamed, Wallet,
};

/// What a movement answers with when its key had moved it before.
const DONE_BEFORE: Answer = Answer::value(1);

impl Engine {
    /// Moves money between wallets of one account, or between accounts of one master.
    ///
    /// A master moves the money of all its accounts, any other account only what is its own.
    pub(crate) fn transfer(&mut self, transfer: &Transfer, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let movement = self.checked(&transfer.header, |engine| engine.check_transfer(transfer))?;
        if movement.is_some() && transfer.client_id != [0; 32] {
            let (header, account) = (events.header(EventKind::TransferNamed), transfer.header.account);
            let Transfer { key, client_id, .. } = *transfer;
            events.push(&TransferNamed { header, account, reserved: [0; 4], key, client_id });
        }
        Ok(self.carry_once(transfer.key, movement, events))
    }

    fn check_transfer(&self, transfer: &Transfer) -> Result<Option<Movement>, Refusal> {
        shape::transfer(transfer)?;
        let actor = transfer.header.account;
        let master = self.accounts.holder(actor)?.master;
        let (from, to) = (self.accounts.holder(transfer.from)?, self.accounts.holder(transfer.to)?);
        let may_act = actor == master || actor == transfer.from;
        if from.master != master || to.master != master || !may_act {
            return Err(Refusal::NotRelated);
        }
        let movement = Movement {
            amount: transfer.amount,
            asset: self.asset(transfer.asset)?.asset,
            from: transfer.from,
            to: transfer.to,
            from_wallet: transfer.from_wallet,
            to_wallet: transfer.to_wallet,
            reason: PostingReason::Transfer,
        };
        if self.is_done(&transfer.key, &movement)? {
            return Ok(None);
        }
        self.covers(&movement)?;
        Ok(Some(movement))
    }

    /// Brings money in from outside.
    pub(crate) fn credit(&mut self, credit: &Credit, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let movement = self.checked(&credit.header, |engine| engine.check_credit(credit))?;
        Ok(self.carry_once(credit.key, movement, events))
    }

    fn check_credit(&self, credit: &Credit) -> Result<Option<Movement>, Refusal> {
        shape::credit(credit)?;
        self.accounts.holder(credit.header.account)?;
        let movement = Movement {
            amount: credit.amount,
            asset: self.asset(credit.asset)?.asset,
            from: AccountId::EXTERNAL,
            to: credit.header.account,
            from_wallet: Wallet::Funding,
            to_wallet: credit.wallet,
            reason: credit.reason,
        };
        if self.is_done(&credit.key, &movement)? {
            return Ok(None);
        }
        if !self.ledger.may_issue(credit.asset, credit.amount) {
            return Err(Refusal::Overflow);
        }
        Ok(Some(movement))
    }

    /// Takes money out.
    pub(crate) fn debit(&mut self, debit: &Debit, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let movement = self.checked(&debit.header, |engine| engine.check_debit(debit))?;
        Ok(self.carry_once(debit.key, movement, events))
    }

    fn check_debit(&self, debit: &Debit) -> Result<Option<Movement>, Refusal> {
        shape::debit(debit)?;
        self.accounts.holder(debit.header.account)?;
        let movement = Movement {
            amount: debit.amount,
            asset: self.asset(debit.asset)?.asset,
            from: debit.header.account,
            to: AccountId::EXTERNAL,
            from_wallet: debit.wallet,
            to_wallet: Wallet::Funding,
            reason: debit.reason,
        };
        if self.is_done(&debit.key, &movement)? {
            return Ok(None);
        }
        self.covers(&movement)?;
        Ok(Some(movement))
    }

    fn is_done(&self, key: &Key, movement: &Movement) -> Result<bool, Refusal> {
        match self.ledger.keys.look_up(key, movement) {
            KeyUse::Unused => Ok(false),
            KeyUse::Same => Ok(true),
            KeyUse::Different => Err(Refusal::KeyReused),
        }
    }

    fn covers(&self, movement: &Movement) -> Result<(), Refusal> {
        let available = self.ledger.available(movement.from, movement.asset, movement.from_wallet);
        if available < movement.amount { Err(Refusal::InsufficientBalance) } else { Ok(()) }
    }

    /// Carries a movement out, unless its key has moved it before.
    fn carry_once(&mut self, key: Key, movement: Option<Movement>, events: &mut EventBuffer) -> Answer {
        match movement {
            None => DONE_BEFORE,
            Some(movement) => {
                self.carry(key, movement, events);
                Answer::default()
            }
        }
    }

    /// Posts a movement that was checked, and remembers its key.
    fn carry(&mut self, key: Key, movement: Movement, events: &mut EventBuffer) {
        let Movement { amount, asset, from, to, from_wallet, to_wallet, .. } = movement;
        let from_row = self.ledger.open(from, asset);
        let to_row = self.ledger.open(to, asset);
        self.ledger.post(
            asset,
            &[
                Leg { row: from_row, wallet: from_wallet, amount: -amount, release: 0 },
                Leg { row: to_row, wallet: to_wallet, amount, release: 0 },
            ],
        );
        self.ledger.keys.remember(key, movement);
        self.tell_movement(key, &movement, from_row, -amount, events);
        self.tell_movement(key, &movement, to_row, amount, events);
    }

    /// Tells one leg of a movement. The other side is named in transfers only: outside, there is nobody to name.
    fn tell_movement(&mut self, key: Key, movement: &Movement, row: RowId, amount: i128, events: &mut EventBuffer) {
        let Movement { asset, from, to, from_wallet, to_wallet, reason, .. } = *movement;
        let is_payer = amount < 0;
        let (account, wallet) = if is_payer { (from, from_wallet) } else { (to, to_wallet) };
        let (counter_account, counter_wallet) = match (reason, is_payer) {
            (PostingReason::Transfer, true) => (to, to_wallet as u8),
            (PostingReason::Transfer, false) => (from, from_wallet as u8),
            _ => (AccountId(0), 0),
        };
        self.touch_account(account);
        let header = events.header(EventKind::Posted);
        events.push(&Posted {
            header,
            account,
            asset,
            amount,
            balance: self.ledger.balance(row).total(wallet),
            fee: 0,
            size: 0,
            price: 0,
            order_id: OrderId(0),
            trade_id: TradeId(0),
            instrument: InstrumentId(0),
            wallet,
            reason,
            side: 0,
            is_taker: 0,
            counter_wallet,
            reserved: [0; 3],
            counter_account,
            key,
        });
    }
}
