//! The sequencer on a log that it shares with another: who is fenced leads no more and acknowledges nothing.

use super::tests::mass_cancel;
use super::*;
use crate::admission::read_commands;
use crate::clock::Gaps;
use crate::inbox::Work;
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::time::Duration;
use tickyard_journal::testing::{FencedLog, SharedLog, Weather};
use tickyard_types::{Refusal, Reply, Seq};
use zerocopy::FromBytes;

/// A core without its engine: what it would apply, and what its worker is told.
struct Core {
    applied: Vec<Batch>,
    replies: Vec<Reply>,
    ended: Result<(), LogError>,
}

/// A worker sends so many commands to a core on this log, which works until they are done or it may not.
fn work(log: FencedLog, run: u64, commands: u64) -> Core {
    let (queues, inbox) = (Arc::new(Queues::new(100, 1)), Arc::new(Inbox::new()));
    let commit_gaps = Gaps { busy: Duration::ZERO, quiet: Duration::ZERO };
    let settings = Settings { batch_commands: 1, commit_gaps, ..Settings::new("", "") };
    let sequencer = Sequencer::new(log, Arc::clone(&queues), Arc::clone(&inbox), &settings, run);
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let outbox = Arc::new(Outbox::new(ours));
    let (mut waiting, mut refused) = (Vec::new(), Vec::new());
    let bytes: Vec<u8> = (1..=commands).flat_map(|n| mass_cancel(n).as_bytes().to_vec()).collect();
    read_commands(&bytes, &outbox, &mut waiting, &mut refused).unwrap();
    queues.push(waiting.into_iter(), |_, _| panic!("there is room"));
    queues.drain();

    let (mut applied, mut ended) = (Vec::new(), Ok(()));
    std::thread::scope(|scope| {
        let running = scope.spawn(|| sequencer.run());
        while let Some(work) = inbox.next() {
            if let Work::Apply(batch) = work {
                applied.push(batch);
            }
        }
        ended = running.join().unwrap();
    });
    outbox.close();
    let mut told = Vec::new();
    theirs.read_to_end(&mut told).unwrap();
    Core { applied, replies: replies_in(&told), ended }
}

/// The replies of all frames, in their order.
fn replies_in(mut told: &[u8]) -> Vec<Reply> {
    let mut replies = Vec::new();
    while let Some((length, _)) = told.split_first_chunk() {
        let (frame, rest) = told.split_at(size_of_val(length) + u32::from_le_bytes(*length) as usize);
        told = rest;
        let records = frame[crate::FRAME_BYTES..].chunks_exact(size_of::<Reply>());
        replies.extend(records.map(|reply| Reply::read_from_bytes(reply).unwrap()));
    }
    replies
}

fn bodies(log: &FencedLog) -> Vec<Vec<u8>> {
    let mut frames = log.read_after(tickyard_journal::Head::GENESIS).unwrap();
    let mut bodies = Vec::new();
    while let Some(frame) = frames.next_frame().unwrap() {
        bodies.push(frame.body.to_vec());
    }
    bodies
}

#[test]
fn f26_of_two_cores_that_lead_at_once_one_is_fenced_and_acknowledges_nothing() {
    for seed in 0..10 {
        let shared = SharedLog::new(seed, Weather::STORM);
        let (ours, theirs, reader) = (shared.member(), shared.member(), shared.member());
        let leading = work(ours, 0x1111, 3);
        assert!(leading.ended.is_ok());

        let fenced = work(theirs, 0x2222, 3);
        assert!(matches!(fenced.ended, Err(LogError::Fenced { .. })), "it leads no more");
        assert!(fenced.applied.is_empty());
        let told: Vec<_> = fenced.replies.iter().map(|reply| (reply.counter, reply.seq, reply.refusal)).collect();
        let turned_away = Refusal::Unavailable.number();
        assert_eq!(told, [(2, Seq(0), turned_away), (3, Seq(0), turned_away)], "the first has an unknown outcome");

        let journalled: Vec<_> = leading.applied.iter().map(|batch| batch.body.clone()).collect();
        assert_eq!(bodies(&reader), journalled, "each is there once");
    }
}

#[test]
fn f27_lost_doubled_and_late_answers_apply_each_command_once() {
    for seed in 0..10 {
        let shared = SharedLog::new(seed, Weather::STORM);
        let core = work(shared.member(), 0x1111, 30);
        assert!(core.ended.is_ok());
        let seqs: Vec<_> = core.applied.iter().map(|batch| batch.first_seq.0).collect();
        assert_eq!(seqs, (1..=30).collect::<Vec<_>>());
        assert_eq!(shared.head().seq, Seq(30));
        let commands: Vec<_> = core.applied.into_iter().map(|batch| batch.body).collect();
        assert_eq!(bodies(&shared.member()), commands);
    }
}
