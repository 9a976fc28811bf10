//! Events, decoded.

use tickyard_types::*;
use zerocopy::TryFromBytes;

/// A decoded event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    OrderAccepted(OrderAccepted),
    Traded(Traded),
    OrderClosed(OrderClosed),
    OrderAmended(OrderAmended),
    Posted(Posted),
    LevelChanged(LevelChanged),
    TimerChanged(TimerChanged),
    AssetDefined(AssetDefined),
    InstrumentDefined(InstrumentDefined),
    AccountDefined(AccountDefined),
    FeeLevelDefined(FeeLevelDefined),
    IndexPriceSet(IndexPriceSet),
    TriggerChanged(TriggerChanged),
    TransferNamed(TransferNamed),
}

/// Decodes a buffer, which must be whole events one after the other, each as long as its header says.
pub fn decode(mut bytes: &[u8]) -> Vec<(EventHeader, Event)> {
    let mut events = Vec::new();
    while !bytes.is_empty() {
        let header = EventHeader::try_read_from_prefix(bytes).expect("a header").0;
        assert_eq!(usize::from(header.size), event_size(header.kind));
        let (event, rest) = bytes.split_at(usize::from(header.size));
        bytes = rest;
        macro_rules! read {
            ($($name:ident),+) => {
                match header.kind {
                    $(EventKind::$name => Event::$name($name::try_read_from_bytes(event).expect("an event"))),+
                }
            };
        }
        let event = read!(
            OrderAccepted,
            Traded,
            OrderClosed,
            OrderAmended,
            Posted,
            LevelChanged,
            TimerChanged,
            AssetDefined,
            InstrumentDefined,
            AccountDefined,
            FeeLevelDefined,
            IndexPriceSet,
            TriggerChanged,
            TransferNamed
        );
        events.push((header, event));
    }
    events
}
