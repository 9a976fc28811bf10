//! Days of trading: short ones of a few seeds, scripts of days that once went wrong, and days with a mistake in them.

use tickyard_sim::act::{Act, Act::*};
use tickyard_sim::day::{Summary, live};
use tickyard_sim::draw;
use tickyard_sim::flaw::Flaw;
use tickyard_sim::shrink::{script, shrink};
use tickyard_types::{PostingReason, SelfTrade::*, Wallet::*};

/// Short, so that all of them take seconds.
const ACTS: usize = 400;

/// Lives through a script, as a failing seed prints it.
fn passes(acts: &[Act]) -> Summary {
    live(acts, None).unwrap_or_else(|failure| panic!("step {}: {}", failure.step, failure.what))
}

#[test]
fn twenty_days_go_well_and_much_happens() {
    let mut sum = Summary::default();
    for seed in 0..20 {
        let day = live(&draw::day(seed, ACTS), None);
        sum.add(&day.unwrap_or_else(|failure| {
            let again = format!("cargo run -p tickyard-sim --release -- {seed} --commands {ACTS}");
            panic!("seed {seed}, step {}: {}; shrink it: {again}", failure.step, failure.what)
        }));
    }
    assert!(sum.answers.len() > 25, "few refusals: {:?}", sum.answers);
    assert!(sum.events.len() == 14, "some event never happened: {:?}", sum.events);
    assert!(sum.starts > 100 && sum.unknown > sum.found && sum.found > 0, "few deaths: {sum:?}");
}

#[test]
fn a_seed_is_a_day_to_the_last_bit() {
    let day = draw::day(7, ACTS);
    assert_eq!(day, draw::day(7, ACTS));
    assert_ne!(day, draw::day(8, ACTS));
    assert_eq!(passes(&day), passes(&day));
}

#[test]
fn what_was_not_answered_is_asked_again_and_carried_out_once() {
    // The frame is on the disk when the core dies, so the credit is found there; asked again, it moves nothing.
    let whole = passes(&[
        Asset { asset: 1, digits: 18 },
        Open { account: 16, master: 16, level: 0, self_trade: CancelMaker },
        Kill { after: 2, share: 0 },
        Credit { account: 16, asset: 1, wallet: Trading, reason: PostingReason::Credit, amount: 5, key: 1 },
        Again { back: 1 },
    ]);
    assert_eq!((whole.unknown, whole.found), (1, 1));
    // Its header alone is: it is cut off, and asked again it is new.
    let torn = passes(&[
        Asset { asset: 1, digits: 18 },
        Open { account: 16, master: 16, level: 0, self_trade: CancelMaker },
        Kill { after: 1, share: 4 },
        Credit { account: 16, asset: 1, wallet: Trading, reason: PostingReason::Credit, amount: 5, key: 1 },
        Again { back: 1 },
    ]);
    assert_eq!((torn.unknown, torn.found), (1, 0));
}

#[test]
fn nothing_is_built_upon_what_a_failed_sync_may_have_lost() {
    let mut acts = vec![
        Asset { asset: 1, digits: 18 },
        Open { account: 16, master: 16, level: 0, self_trade: CancelMaker },
        FailSync,
        Snapshot { keep: 1 },
    ];
    acts.extend((1..=20).map(|key| Credit {
        account: 16,
        asset: 1,
        wallet: Trading,
        reason: PostingReason::Credit,
        amount: 1,
        key,
    }));
    acts.extend([Snapshot { keep: 1 }, PowerOff { after: 1, share: 0, seed: 3 }, Tick]);
    passes(&acts);
}

#[test]
fn mistakes_are_found_and_shrunk() {
    let mistakes = [
        (Flaw::RebateRoundedUp, 20),
        // Numbers of accounts leave no gaps, so that all before those that trade are opened, too.
        (Flaw::LastInFirstOut, 25),
        (Flaw::CarriesOutTwice, 8),
        (Flaw::AcknowledgesEarly, 6),
    ];
    for (flaw, longest) in mistakes {
        let days = (0..20).map(|seed| (seed, draw::day(seed, ACTS)));
        let mut wrong = days.filter_map(|(seed, day)| live(&day, Some(flaw)).err().map(|failure| (seed, day, failure)));
        let (seed, day, failure) = wrong.next().unwrap_or_else(|| panic!("{flaw:?} is not found"));
        let (shortest, seen) = shrink(&day, &failure, Some(flaw));
        let script = script(&shortest, seed, &seen);
        assert!(shortest.len() <= longest, "{flaw:?}: {} acts\n{script}", shortest.len());
        assert_eq!(live(&shortest, Some(flaw)), Err(seen.clone()), "{flaw:?}");
        assert_eq!(seen.rule(), failure.rule());
        assert!(live(&shortest, None).is_ok(), "the day itself is sound: {script}");
    }
}
