//! Acts as the records that a worker sends.

use crate::act::{Act, Trading, Which};
use tickyard_types::*;
use zerocopy::IntoBytes;

/// What an act has to be told before it is a command.
pub trait Desk {
    /// The order that is meant: its id and its instrument.
    fn order(&self, account: u32, which: Which) -> Option<(OrderId, u32)>;
    /// The trigger order that is meant: its id and its instrument.
    fn trigger(&self, account: u32, which: Which) -> Option<(TriggerId, u32)>;
    /// The machine's clock.
    fn now_ms(&self) -> u64;
}

/// The bytes of a command; `None` for acts that are none.
#[must_use]
pub fn bytes(act: &Act, origin: Origin, desk: &impl Desk) -> Option<Vec<u8>> {
    let header =
        |kind, account, flags| CommandHeader { kind, flags, reserved: [0; 2], account: AccountId(account), origin };
    let expiry = |valid_ms: i64| if valid_ms == 0 { 0 } else { desk.now_ms().saturating_add_signed(valid_ms).max(1) };
    Some(match *act {
        Act::Asset { asset, digits } => owned(&DefineAsset {
            header: header(CommandKind::DefineAsset, 0, 0),
            asset: AssetId(asset),
            unit_digits: digits,
            reserved: [0; 3],
            symbol: name(b'A', asset),
            reserved2: [0; 80],
        }),
        Act::List { instrument, base, quote, tick, lot, sizes, prices, to } => owned(&DefineInstrument {
            header: header(CommandKind::DefineInstrument, 0, 0),
            instrument: InstrumentId(instrument),
            base: AssetId(base),
            tick,
            lot,
            quote: AssetId(quote),
            state: state(to),
            reserved: [0; 3],
            min_size: sizes.0,
            max_limit_size: sizes.1,
            max_market_size: sizes.1,
            max_market_amount: sizes.1.saturating_mul(prices.1),
            min_price: prices.0,
            max_price: prices.1,
            symbol: name(b'I', instrument),
            reserved2: [0; 104],
        }),
        Act::Set { instrument, to } => owned(&SetInstrumentState {
            header: header(CommandKind::SetInstrumentState, 0, 0),
            instrument: InstrumentId(instrument),
            state: state(to),
            reserved: [0; 99],
        }),
        Act::Fees { level, maker_ppb, taker_ppb } => owned(&DefineFeeLevel {
            header: header(CommandKind::DefineFeeLevel, 0, 0),
            maker_ppb,
            taker_ppb,
            level,
            reserved: [0; 87],
        }),
        Act::Open { account, master, level, self_trade } => owned(&DefineAccount {
            header: header(CommandKind::DefineAccount, account, 0),
            master: AccountId(master),
            fee_level: level,
            self_trade,
            reserved: [0; 98],
        }),
        Act::Credit { account, asset, wallet, amount, key } => owned(&Credit {
            header: header(CommandKind::Credit, account, 0),
            asset: AssetId(asset),
            wallet,
            reason: PostingReason::Credit,
            reserved: [0; 2],
            amount,
            key: name(b'k', key),
            reserved2: [0; 64],
        }),
        Act::Debit { account, asset, wallet, amount, key } => owned(&Debit {
            header: header(CommandKind::Debit, account, 0),
            asset: AssetId(asset),
            wallet,
            reason: PostingReason::Debit,
            reserved: [0; 2],
            amount,
            key: name(b'k', key),
            reserved2: [0; 64],
        }),
        Act::Transfer { by, from, to, asset, amount, key } => owned(&Transfer {
            header: header(CommandKind::Transfer, by, 0),
            from: AccountId(from.0),
            to: AccountId(to.0),
            amount,
            asset: AssetId(asset),
            from_wallet: from.1,
            to_wallet: to.1,
            reserved: [0; 2],
            key: name(b'k', key),
            reserved2: [0; 56],
        }),
        Act::Place { account, instrument, side, kind, self_trade, price, size, flags, name: named, tag, valid_ms } => {
            owned(&PlaceOrder {
                header: header(CommandKind::PlaceOrder, account, flags),
                instrument: InstrumentId(instrument),
                side,
                order_type: kind,
                trade_mode: TradeMode::Cash,
                self_trade,
                price,
                size,
                expires_at_ms: expiry(valid_ms),
                client_id: word(b'c', named),
                tag: word(b't', tag),
                reserved: [0; 24],
            })
        }
        Act::Cancel { account, instrument, which } => {
            let (order_id, client_id, instrument) = named(account, instrument, which, desk);
            owned(&CancelOrder {
                header: header(CommandKind::CancelOrder, account, 0),
                instrument: InstrumentId(instrument),
                reserved: [0; 4],
                order_id,
                client_id,
                reserved2: [0; 56],
            })
        }
        Act::Amend { account, instrument, which, price, size, flags, valid_ms } => {
            let (order_id, client_id, instrument) = named(account, instrument, which, desk);
            owned(&AmendOrder {
                header: header(CommandKind::AmendOrder, account, flags),
                instrument: InstrumentId(instrument),
                reserved: [0; 4],
                order_id,
                price,
                size,
                client_id,
                request_id: [0; 32],
                expires_at_ms: expiry(valid_ms),
            })
        }
        Act::CancelAll { account, instrument } => owned(&MassCancel {
            header: header(CommandKind::MassCancel, account, 0),
            instrument: InstrumentId(instrument),
            reserved: [0; 100],
        }),
        Act::Timer { account, timeout_ms, tag } => owned(&CancelAllAfter {
            header: header(CommandKind::CancelAllAfter, account, 0),
            timeout_ms,
            tag: word(b't', tag),
            reserved: [0; 80],
        }),
        Act::Trigger {
            account,
            instrument,
            kind,
            side,
            order_type,
            legs: [first, second],
            size,
            ratio_ppb,
            spread,
            active,
            flags,
            name: named,
        } => owned(&PlaceTrigger {
            header: header(CommandKind::PlaceTrigger, account, flags),
            instrument: InstrumentId(instrument),
            kind,
            side,
            order_type,
            trade_mode: TradeMode::Cash,
            legs: [leg(first), leg(second)],
            size,
            callback_ratio_ppb: ratio_ppb,
            callback_spread: spread,
            active_price: active,
            client_id: word(b'c', named),
            tag: [0; 16],
            price_types: [PriceType::Last; 2],
            self_trade: SelfTrade::AccountDefault,
            reserved: [0; 45],
        }),
        Act::CancelTrigger { account, instrument, which } => {
            let (trigger_id, client_id, instrument) = named_trigger(account, instrument, which, desk);
            owned(&CancelTrigger {
                header: header(CommandKind::CancelTrigger, account, 0),
                instrument: InstrumentId(instrument),
                reserved: [0; 4],
                trigger_id,
                client_id,
                reserved2: [0; 56],
            })
        }
        Act::AmendTrigger { account, instrument, which, legs: [first, second], size, flags } => {
            let (trigger_id, client_id, instrument) = named_trigger(account, instrument, which, desk);
            owned(&AmendTrigger {
                header: header(CommandKind::AmendTrigger, account, flags),
                instrument: InstrumentId(instrument),
                reserved: [0; 4],
                trigger_id,
                size,
                legs: [leg(first), leg(second)],
                client_id,
                request_id: [0; 32],
                reserved2: [0; 48],
            })
        }
        Act::PlaceAttached { account, instrument, side, kind, price, size, attached, name: named } => {
            let mut attachments = [Attachment::NONE; Attachment::MAX];
            for (entry, ([first, second], size)) in attachments.iter_mut().zip(attached) {
                *entry = Attachment { legs: [leg(first), leg(second)], size, ..Attachment::NONE };
            }
            attachments[0].client_id = word(b'c', named);
            owned(&PlaceOrderAttached {
                order: PlaceOrder {
                    header: header(CommandKind::PlaceOrderAttached, account, PlaceOrder::ATTACHED),
                    instrument: InstrumentId(instrument),
                    side,
                    order_type: kind,
                    trade_mode: TradeMode::Cash,
                    self_trade: SelfTrade::AccountDefault,
                    price,
                    size,
                    expires_at_ms: 0,
                    client_id: word(b'c', named),
                    tag: [0; 16],
                    reserved: [0; 24],
                },
                attachments,
            })
        }
        Act::Garbled => {
            let mut bytes = owned(&MassCancel {
                header: header(CommandKind::PlaceOrder, 16, 0),
                instrument: InstrumentId(1),
                reserved: [0; 100],
            });
            bytes[28] = 9; // There is no such side.
            bytes
        }
        _ => return None,
    })
}

