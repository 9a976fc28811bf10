//! WebSocket frames as a server sends them, and the one kind that this client sends. Source: RFC 6455, section 5.2.

const TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;
const MASKED: u8 = 0x80;
const MEDIUM: u8 = 126;
const LONG: u8 = 127;

/// What a server sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A text.
    Text(&'a [u8]),
    /// The end of the conversation, with code and reason.
    Close(&'a [u8]),
    /// Anything else, which is not looked at.
    Other,
}

/// Takes one frame off the beginning of `bytes`; `None` when it is not there whole.
pub fn take<'a>(bytes: &mut &'a [u8]) -> Option<Frame<'a>> {
    let (&[kind, short], rest) = bytes.split_first_chunk::<2>()?;
    let (size, rest) = match short {
        LONG => {
            let (long, rest) = rest.split_first_chunk::<8>()?;
            (usize::try_from(u64::from_be_bytes(*long)).ok()?, rest)
        }
        MEDIUM => {
            let (medium, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*medium)), rest)
        }
        short => (usize::from(short), rest),
    };
    let (payload, rest) = rest.split_at_checked(size)?;
    *bytes = rest;
    Some(match kind {
        TEXT => Frame::Text(payload),
        CLOSE => Frame::Close(payload),
        _ => Frame::Other,
    })
}

/// Writes a text as a client does; the mask is zero, which hides nothing and costs nothing.
///
/// # Panics
/// The text is longer than 65,535 bytes.
pub fn text(payload: &str) -> Vec<u8> {
    let size = u16::try_from(payload.len()).expect("a client sends short texts");
    let mut frame = vec![TEXT];
    match u8::try_from(size) {
        Ok(short) if short < MEDIUM => frame.push(MASKED | short),
        _ => {
            frame.push(MASKED | MEDIUM);
            frame.extend(size.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload.as_bytes());
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_taken_whole_or_not_at_all() {
        let mut sent = vec![0x81, 3];
        sent.extend(b"abc");
        sent.extend([0x81, 126, 1, 0]);
        sent.extend([b'x'; 256]);
        sent.extend([0x88, 2, 0x0F, 0xA5, 0x8A, 0]);
        for cut in 0..sent.len() {
            let mut bytes = &sent[..cut];
            while take(&mut bytes).is_some() {}
            assert!(bytes.len() < 260);
        }
        let mut bytes = sent.as_slice();
        assert_eq!(take(&mut bytes), Some(Frame::Text(b"abc")));
        assert_eq!(take(&mut bytes), Some(Frame::Text(&[b'x'; 256])));
        assert_eq!(take(&mut bytes), Some(Frame::Close(&[0x0F, 0xA5])));
        assert_eq!(take(&mut bytes), Some(Frame::Other));
        assert_eq!(take(&mut bytes), None);
    }

    #[test]
    fn texts_are_masked_with_nothing() {
        assert_eq!(text("ping"), b"\x81\x84\0\0\0\0ping");
        assert_eq!(&text(&"x".repeat(300))[..8], b"\x81\xfe\x01\x2c\0\0\0\0");
    }
}
