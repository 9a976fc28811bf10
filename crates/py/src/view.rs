//! The market as the public sees it, for workers: whole batches of events in, finished text out.
//!
//! Lists of levels come as pairs of bytes, asks first, without the brackets around them.

use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use tickyard_types::{InstrumentId, Seq, Side};
use tickyard_view::{Applied, Grid, Level, Picture, Window};

/// The interpreter is free while more bytes than this are applied; for fewer, changing hands takes longer.
const BIG: usize = 64 << 10;

/// Instrument, then mantissa and decimal places of its price step and of its size step.
type Listed = (u32, (i64, u8), (i64, u8));
/// Price in ticks, size in lots, number of orders.
type Row = (i64, i64, u32);
/// Two lists: asks, bids.
type Lists<'py> = (Bound<'py, PyBytes>, Bound<'py, PyBytes>);

/// The books of all listed instruments.
#[pyclass(module = "tickyard._core")]
pub struct MarketView {
    view: tickyard_view::MarketView,
}

#[pymethods]
impl MarketView {
    /// Empty books.
    #[new]
    fn new(listing: Vec<Listed>) -> PyResult<Self> {
        let grid = |(mantissa, digits)| {
            Grid::new(mantissa, digits).ok_or_else(|| PyValueError::new_err("a step must be positive"))
        };
        let listing = listing.into_iter().map(|(id, price, size)| Ok((InstrumentId(id), grid(price)?, grid(size)?)));
        Ok(Self { view: tickyard_view::MarketView::new(listing.collect::<PyResult<Vec<_>>>()?) })
    }

    /// Applies the changes of levels that lie after `start`; returns whose books have changed, and all other events.
    #[pyo3(signature = (events, start = 0))]
    fn apply<'py>(
        &mut self,
        py: Python<'py>,
        events: &[u8],
        start: usize,
    ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyBytes>)> {
        let events = events.get(start..).unwrap_or_default();
        let applied = if events.len() > BIG { py.detach(|| self.view.apply(events)) } else { self.view.apply(events) };
        let Applied { changed, rest } = applied.map_err(|error| PyValueError::new_err(error.to_string()))?;
        let changed = PyTuple::new(py, changed.iter().map(|instrument| instrument.0))?;
        Ok((changed, PyBytes::new(py, rest)))
    }

    /// The book of an instrument; `KeyError` when it is not listed.
    fn book(slf: &Bound<'_, Self>, instrument: u32) -> PyResult<BookView> {
        let place = slf.borrow().view.place(InstrumentId(instrument));
        let place = place.ok_or_else(|| PyKeyError::new_err(instrument))?;
        Ok(BookView { view: slf.clone().unbind(), place })
    }
}

/// One book of a view. It follows the view.
#[pyclass(module = "tickyard._core", frozen)]
pub struct BookView {
    view: Py<MarketView>,
    place: usize,
}

#[pymethods]
impl BookView {
    /// The newest applied command that changed this book.
    #[getter]
    fn seq(&self, py: Python<'_>) -> u64 {
        self.look(py, |book| book.seq().0)
    }

    /// Exchange time of the newest change; 0 before the first.
    #[getter]
    fn time_ms(&self, py: Python<'_>) -> u64 {
        self.look(py, tickyard_view::Book::time_ms)
    }

    /// How many levels there are: asks, bids.
    #[getter]
    fn level_counts(&self, py: Python<'_>) -> (usize, usize) {
        self.look(py, |book| (book.asks().len(), book.bids().len()))
    }

    /// The best ask: price in ticks, size in lots, number of orders.
    #[getter]
    fn best_ask(&self, py: Python<'_>) -> Option<Row> {
        self.look(py, |book| book.asks().best().map(row))
    }

    /// The best bid: price in ticks, size in lots, number of orders.
    #[getter]
    fn best_bid(&self, py: Python<'_>) -> Option<Row> {
        self.look(py, |book| book.bids().best().map(row))
    }

    /// Replaces everything by a picture; levels come in any order.
    #[pyo3(signature = (*, read_at, changed_at, time_ms, bids, asks))]
    fn load(&self, py: Python<'_>, read_at: u64, changed_at: u64, time_ms: u64, bids: Vec<Row>, asks: Vec<Row>) {
        let level = |(price, size, orders)| Level { price, size, orders };
        let bids: Vec<_> = bids.into_iter().map(level).collect();
        let asks: Vec<_> = asks.into_iter().map(level).collect();
        let (read_at, changed_at) = (Seq(read_at), Seq(changed_at));
        let picture = Picture { read_at, changed_at, time_ms, bids: &bids, asks: &asks };
        self.view.borrow_mut(py).view.book_mut(self.place).load(&picture);
    }

    /// The best levels of each side.
    fn top<'py>(&self, py: Python<'py>, count: usize) -> Lists<'py> {
        self.look(py, |book| lists(py, |side, list| book.write_top(side, count, list)))
    }

    /// The best levels of each side as they stand in whole books: without the zero of old times.
    fn short_top<'py>(&self, py: Python<'py>, count: usize) -> Lists<'py> {
        self.look(py, |book| lists(py, |side, list| book.write_short_top(side, count, list)))
    }

    /// What the subscribers of a stream get at first, up to so many levels of each side.
    fn window(slf: &Bound<'_, Self>, depth: usize) -> BookWindow {
        let window = slf.get().look(slf.py(), |book| Window::of(book, depth));
        BookWindow { book: slf.clone().unbind(), window }
    }
}

impl BookView {
    fn look<T>(&self, py: Python<'_>, at: impl FnOnce(&tickyard_view::Book) -> T) -> T {
        at(self.view.borrow(py).view.book(self.place))
    }
}

/// What the subscribers of one stream of book updates have.
#[pyclass(module = "tickyard._core")]
pub struct BookWindow {
    book: Py<BookView>,
    window: Window,
}

#[pymethods]
impl BookWindow {
    /// The newest command in it that changed the book.
    #[getter]
    const fn seq(&self) -> u64 {
        self.window.seq().0
    }

    /// Exchange time of that change; 0 before the first.
    #[getter]
    const fn time_ms(&self) -> u64 {
        self.window.time_ms()
    }

    /// Its levels.
    fn levels<'py>(&self, py: Python<'py>) -> Lists<'py> {
        lists(py, |side, list| self.window.write_levels(side, list))
    }

    /// Its checksum.
    fn checksum(&self) -> i32 {
        self.window.checksum()
    }

    /// Moves to the book as it is now; returns the levels that are new, differ or are gone.
    fn advance<'py>(&mut self, py: Python<'py>) -> Lists<'py> {
        let (mut asks, mut bids) = (Vec::new(), Vec::new());
        self.book.get().look(py, |book| self.window.advance(book, &mut asks, &mut bids));
        (PyBytes::new(py, &asks), PyBytes::new(py, &bids))
    }
}

fn lists(py: Python<'_>, mut write: impl FnMut(Side, &mut Vec<u8>)) -> Lists<'_> {
    let mut list = Vec::new();
    let [asks, bids] = [Side::Sell, Side::Buy].map(|side| {
        list.clear();
        write(side, &mut list);
        PyBytes::new(py, &list)
    });
    (asks, bids)
}

const fn row(level: Level) -> Row {
    (level.price, level.size, level.orders)
}