/// The record by which the host says that time goes on.
#[must_use]
pub fn advance_time() -> Vec<u8> {
    let header = CommandHeader {
        kind: CommandKind::AdvanceTime,
        flags: 0,
        reserved: [0; 2],
        account: AccountId(0),
        origin: Origin::default(),
    };
    owned(&AdvanceTime { header, reserved: [0; 104] })
}

/// Instrument 0 stands for the order's own.
fn named(account: u32, instrument: u32, which: Which, desk: &impl Desk) -> (OrderId, ClientId, u32) {
    if let Which::Named(name) = which {
        return (OrderId(0), word(b'c', name), instrument.max(1));
    }
    let (id, own) = desk.order(account, which).unwrap_or((OrderId(u64::MAX >> 1), 1));
    (id, [0; 32], if instrument == 0 { own } else { instrument })
}

/// The same, of trigger orders.
fn named_trigger(account: u32, instrument: u32, which: Which, desk: &impl Desk) -> (TriggerId, ClientId, u32) {
    if let Which::Named(name) = which {
        return (TriggerId(0), word(b'c', name), instrument.max(1));
    }
    let (id, own) = desk.trigger(account, which).unwrap_or((TriggerId::new(1 << 38), 1));
    (id, [0; 32], if instrument == 0 { own } else { instrument })
}

const fn leg((trigger, price): (i64, i64)) -> Leg {
    Leg { trigger, price }
}

const fn state(to: Trading) -> InstrumentState {
    match to {
        Trading::Unopened => InstrumentState::Preopen,
        Trading::Open => InstrumentState::Live,
        Trading::MakersOnly => InstrumentState::PostOnly,
        Trading::CancelsOnly => InstrumentState::CancelOnly,
        Trading::Halted => InstrumentState::Suspended,
    }
}

/// A letter and a number, padded with zeros.
fn name<const N: usize>(letter: u8, number: u32) -> [u8; N] {
    let mut bytes = [0; N];
    let text = format!("{}{number}", char::from(letter));
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

/// The same; nothing for 0.
fn word<const N: usize>(letter: u8, number: u8) -> [u8; N] {
    if number == 0 { [0; N] } else { name(letter, u32::from(number)) }
}

fn owned(record: &(impl IntoBytes + zerocopy::Immutable)) -> Vec<u8> {
    record.as_bytes().to_vec()
}
