//! What may be asked of an engine between commands.

use crate::Engine;
use crate::definitions::{account_defined, asset_defined, fee_level_defined, instrument_defined};
use crate::index_price::{IndexPrice, index_price_set};
use crate::trigger_life::End;
use tickyard_book::Slot;
use tickyard_types::{
    AccountDefined, AccountId, AssetDefined, AssetId, ClientId, EventHeader, EventKind, FeeLevelDefined, IndexPriceSet,
    InstrumentDefined, InstrumentId, Key, OrderId, OrderState, OrderType, PlaceOrder, SelfTrade, Seq, Side, Tag,
    TradeId, TradeMode, TriggerChanged, TriggerId, event_size,
};

/// A live order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderView {
    /// Its id.
    pub order_id: OrderId,
    /// Whose.
    pub account: AccountId,
    /// Where.
    pub instrument: InstrumentId,
    /// Which way.
    pub side: Side,
    /// How it met the book.
    pub order_type: OrderType,
    /// Where its money comes from.
    pub trade_mode: TradeMode,
    /// Self-trade prevention when it takes.
    pub self_trade: SelfTrade,
    /// Flags of the command that placed it.
    pub flags: u8,
    /// `Live` or `PartiallyFilled`.
    pub state: OrderState,
    /// Ticks.
    pub price: i64,
    /// Total lots.
    pub size: i64,
    /// Lots filled.
    pub filled: i64,
    /// Notional units traded.
    pub cost: i128,
    /// All fees so far, zero or negative, in the asset it receives.
    pub fee_total: i128,
    /// All rebates so far, zero or positive, in the asset it pays.
    pub rebate_total: i128,
    /// The client's name for it.
    pub client_id: ClientId,
    /// The client's or broker's mark.
    pub tag: Tag,
    /// Exchange time of its placement.
    pub created_ns: u64,
    /// Exchange time of its last change.
    pub updated_ns: u64,
    /// Its last trade; 0 before the first.
    pub last_trade_id: TradeId,
    /// Ticks of its last trade.
    pub last_price: i64,
    /// Lots of its last trade.
    pub last_size: i64,
    /// Exchange time of its last trade.
    pub last_time_ns: u64,
    /// The trigger order that placed it; 0 for none.
    pub trigger_id: TriggerId,
    /// That one's client id.
    pub trigger_client_id: ClientId,
}

/// What an account has of one asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalanceView {
    /// Of what.
    pub asset: AssetId,
    /// The trading wallet, holds included.
    pub trading: i128,
    /// The part of the trading wallet that open orders hold.
    pub hold: i128,
    /// The funding wallet.
    pub funding: i128,
}

/// An account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// Its id.
    pub account: AccountId,
    /// Its master.
    pub master: AccountId,
    /// Row of the fee table.
    pub fee_level: u8,
    /// Its own self-trade mode.
    pub self_trade: SelfTrade,
    /// The newest command that made an event about it; 0 for none.
    pub last_seq: Seq,
    /// How many live orders it has.
    pub open_orders: u32,
}

/// One level of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelView {
    /// Ticks.
    pub price: i64,
    /// Lots.
    pub size: i64,
    /// Orders.
    pub orders: u32,
}

/// How much there is of what fills the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Population {
    /// Accounts of users.
    pub accounts: u32,
    /// Instruments.
    pub instruments: u32,
    /// Live orders.
    pub open_orders: u32,
    /// Trigger orders that have not ended, attached ones too.
    pub triggers: u32,
}

impl Engine {
    /// How much there is, without looking at any of it.
    #[must_use]
    pub fn population(&self) -> Population {
        Population {
            accounts: self.accounts.len() - AccountId::FIRST_USER.0,
            instruments: self.markets.len() as u32,
            open_orders: self.orders.len(),
            triggers: self.triggers.all().len() as u32,
        }
    }

