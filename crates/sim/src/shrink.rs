//! Makes a day that went wrong short: leaves out acts and makes others plainer while the same rule stays broken.

use crate::act::Act;
use crate::day::{Failure, live};
use crate::flaw::Flaw;
use std::fmt::Write as _;
use tickyard_types::{OrderType, SelfTrade, TradeMode};

/// Most days that are tried.
const TRIES: usize = 4_000;

/// The shortest day found that breaks the same rule, and what went wrong on it.
#[must_use]
pub fn shrink(acts: &[Act], failure: &Failure, flaw: Option<Flaw>) -> (Vec<Act>, Failure) {
    let acts = acts[..acts.len().min(failure.step + 1)].to_vec();
    let mut shrinking = Shrinking { acts, seen: failure.clone(), flaw, tries: 0 };
    while shrinking.leave_out() || shrinking.make_plain() {}
    (shrinking.acts, shrinking.seen)
}

/// A day that still goes wrong.
struct Shrinking {
    acts: Vec<Act>,
    seen: Failure,
    flaw: Option<Flaw>,
    tries: usize,
}

impl Shrinking {
    /// Takes another day instead if it goes wrong in the same way.
    fn takes(&mut self, other: Vec<Act>) -> bool {
        if self.tries == TRIES {
            return false;
        }
        self.tries += 1;
        match live(&other, self.flaw) {
            Err(same) if same.rule() == self.seen.rule() => {
                (self.acts, self.seen) = (other, same);
                true
            }
            _ => false,
        }
    }

    /// Leaves out halves, quarters and so on down to single acts; whether anything could go.
    fn leave_out(&mut self) -> bool {
        let before = self.acts.len();
        let mut part = before.div_ceil(2);
        while part > 0 {
            let mut at = 0;
            while at < self.acts.len() {
                let mut shorter = self.acts.clone();
                shorter.drain(at..(at + part).min(self.acts.len()));
                if !self.takes(shorter) {
                    at += part;
                }
            }
            part /= 2;
        }
        self.acts.len() < before
    }

    /// Makes single acts plainer; whether any could be.
    fn make_plain(&mut self) -> bool {
        let mut is_plainer = false;
        for at in 0..self.acts.len() {
            let plainer = plainer(&self.acts[at]).into_iter().filter(|act| *act != self.acts[at]);
            let others = plainer.map(|act| {
                let mut other = self.acts.clone();
                other[at] = act;
                other
            });
            let others: Vec<_> = others.collect();
            is_plainer |= others.into_iter().any(|other| self.takes(other));
        }
        is_plainer
    }
}

/// Acts that say less. None of them leads back, so that this ends.
fn plainer(act: &Act) -> Vec<Act> {
    match *act {
        Act::Again { back: back @ 2.. } => vec![Act::Again { back: 1 }, Act::Again { back: back / 2 }],
        Act::PowerOff { after, share, seed } => {
            let power_off = |seed| Act::PowerOff { after, share, seed };
            let mut plainer = vec![Act::Kill { after, share: 0 }, Act::Kill { after, share }];
            plainer.extend((0..seed.min(8)).map(power_off));
            plainer
        }
        Act::Kill { after, share: 1.. } => vec![Act::Kill { after, share: 0 }],
        // A full disk is often no more than another way to die.
        Act::Full { bytes } => {
            let mut plainer = vec![Act::Kill { after: 1, share: 0 }, Act::Kill { after: 2, share: 0 }];
            plainer.extend((bytes > 0).then_some(Act::Full { bytes: 0 }));
            plainer
        }
        Act::FailSync => vec![Act::Kill { after: 1, share: 0 }, Act::Kill { after: 2, share: 0 }],
        Act::Crowd { account, instrument, side, price, size, count } => {
            vec![Act::Crowd { account, instrument, side, price, size, count: count / 2 }]
        }
        Act::TriggerCrowd { account, instrument, side, leg, size, count } => {
            vec![Act::TriggerCrowd { account, instrument, side, leg, size, count: count / 2 }]
        }
        Act::Place { account, instrument, side, kind, price, size, flags, slippage_ppb, name, tag, .. } => {
            let plain = |kind, flags, slippage_ppb, name, tag| Act::Place {
                account,
                instrument,
                side,
                kind,
                mode: TradeMode::Cash,
                self_trade: SelfTrade::AccountDefault,
                price,
                size,
                flags,
                slippage_ppb,
                name,
                tag,
                valid_ms: 0,
            };
            let kinds = if price == 0 { kind } else { OrderType::Limit };
            vec![
                plain(kind, flags, slippage_ppb, name, tag),
                plain(kind, flags, slippage_ppb, 0, 0),
                plain(kind, flags, 0, 0, 0),
                plain(kinds, 0, 0, 0, 0),
            ]
        }
        Act::Amend { account, instrument, which, price, size, flags, .. } => {
            let plain = |flags| Act::Amend { account, instrument, which, price, size, flags, valid_ms: 0, request: 0 };
            vec![plain(flags), plain(0)]
        }
        Act::AmendAttached { account, instrument, which, price, size, flags, changes, .. } => {
            let none = (0, [(0, 0); 2], 0);
            let plain = |price, size, flags, changes| Act::AmendAttached {
                account,
                instrument,
                which,
                price,
                size,
                flags,
                valid_ms: 0,
                request: 0,
                changes,
            };
            let mut plainer = vec![plain(price, size, flags, changes), plain(price, size, 0, changes)];
            plainer.push(plain(0, 0, 0, changes));
            plainer.extend((1..3).map(|kept| {
                let mut fewer = changes;
                fewer[kept..].fill(none);
                plain(price, size, flags, fewer)
            }));
            plainer
        }
        Act::Trigger {
            account,
            instrument,
            kind,
            side,
            order_type,
            legs,
            size,
            ratio_ppb,
            spread,
            active,
            flags,
            name,
            ..
        } => {
            let plain = |flags, name| Act::Trigger {
                account,
                instrument,
                kind,
                side,
                order_type,
                mode: TradeMode::Cash,
                self_trade: SelfTrade::AccountDefault,
                legs,
                size,
                ratio_ppb,
                spread,
                active,
                flags,
                name,
                tag: 0,
            };
            vec![plain(flags, name), plain(0, 0)]
        }
        Act::PlaceAttached { account, instrument, side, kind, price, size, flags, attached, name, .. } => {
            let plain = |flags, name, attached| Act::PlaceAttached {
                account,
                instrument,
                side,
                kind,
                mode: TradeMode::Cash,
                self_trade: SelfTrade::AccountDefault,
                price,
                size,
                flags,
                attached,
                name,
                tag: 0,
                valid_ms: 0,
            };
            let nameless = attached.map(|(legs, size, _)| (legs, size, 0));
            vec![plain(flags, name, attached), plain(flags, name, nameless), plain(0, 0, nameless)]
        }
        _ => Vec::new(),
    }
}

/// A test that lives through these acts.
#[must_use]
pub fn script(acts: &[Act], seed: u64, failure: &Failure) -> String {
    let mut text = format!("/// {}\n#[test]\nfn seed_{seed}() {{\n    passes(&[\n", failure.what.replace('\n', " "));
    for act in acts {
        let _ = writeln!(text, "        {act:?},");
    }
    text.push_str("    ]);\n}\n");
    text
}
