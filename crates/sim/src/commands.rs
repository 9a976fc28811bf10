//! Acts as the records that a worker sends.

use crate::act::{Act, Trading, Which};
use crate::desk::Desk;
use tickyard_types::*;
use zerocopy::IntoBytes;

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
        Act::Index { instrument, price, bounds: (highest_buy, lowest_sell) } => owned(&SetIndexPrice {
            header: header(CommandKind::SetIndexPrice, 0, 0),
            instrument: InstrumentId(instrument),
            reserved: [0; 4],
            price,
            highest_buy,
            lowest_sell,
            reserved2: [0; 72],
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
        Act::Credit { account, asset, wallet, reason, amount, key } => owned(&Credit {
            header: header(CommandKind::Credit, account, 0),
            asset: AssetId(asset),
            wallet,
            reason,
            reserved: [0; 2],
            amount,
            key: name(b'k', key),
            reserved2: [0; 64],
        }),
        Act::Debit { account, asset, wallet, reason, amount, key } => owned(&Debit {
            header: header(CommandKind::Debit, account, 0),
            asset: AssetId(asset),
            wallet,
            reason,
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
            client_id: word(b'm', key as u8),
            reserved2: [0; 24],
        }),
        Act::Place {
            account,
            instrument,
            side,
            kind,
            mode,
            self_trade,
            price,
            size,
            flags,
            slippage_ppb,
            name: named,
            tag,
            valid_ms,
        } => owned(&PlaceOrder {
            header: header(CommandKind::PlaceOrder, account, flags),
            instrument: InstrumentId(instrument),
            side,
            order_type: kind,
            trade_mode: mode,
            self_trade,
            price,
            size,
            expires_at_ms: expiry(valid_ms),
            client_id: word(b'c', named),
            tag: word(b't', tag),
            slippage_ppb,
            reserved: [0; 16],
        }),
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
        Act::AmendAttached { account, instrument, which, price, size, flags, valid_ms, request, changes: wanted } => {
            let (order_id, client_id, instrument) = named(account, instrument, which, desk);
            let mut changes = [AttachmentChange::NONE; Attachment::MAX];
            let wanted = wanted.into_iter().filter(|(which, ..)| *which != 0);
            for (entry, (which, [first, second], size)) in changes.iter_mut().zip(wanted) {
                let found = desk.attached(account, order_id, &client_id, which - 1);
                let trigger_id = found.unwrap_or(TriggerId::new(1 << 38 | u64::from(which)));
                *entry = AttachmentChange { trigger_id, size, legs: [leg(first), leg(second)] };
            }
            owned(&AmendOrderAttached {
                order: AmendOrder {
                    header: header(CommandKind::AmendOrderAttached, account, flags),
                    instrument: InstrumentId(instrument),
                    reserved: [0; 4],
                    order_id,
                    price,
                    size,
                    client_id,
                    request_id: word(b'r', request),
                    expires_at_ms: expiry(valid_ms),
                },
                changes,
            })
        }
        Act::Amend { account, instrument, which, price, size, flags, valid_ms, request } => {
            let (order_id, client_id, instrument) = named(account, instrument, which, desk);
            owned(&AmendOrder {
                header: header(CommandKind::AmendOrder, account, flags),
                instrument: InstrumentId(instrument),
                reserved: [0; 4],
                order_id,
                price,
                size,
                client_id,
                request_id: word(b'r', request),
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
            mode,
            self_trade,
            legs: [first, second],
            size,
            ratio_ppb,
            spread,
            active,
            flags,
            name: named,
            tag,
        } => owned(&PlaceTrigger {
            header: header(CommandKind::PlaceTrigger, account, flags),
            instrument: InstrumentId(instrument),
            kind,
            side,
            order_type,
            trade_mode: mode,
            legs: [leg(first), leg(second)],
            size,
            callback_ratio_ppb: ratio_ppb,
            callback_spread: spread,
            active_price: active,
            client_id: word(b'c', named),
            tag: word(b't', tag),
            price_types: [PriceType::Last; 2],
            self_trade,
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
        Act::AmendTrigger { account, instrument, which, legs: [first, second], size, flags, request } => {
            let (trigger_id, client_id, instrument) = named_trigger(account, instrument, which, desk);
            owned(&AmendTrigger {
                header: header(CommandKind::AmendTrigger, account, flags),
                instrument: InstrumentId(instrument),
                reserved: [0; 4],
                trigger_id,
                size,
                legs: [leg(first), leg(second)],
                client_id,
                request_id: word(b'r', request),
                reserved2: [0; 48],
            })
        }
        Act::PlaceAttached {
            account,
            instrument,
            side,
            kind,
            mode,
            self_trade,
            price,
            size,
            flags,
            attached,
            name: named,
            tag,
            valid_ms,
        } => {
            let mut attachments = [Attachment::NONE; Attachment::MAX];
            let attached = attached.into_iter().filter(|(legs, ..)| *legs != [(0, 0); 2]);
            for (entry, ([first, second], size, name)) in attachments.iter_mut().zip(attached) {
                let client_id = word(b'c', name);
                *entry = Attachment { legs: [leg(first), leg(second)], size, client_id, ..Attachment::NONE };
            }
            owned(&PlaceOrderAttached {
                order: PlaceOrder {
                    header: header(CommandKind::PlaceOrderAttached, account, flags | PlaceOrder::ATTACHED),
                    instrument: InstrumentId(instrument),
                    side,
                    order_type: kind,
                    trade_mode: mode,
                    self_trade,
                    price,
                    size,
                    expires_at_ms: expiry(valid_ms),
                    client_id: word(b'c', named),
                    tag: word(b't', tag),
                    slippage_ppb: 0,
                    reserved: [0; 16],
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
