//! One account's connection: the orders that it sends in turn, and the answers that are due.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tickyard_clients::frame::{self, Frame};
use tickyard_clients::socket::{self, find};

const ANSWER: &[u8] = b"\"outTime\"";
const ACCEPTED: &[u8] = b"\"sCode\":\"0\"";
const LOGGED_IN: &[u8] = b"\"event\":\"login\"";
const LOGIN_WITHIN: Timespec = Timespec { tv_sec: 10, tv_nsec: 0 };

/// What an answer says.
pub enum Answer {
    /// The order, or the cancel, was accepted.
    Accepted,
    /// It was not; the whole text.
    Refused(String),
}

/// One account's connection.
pub struct Lane {
    stream: TcpStream,
    unread: Vec<u8>,
    orders: Vec<Vec<u8>>,
    at: usize,
    due_ns: VecDeque<u64>,
}

impl Lane {
    /// Opens a WebSocket for orders from an address of its own.
    pub fn open(from: Ipv4Addr, port: u16) -> io::Result<Self> {
        let (stream, unread) = socket::open(from, port, "private")?;
        Ok(Self { stream, unread, orders: Vec::new(), at: 0, due_ns: VecDeque::new() })
    }

    /// The socket.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Logs in and waits until that is answered.
    pub fn log_in(&mut self, text: &str, buffer: &mut [u8]) -> io::Result<()> {
        self.stream.write_all(&frame::text(text))?;
        loop {
            let waiting = PollFd::new(&self.stream, PollFlags::IN);
            if poll(&mut [waiting], Some(&LOGIN_WITHIN))? == 0 {
                return Err(io::Error::other("a login was not answered"));
            }
            let mut answer = None;
            self.read(buffer, |text| answer = Some(text.to_vec()))?;
            match answer {
                None => {}
                Some(text) if find(&text, LOGGED_IN).is_some() => return Ok(()),
                Some(text) => return Err(io::Error::other(String::from_utf8_lossy(&text).into_owned())),
            }
        }
    }

    /// Adds an order, or a cancel, behind those that it sends.
    pub fn add(&mut self, text: &str) {
        self.orders.push(frame::text(text));
    }

    /// Whether it has anything to send.
    pub fn is_idle(&self) -> bool {
        self.orders.is_empty()
    }

    /// How many answers are missing.
    pub fn missing(&self) -> usize {
        self.due_ns.len()
    }

    /// Sends the next order, which was due at a time.
    pub fn send(&mut self, due_ns: u64) -> io::Result<()> {
        self.stream.write_all(&self.orders[self.at])?;
        self.at = (self.at + 1) % self.orders.len();
        self.due_ns.push_back(due_ns);
        Ok(())
    }

    /// Takes what has come: each answer, with the time at which its order was due.
    pub fn receive(&mut self, buffer: &mut [u8], mut take: impl FnMut(u64, Answer)) -> io::Result<()> {
        let mut due_ns = std::mem::take(&mut self.due_ns);
        let read = self.read(buffer, |text| {
            if find(text, ANSWER).is_some()
                && let Some(due_ns) = due_ns.pop_front()
            {
                let is_accepted = find(text, ACCEPTED).is_some();
                let refused = || Answer::Refused(String::from_utf8_lossy(text).into_owned());
                take(due_ns, if is_accepted { Answer::Accepted } else { refused() });
            }
        });
        self.due_ns = due_ns;
        read
    }

    fn read(&mut self, buffer: &mut [u8], mut hear: impl FnMut(&[u8])) -> io::Result<()> {
        match self.stream.read(buffer) {
            Ok(0) => return Err(io::Error::other("the server dropped a connection")),
            Ok(size) => self.unread.extend(&buffer[..size]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
        let mut left = self.unread.as_slice();
        while let Some(frame) = frame::take(&mut left) {
            match frame {
                Frame::Text(text) => hear(text),
                Frame::Close(why) => {
                    let reason = String::from_utf8_lossy(why.get(2..).unwrap_or_default()).into_owned();
                    return Err(io::Error::other(format!("the server closed a connection: {reason}")));
                }
                Frame::Other => {}
            }
        }
        let taken = self.unread.len() - left.len();
        self.unread.drain(..taken);
        Ok(())
    }
}
