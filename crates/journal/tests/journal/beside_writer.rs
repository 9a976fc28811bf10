//! A reader beside a running writer sees whole frames in order, and never takes an unfinished one for damage.

use crate::machine::{Machine, append, bodies};
use tickyard_journal::testing::FaultyStorage;
use tickyard_journal::{
    CommandLog, Damage, Disk, End, FileLog, FrameSource, Head, Home, JournalReader, LogError, Options, Until,
};
use tickyard_types::Seq;

fn follow(storage: &FaultyStorage, home: &Home) -> JournalReader {
    JournalReader::after(storage.shared(), &home.journal(), Head::GENESIS, Until::Live).expect("a log")
}

fn next(reader: &mut JournalReader) -> Option<u64> {
    reader.next_frame().expect("no damage").map(|frame| frame.header.first_seq.0)
}

#[test]
fn a_reader_goes_on_when_more_is_written() {
    let machine = Machine::new();
    let mut log = machine.open().expect("opens");
    let mut reader = follow(&machine.storage, &machine.home);
    for seq in 1..=60 {
        assert_eq!(next(&mut reader), None);
        append(&mut log, &[7; 4000]).expect("appends");
        assert_eq!(next(&mut reader), Some(seq));
    }
}

#[test]
fn an_unfinished_frame_is_waited_for_at_every_byte() {
    let machine = Machine::with(&bodies(&[100, 200, 9000]));
    let last = machine.frames().pop().expect("a frame");
    let whole = machine.storage.bytes(&last.segment);
    for written in 0..last.whole_bytes() {
        machine.storage.edit(&last.segment, |bytes| bytes[last.offset + written..].fill(0));
        let mut reader = follow(&machine.storage, &machine.home);
        assert_eq!([next(&mut reader), next(&mut reader), next(&mut reader)], [Some(1), Some(2), None]);
        let end = reader.check_end().expect("no damage");
        match end {
            End::Clean => assert_eq!(written, 0),
            End::Unfinished { place, .. } => assert_eq!(place.expected, Seq(3)),
            End::WentOn => panic!("nobody writes"),
        }
        machine.storage.edit(&last.segment, |bytes| bytes.copy_from_slice(&whole));
        assert_eq!(next(&mut reader), Some(3));
    }
}

#[test]
fn a_reader_goes_on_after_a_restart_that_cut_off_what_was_unfinished() {
    let machine = Machine::with(&bodies(&[100, 9000]));
    let last = machine.frames().pop().expect("a frame");
    machine.storage.edit(&last.segment, |bytes| bytes[last.offset + 5000..].fill(0));
    let mut reader = follow(&machine.storage, &machine.home);
    assert_eq!([next(&mut reader), next(&mut reader)], [Some(1), None]);
    let mut log = machine.open().expect("starts");
    assert_eq!(next(&mut reader), None);
    append(&mut log, b"another").expect("appends");
    assert_eq!(reader.next_frame().expect("whole").expect("a frame").body, b"another");
}

#[test]
fn damage_is_still_damage() {
    let machine = Machine::with(&bodies(&[100, 200, 300]));
    machine.storage.edit(&machine.segment(1), |bytes| bytes[4096 + 80] ^= 1);
    let mut reader = follow(&machine.storage, &machine.home);
    assert_eq!(next(&mut reader), Some(1));
    match reader.next_frame() {
        Err(LogError::Corrupt { place, damage }) => {
            assert_eq!((place.offset, place.expected, damage), (4096, Seq(2), Damage::BodyChecksum));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reader_of_sealed_segments_stops_before_the_one_that_is_written() {
    let machine = Machine::new();
    let mut log = machine.open().expect("opens");
    let dir = machine.home.journal();
    let mut reader = JournalReader::after(machine.storage.shared(), &dir, Head::GENESIS, Until::Sealed).expect("a log");
    for seq in 1..=40 {
        append(&mut log, &[7; 4000]).expect("appends");
        // Sixteen frames fill a segment.
        let sealed = (seq - 1) / 16 * 16;
        let mut read = reader.head().map_or(0, |head| head.seq.0);
        while let Some(frame) = reader.next_frame().expect("whole") {
            read = frame.head.seq.0;
        }
        assert_eq!(read, sealed, "after {seq}");
    }
}

#[test]
fn reading_from_a_number_begins_with_the_frame_that_holds_it() {
    let machine = Machine::new();
    let mut log = machine.open().expect("opens");
    for _ in 0..30 {
        let head = log.head();
        let append = tickyard_journal::Append { count: 3, ..crate::machine::batch(&head, &[7; 4000]) };
        log.append(head, append).expect("appends");
    }
    for seq in 1..=90 {
        let mut reader =
            JournalReader::from_seq(machine.storage.shared(), &machine.home.journal(), Seq(seq), Until::Live)
                .expect("a log");
        let frame = reader.next_frame().expect("whole").expect("a frame");
        assert!(frame.header.first_seq.0 <= seq && seq <= frame.head.seq.0);
    }
}

#[test]
fn a_thread_reads_everything_that_another_writes_to_the_disk() {
    const FRAMES: u64 = 500;
    let dir = tempfile::tempdir().expect("a directory");
    let home = Home::new(dir.path());
    home.create(&Disk).expect("folders");
    let options = Options { segment_bytes: 64 << 10, ..Options::default() };
    let mut log = FileLog::open(Disk::shared(), &home, options).expect("opens");
    let mut reader = JournalReader::after(Disk::shared(), &home.journal(), Head::GENESIS, Until::Live).expect("a log");
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for index in 0..FRAMES {
                let body = vec![index as u8; 1 + (index as usize * 379) % 20_000];
                append(&mut log, &body).expect("appends");
            }
        });
        let mut read = 0;
        while read < FRAMES {
            match reader.next_frame().expect("no damage") {
                Some(frame) => {
                    assert_eq!(frame.body.len() as u64, 1 + (read * 379) % 20_000);
                    assert!(frame.body.iter().all(|byte| *byte == read as u8));
                    read += 1;
                }
                None => {
                    reader.check_end().expect("no damage");
                    std::thread::yield_now();
                }
            }
        }
    });
    assert_eq!(reader.check_end().expect("no damage"), End::Clean);
}