    /// Every asset, by id. Headers carry the engine's sequence and time.
    pub fn assets(&self) -> impl Iterator<Item = AssetDefined> + '_ {
        self.assets.iter().map(|asset| asset_defined(self.header(EventKind::AssetDefined), asset))
    }

    /// Every instrument, by id.
    pub fn instruments(&self) -> impl Iterator<Item = InstrumentDefined> + '_ {
        self.markets.iter().map(|market| instrument_defined(self.header(EventKind::InstrumentDefined), market))
    }

    /// The index price of every instrument that has one, by id.
    pub fn index_prices(&self) -> impl Iterator<Item = IndexPriceSet> + '_ {
        let said = self.markets.iter().filter(|market| market.index != IndexPrice::default());
        said.map(|market| index_price_set(self.header(EventKind::IndexPriceSet), market))
    }

    /// Every user's account, by id.
    pub fn accounts(&self) -> impl Iterator<Item = AccountDefined> + '_ {
        let defined = |id| account_defined(self.header(EventKind::AccountDefined), id, &self.accounts[id]);
        self.accounts.users().map(defined)
    }

    /// Every row of the fee table that is defined, by level.
    pub fn fee_levels(&self) -> impl Iterator<Item = FeeLevelDefined> + '_ {
        let rows = (0..=u8::MAX).filter_map(|level| self.fee_level(level).map(|rates| (level, rates)));
        rows.map(|(level, rates)| fee_level_defined(self.header(EventKind::FeeLevelDefined), level, rates))
    }

    /// An account of a user or of the house.
    #[must_use]
    pub fn account(&self, id: AccountId) -> Option<AccountView> {
        if id.0 == 0 || id.0 >= self.accounts.len() {
            return None;
        }
        let account = &self.accounts[id];
        Some(AccountView {
            account: id,
            master: account.master,
            fee_level: account.fee_level,
            self_trade: account.self_trade,
            last_seq: account.last_seq,
            open_orders: account.orders,
        })
    }

    /// The newest command that made an event about an account; 0 for none.
    #[must_use]
    pub fn last_seq(&self, account: AccountId) -> Seq {
        self.account(account).map_or(Seq(0), |account| account.last_seq)
    }

    /// An account's balances, by asset.
    pub fn balances(&self, account: AccountId) -> impl Iterator<Item = BalanceView> + '_ {
        self.ledger.balances(account).map(|balance| BalanceView {
            asset: balance.asset(),
            trading: balance.trading(),
            hold: balance.hold(),
            funding: balance.funding(),
        })
    }

    /// An account's live orders in one instrument or in all, oldest first.
    pub fn open_orders(
        &self,
        account: AccountId,
        instrument: Option<InstrumentId>,
    ) -> impl Iterator<Item = OrderView> + '_ {
        let is_user = self.accounts.user(account).is_ok();
        let slots = is_user.then(|| self.live_orders(account)).into_iter().flatten();
        slots.map(|slot| self.view(slot)).filter(move |order| instrument.is_none_or(|only| order.instrument == only))
    }

    /// An account's live order, by id.
    #[must_use]
    pub fn order(&self, account: AccountId, order_id: OrderId) -> Option<OrderView> {
        let slot = self.orders.find(order_id)?;
        Some(self.view(slot)).filter(|order| order.account == account)
    }

    /// An account's live order, by its client's name for it.
    #[must_use]
    pub fn order_by_client_id(&self, account: AccountId, client_id: &ClientId) -> Option<OrderView> {
        self.find_client_id(account, client_id).map(|slot| self.view(slot))
    }

    /// An account's trigger orders that have not ended, attached ones too, oldest first, each as the event that would
    /// tell it now; the header's time is that of its last change.
    pub fn triggers(&self, account: AccountId) -> impl Iterator<Item = TriggerChanged> + '_ {
        self.triggers.of_account(account).map(|trigger| {
            let header = EventHeader { time_ns: trigger.updated_ns, ..self.header(EventKind::TriggerChanged) };
            self.trigger_changed(header, trigger, trigger.state, &End::default(), None)
        })
    }

    /// One side of a book, best level first; nothing for an unknown instrument.
    pub fn book(&self, instrument: InstrumentId, side: Side) -> impl Iterator<Item = LevelView> + '_ {
        let levels = self.market(instrument).ok().map(|market| market.book.levels(side));
        levels.into_iter().flatten().map(|(price, level)| LevelView { price, size: level.size, orders: level.orders })
    }

    /// Whether a movement with this key was carried out.
    #[must_use]
    pub fn has_key(&self, key: &Key) -> bool {
        self.ledger.keys.contains(key)
    }

    /// The newest trade of an instrument; 0 for none.
    #[must_use]
    pub fn last_trade(&self, instrument: InstrumentId) -> TradeId {
        self.market(instrument).map_or(TradeId(0), |market| market.last.trade)
    }

    fn view(&self, slot: Slot) -> OrderView {
        let record = &self.records[slot as usize];
        let seat = &self.seats[record.seat];
        let order_id = self.orders[slot].id();
        let is_triggered = record.flags & PlaceOrder::TRIGGERED != 0;
        let source = is_triggered.then(|| self.triggers.sources.get(&order_id)).flatten();
        OrderView {
            order_id,
            account: seat.account,
            instrument: seat.instrument,
            side: self.side_at_rest(slot),
            order_type: record.order_type,
            trade_mode: record.trade_mode,
            self_trade: record.self_trade,
            flags: record.flags,
            state: record.state(),
            price: record.price,
            size: record.size,
            filled: record.filled,
            cost: record.cost,
            fee_total: record.fee_total,
            rebate_total: record.rebate_total,
            client_id: record.client_id,
            tag: record.tag,
            created_ns: record.created_ns,
            updated_ns: record.updated_ns,
            last_trade_id: record.last.id,
            last_price: record.last.price,
            last_size: record.last.size,
            last_time_ns: record.last.time_ns,
            trigger_id: source.map_or(TriggerId(0), |source| source.trigger_id),
            trigger_client_id: source.map_or([0; 32], |source| source.client_id),
        }
    }

    fn header(&self, kind: EventKind) -> EventHeader {
        EventHeader { kind, reserved: 0, size: event_size(kind) as u16, index: 0, seq: self.seq, time_ns: self.time_ns }
    }
}
