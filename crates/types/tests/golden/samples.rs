//! One sample of each record, with every field distinct.

mod commands;
mod events;

pub use commands::commands;
pub use events::{decoded_event, events};

use crate::json::{Json, object, string};
use std::fmt::{Debug, Write as _};
use tickyard_types::{AccountId, Leg, OrderId, Origin, Reply, Seq};
use zerocopy::{Immutable, IntoBytes};

/// A record with known contents.
pub struct Sample {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub debug: String,
    fields: Vec<(&'static str, String)>,
}

impl Sample {
    fn new(
        name: &'static str,
        record: &(impl IntoBytes + Immutable + Debug),
        header: Vec<(&'static str, String)>,
        fields: Vec<(&'static str, String)>,
    ) -> Self {
        let fields = header.into_iter().chain(fields).collect();
        Self { name, bytes: record.as_bytes().to_vec(), debug: format!("{record:?}"), fields }
    }

    /// The sample as it stands in the golden file.
    pub fn json(&self) -> String {
        let mut hex = String::new();
        for byte in &self.bytes {
            write!(hex, "{byte:02x}").expect("Invariant: a string takes everything");
        }
        object([
            ("size", self.bytes.len().to_string()),
            ("fields", object(self.fields.iter().map(|(name, value)| (*name, value.clone())))),
            ("hex", string(&hex)),
        ])
    }
}

/// What reserved fields hold.
trait Zero {
    const ZERO: Self;
}
impl Zero for u8 {
    const ZERO: Self = 0;
}
impl<const N: usize> Zero for [u8; N] {
    const ZERO: Self = [0; N];
}

/// A name padded with zeros.
fn name<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

const FLAGS: u8 = 5;
const ACCOUNT: AccountId = AccountId(0x0102_0304);
const ORIGIN: Origin = Origin { boot: 0x1112_1314_1516_1718, counter: 0x2122_2324_2526_2728 };
const SEQ: Seq = Seq(0x3132_3334_3536_3738);
const TIME_NS: u64 = 0x4142_4344_4546_4748;
/// Larger than 64 bits, so that both halves are tried.
const WIDE: i128 = 0x0a0b_0c0d_0e0f_1011_1213_1415_1617_1819;

/// Four prices in a row.
const fn legs(first: i64) -> [Leg; 2] {
    [Leg { trigger: first, price: first + 1 }, Leg { trigger: first + 2, price: first + 3 }]
}

/// A sample of the reply.
pub fn reply() -> Sample {
    let reply = Reply {
        counter: 0x0031_2233_4455_6601,
        seq: Seq(0x0031_2233_4455_6602),
        time_ns: 0x0031_2233_4455_6603,
        order_id: OrderId(0x0031_2233_4455_6604),
        value: 0x0031_2233_4455_6605,
        refusal: 60,
        client_id: name("clientOfThirtyTwoLettersAndDigit"),
        ..Reply::default()
    };
    let fields = vec![
        ("counter", reply.counter.json()),
        ("seq", reply.seq.json()),
        ("time_ns", reply.time_ns.json()),
        ("order_id", reply.order_id.json()),
        ("value", reply.value.json()),
        ("refusal", reply.refusal.json()),
        ("client_id", reply.client_id.json()),
    ];
    Sample::new("Reply", &reply, Vec::new(), fields)
}
