//! Items straight from JSON, where it is as plain as programs write it.
//!
//! Plain means: objects of unescaped ASCII text and whole numbers, nothing blank, no name twice. What is not plain, JSON
//! or not, is left to a decoder that takes everything; what both take, they take alike.

use crate::item::{Item, Value};
use crate::member::Member;
use std::borrow::Cow;
use std::ops::Range;

/// More members than any item has; comparing all names with each other stays cheap.
const MEMBERS_MAX: usize = 32;
/// Figures that every reader of JSON takes for the same whole number.
const FIGURES_MAX: usize = 15;

type Span = Range<usize>;

/// Where the items of a request stand in its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Items {
    members: Vec<Place>,
    /// Where the members of each item end.
    ends: Vec<usize>,
}

/// Where a member stands, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    name: Span,
    value: Span,
    is_text: bool,
}

/// A frame that asks for an operation, and nothing else than that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Where its name stands.
    pub op: Span,
    /// Where the sender's name for it stands.
    pub id: Span,
    /// Its arguments, at least one.
    pub items: Items,
}

impl Frame {
    /// Reads a plain frame `{"id":"…","op":"…","args":[{…},…]}`, in any order of its members.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        let mut scan = Scan { text, at: 0 };
        let (mut op, mut id, mut items) = (None, None, None);
        scan.take(b'{')?;
        loop {
            let name = scan.name()?;
            match &text[name] {
                b"op" if op.is_none() => op = Some(scan.text()?),
                b"id" if id.is_none() => id = Some(scan.text()?),
                b"args" if items.is_none() => items = Some(scan.items()?),
                _ => return None,
            }
            if !scan.goes_on(b'}')? {
                break;
            }
        }
        scan.end()?;
        Some(Self { op: op?, id: id?, items: items? })
    }
}

impl Items {
    /// Reads a text that is one plain object.
    #[must_use]
    pub fn read_object(text: &[u8]) -> Option<Self> {
        let mut scan = Scan { text, at: 0 };
        let mut items = Self::with_room();
        scan.object(&mut items)?;
        scan.end()?;
        Some(items)
    }

    /// Reads a text that is an array of plain objects, at least one.
    #[must_use]
    pub fn read_array(text: &[u8]) -> Option<Self> {
        let mut scan = Scan { text, at: 0 };
        let items = scan.items()?;
        scan.end()?;
        Some(items)
    }

    fn with_room() -> Self {
        Self { members: Vec::with_capacity(16), ends: Vec::new() }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The members of one item by their names, numbers in their figures. `text` is what the items were read from.
    pub fn members<'t>(&self, text: &'t [u8], at: usize) -> impl Iterator<Item = (&'t str, Value<'t>)> {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        self.members[start..self.ends[at]].iter().map(|place| {
            let value = ascii(text, &place.value);
            let value = if place.is_text { Value::Text(Cow::Borrowed(value)) } else { Value::Whole(value.to_owned()) };
            (ascii(text, &place.name), value)
        })
    }

    /// One item, with the members that mean something.
    #[must_use]
    pub fn item<'t>(&self, text: &'t [u8], at: usize) -> Item<'t> {
        let mut item = Item::new();
        for (name, value) in self.members(text, at) {
            if let Some(member) = Member::of(name) {
                item.add(member, value);
            }
        }
        item
    }
}

fn ascii<'t>(text: &'t [u8], span: &Span) -> &'t str {
    let found = std::str::from_utf8(&text[span.clone()]);
    debug_assert!(found.is_ok(), "Invariant: plain text is ASCII");
    found.unwrap_or_default()
}

