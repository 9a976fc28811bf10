//! Writes the little JSON that the golden files need. Numbers of any width stay numbers.

use std::fmt::Write as _;

/// Joins members to an object on one line.
pub fn object<K: AsRef<str>>(members: impl IntoIterator<Item = (K, String)>) -> String {
    let members: Vec<String> =
        members.into_iter().map(|(key, value)| format!("{}: {value}", string(key.as_ref()))).collect();
    format!("{{{}}}", members.join(", "))
}

/// Writes a string of printable ASCII without quotes in it.
pub fn string(text: &str) -> String {
    assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\'));
    format!("\"{text}\"")
}

/// Breaks the lines of nested objects, two blanks a level.
pub fn pretty(json: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    let mut in_string = false;
    for character in json.chars() {
        match character {
            '"' => in_string = !in_string,
            '{' if !in_string => depth += 1,
            '}' if !in_string => {
                depth -= 1;
                write!(out, "\n{:1$}", "", depth * 2).expect("Invariant: a string takes everything");
            }
            ' ' if !in_string && out.trim_end_matches(' ').ends_with('\n') => continue,
            _ => {}
        }
        out.push(character);
        if !in_string && matches!(character, '{' | ',') {
            write!(out, "\n{:1$}", "", depth * 2).expect("Invariant: a string takes everything");
        }
    }
    out = out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    out.push('\n');
    out
}

/// A field as JSON.
pub trait Json {
    /// Writes it.
    fn json(&self) -> String;
}

macro_rules! number {
    ($($ty:ty),+) => { $(impl Json for $ty { fn json(&self) -> String { self.to_string() } })+ };
}
number!(u8, u16, u32, u64, i64, i128);

macro_rules! enum_number {
    ($($ty:ident),+) => {
        $(impl Json for tickyard_types::$ty { fn json(&self) -> String { (*self as u8).to_string() } })+
    };
}

macro_rules! id {
    ($($ty:ident),+) => { $(impl Json for tickyard_types::$ty { fn json(&self) -> String { self.0.to_string() } })+ };
}
id!(AccountId, AssetId, InstrumentId, OrderId, TradeId, TriggerId, Seq);
enum_number!(
    Side,
    OrderType,
    TradeMode,
    SelfTrade,
    InstrumentState,
    OrderState,
    CancelSource,
    AmendResult,
    Wallet,
    PostingReason,
    CommandKind,
    EventKind,
    PriceType,
    TriggerKind,
    TriggerState
);

/// Trigger and price of each leg in a row.
impl Json for [tickyard_types::Leg; 2] {
    fn json(&self) -> String {
        let [first, second] = self;
        format!("[{}, {}, {}, {}]", first.trigger, first.price, second.trigger, second.price)
    }
}

impl Json for [tickyard_types::PriceType; 2] {
    fn json(&self) -> String {
        format!("[{}, {}]", self[0].json(), self[1].json())
    }
}

/// A name, without its padding.
impl<const N: usize> Json for [u8; N] {
    fn json(&self) -> String {
        let text = std::str::from_utf8(self).expect("Invariant: names are ASCII");
        string(text.trim_end_matches('\0'))
    }
}
