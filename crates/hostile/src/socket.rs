//! What a worker says to the host: frames, questions and commands.

use std::io::{self, Read};
use tickyard_host::{FrameKind, FrameReader, MAX_PAYLOAD, Question};
use tickyard_types::{Command, command_size};

/// Reads a stream of frames, once whole and once in pieces of the size that the first byte says; both must tell the
/// same. What they carry is read as well.
///
/// # Panics
/// When a promise of the reader is broken.
pub fn socket(data: &[u8]) {
    let Some((piece, stream)) = data.split_first() else { return };
    let whole = frames(stream);
    let dripped = frames(Dripping { rest: stream, piece: usize::from(*piece % 64) + 1 });
    assert!(whole == dripped, "Invariant: it does not matter how a stream is cut");
    for (kind, payload) in whole {
        if kind == FrameKind::Submit {
            decode(&payload);
        } else {
            let _ = Question::read(kind, &payload);
        }
    }
}

fn frames(stream: impl Read) -> Vec<(FrameKind, Vec<u8>)> {
    let mut reader = FrameReader::new(stream);
    let mut found = Vec::new();
    while let Ok(Some(frame)) = reader.next_frame() {
        assert!(frame.payload.len() <= MAX_PAYLOAD, "Invariant: frames have a bound");
        found.push((frame.kind, frame.payload.to_vec()));
    }
    found
}

fn decode(mut rest: &[u8]) {
    while let Some(size) = rest.first().and_then(|kind| command_size(*kind)) {
        let Some((record, after)) = rest.split_at_checked(size) else { return };
        if let Ok(command) = Command::decode(record) {
            assert_eq!(command.header().kind as u8, record[0], "Invariant: a command is of the kind it says");
        }
        rest = after;
    }
}

struct Dripping<'a> {
    rest: &'a [u8],
    piece: usize,
}

impl Read for Dripping<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let size = self.piece.min(self.rest.len()).min(into.len());
        let (now, later) = self.rest.split_at(size);
        into[..size].copy_from_slice(now);
        self.rest = later;
        Ok(size)
    }
}
