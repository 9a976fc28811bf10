//! What is not answered stays in flight, and is answered once.

use tickyard_entry::{InFlight, NotCommands};
use tickyard_types::{OrderId, Refusal, Reply, Seq};
use zerocopy::IntoBytes;

const RECORD: usize = 128;
const WIDE: usize = 256;
const CANCEL: u8 = 2;
const DEFINE_INSTRUMENT: u8 = 11;

fn commands(count: usize) -> Vec<u8> {
    let mut bytes = vec![7; RECORD * count];
    bytes.chunks_exact_mut(RECORD).for_each(|record| record[0] = CANCEL);
    bytes
}

/// From the host when it refuses, else from the engine.
fn reply(counter: u64, refusal: Option<Refusal>) -> Vec<u8> {
    let seq = if refusal.is_some() { 0 } else { counter };
    reply_at(seq, counter, refusal)
}

fn reply_at(seq: u64, counter: u64, refusal: Option<Refusal>) -> Vec<u8> {
    let refusal = refusal.map_or(0, Refusal::number);
    Reply { counter, seq: Seq(seq), order_id: OrderId(counter), refusal, ..Reply::default() }.as_bytes().to_vec()
}

/// Settles one reply; returns who was answered, with the counts of the replies.
fn settle(flight: &mut InFlight<&'static str>, bytes: &[u8]) -> Vec<(&'static str, Vec<u64>)> {
    let settled = flight.settle(bytes).expect("replies");
    settled
        .answered
        .into_iter()
        .map(|(who, replies)| (who, replies.iter().map(|reply| reply.counter).collect()))
        .collect()
}

fn counts(sent: &[u8]) -> Vec<u64> {
    sent.chunks_exact(RECORD).map(|record| u64::from_le_bytes(record[16..24].try_into().expect("8 bytes"))).collect()
}

#[test]
fn origins_are_counted_within_a_run() {
    let mut flight = InFlight::new(77);
    let first = flight.add(&commands(2), 0, "first").expect("commands").to_vec();
    let second = flight.add(&commands(1), 0, "second").expect("commands").to_vec();
    assert_eq!(counts(&[first.clone(), second].concat()), [1, 2, 3]);
    assert_eq!(first[8..16], 77_u64.to_le_bytes());
    assert_eq!((&first[..8], &first[24..RECORD]), (&commands(1)[..8], &commands(1)[24..]));
}

#[test]
fn a_call_is_answered_in_its_order_when_all_answers_are_there() {
    let mut flight = InFlight::new(1);
    flight.add(&commands(2), 0, "one").expect("commands");
    flight.add(&commands(1), 0, "two").expect("commands");
    assert_eq!(settle(&mut flight, &reply(3, None)), [("two", vec![3])]);
    assert_eq!(settle(&mut flight, &reply(2, None)), []);
    assert_eq!(flight.len(), 1);
    assert_eq!(settle(&mut flight, &[reply(2, None), reply(1, None)].concat()), [("one", vec![1, 2])]);
    assert!(flight.is_empty());
    assert_eq!(flight.next_deadline_ms(), None);
}

#[test]
fn everything_unanswered_is_sent_again_in_its_order() {
    let mut flight = InFlight::new(1);
    let first = flight.add(&commands(2), 0, "first").expect("commands").to_vec();
    let second = flight.add(&commands(1), 0, "second").expect("commands").to_vec();
    settle(&mut flight, &reply(1, None));
    assert_eq!(flight.again(), [&first[RECORD..], &second].concat());
}

#[test]
fn not_journalled_is_no_answer_to_a_command_that_was_sent_before() {
    let mut flight = InFlight::new(1);
    let sent = flight.add(&commands(1), 0, "one").expect("commands").to_vec();
    assert_eq!(flight.again(), sent);
    for refusal in [Refusal::Busy, Refusal::Unavailable, Refusal::Expired] {
        let settled = flight.settle(&reply(1, Some(refusal))).expect("replies");
        assert!(settled.answered.is_empty());
        assert_eq!(settled.once_more, [1]);
    }
    assert_eq!(flight.record(1), sent);
    assert_eq!(settle(&mut flight, &reply(1, None)), [("one", vec![1])]);
    assert_eq!(flight.record(1), []);
}

#[test]
fn what_the_engine_refused_as_expired_is_an_answer() {
    let mut flight = InFlight::new(1);
    flight.add(&commands(1), 0, "one").expect("commands");
    let _sent = flight.again();
    assert_eq!(settle(&mut flight, &reply_at(9, 1, Some(Refusal::Expired))), [("one", vec![1])]);
}

#[test]
fn not_journalled_is_an_answer_to_the_first_sending() {
    let mut flight = InFlight::new(1);
    flight.add(&commands(1), 0, "one").expect("commands");
    assert_eq!(settle(&mut flight, &reply(1, Some(Refusal::Unavailable))), [("one", vec![1])]);
}

#[test]
fn a_call_that_waited_too_long_is_given_up_and_its_late_answers_are_dropped() {
    let mut flight = InFlight::new(1);
    flight.add(&commands(2), 5_000, "late").expect("commands");
    let later = flight.add(&commands(1), 5_001, "later").expect("commands").to_vec();
    settle(&mut flight, &reply(1, None));
    assert_eq!(flight.next_deadline_ms(), Some(5_000));
    assert_eq!(flight.expire(5_000), ["late"]);
    assert_eq!(settle(&mut flight, &reply(2, None)), []);
    assert_eq!((flight.len(), flight.next_deadline_ms()), (1, Some(5_001)));
    assert_eq!(flight.again(), later);
}

#[test]
fn an_answered_call_behind_one_that_waits_expires_without_a_word() {
    let mut flight = InFlight::new(1);
    flight.add(&commands(1), 1, "waits").expect("commands");
    flight.add(&commands(1), 2, "answered").expect("commands");
    settle(&mut flight, &reply(2, None));
    assert_eq!(settle(&mut flight, &reply(2, None)), [], "answered once");
    assert_eq!(flight.expire(2), ["waits"]);
    assert!(flight.is_empty());
}

#[test]
fn commands_of_both_sizes_go_together() {
    let mut flight = InFlight::new(1);
    let mut wide = vec![0; WIDE];
    wide[0] = DEFINE_INSTRUMENT;
    let sent = flight.add(&[commands(1), wide, commands(1)].concat(), 0, "all").expect("commands").to_vec();
    assert_eq!(sent[RECORD + 16], 2);
    assert_eq!(sent[RECORD + WIDE + 16], 3);
    assert_eq!(flight.record(2), &sent[RECORD..RECORD + WIDE]);
    assert_eq!(flight.record(3), &sent[RECORD + WIDE..]);
}

#[test]
fn what_is_no_command_or_reply_is_refused_whole() {
    let mut flight = InFlight::new(1);
    let mut unknown = commands(2);
    unknown[RECORD] = 99;
    for wrong in [&[][..], &commands(1)[1..], &commands(2)[..RECORD + 1], &unknown] {
        assert_eq!(flight.add(wrong, 0, "nobody"), Err(NotCommands));
    }
    assert!(flight.is_empty());
    assert!(flight.settle(&reply(1, None)[1..]).is_err());
    assert_eq!(counts(flight.add(&commands(1), 0, "somebody").expect("commands")), [1]);
}
