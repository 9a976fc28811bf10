//! One item of a request, and how its members are read: what is accepted as a name, a number, a yes or no.
//!
//! Clients also send JSON numbers where OKX says string. Source: OKX v5, "Overview", and what ccxt and python-okx send.

use crate::listing::{Instrument, Listing};
use crate::member::Member;
use crate::rejection::Rejection;
use std::borrow::Cow;

const CODE_DIGITS_MAX: usize = 9;
const ORDER_DIGITS_MAX: usize = 19; // what fits into a u64 without a look at its value

/// A value of JSON, as far as items are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// A whole number in decimal figures, perhaps with a minus.
    Whole(String),
    /// Another number, in plain figures.
    Fraction(String),
    /// Yes or no.
    Flag(bool),
    /// A list.
    List {
        /// Whether nothing is in it.
        is_empty: bool,
    },
    /// Anything else.
    Other,
}

/// One order, amendment or cancellation. Blank members mean absent and are not in it.
#[derive(Clone, Debug, Default)]
pub struct Item<'a> {
    members: Vec<(Member, Value<'a>)>,
}

impl<'a> Item<'a> {
    /// An item without members.
    #[must_use]
    pub fn new() -> Self {
        Self { members: Vec::with_capacity(12) }
    }

    /// Adds a member; only what several names mean may be there already.
    pub fn add(&mut self, member: Member, value: Value<'a>) {
        self.members.push((member, value));
    }

    pub(crate) fn get(&self, member: Member) -> Option<&Value<'a>> {
        self.members.iter().find_map(|(name, value)| (*name == member).then_some(value))
    }

    pub(crate) fn has(&self, member: Member) -> bool {
        self.get(member).is_some()
    }

    /// A member's text, when it is text.
    pub(crate) fn text(&self, member: Member) -> Option<&str> {
        match self.get(member) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Why a required member has no value that can be used.
    pub(crate) fn rejection(&self, member: Member) -> Rejection {
        if self.has(member) { Rejection::Invalid(member) } else { Rejection::Missing(member) }
    }

    /// A required word.
    pub(crate) fn word<T>(&self, member: Member, meaning: impl FnOnce(&str) -> Option<T>) -> Result<T, Rejection> {
        self.text(member).and_then(meaning).ok_or_else(|| self.rejection(member))
    }

    /// A yes or no that is false when absent; a JSON boolean or its name.
    pub(crate) fn flag(&self, member: Member) -> Result<bool, Rejection> {
        match self.get(member) {
            None => Ok(false),
            Some(Value::Flag(value)) => Ok(*value),
            Some(Value::Text(text)) if text == "true" => Ok(true),
            Some(Value::Text(text)) if text == "false" => Ok(false),
            Some(_) => Err(Rejection::Invalid(member)),
        }
    }

    /// A client's name for something: up to `N` ASCII letters and digits, padded with zeros; only zeros when absent.
    pub(crate) fn name<const N: usize>(&self, member: Member) -> Result<[u8; N], Rejection> {
        let text = match self.get(member) {
            None => return Ok([0; N]),
            Some(Value::Text(text)) => text.as_bytes(),
            Some(Value::Whole(figures)) => figures.as_bytes(),
            Some(_) => return Err(Rejection::Invalid(member)),
        };
        if text.is_empty() || text.len() > N || !text.iter().all(u8::is_ascii_alphanumeric) {
            return Err(Rejection::Invalid(member));
        }
        let mut name = [0; N];
        name[..text.len()].copy_from_slice(text);
        Ok(name)
    }

    /// A required number as text; whether the text is a number is the grid's affair.
    pub(crate) fn amount(&self, member: Member) -> Result<&str, Rejection> {
        match self.get(member) {
            Some(Value::Text(text)) => Ok(text),
            Some(Value::Whole(figures) | Value::Fraction(figures)) => Ok(figures),
            _ => Err(self.rejection(member)),
        }
    }

    /// A whole number that is zero or positive; nothing for anything else, absence included.
    pub(crate) fn whole(&self, member: Member, digits_max: usize) -> Option<u64> {
        let figures = match self.get(member)? {
            Value::Text(text) => text.as_ref(),
            Value::Whole(figures) => figures,
            _ => return None,
        };
        let is_whole = figures.len() <= digits_max && figures.bytes().all(|byte| byte.is_ascii_digit());
        if is_whole { figures.parse().ok() } else { None }
    }

    /// Whether a list has items; clients that have none send an empty one.
    pub(crate) fn has_items(&self, member: Member) -> Result<bool, Rejection> {
        match self.get(member) {
            None => Ok(false),
            Some(Value::List { is_empty }) => Ok(!is_empty),
            Some(_) => Err(Rejection::Invalid(member)),
        }
    }

    /// The instrument that the item names; its number goes before its name.
    ///
    /// # Errors
    /// It names none that there is.
    pub fn instrument<'l>(&self, listing: &'l Listing) -> Result<&'l Instrument, Rejection> {
        let found = if self.has(Member::InstIdCode) {
            let code = self.whole(Member::InstIdCode, CODE_DIGITS_MAX);
            code.and_then(|code| listing.by_code(code))
        } else if self.has(Member::InstId) {
            self.text(Member::InstId).and_then(|symbol| listing.by_symbol(symbol))
        } else {
            return Err(Rejection::Missing(Member::InstId));
        };
        found.ok_or(Rejection::UnknownInstrument)
    }

    /// Which order is meant, by its id or else the client's; nothing when neither is there.
    pub(crate) fn order(&self) -> Result<Option<(u64, [u8; 32])>, Rejection> {
        if self.has(Member::OrdId) {
            let id = self.whole(Member::OrdId, ORDER_DIGITS_MAX).filter(|id| *id > 0);
            return id.map(|id| Some((id, [0; 32]))).ok_or(Rejection::Invalid(Member::OrdId));
        }
        let client_id = self.name(Member::ClOrdId)?;
        Ok((client_id != [0; 32]).then_some((0, client_id)))
    }

    /// Whether a price beyond the bounds is moved to the bound.
    pub(crate) fn is_clamped(&self) -> Result<bool, Rejection> {
        if !self.has(Member::PxAmendType) {
            return Ok(false);
        }
        match self.whole(Member::PxAmendType, 1) {
            Some(0) => Ok(false),
            Some(1) => Ok(true),
            _ => Err(Rejection::Invalid(Member::PxAmendType)),
        }
    }
}