/// Reads from left to right; None as soon as something is not plain.
struct Scan<'t> {
    text: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&mut self) -> Option<u8> {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn end(&mut self) -> Option<()> {
        self.peek().is_none().then_some(())
    }

    /// Whether something follows after a comma, or the container ends here.
    fn goes_on(&mut self, closing: u8) -> Option<bool> {
        let byte = self.peek()?;
        self.at += 1;
        if byte == b',' { Some(true) } else { (byte == closing).then_some(false) }
    }

    /// Text that is not empty.
    fn text(&mut self) -> Option<Span> {
        self.take(b'"')?;
        let start = self.at;
        let length =
            self.text[start..].iter().position(|byte| !matches!(byte, b' '..=b'~') || matches!(byte, b'"' | b'\\'))?;
        self.at = start + length + 1;
        (length > 0 && self.text[start + length] == b'"').then_some(start..start + length)
    }

    fn name(&mut self) -> Option<Span> {
        let name = self.text()?;
        self.take(b':')?;
        Some(name)
    }

    fn value(&mut self) -> Option<(Span, bool)> {
        if self.peek()? == b'"' {
            return Some((self.text()?, true));
        }
        let start = self.at;
        let length = self.text[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at = start + length;
        let is_whole = match length {
            0 => false,
            1 => true,
            _ => length <= FIGURES_MAX && self.text[start] != b'0',
        };
        // Figures that go on as a fraction or with an exponent fail at what must follow here.
        is_whole.then_some((start..self.at, false))
    }

    fn items(&mut self) -> Option<Items> {
        let mut items = Items::with_room();
        self.take(b'[')?;
        loop {
            self.object(&mut items)?;
            if !self.goes_on(b']')? {
                return Some(items);
            }
        }
    }

    fn object(&mut self, items: &mut Items) -> Option<()> {
        let start = items.members.len();
        self.take(b'{')?;
        loop {
            let name = self.name()?;
            let known = &items.members[start..];
            if known.len() == MEMBERS_MAX
                || known.iter().any(|place| self.text[place.name.clone()] == self.text[name.clone()])
            {
                return None;
            }
            let (value, is_text) = self.value()?;
            items.members.push(Place { name, value, is_text });
            if !self.goes_on(b'}')? {
                items.ends.push(items.members.len());
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, Items};
    use crate::item::Value;

    fn read(text: &str) -> Option<Vec<Vec<(String, Value<'_>)>>> {
        let frame = Frame::read(text.as_bytes())?;
        assert_eq!((&text[frame.op], &text[frame.id]), ("order", "7"));
        let members =
            |at| frame.items.members(text.as_bytes(), at).map(|(name, value)| (name.to_owned(), value)).collect();
        Some((0..frame.items.len()).map(members).collect())
    }

    #[test]
    fn a_plain_frame_is_read_in_any_order_and_spacing() {
        let expected = vec![
            vec![("px".to_owned(), Value::Text("1.5".into())), ("n".to_owned(), Value::Whole("12".to_owned()))],
            vec![("px".to_owned(), Value::Text("~ {}[]:,".into()))],
        ];
        for text in [
            r#"{"id":"7","op":"order","args":[{"px":"1.5","n":12},{"px":"~ {}[]:,"}]}"#,
            " { \"args\" : [ { \"px\" : \"1.5\" , \"n\" : 12 } , \n{\"px\":\"~ {}[]:,\"}\t] , \"op\":\"order\",\r\"id\":\"7\" } ",
        ] {
            assert_eq!(read(text).as_ref(), Some(&expected), "{text}");
        }
    }

    #[test]
    fn a_body_is_one_object_or_an_array_of_them() {
        let object = r#" {"px":"1.5" , "n":12} "#;
        let members: Vec<_> = Items::read_object(object.as_bytes())
            .iter()
            .flat_map(|items| items.members(object.as_bytes(), 0).map(|(name, _)| name).collect::<Vec<_>>())
            .collect();
        assert_eq!(members, ["px", "n"]);
        assert_eq!(Items::read_array(br#"[{"a":"1"}, {"a":"2"}]"#).map(|items| items.len()), Some(2));
        for text in ["", "{}", "[]", r#"[{"a":"1"}]"#, r#"{"a":"1"}x"#, r#"{"a":"1"}{"a":"1"}"#, r#"{"a":1.5}"#] {
            assert_eq!(Items::read_object(text.as_bytes()), None, "{text}");
        }
        for text in ["", "{}", "[]", r#"{"a":"1"}"#, r#"[{"a":"1"}]x"#, r#"[{"a":"1"},]"#, r#"[{"a":""}]"#] {
            assert_eq!(Items::read_array(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn everything_else_is_left_to_others() {
        for args in [
            r"[]",
            r"[{}]",
            r#"{"px":"1"}"#,
            r#"[{"px":""}]"#,
            r#"[{"px":null}]"#,
            r#"[{"px":true}]"#,
            r#"[{"px":1.5}]"#,
            r#"[{"px":1e5}]"#,
            r#"[{"px":01}]"#,
            r#"[{"px":-1}]"#,
            r#"[{"px":1234567890123456}]"#,
            r#"[{"px":"1","px":"1"}]"#,
            r#"[{"p\u0078":"1"}]"#,
            r#"[{"px":"\n"}]"#,
            r#"[{"px":"é"}]"#,
            r#"[{"px":["1"]}]"#,
            r#"[{"px":{"a":"1"}}]"#,
            r#"[{"px":"1"},]"#,
            r#"[{"px":"1",}]"#,
            r#"[{"px":"1"}"#,
            r#"[{"px" "1"}]"#,
            r#"[{"":"1"}]"#,
            r#"["px"]"#,
            "[{\"px\":\"\t\"}]",
            r#"[{"px":"1}]"#,
        ] {
            assert_eq!(Frame::read(format!(r#"{{"id":"7","op":"order","args":{args}}}"#).as_bytes()), None, "{args}");
        }
        for text in [
            "",
            "{",
            "{}",
            "[]",
            r#"{"id":"7","op":"order"}"#,
            r#"{"op":"order","args":[{"a":"1"}]}"#,
            r#"{"id":7,"op":"order","args":[{"a":"1"}]}"#,
            r#"{"id":"7","op":"order","args":[{"a":"1"}],"expTime":"1"}"#,
            r#"{"id":"7","id":"7","op":"order","args":[{"a":"1"}]}"#,
            r#"{"id":"7","op":"order","args":[{"a":"1"}]}x"#,
        ] {
            assert_eq!(Frame::read(text.as_bytes()), None, "{text}");
        }
    }
}
