//! The record of a trigger order, and where it waits.

use crate::trail::Distance;
use crate::watch::{From, Part, Watch};
use tickyard_types::{
    AccountId, ClientId, CommandHeader, CommandKind, InstrumentId, Leg, OrderId, OrderType, Origin, PlaceOrder,
    PriceType, SelfTrade, Seq, Side, Tag, TradeId, TradeMode, TriggerId, TriggerKind, TriggerState,
};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

/// A trigger order that has not ended. Its bytes are those of the snapshot.
#[derive(Clone, Copy, Debug, TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct Trigger {
    pub id: TriggerId,
    pub account: AccountId,
    pub instrument: InstrumentId,
    /// The order to which it is or was attached; 0 for none.
    pub parent: OrderId,
    /// In its own unit; 0 while it is attached to all of its order.
    pub size: i64,
    pub legs: [Leg; 2],
    pub callback_ratio_ppb: i64,
    pub callback_spread: i64,
    pub active_price: i64,
    pub created_ns: u64,
    pub updated_ns: u64,
    pub client_id: ClientId,
    pub tag: Tag,
    pub kind: TriggerKind,
    pub side: Side,
    pub order_type: OrderType,
    pub trade_mode: TradeMode,
    pub self_trade: SelfTrade,
    /// Flags of the command.
    pub flags: u8,
    pub price_types: [PriceType; 2],
    /// Attached or live.
    pub state: TriggerState,
    /// A plain trigger: 1 when its price is reached by a rise.
    pub rises: u8,
    /// Trailing: 1 once it follows.
    pub follows: u8,
    pub reserved: [u8; 5],
}

/// The trade by which a trigger order fired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct PriceEvent {
    /// Which trade; 0 before the first.
    pub trade: TradeId,
    /// Its price, in ticks.
    pub price: i64,
    /// The command that made it.
    pub seq: Seq,
    /// Exchange time of that command.
    pub time_ns: u64,
}

/// A price that a trigger order waits for.
pub(crate) type Wait = (i64, From, Part);

impl Trigger {
    pub(crate) const fn serial(&self) -> u64 {
        self.id.serial()
    }

    /// How far behind the best price a trailing one fires.
    pub(crate) const fn distance(&self) -> Distance {
        match self.callback_spread {
            0 => Distance::Ratio(self.callback_ratio_ppb),
            ticks => Distance::Spread(ticks),
        }
    }

    /// From where the price of a part is reached.
    const fn from(&self, part: Part) -> From {
        let by_rise = match (self.kind, part, self.side) {
            (TriggerKind::Plain, ..) => self.rises == 1,
            // A sell takes its profit above and stops its loss below; a buy the other way round.
            (_, Part::Second, side) => matches!(side, Side::Buy),
            (_, _, side) => matches!(side, Side::Sell),
        };
        if by_rise { From::Below } else { From::Above }
    }

    /// The prices that it waits for while it is live and does not follow.
    pub(crate) fn waits(&self) -> impl Iterator<Item = Wait> + use<> {
        let of = |price: i64, part| (price, self.from(part), part);
        let [first, second] = self.legs;
        let is_trailing = self.kind == TriggerKind::Trailing;
        let activation = if is_trailing && self.follows == 0 { self.active_price } else { 0 };
        let waits =
            [of(first.trigger, Part::First), of(second.trigger, Part::Second), of(activation, Part::Activation)];
        waits.into_iter().filter(|(price, ..)| *price != 0)
    }

    /// Whether everything that it waits for is still ahead: it is not about to fire.
    pub(crate) fn is_waiting(&self, watch: &Watch) -> bool {
        let waits = self.waits().all(|(price, from, part)| watch.waits(price, from, self.serial(), part));
        waits && (self.follows == 0 || watch.extreme(self.side, self.distance(), self.serial()).is_some())
    }

    /// The leg that a part fires.
    pub(crate) const fn leg(&self, part: Part) -> Leg {
        match part {
            Part::First => self.legs[Leg::TAKE_PROFIT],
            Part::Second => self.legs[Leg::STOP_LOSS],
            Part::Activation | Part::Trailing => Leg { trigger: 0, price: Leg::MARKET },
        }
    }

    /// The order that a leg places.
    pub(crate) const fn order(&self, leg: Leg) -> PlaceOrder {
        let is_market = leg.price == Leg::MARKET;
        let flags = if is_market { self.flags } else { 0 };
        let origin = Origin { boot: 0, counter: 0 };
        PlaceOrder {
            header: CommandHeader {
                kind: CommandKind::PlaceOrder,
                flags,
                reserved: [0; 2],
                account: self.account,
                origin,
            },
            instrument: self.instrument,
            side: self.side,
            order_type: if is_market { OrderType::Market } else { self.order_type },
            trade_mode: self.trade_mode,
            self_trade: self.self_trade,
            price: if is_market { 0 } else { leg.price },
            size: self.size,
            expires_at_ms: 0,
            client_id: [0; 32],
            tag: self.tag,
            slippage_ppb: 0,
            reserved: [0; 16],
        }
    }
}
