//! All books of a listing, and how they follow the events.

use crate::book::Book;
use crate::decimal::Grid;
use crate::level::Scale;
use tickyard_types::{EventHeader, EventKind, InstrumentId, LevelChanged, event_size};
use zerocopy::TryFromBytes;

/// The books of all listed instruments.
#[derive(Clone, Debug, Default)]
pub struct MarketView {
    /// By instrument.
    books: Vec<Book>,
    /// By the places of the books: the count of the batch that changed each last.
    changed_in: Vec<u64>,
    batches: u64,
    changed: Vec<InstrumentId>,
    rest: Vec<u8>,
}

/// What a batch of events was, apart from the levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied<'a> {
    /// Whose books have changed, each once, in the order of their first changes.
    pub changed: &'a [InstrumentId],
    /// All events but those of levels, in their order.
    pub rest: &'a [u8],
}

/// The bytes are no events of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no event at byte {at}")]
pub struct Malformed {
    /// Where.
    pub at: usize,
}

impl MarketView {
    /// The empty books of a listing: instruments with the steps of their prices and sizes.
    ///
    /// An instrument that is listed twice keeps its first steps.
    #[must_use]
    pub fn new(listing: impl IntoIterator<Item = (InstrumentId, Grid, Grid)>) -> Self {
        let mut books: Vec<_> =
            listing.into_iter().map(|(instrument, price, size)| Book::new(instrument, Scale { price, size })).collect();
        books.sort_by_key(Book::instrument);
        books.dedup_by_key(|book| book.instrument());
        Self { changed_in: vec![0; books.len()], books, ..Self::default() }
    }

    /// Where the book of an instrument stands; `None` for one that is not listed.
    #[must_use]
    pub fn place(&self, instrument: InstrumentId) -> Option<usize> {
        self.books.binary_search_by_key(&instrument, Book::instrument).ok()
    }

    /// The book at a place.
    ///
    /// # Panics
    /// [`Self::place`] never gave such a place.
    #[must_use]
    pub fn book(&self, place: usize) -> &Book {
        &self.books[place]
    }

    /// The book at a place, to load it.
    ///
    /// # Panics
    /// [`Self::place`] never gave such a place.
    pub fn book_mut(&mut self, place: usize) -> &mut Book {
        &mut self.books[place]
    }

    /// Applies the changes of levels in a batch and gives back everything else.
    ///
    /// Instruments that are not listed are left out.
    ///
    /// # Errors
    /// These are no whole events of this version; what stood before the place is applied.
    pub fn apply(&mut self, events: &[u8]) -> Result<Applied<'_>, Malformed> {
        self.batches += 1;
        self.changed.clear();
        self.rest.clear();
        let mut left = events;
        while !left.is_empty() {
            let malformed = Malformed { at: events.len() - left.len() };
            let (kind, size) = head(left).ok_or(malformed)?;
            let (event, after) = left.split_at_checked(size).ok_or(malformed)?;
            left = after;
            if kind == EventKind::LevelChanged {
                self.change(&LevelChanged::try_read_from_bytes(event).map_err(|_| malformed)?);
            } else {
                self.rest.extend_from_slice(event);
            }
        }
        Ok(Applied { changed: &self.changed, rest: &self.rest })
    }

    fn change(&mut self, change: &LevelChanged) {
        let Some(place) = self.place(change.instrument) else { return };
        if self.books[place].apply(change) && self.changed_in[place] != self.batches {
            self.changed_in[place] = self.batches;
            self.changed.push(change.instrument);
        }
    }
}

/// Kind and size of the event at the beginning.
fn head(events: &[u8]) -> Option<(EventKind, usize)> {
    let (header, _) = EventHeader::try_read_from_prefix(events).ok()?;
    let size = event_size(header.kind);
    (usize::from(header.size) == size).then_some((header.kind, size))
}
