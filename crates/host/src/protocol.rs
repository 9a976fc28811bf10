//! The frames between workers and host: `docs/reference/core-socket.md`.

use std::io::{self, Read};

/// Bytes before the payload: length, kind, three zeros, request number.
pub const FRAME_BYTES: usize = 12;

/// The longest payload that a worker may send.
pub const MAX_PAYLOAD: usize = 1 << 20;

/// Bytes that the length counts beside the payload.
const COUNTED: usize = 8;

/// How much is read at once.
const READ_BYTES: usize = 64 << 10;

/// What a frame carries. An answer has its question's kind and request number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum FrameKind {
    /// Commands; answered by replies.
    Submit = 1,
    /// Live orders of an account.
    OpenOrders = 2,
    /// One live order.
    Order = 3,
    /// Balances of an account.
    Balances = 4,
    /// The best levels of a book.
    Book = 5,
    /// Settings and counters of an account.
    Account = 6,
    /// Everything that is defined.
    Definitions = 7,
    /// How far the core is.
    Status = 8,
    /// Whether a movement with a key was made.
    HasKey = 9,
    /// Makes the connection a feed.
    Subscribe = 10,
    /// Adds an account to the feed.
    Watch = 11,
    /// Events of the feed.
    Events = 13,
    /// The query cannot be taken now.
    Busy = 14,
    /// Trigger orders of an account that have not ended.
    Triggers = 15,
    /// What the host counts.
    Counts = 16,
}

impl FrameKind {
    /// The kind of that number, if workers may send it.
    #[must_use]
    pub fn from_worker(number: u8) -> Option<Self> {
        const SENT: [FrameKind; 13] = [
            FrameKind::Submit,
            FrameKind::OpenOrders,
            FrameKind::Order,
            FrameKind::Balances,
            FrameKind::Book,
            FrameKind::Account,
            FrameKind::Definitions,
            FrameKind::Status,
            FrameKind::HasKey,
            FrameKind::Subscribe,
            FrameKind::Watch,
            FrameKind::Triggers,
            FrameKind::Counts,
        ];
        SENT.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// Appends a frame to a buffer; `payload` writes what it carries.
pub fn write_frame(out: &mut Vec<u8>, kind: FrameKind, request: u32, payload: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0, 0, 0, 0, kind as u8, 0, 0, 0]);
    out.extend_from_slice(&request.to_le_bytes());
    payload(out);
    let counted = u32::try_from(out.len() - start - FRAME_BYTES + COUNTED).expect("Invariant: a frame fits its length");
    out[start..start + 4].copy_from_slice(&counted.to_le_bytes());
}

/// One frame from a worker.
#[derive(Debug, PartialEq, Eq)]
pub struct Received<'a> {
    /// What it carries.
    pub kind: FrameKind,
    /// The worker's number of the question.
    pub request: u32,
    /// What follows the head of the frame.
    pub payload: &'a [u8],
}

/// Cuts a stream into frames.
pub struct FrameReader<R> {
    stream: R,
    buffer: Vec<u8>,
    /// What is in the buffer and not yet returned.
    from: usize,
    to: usize,
}

impl<R: Read> FrameReader<R> {
    /// Reads from a stream.
    #[must_use]
    pub fn new(stream: R) -> Self {
        Self { stream, buffer: vec![0; READ_BYTES], from: 0, to: 0 }
    }

    /// The next frame; `None` when the stream ends between two frames.
    ///
    /// # Errors
    /// `InvalidData` for what is no frame; whatever the stream says.
    pub fn next_frame(&mut self) -> io::Result<Option<Received<'_>>> {
        if !self.fill(FRAME_BYTES)? {
            return Ok(None);
        }
        let head = &self.buffer[self.from..self.from + FRAME_BYTES];
        let counted = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let request = u32::from_le_bytes([head[8], head[9], head[10], head[11]]);
        let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let kind = FrameKind::from_worker(head[4]).ok_or_else(|| invalid("an unknown kind of frame"))?;
        if head[5..8] != [0; 3] {
            return Err(invalid("reserved bytes of a frame are not zero"));
        }
        let length = counted.checked_sub(COUNTED).filter(|length| *length <= MAX_PAYLOAD);
        let length = length.ok_or_else(|| invalid("the length of a frame is out of bounds"))?;
        if !self.fill(FRAME_BYTES + length)? {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let start = self.from + FRAME_BYTES;
        self.from = start + length;
        Ok(Some(Received { kind, request, payload: &self.buffer[start..start + length] }))
    }

    /// Reads until so many bytes are there; false when the stream ends before the first of them.
    fn fill(&mut self, wanted: usize) -> io::Result<bool> {
        while self.to - self.from < wanted {
            if self.from + wanted > self.buffer.len() {
                self.buffer.copy_within(self.from..self.to, 0);
                (self.from, self.to) = (0, self.to - self.from);
                self.buffer.resize(self.buffer.len().max(wanted), 0);
            }
            match self.stream.read(&mut self.buffer[self.to..]) {
                Ok(0) if self.to == self.from => return Ok(false),
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => self.to += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time.
    struct Dripping<'a>(&'a [u8]);

    impl Read for Dripping<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            into[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn frame(kind: FrameKind, request: u32, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_frame(&mut bytes, kind, request, |out| out.extend_from_slice(payload));
        bytes
    }

    #[test]
    fn frames_are_cut_wherever_the_stream_is_cut() {
        let long = vec![7; MAX_PAYLOAD];
        let stream =
            [frame(FrameKind::Book, 1, b"abc"), frame(FrameKind::Submit, 2, &long), frame(FrameKind::Status, 3, b"")]
                .concat();
        let mut reader = FrameReader::new(stream.as_slice());
        let mut dripping = FrameReader::new(Dripping(&stream));
        for (kind, request, payload) in
            [(FrameKind::Book, 1, &b"abc"[..]), (FrameKind::Submit, 2, &long), (FrameKind::Status, 3, b"")]
        {
            let wanted = Received { kind, request, payload };
            assert_eq!(reader.next_frame().unwrap().unwrap(), wanted);
            assert_eq!(dripping.next_frame().unwrap().unwrap(), wanted);
        }
        assert_eq!(reader.next_frame().unwrap(), None);
        assert_eq!(dripping.next_frame().unwrap(), None);
    }

    #[test]
    fn what_is_no_frame_ends_the_connection() {
        let good = frame(FrameKind::Status, 1, b"");
        for (at, value) in [(0, 7), (2, 0xff), (4, 0), (4, FrameKind::Events as u8), (5, 1), (7, 1)] {
            let mut bad = good.clone();
            bad[at] = value;
            let error = FrameReader::new(bad.as_slice()).next_frame().unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "byte {at} is {value}");
        }
    }

    #[test]
    fn a_stream_that_ends_inside_a_frame_is_an_error() {
        let bytes = frame(FrameKind::Status, 1, b"abc");
        let error = FrameReader::new(&bytes[..bytes.len() - 1]).next_frame().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
