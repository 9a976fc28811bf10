//! One connection: its handshake, its subscriptions, and what it has received.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};

use tickyard_clients::clock::now_us;
use tickyard_clients::frame::{self, Frame};
use tickyard_clients::socket::{self, find};

use crate::latency::Latencies;
use crate::tape::Tape;

const PUSH: &[u8] = b"{\"arg\":";
const TRADE_ID: &[u8] = b"\"tradeId\":\"";
const INSTRUMENT: &[u8] = b"\"instId\":\"";
const TIME: &[u8] = b"\"ts\":\"";
const TRADES: &[u8] = b"\"channel\":\"trades\"";
const SUBSCRIBED: &[u8] = b"\"event\":\"subscribe\"";

/// What all connections have received.
pub struct Heard {
    /// Subscriptions that were acknowledged.
    pub subscriptions: u64,
    /// Data frames.
    pub pushes: u64,
    /// Bytes, frame headers included.
    pub bytes: u64,
    /// From the time of each trade to its arrival.
    pub latencies: Latencies,
}

/// One who listens.
pub struct Connection {
    stream: TcpStream,
    unread: Vec<u8>,
    /// One for each pair, as the command line has them.
    pub tapes: Vec<Tape>,
}

impl Connection {
    /// Opens a WebSocket from an address of its own, as so many clients have.
    pub fn open(from: Ipv4Addr, port: u16, pairs: usize) -> io::Result<Self> {
        let (stream, unread) = socket::open(from, port, "public")?;
        Ok(Self { stream, unread, tapes: vec![Tape::default(); pairs] })
    }

    /// The socket.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Sends a text.
    pub fn send(&mut self, frame: &[u8]) -> io::Result<()> {
        self.stream.write_all(frame)
    }

    /// Takes what has come, through a buffer that all share.
    pub fn receive(&mut self, buffer: &mut [u8], pairs: &[&str], heard: &mut Heard) -> io::Result<()> {
        let size = match self.stream.read(buffer) {
            Ok(0) => return Err(io::Error::other("the server dropped a connection")),
            Ok(size) => size,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        heard.bytes += size as u64;
        let now = now_us();
        let mut unread = std::mem::take(&mut self.unread);
        if unread.is_empty() {
            let left = self.hear(&buffer[..size], now, pairs, heard)?;
            unread.extend(left);
        } else {
            unread.extend(&buffer[..size]);
            let left = self.hear(&unread, now, pairs, heard)?.len();
            unread.drain(..unread.len() - left);
        }
        self.unread = unread;
        Ok(())
    }

    fn hear<'a>(&mut self, mut bytes: &'a [u8], now: u64, pairs: &[&str], heard: &mut Heard) -> io::Result<&'a [u8]> {
        while let Some(frame) = frame::take(&mut bytes) {
            match frame {
                Frame::Text(text) if text.starts_with(PUSH) => {
                    heard.pushes += 1;
                    let head = &text[..text.len().min(PUSH.len() + 1 + TRADES.len())];
                    if head.ends_with(TRADES) {
                        self.see_trades(text, now, pairs, heard)?;
                    }
                }
                Frame::Text(text) => heard.subscriptions += u64::from(find(text, SUBSCRIBED).is_some()),
                Frame::Close(why) => {
                    let reason = String::from_utf8_lossy(why.get(2..).unwrap_or_default()).into_owned();
                    return Err(io::Error::other(format!("the server closed a connection: {reason}")));
                }
                Frame::Other => {}
            }
        }
        Ok(bytes)
    }

    fn see_trades(&mut self, text: &[u8], now: u64, pairs: &[&str], heard: &mut Heard) -> io::Result<()> {
        let mut rest = text;
        let pair = after(&mut rest, INSTRUMENT).and_then(|name| {
            pairs.iter().position(|pair| name.starts_with(pair.as_bytes()) && name.get(pair.len()) == Some(&b'"'))
        });
        let Some(pair) = pair else {
            return Err(io::Error::other("a push without a subscription"));
        };
        while let Some(id) = after(&mut rest, TRADE_ID).map(number) {
            let time_ms = after(&mut rest, TIME).map(number).unwrap_or_default();
            self.tapes[pair].see(id);
            heard.latencies.add(now.saturating_sub(time_ms * 1_000));
        }
        Ok(())
    }
}

/// Moves `text` behind the next `what`; `None` when there is none.
fn after<'a>(text: &mut &'a [u8], what: &[u8]) -> Option<&'a [u8]> {
    let at = find(text, what)?;
    *text = &text[at + what.len()..];
    Some(text)
}

fn number(text: &[u8]) -> u64 {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}
