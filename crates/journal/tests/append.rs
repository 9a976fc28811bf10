//! Appending, reading back and going on after a restart, on the real disk.

use tickyard_journal::{Append, CommandLog, Disk, FileLog, FrameKind, Head, Home, LogError, Options};
use tickyard_types::Seq;

const SEGMENT: u64 = 64 << 10;

fn open(home: &Home) -> Result<FileLog, LogError> {
    FileLog::open(Disk::shared(), home, Options { segment_bytes: SEGMENT, ..Options::default() })
}

fn append(log: &mut FileLog, uid: u64, commands: &[u8]) -> Result<Head, LogError> {
    let head = log.head();
    log.append(head, Append { kind: FrameKind::Batch, commands, count: 1, time_ns: head.time_ns + 1, uid })
}

fn read_all(log: &FileLog, after: Head) -> Vec<Vec<u8>> {
    let mut frames = log.read_after(after).expect("readable");
    let mut bodies = Vec::new();
    while let Some(frame) = frames.next_frame().expect("whole") {
        bodies.push(frame.body.to_vec());
    }
    bodies
}

#[test]
fn what_was_appended_is_read_back_after_a_restart() {
    let dir = tempfile::tempdir().expect("a directory");
    let home = Home::new(dir.path());
    home.create(&Disk).expect("folders");
    let mut bodies = Vec::new();
    for restart in 0..3_u64 {
        let mut log = open(&home).expect("opens");
        assert_eq!(log.head().seq, Seq(bodies.len() as u64));
        assert_eq!(read_all(&log, Head::GENESIS), bodies);
        for index in 0..40_u64 {
            let body = vec![index as u8 + 1; 100 + 150 * index as usize];
            append(&mut log, restart * 100 + index + 1, &body).expect("appends");
            bodies.push(body);
        }
    }
    let log = open(&home).expect("opens");
    assert_eq!(read_all(&log, Head::GENESIS), bodies);
    assert_eq!(log.recovery().cut, None);
}
