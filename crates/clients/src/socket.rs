//! WebSockets of clients that come from addresses of their own, as so many clients do.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpStream};

use rustix::net::{AddressFamily, SocketType, bind, connect, socket};

const HEAD_END: &[u8] = b"\r\n\r\n";
const SWITCHED: &[u8] = b"HTTP/1.1 101 ";

/// Opens a WebSocket of a kind (`public`, `private`); returns it, not to be waited for any more, with what came behind
/// the handshake.
///
/// # Errors
/// Whatever a socket or the server says.
pub fn open(from: Ipv4Addr, port: u16, kind: &str) -> io::Result<(TcpStream, Vec<u8>)> {
    let descriptor = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&descriptor, &SocketAddrV4::new(from, 0))?;
    connect(&descriptor, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))?;
    let mut stream = TcpStream::from(descriptor);
    stream.set_nodelay(true)?;
    stream.write_all(
        format!(
            "GET /ws/v5/{kind} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        .as_bytes(),
    )?;
    let mut unread = Vec::new();
    let mut bytes = [0; 1024];
    loop {
        let size = stream.read(&mut bytes)?;
        unread.extend(&bytes[..size]);
        if let Some(end) = find(&unread, HEAD_END) {
            if !unread.starts_with(SWITCHED) {
                return Err(io::Error::other(String::from_utf8_lossy(&unread).into_owned()));
            }
            unread.drain(..end + HEAD_END.len());
            stream.set_nonblocking(true)?;
            return Ok((stream, unread));
        }
        if size == 0 {
            return Err(io::Error::other("the server closed the connection in the handshake"));
        }
    }
}

/// Where `what` first stands in a text.
#[must_use]
pub fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|part| part == what)
}
