//! An HTTP request, where it is as plain as programs write it.
//!
//! Plain means: one whole GET or POST of HTTP/1.1 and nothing after it, a name once and of letters, figures and hyphens,
//! a value in printable ASCII, a body of the length that is told, and no header that changes how the rest is read. What
//! is not plain, HTTP or not, is left to a parser that takes everything; what both take, they take alike.

use std::ops::Range;

/// A head with more is for others to refuse.
const HEADERS_MAX: usize = 64;
const HEAD_BYTES_MAX: usize = 8 * 1024;
const BODY_FIGURES_MAX: usize = 5;

type Span = Range<usize>;

/// Where the parts of a request stand in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// POST, or GET.
    pub is_post: bool,
    /// Path and query.
    pub target: Span,
    /// Names as they were sent, and values.
    pub headers: Vec<(Span, Span)>,
    /// Where the body begins; it goes to the end.
    pub body: usize,
}

impl Request {
    /// Reads a plain request.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        let (is_post, start) = match text {
            [b'G', b'E', b'T', b' ', ..] => (false, 4),
            [b'P', b'O', b'S', b'T', b' ', ..] => (true, 5),
            _ => return None,
        };
        let length = text[start..].iter().take(HEAD_BYTES_MAX).position(|byte| !is_of_target(*byte))?;
        let target = start..start + length;
        if text.get(start) != Some(&b'/') {
            return None;
        }
        let mut at = after(text, target.end, b" HTTP/1.1\r\n")?;
        let mut headers = Vec::with_capacity(12);
        let mut body_bytes = 0;
        while text.get(at) != Some(&b'\r') {
            let (name, value) = header(text, at)?;
            at = after(text, value.end, b"\r\n")?;
            let is_known =
                headers.iter().any(|(other, _): &(Span, Span)| is_same(&text[other.clone()], &text[name.clone()]));
            if is_known || headers.len() == HEADERS_MAX || at > HEAD_BYTES_MAX {
                return None;
            }
            match length_of_body(&text[name.clone()], &text[value.clone()])? {
                Told::Nothing => {}
                Told::Bytes(bytes) => body_bytes = bytes,
            }
            headers.push((name, value));
        }
        let body = after(text, at, b"\r\n")?;
        (text.len() - body == body_bytes).then_some(Self { is_post, target, headers, body })
    }
}

/// What a header tells of what follows the head.
enum Told {
    Nothing,
    Bytes(usize),
}

/// None for a header by which the rest is read in another way than here.
fn length_of_body(name: &[u8], value: &[u8]) -> Option<Told> {
    const OTHERS: [&[u8]; 6] =
        [b"transfer-encoding", b"upgrade", b"expect", b"proxy-connection", b"http2-settings", b"trailer"];
    // Most names begin with another letter than these.
    if !matches!(name[0] | 0x20, b'c' | b't' | b'u' | b'e' | b'p' | b'h') {
        return Some(Told::Nothing);
    }
    if is_same(name, b"content-length") {
        let is_number = value.len() <= BODY_FIGURES_MAX && value.iter().all(u8::is_ascii_digit);
        return is_number
            .then(|| Told::Bytes(value.iter().fold(0, |sum, figure| sum * 10 + usize::from(figure - b'0'))));
    }
    if is_same(name, b"connection") && !is_same(value, b"keep-alive") {
        return None;
    }
    OTHERS.iter().all(|other| !is_same(name, other)).then_some(Told::Nothing)
}

fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Where the name and the value of a header stand that begins here.
fn header(text: &[u8], start: usize) -> Option<(Span, Span)> {
    let length =
        text[start..].iter().position(|byte| !matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-'))?;
    let name = start..start + length;
    let mut at = after(text, name.end, b":")?;
    if text.get(at) == Some(&b' ') {
        at += 1;
    }
    let length = text[at..].iter().position(|byte| !matches!(byte, b' '..=b'~'))?;
    let value = at..at + length;
    // Blanks around a value are no part of it; where they end is for others to say.
    let is_plain = !name.is_empty() && !value.is_empty() && text[at] != b' ' && text[value.end - 1] != b' ';
    is_plain.then_some((name, value))
}

const fn is_of_target(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'/' | b'?' | b'=' | b'&' | b'-' | b'_' | b'.' | b'%' | b',' | b':' | b'+')
}

/// Where the text goes on after this, if this stands there.
fn after(text: &[u8], at: usize, expected: &[u8]) -> Option<usize> {
    text.get(at..)?.starts_with(expected).then_some(at + expected.len())
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn a_plain_request_is_read() {
        let text =
            b"POST /api/v5/trade/order?a=1 HTTP/1.1\r\nHost: a\r\nOK-ACCESS-KEY:b c\r\nContent-Length: 2\r\n\r\n{}";
        let request = Request::read(text).expect("it is plain");
        let parts = |span: &std::ops::Range<usize>| std::str::from_utf8(&text[span.clone()]).unwrap_or_default();
        assert!(request.is_post);
        assert_eq!(parts(&request.target), "/api/v5/trade/order?a=1");
        let headers: Vec<_> = request.headers.iter().map(|(name, value)| (parts(name), parts(value))).collect();
        assert_eq!(headers, [("Host", "a"), ("OK-ACCESS-KEY", "b c"), ("Content-Length", "2")]);
        assert_eq!(&text[request.body..], b"{}");
        assert!(Request::read(b"GET / HTTP/1.1\r\n\r\n").is_some());
        assert!(Request::read(b"GET / HTTP/1.1\r\nConnection: Keep-Alive\r\n\r\n").is_some());
    }

    #[test]
    fn everything_else_is_left_to_others() {
        for text in [
            "",
            "GET",
            "get / HTTP/1.1\r\n\r\n",
            "PUT / HTTP/1.1\r\n\r\n",
            "GET * HTTP/1.1\r\n\r\n",
            "GET /# HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.1\n\n",
            "GET / HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\n\r\nx",
            "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            "GET  / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\na:\r\n\r\n",
            "GET / HTTP/1.1\r\n: b\r\n\r\n",
            "GET / HTTP/1.1\r\na : b\r\n\r\n",
            "GET / HTTP/1.1\r\na:  b\r\n\r\n",
            "GET / HTTP/1.1\r\na: b \r\n\r\n",
            "GET / HTTP/1.1\r\na: b\r\n c\r\n\r\n",
            "GET / HTTP/1.1\r\na: b\nc: d\r\n\r\n",
            "GET / HTTP/1.1\r\na: b\r\nA: c\r\n\r\n",
            "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
            "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\n\r\n",
            "POST / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nab",
            "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\na",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
            "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\na",
            "GET / HTTP/1.1\r\na: \u{e9}\r\n\r\n",
        ] {
            assert_eq!(Request::read(text.as_bytes()), None, "{text:?}");
        }
    }
}
