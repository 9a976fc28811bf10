//! What every log promises, whatever it is made of: files, or one that several cores share over a bad network.

use crate::machine::{Machine, batch};
use tickyard_journal::testing::{FencedLog, SharedLog, Weather};
use tickyard_journal::{Append, CommandLog, FrameKind, Head, LogError};
use tickyard_types::Seq;

/// A fulfilment: its name, the log, and how another process opens the same.
struct Fulfilment {
    name: &'static str,
    log: Box<dyn CommandLog>,
    reopen: Box<dyn Fn() -> Box<dyn CommandLog>>,
}

fn fulfilments() -> Vec<Fulfilment> {
    let machine = Machine::new();
    let log: Box<dyn CommandLog> = Box::new(machine.open().expect("opens"));
    let files = Fulfilment { name: "files", log, reopen: Box::new(move || Box::new(machine.open().expect("opens"))) };
    let shared = |(name, weather)| {
        let shared = SharedLog::new(5, weather);
        let log: Box<dyn CommandLog> = Box::new(shared.member());
        Fulfilment { name, log, reopen: Box::new(move || Box::new(shared.member())) }
    };
    let mut all = vec![files];
    all.extend([("shared, calm", Weather::default()), ("shared, storm", Weather::STORM)].map(shared));
    all
}

fn read(log: &dyn CommandLog, after: Head) -> Vec<Vec<u8>> {
    let mut frames = log.read_after(after).expect("is kept");
    let mut bodies = Vec::new();
    while let Some(frame) = frames.next_frame().expect("whole") {
        bodies.push(frame.body.to_vec());
    }
    bodies
}

fn append(log: &mut dyn CommandLog, body: &[u8]) -> Head {
    let head = log.head();
    log.append(head, batch(&head, body)).expect("appends")
}

#[test]
fn what_was_appended_is_read_back_in_order_from_every_head() {
    for Fulfilment { name, mut log, reopen } in fulfilments() {
        let bodies: Vec<Vec<u8>> = (1..=20).map(|n| vec![n; usize::from(n)]).collect();
        let heads: Vec<Head> = bodies.iter().map(|body| append(&mut *log, body)).collect();
        assert_eq!(heads.iter().map(|head| head.seq.0).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>(), "{name}");
        assert_eq!(read(&*log, Head::GENESIS), bodies, "{name}");
        drop(log);
        let log = reopen();
        assert_eq!(log.head(), heads[19], "{name}");
        for (count, head) in (1..).zip(&heads) {
            assert_eq!(read(&*log, *head), bodies[count..], "{name}");
        }
        let elsewhere = log.read_after(Head { chain: 1, ..heads[3] });
        let read = elsewhere.and_then(|mut frames| frames.next_frame().map(drop));
        assert!(read.is_err(), "{name}: a head of another history");
    }
}

