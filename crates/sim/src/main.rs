//! `tickyard-sim SEED [--commands N]` lives through one day, `tickyard-sim --seeds N [--from SEED]` through many.

use std::panic;
use std::process::ExitCode;
use tickyard_sim::act::Act;
use tickyard_sim::day::{Summary, live};
use tickyard_sim::draw;
use tickyard_sim::shrink::{script, shrink};

const USAGE: &str =
    "usage: tickyard-sim SEED [--commands N]\n       tickyard-sim --seeds N [--from SEED] [--commands N]";

/// How long a day is unless it is said.
const COMMANDS: usize = 1_500;

/// What was asked for.
struct Wish {
    from: u64,
    seeds: u64,
    commands: usize,
}

fn main() -> ExitCode {
    let Some(wish) = wish(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let mut sum = Summary::default();
    for (done, seed) in (wish.from..wish.from + wish.seeds).enumerate() {
        if done.is_multiple_of(20) && wish.seeds > 1 {
            eprintln!("{done}/{} days, {} commands, {} starts", wish.seeds, sum.commands, sum.starts);
        }
        match one(seed, wish.commands) {
            Some(summary) => sum.add(&summary),
            None => return ExitCode::FAILURE,
        }
    }
    println!(
        "{} days: {} commands, {} orders, {} starts, {} outcomes unknown ({} of them in the journal)",
        wish.seeds, sum.commands, sum.orders, sum.starts, sum.unknown, sum.found
    );
    println!("answers by refusal (0: carried out): {:?}\nevents by kind: {:?}", sum.answers, sum.events);
    ExitCode::SUCCESS
}

/// Lives through the day of a seed; when it goes wrong, prints how, and the shortest day that does.
fn one(seed: u64, commands: usize) -> Option<Summary> {
    let acts = draw::day(seed, commands);
    // From here on a panic is one of the core: a failure like others, reported with its day.
    let usual = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let outcome = judged(&acts, seed);
    panic::set_hook(usual);
    outcome
}

fn judged(acts: &[Act], seed: u64) -> Option<Summary> {
    let failure = match live(acts, None) {
        Ok(summary) => return Some(summary),
        Err(failure) => failure,
    };
    println!("seed {seed} fails at step {} of {}: {}", failure.step, acts.len(), failure.what);
    eprintln!("shrinking ...");
    let (shortest, seen) = shrink(acts, &failure, None);
    println!("{} acts are left:\n\n{}", shortest.len(), script(&shortest, seed, &seen));
    None
}

fn wish(mut words: impl Iterator<Item = String>) -> Option<Wish> {
    let mut wish = Wish { from: 0, seeds: 0, commands: COMMANDS };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seeds" => wish.seeds = words.next()?.parse().ok()?,
            "--from" => wish.from = words.next()?.parse().ok()?,
            "--commands" => wish.commands = words.next()?.parse().ok()?,
            seed => (wish.from, wish.seeds) = (seed.parse().ok()?, 1),
        }
    }
    (wish.seeds > 0).then_some(wish)
}
