//! What acts point at: orders and trigger orders of an engine, found as a worker would know them.

use crate::act::Which;
use tickyard_engine::Engine;
use tickyard_types::{AccountId, ClientId, OrderId, TriggerChanged, TriggerId, TriggerState};

/// What an act has to be told before it is a command.
pub trait Desk {
    /// The engine whose orders are meant; `None` when there is none.
    fn engine(&self) -> Option<&Engine>;
    /// The machine's clock.
    fn now_ms(&self) -> u64;

    /// The order that was accepted so many orders before the newest.
    fn order_before(&self, _back: u64) -> Option<OrderId> {
        None
    }

    /// The same, of trigger orders.
    fn trigger_before(&self, _back: u64) -> Option<TriggerId> {
        None
    }

    /// The order that is meant: its id and its instrument.
    fn order(&self, account: u32, which: Which) -> Option<(OrderId, u32)> {
        match which {
            Which::Live(n) => {
                let orders: Vec<_> = self.engine()?.open_orders(AccountId(account), None).collect();
                nth(&orders, n).map(|order| (order.order_id, order.instrument.0))
            }
            Which::Parent(n) => {
                let waiting = triggers(self.engine()?, account).filter(|row| row.state == TriggerState::Attached);
                let mut parents: Vec<_> = waiting.map(|row| (row.parent, row.instrument.0)).collect();
                parents.dedup();
                nth(&parents, n).copied()
            }
            Which::Back(n) => self.order_before(u64::from(n)).map(|id| (id, 1)),
            Which::Named(_) => None,
        }
    }

    /// The trigger order that is meant: its id and its instrument.
    fn trigger(&self, account: u32, which: Which) -> Option<(TriggerId, u32)> {
        match which {
            Which::Live(n) => {
                let rows: Vec<_> = triggers(self.engine()?, account).collect();
                nth(&rows, n).map(|row| (row.trigger_id, row.instrument.0))
            }
            Which::Back(n) => self.trigger_before(u64::from(n)).map(|id| (id, 1)),
            Which::Named(_) | Which::Parent(_) => None,
        }
    }

    /// One of those attached to an order, which is meant by its id, else by its name; for 254 one that is not.
    fn attached(&self, account: u32, order: OrderId, name: &ClientId, n: u8) -> Option<TriggerId> {
        let engine = self.engine()?;
        let named = || engine.open_orders(AccountId(account), None).find(|view| view.client_id == *name);
        let order = if order == OrderId(0) { named()?.order_id } else { order };
        let is_meant = |row: &TriggerChanged| (row.parent == order) != (n == 254);
        let rows: Vec<_> = triggers(engine, account).filter(is_meant).collect();
        nth(&rows, n).map(|row| row.trigger_id)
    }
}

fn triggers(engine: &Engine, account: u32) -> impl Iterator<Item = TriggerChanged> {
    engine.triggers(AccountId(account))
}

/// Counted round and round.
fn nth<T>(list: &[T], n: u8) -> Option<&T> {
    list.get(usize::from(n).checked_rem(list.len())?)
}