#[test]
fn f26_of_two_appends_to_one_head_exactly_one_succeeds() {
    for Fulfilment { name, mut log, .. } in fulfilments() {
        let head = log.head();
        let first = log.append(head, Append { uid: 1, ..batch(&head, b"mine") }).expect("appends");
        match log.append(head, Append { uid: 2, ..batch(&head, b"yours") }) {
            Err(LogError::Fenced { expected, head: now }) => assert_eq!((expected, now), (head, first), "{name}"),
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!(read(&*log, Head::GENESIS), [b"mine"], "{name}");
    }
}

#[test]
fn f26_a_writer_of_an_older_epoch_is_fenced() {
    for Fulfilment { name, mut log, .. } in fulfilments() {
        let old = append(&mut *log, b"one");
        let takeover = Append { kind: FrameKind::Epoch, commands: &[], count: 0, time_ns: old.time_ns, uid: 77 };
        let new = log.append(old, takeover).expect("appends");
        assert_eq!((new.seq, new.epoch), (Seq(1), 1), "{name}: a frame without commands takes no number");
        assert!(matches!(log.append(old, batch(&old, b"late")), Err(LogError::Fenced { .. })), "{name}");
        log.append(new, batch(&new, b"two")).expect("appends");
    }
}

#[test]
fn f27_an_append_sent_again_is_appended_once() {
    for Fulfilment { name, mut log, reopen } in fulfilments() {
        append(&mut *log, b"one");
        let before = log.head();
        let after = log.append(before, batch(&before, b"two")).expect("appends");
        assert_eq!(log.append(before, batch(&before, b"two")).expect("known"), after, "{name}");
        drop(log);

        // Also when the answer was lost because the process died.
        let mut log = reopen();
        assert_eq!(log.append(before, batch(&before, b"two")).expect("known"), after, "{name}");
        assert_eq!(read(&*log, Head::GENESIS), [b"one", b"two"], "{name}");
    }
}

#[test]
fn an_invalid_append_changes_nothing() {
    for Fulfilment { name, mut log, .. } in fulfilments() {
        let head = append(&mut *log, b"one");
        let good = batch(&head, b"two");
        let bad = [
            Append { uid: 0, ..good },
            Append { count: 0, ..good },
            Append { count: 4, ..good },
            Append { time_ns: head.time_ns - 1, ..good },
        ];
        for append in bad {
            assert!(matches!(log.append(head, append), Err(LogError::Invalid(_))), "{name}: {append:?}");
        }
        assert_eq!((log.head(), read(&*log, Head::GENESIS).len()), (head, 1), "{name}");
    }
}

/// Two members of one log who both believe that they lead.
fn rivals(seed: u64) -> (SharedLog, [FencedLog; 2]) {
    let shared = SharedLog::new(seed, Weather::STORM);
    let members = [shared.member(), shared.member()];
    (shared, members)
}

#[test]
fn f26_of_two_who_lead_at_once_one_is_fenced_and_appends_no_more() {
    for seed in 0..50 {
        let (shared, [mut first, mut second]) = rivals(seed);
        let head = append(&mut first, b"first");
        let lost = second.append(Head::GENESIS, Append { uid: 1_000, ..batch(&Head::GENESIS, b"other") });
        assert!(matches!(lost, Err(LogError::Fenced { head: now, .. }) if now == head), "seed {seed}");
        assert!(second.is_fenced() && !first.is_fenced());

        // It knows the truth now, and still may not append before it has taken over.
        second.catch_up();
        assert!(matches!(second.append(head, batch(&head, b"other")), Err(LogError::Fenced { .. })));
        assert_eq!(second.take_over(99).expect("takes over").epoch, 1);
        append(&mut second, b"second");
        assert!(matches!(first.append(head, batch(&head, b"late")), Err(LogError::Fenced { .. })), "seed {seed}");
        assert_eq!(read(&first, Head::GENESIS), [&b"first"[..], b"", b"second"]);
        assert_eq!(shared.head(), second.head());
    }
}

#[test]
fn f27_appends_are_carried_out_once_whatever_befalls_requests_and_answers() {
    let mut sent = 0;
    for seed in 0..50 {
        let (_, [mut log, _]) = rivals(seed);
        let bodies: Vec<Vec<u8>> = (1..=40).map(|n| vec![n; 3]).collect();
        for body in &bodies {
            append(&mut log, body);
        }
        assert_eq!(read(&log, Head::GENESIS), bodies, "seed {seed}");
        sent += log.sent();
    }
    assert!(sent > 50 * 40 * 5 / 4, "hardly anything was lost: {sent}");
}

#[test]
fn f27_an_append_whose_place_is_no_longer_kept_is_never_acknowledged() {
    for seed in 0..50 {
        let (shared, [mut first, mut second]) = rivals(seed);
        // No answer of before is under way any more.
        shared.set_weather(Weather::default());
        // It was appended, but whoever asks again cannot be told so any more.
        append(&mut first, b"one");
        shared.forget();
        let again = batch(&Head::GENESIS, b"one");
        assert!(matches!(first.append(Head::GENESIS, again), Err(LogError::Fenced { .. })), "seed {seed}");
        assert!(matches!(second.append(Head::GENESIS, again), Err(LogError::Fenced { .. })), "seed {seed}");
    }
}
