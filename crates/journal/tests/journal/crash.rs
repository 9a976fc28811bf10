//! Whenever the process or the machine dies, what was acknowledged is there, in order, and nothing else is.

use crate::machine::{Body, Machine, append, bodies};
use tickyard_journal::testing::{PowerFailure, Stop};
use tickyard_journal::{CommandLog, LogError};

const FAILURES: [PowerFailure; 6] = [
    PowerFailure::KeepsNothing,
    PowerFailure::KeepsSome(1),
    PowerFailure::KeepsSome(2),
    PowerFailure::KeepsSome(3),
    PowerFailure::KeepsSome(4),
    PowerFailure::KeepsSome(5),
];

/// A day's work: a new home, frames of all sizes, three segments, two restarts.
fn day() -> Vec<Body> {
    bodies(&[100, 9000, 30_000, 128, 25_000, 40_000, 300, 128, 60_000, 200])
}

/// Works until the day is over or the process dies; returns how much was acknowledged.
fn work(machine: &Machine, bodies: &[Body]) -> Result<usize, (usize, LogError)> {
    let mut acknowledged = 0;
    for part in bodies.chunks(4) {
        let mut log = machine.open().map_err(|error| (acknowledged, error))?;
        for body in part {
            append(&mut log, body).map_err(|error| (acknowledged, error))?;
            acknowledged += 1;
        }
    }
    Ok(acknowledged)
}

/// Lets the day end at every step, before it and half way through it, and hands over what is left.
fn for_every_death(mut check: impl FnMut(&Machine, usize, Stop)) {
    let bodies = day();
    let whole = Machine::new();
    work(&whole, &bodies).expect("a day without faults");
    for step in 1..=whole.storage.steps() {
        for share in [0, 1, 128, 255] {
            let machine = Machine::new();
            let stop = Stop { step, share };
            machine.storage.stop_at(stop);
            let (acknowledged, _) = work(&machine, &bodies).expect_err("dies");
            assert!(machine.storage.is_dead());
            check(&machine, acknowledged, stop);
        }
    }
}

/// What was acknowledged is there; the one append that was under way may be.
fn assert_whole(machine: &Machine, acknowledged: usize, context: &str) -> Vec<Body> {
    let day = day();
    let read = machine.recover().unwrap_or_else(|error| panic!("{context}: {error}"));
    assert!(read.len() >= acknowledged, "{context}: acknowledged {acknowledged}, there {}", read.len());
    assert!(read.len() <= acknowledged + 1, "{context}: acknowledged {acknowledged}, there {}", read.len());
    assert_eq!(read, day[..read.len()], "{context}");
    read
}

#[test]
fn a_killed_process_loses_nothing_that_was_acknowledged() {
    for_every_death(|machine, acknowledged, stop| {
        machine.storage.restart();
        let read = assert_whole(machine, acknowledged, &format!("{stop:?}"));
        let mut log = machine.open().expect("starts");
        append(&mut log, b"next").expect("appends");
        assert_eq!(log.head().seq.0, read.len() as u64 + 1);
        drop(log);
        assert_eq!(machine.recover().expect("whole").last().expect("a frame"), b"next");
        machine.verify().expect("whole");
    });
}

#[test]
fn a_power_failure_loses_nothing_that_was_acknowledged() {
    for_every_death(|machine, acknowledged, stop| {
        for failure in FAILURES {
            let machine = machine.copy();
            machine.storage.lose_power(failure);
            assert_whole(&machine, acknowledged, &format!("{stop:?} {failure:?}"));
        }
    });
}

#[test]
fn what_recovery_has_shown_survives_the_next_power_failure() {
    for_every_death(|machine, acknowledged, stop| {
        machine.storage.restart();
        let read = assert_whole(machine, acknowledged, &format!("{stop:?}"));
        machine.storage.lose_power(PowerFailure::KeepsNothing);
        assert_eq!(machine.recover().expect("starts"), read, "{stop:?}");
    });
}

#[test]
fn recovery_may_die_at_every_step_too() {
    for_every_death(|machine, acknowledged, stop| {
        machine.storage.restart();
        let measured = machine.copy();
        let before = measured.storage.steps();
        drop(measured.open().expect("starts"));
        for step in before + 1..=measured.storage.steps() {
            for failure in FAILURES {
                let machine = machine.copy();
                let second = Stop { step, share: 100 };
                machine.storage.stop_at(second);
                assert!(machine.open().is_err());
                machine.storage.lose_power(failure);
                assert_whole(&machine, acknowledged, &format!("{stop:?}, then {second:?} {failure:?}"));
            }
        }
    });
}
