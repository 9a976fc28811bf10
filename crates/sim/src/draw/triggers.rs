//! Trigger orders and their changes.

use super::Day;
use crate::act::Act;
use tickyard_types::{OrderType, PlaceOrder, Side, TriggerKind};

impl Day {
    pub(super) fn trigger(&mut self) -> Act {
        let (account, instrument, side) = (self.account(), self.instrument(), self.side());
        let (first, second, size) = (self.leg(instrument), self.leg(instrument), self.size());
        let name = self.name();
        match self.random.below(14) {
            0 => Act::CancelTrigger { account, instrument: self.own_or(instrument), which: self.which() },
            1 | 2 => {
                let legs = self.random.pick(&[[first, (0, 0)], [(0, 0), second], [first, (-1, 0)], [(0, -1), (0, 0)]]);
                let flags = self.random.pick(&[0, 0, 1]);
                let (which, request) = (self.which(), self.random.below(3) as u8);
                Act::AmendTrigger { account, instrument: self.own_or(instrument), which, legs, size, flags, request }
            }
            3..=5 => self.amend_attached(),
            6..=8 => {
                let kind = self.random.weighted(&[
                    (8, OrderType::Limit),
                    (2, OrderType::Market),
                    (2, OrderType::PostOnly),
                    (1, OrderType::ImmediateOrCancel),
                    (1, OrderType::FillOrKill),
                ]);
                let price = if kind == OrderType::Market { 0 } else { self.price(instrument) };
                // A market order lies between what is attached to it.
                let is_crossed = (first.0 < second.0) == (side == Side::Buy);
                let (first, second) =
                    if kind == OrderType::Market && is_crossed { (second, first) } else { (first, second) };
                let half = size / 2;
                let names = [name, self.name(), self.name()];
                let none = ([(0, 0); 2], 0, 0);
                let attached = self.random.pick(&[
                    [([first, (0, 0)], 0, names[0]), none, none],
                    [([first, second], 0, names[0]), none, none],
                    [
                        ([first, (0, 0)], half, names[0]),
                        ([second, (0, 0)], size - half, names[1]),
                        ([(0, 0), second], 0, names[2]),
                    ],
                ]);
                let flags = match kind {
                    OrderType::Market => self.random.pick(&[0, 0, PlaceOrder::SIZE_IN_QUOTE, PlaceOrder::BAN_AMEND]),
                    _ => self.random.pick(&[0, 0, 0, PlaceOrder::CLAMP_PRICE]),
                };
                self.parent_of = account;
                Act::PlaceAttached {
                    account,
                    instrument,
                    side,
                    kind,
                    mode: self.mode(),
                    self_trade: self.any_self_trade(),
                    price,
                    size,
                    flags,
                    attached,
                    name: self.name(),
                    tag: self.tag(),
                    valid_ms: self.validity(),
                }
            }
            _ => {
                let kind = self.random.pick(TriggerKind::ALL);
                let legs = match kind {
                    TriggerKind::Conditional => self.random.pick(&[[first, (0, 0)], [(0, 0), second]]),
                    TriggerKind::OneCancelsOther => [first, second],
                    TriggerKind::Plain => [first, (0, 0)],
                    TriggerKind::Trailing => [(0, 0); 2],
                };
                let order_type = self.random.weighted(&[
                    (8, OrderType::Limit),
                    (1, OrderType::ImmediateOrCancel),
                    (1, OrderType::FillOrKill),
                ]);
                let is_trailing = kind == TriggerKind::Trailing;
                let by_ratio = self.random.once_in(2);
                let spread = self.random.between(1, 3);
                let ratio_ppb = self.random.pick(&[1_000_000, 100_000_000, 300_000_000, 1_000_000_000]);
                let active = if self.random.once_in(2) { self.price(instrument) } else { 0 };
                Act::Trigger {
                    account,
                    instrument,
                    kind,
                    side,
                    order_type,
                    mode: self.mode(),
                    self_trade: self.any_self_trade(),
                    legs,
                    size,
                    ratio_ppb: if is_trailing && by_ratio { ratio_ppb } else { 0 },
                    spread: if is_trailing && !by_ratio { spread } else { 0 },
                    active: if is_trailing { active } else { 0 },
                    flags: self.random.weighted(&[(6, 0), (1, 1)]),
                    name,
                    tag: self.tag(),
                }
            }
        }
    }

    /// Enough that a trade sets more off than one command carries out, or for the limit of an account.
    pub(super) fn trigger_crowd(&mut self) -> Act {
        let (account, instrument, side) = (self.account(), self.instrument(), self.side());
        let (leg, count) = (self.leg(instrument), self.random.pick(&[10, 10, 30, 105]));
        Act::TriggerCrowd { account, instrument, side, leg, size: 3, count }
    }

    /// A leg near where prices are: (trigger, price).
    pub(super) fn leg(&mut self, instrument: u32) -> (i64, i64) {
        // A leg without a trigger is none, and the twin knows of no leg that is half there.
        let trigger = match self.price(instrument) {
            0 => 1,
            price => price,
        };
        (trigger, if self.random.once_in(2) { -1 } else { self.price(instrument) })
    }
}
