//! The words of the core: ids, units, command and event records, refusals. No logic.
//!
//! Every record is a fixed-size little-endian `repr(C)` struct without padding, so that its bytes in memory
//! are its bytes in the journal, on the socket and in Python. `tests/golden/` holds both sides together.

mod command;
mod event;
mod id;
mod order;
mod record;
mod refusal;
mod reply;
mod trigger;
mod wallet;

pub use command::{
    AdvanceTime, AmendOrder, AmendOrderAttached, AmendTrigger, CancelAllAfter, CancelOrder, CancelTrigger, Command,
    CommandHeader, CommandKind, Credit, Debit, DecodeError, DefineAccount, DefineAsset, DefineFeeLevel,
    DefineInstrument, MassCancel, PlaceOrder, PlaceOrderAttached, PlaceTrigger, SetIndexPrice, SetInstrumentState,
    Transfer, command_size,
};
pub use event::{
    AccountDefined, AssetDefined, EventHeader, EventKind, FeeLevelDefined, IndexPriceSet, InstrumentDefined,
    LevelChanged, OrderAccepted, OrderAmended, OrderClosed, Posted, TimerChanged, Traded, TransferNamed,
    TriggerChanged, event_size,
};
pub use id::{AccountId, AssetId, InstrumentId, Key, OrderId, Origin, Seq, TradeId, TriggerId};
pub use order::{
    AmendResult, CancelSource, ClientId, InstrumentState, OrderState, OrderType, RequestId, SelfTrade, Side, Tag,
    TradeMode,
};
pub use refusal::Refusal;
pub use reply::Reply;
pub use trigger::{Attachment, AttachmentChange, Leg, PriceType, TriggerKind, TriggerState};
pub use wallet::{PostingReason, Wallet};

/// Version of the record layouts in this crate. Written into every journal frame.
pub const RECORD_VERSION: u16 = 2;

/// Version of the rules of the engine. A journal written under another one is refused until an upgrade exists.
pub const CORE_VERSION: u16 = 7;

#[cfg(target_endian = "big")]
compile_error!("records are little-endian bytes in memory");
