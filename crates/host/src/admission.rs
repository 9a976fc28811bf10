//! Turns the bytes of a worker into commands that may wait for the sequencer.

use crate::class::Class;
use crate::outbox::Outbox;
use std::sync::Arc;
use tickyard_types::{AccountId, Command, Origin, Refusal, Reply, command_size};

/// Size of all commands but the widest.
const PLAIN_BYTES: usize = 128;

/// Takes the turns of the commands that are nobody's own.
const HOUSE: AccountId = AccountId(0);

/// A command that waits for the sequencer.
pub struct Waiting {
    pub class: Class,
    /// Whose turn it takes.
    pub account: AccountId,
    /// The sender's own count, for the reply.
    pub counter: u64,
    /// Who is told.
    pub sender: Arc<Outbox>,
    /// It is worth nothing after this, exchange time; 0 for never.
    pub expires_at_ns: u64,
    plain: [u8; PLAIN_BYTES],
    /// What a wide command has beyond `plain`.
    rest: Option<Box<[u8]>>,
}

impl Waiting {
    /// Bytes of the command.
    pub fn len(&self) -> usize {
        PLAIN_BYTES + self.rest.as_ref().map_or(0, |rest| rest.len())
    }

    /// Appends the command to the body of a frame.
    pub fn write_to(&self, body: &mut Vec<u8>) {
        body.extend_from_slice(&self.plain);
        if let Some(rest) = &self.rest {
            body.extend_from_slice(rest);
        }
    }

    /// The answer to a command that does not reach the journal.
    pub fn refused(&self, refusal: Refusal) -> Reply {
        refused(self.counter, refusal)
    }
}

/// The answer to a command that does not reach the journal.
fn refused(counter: u64, refusal: Refusal) -> Reply {
    Reply { counter, refusal: refusal.number(), ..Reply::default() }
}

/// The bytes are not commands end to end: the sender speaks another language, and nothing after is understood.
#[derive(Debug, PartialEq, Eq)]
pub struct NotCommands;

/// Cuts a payload into commands. What no worker may say is refused at once and never waits.
pub fn read_commands(
    payload: &[u8],
    sender: &Arc<Outbox>,
    waiting: &mut Vec<Waiting>,
    replies: &mut Vec<Reply>,
) -> Result<(), NotCommands> {
    let mut rest = payload;
    while let Some(&kind) = rest.first() {
        let size = command_size(kind).filter(|size| *size <= rest.len()).ok_or(NotCommands)?;
        let (bytes, after) = rest.split_at(size);
        rest = after;
        match admit(bytes, sender) {
            Ok(command) => waiting.push(command),
            Err(reply) => replies.push(reply),
        }
    }
    Ok(())
}

fn admit(bytes: &[u8], sender: &Arc<Outbox>) -> Result<Waiting, Reply> {
    let (plain, rest) = bytes.split_first_chunk().expect("Invariant: no command is shorter than a plain one");
    let command = Command::decode(bytes).map_err(|_| refused(counter_of(plain), Refusal::Malformed))?;
    let header = command.header();
    let class = Class::of(&command).filter(|_| header.origin.boot != 0);
    let class = class.ok_or_else(|| refused(header.origin.counter, Refusal::Malformed))?;
    Ok(Waiting {
        class,
        account: if is_of_house(&command) { HOUSE } else { header.account },
        counter: header.origin.counter,
        sender: Arc::clone(sender),
        expires_at_ns: expiry_ns(&command),
        plain: *plain,
        rest: (!rest.is_empty()).then(|| rest.into()),
    })
}

/// Definitions and money from outside build on each other, whatever account they concern: they keep their order.
const fn is_of_house(command: &Command) -> bool {
    matches!(Class::of(command), Some(Class::Admin)) && !matches!(command, Command::Transfer(_))
}

const fn expiry_ns(command: &Command) -> u64 {
    let at_ms = match command {
        Command::PlaceOrder(place) => place.expires_at_ms,
        Command::AmendOrder(amend) => amend.expires_at_ms,
        Command::PlaceOrderAttached(place) => place.order.expires_at_ms,
        Command::AmendOrderAttached(amend) => amend.order.expires_at_ms,
        _ => 0,
    };
    at_ms.saturating_mul(1_000_000)
}

/// The sender's count in a command that cannot be decoded.
fn counter_of(plain: &[u8; PLAIN_BYTES]) -> u64 {
    const AT: usize = 8 + size_of::<Origin>() / 2;
    let mut counter = [0; 8];
    counter.copy_from_slice(&plain[AT..AT + 8]);
    u64::from_le_bytes(counter)
}
