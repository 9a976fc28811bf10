//! Acknowledgements as JSON, whole frames at a time.

use std::io::Write;
use tickyard_types::{AmendOrder, CommandKind, PlaceOrder, Reply};
use zerocopy::{FromBytes, TryFromBytes};

const RECORD: usize = 128;
const NS_PER_MS: u64 = 1_000_000;

/// A mark in the text of an acknowledgement that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("<{0}> is no mark of an acknowledgement")]
pub struct UnknownMark(String);

/// What stands in the place of a mark, in each acknowledgement something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// The order's id, from the reply.
    OrderId,
    /// Exchange time of the reply in ms.
    TimeMs,
    /// The order's own client id, from the reply.
    ClientId,
    /// The client id of a new order, from the command.
    PlacedClientId,
    /// The tag of a new order, from the command.
    PlacedTag,
    /// The client's name of an amendment, from the command.
    RequestId,
}

/// The text of one accepted item, with marks like `<order_id>` where items differ.
#[derive(Debug)]
pub struct Acknowledgement {
    /// Each text with the mark that follows it.
    parts: Vec<(Vec<u8>, Mark)>,
    end: Vec<u8>,
}

impl Acknowledgement {
    /// Takes the text of one item.
    ///
    /// # Errors
    /// It holds a mark that means nothing.
    pub fn new(text: &str) -> Result<Self, UnknownMark> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once('<') {
            let (name, after) = after.split_once('>').ok_or_else(|| UnknownMark(after.to_owned()))?;
            parts.push((before.as_bytes().to_vec(), Mark::of(name)?));
            rest = after;
        }
        Ok(Self { parts, end: rest.as_bytes().to_vec() })
    }

    /// Writes an array of one acknowledgement for each command; nothing when one of them was refused.
    ///
    /// `commands` and `replies` lie end to end, as many of the one as of the other, all commands of the usual size.
    #[must_use]
    pub fn write(&self, commands: &[u8], replies: &[u8]) -> Option<Vec<u8>> {
        let (commands, replies) = (commands.chunks_exact(RECORD), replies.chunks_exact(size_of::<Reply>()));
        assert!(commands.len() == replies.len(), "Invariant: one reply for each command");
        let mut json = Vec::with_capacity(2 + 192 * commands.len());
        json.push(b'[');
        for (command, reply) in commands.zip(replies) {
            let reply = Reply::read_from_bytes(reply).ok().filter(|reply| reply.refusal == 0)?;
            if json.len() > 1 {
                json.push(b',');
            }
            for (text, mark) in &self.parts {
                json.extend_from_slice(text);
                mark.write(command, &reply, &mut json);
            }
            json.extend_from_slice(&self.end);
        }
        json.push(b']');
        Some(json)
    }
}

impl Mark {
    fn of(name: &str) -> Result<Self, UnknownMark> {
        match name {
            "order_id" => Ok(Self::OrderId),
            "time_ms" => Ok(Self::TimeMs),
            "client_id" => Ok(Self::ClientId),
            "placed_client_id" => Ok(Self::PlacedClientId),
            "placed_tag" => Ok(Self::PlacedTag),
            "request_id" => Ok(Self::RequestId),
            _ => Err(UnknownMark(name.to_owned())),
        }
    }

    fn write(self, command: &[u8], reply: &Reply, json: &mut Vec<u8>) {
        match self {
            Self::OrderId => write_number(reply.order_id.0, json),
            Self::TimeMs => write_number(reply.time_ns / NS_PER_MS, json),
            Self::ClientId => write_name(&reply.client_id, json),
            Self::PlacedClientId => {
                if let Some(order) = of_kind::<PlaceOrder>(CommandKind::PlaceOrder, command) {
                    write_name(&order.client_id, json);
                }
            }
            Self::PlacedTag => {
                if let Some(order) = of_kind::<PlaceOrder>(CommandKind::PlaceOrder, command) {
                    write_name(&order.tag, json);
                }
            }
            Self::RequestId => {
                if let Some(amend) = of_kind::<AmendOrder>(CommandKind::AmendOrder, command) {
                    write_name(&amend.request_id, json);
                }
            }
        }
    }
}

fn of_kind<T: TryFromBytes>(kind: CommandKind, command: &[u8]) -> Option<T> {
    if command.first() == Some(&(kind as u8)) { T::try_read_from_bytes(command).ok() } else { None }
}

fn write_number(number: u64, json: &mut Vec<u8>) {
    let written = write!(json, "{number}");
    debug_assert!(written.is_ok(), "Invariant: writing into memory does not fail");
}

/// Names are ASCII letters and digits, padded with zeros: nothing in them needs an escape.
fn write_name(name: &[u8], json: &mut Vec<u8>) {
    let length = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    debug_assert!(name[..length].iter().all(u8::is_ascii_alphanumeric), "Invariant: a name is letters and digits");
    json.extend_from_slice(&name[..length]);
}
