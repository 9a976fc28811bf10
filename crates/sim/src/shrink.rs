//! Makes a day that went wrong short: leaves out as many acts as it can while the same rule stays broken.

use crate::act::Act;
use crate::day::{Failure, live};
use crate::flaw::Flaw;
use std::fmt::Write as _;

/// Most days that are tried.
const TRIES: usize = 4_000;

/// The shortest day found that breaks the same rule, and what went wrong on it.
#[must_use]
pub fn shrink(acts: &[Act], failure: &Failure, flaw: Option<Flaw>) -> (Vec<Act>, Failure) {
    let (mut shortest, mut seen) = (acts[..acts.len().min(failure.step + 1)].to_vec(), failure.clone());
    let mut part = shortest.len().div_ceil(2);
    let mut tries = 0;
    while part > 0 {
        let (mut at, before) = (0, shortest.len());
        while at < shortest.len() && tries < TRIES {
            let mut shorter = shortest.clone();
            shorter.drain(at..(at + part).min(shortest.len()));
            tries += 1;
            match live(&shorter, flaw) {
                Err(same) if same.rule() == failure.rule() => (shortest, seen) = (shorter, same),
                _ => at += part,
            }
        }
        if tries >= TRIES {
            break;
        }
        // Single acts are tried again until none can go.
        part = if part == 1 && shortest.len() < before { 1 } else { part / 2 };
    }
    (shortest, seen)
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
