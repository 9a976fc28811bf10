//! Where items of requests become commands.

use crate::counters::Counters;
use crate::items::Items;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyInt, PyList, PyString};
use tickyard_entry::{Grid, Instrument, Item, Limit, Listing, Member, OrderLimits, Rejection, Value, Verb};
use tickyard_types::{AccountId, AmendOrder, CancelOrder, InstrumentId, PlaceOrder};
use zerocopy::{Immutable, IntoBytes};

/// Number and name of a pair, name of what is paid, the steps of prices, sizes and quote money, smallest size in lots,
/// largest market order by value in notional units.
type Pair = (u32, String, String, Step, Step, Step, u64, u64);
/// Mantissa and digits.
type Step = (u64, u32);
/// Commands end to end, and why the others are none: place of the item, word, parameter.
type Drafted = (Py<PyBytes>, Vec<(usize, &'static str, &'static str)>);

/// Takes items of requests: `Items`, or what was decoded from JSON.
#[pyclass(module = "tickyard._core", frozen)]
pub struct Desk {
    listing: Listing,
    plain: Py<PyAny>,
    limits: Option<(Py<Counters>, OrderLimits)>,
}

/// How many, and in how many milliseconds.
type Number = (u32, u32);

/// A command, as far as limits are concerned.
trait InInstrument: IntoBytes + Immutable {
    fn instrument(&self) -> InstrumentId;
}

impl InInstrument for PlaceOrder {
    fn instrument(&self) -> InstrumentId {
        self.instrument
    }
}

impl InInstrument for CancelOrder {
    fn instrument(&self) -> InstrumentId {
        self.instrument
    }
}

impl InInstrument for AmendOrder {
    fn instrument(&self) -> InstrumentId {
        self.instrument
    }
}

#[pymethods]
impl Desk {
    /// `plain` writes a number without exponent, or raises. `counters` counts items by the three `numbers`: of single
    /// requests, of batches, and of an account.
    #[new]
    fn new(pairs: Vec<Pair>, plain: Py<PyAny>, counters: Option<Py<Counters>>, numbers: [Number; 3]) -> Self {
        let [one, many, account] = numbers.map(|(count, per_ms)| Limit { count, per_ms });
        let limits = counters.map(|counters| (counters, OrderLimits { one, many, account }));
        let pairs =
            pairs.into_iter().map(|(id, symbol, quote, price, size, notional, min_size, max_amount)| Instrument {
                id: InstrumentId(id),
                symbol,
                quote,
                prices: Grid::new(price.0, price.1),
                sizes: Grid::new(size.0, size.1),
                notionals: Grid::new(notional.0, notional.1),
                min_size,
                max_market_amount: max_amount,
            });
        Self { listing: Listing::new(pairs.collect()), plain, limits }
    }

    /// Orders.
    fn place(&self, items: &Bound<'_, PyAny>, account: u32, expires_at_ms: u64, now_ms: u64) -> PyResult<Drafted> {
        let account = AccountId(account);
        let make = |item: &Item<'_>| tickyard_entry::place(item, account, &self.listing, expires_at_ms);
        self.limited(items, Verb::Place, account, now_ms, make)
    }

    /// Cancellations.
    fn cancel(&self, items: &Bound<'_, PyAny>, account: u32, now_ms: u64) -> PyResult<Drafted> {
        let account = AccountId(account);
        let make = |item: &Item<'_>| tickyard_entry::cancel(item, account, &self.listing);
        self.limited(items, Verb::Cancel, account, now_ms, make)
    }

    /// Amendments.
    fn amend(&self, items: &Bound<'_, PyAny>, account: u32, expires_at_ms: u64, now_ms: u64) -> PyResult<Drafted> {
        let account = AccountId(account);
        let make = |item: &Item<'_>| tickyard_entry::amend(item, account, &self.listing, expires_at_ms);
        self.limited(items, Verb::Amend, account, now_ms, make)
    }

    /// Cancellations of everything; no command where there can be no order.
    fn mass_cancel(&self, items: &Bound<'_, PyAny>, account: u32) -> PyResult<Drafted> {
        let account = AccountId(account);
        self.draft(items, |item| tickyard_entry::mass_cancel(item, account, &self.listing))
    }

    /// Timers.
    fn cancel_all_after(&self, items: &Bound<'_, PyAny>, account: u32) -> PyResult<Drafted> {
        let account = AccountId(account);
        self.draft(items, |item| tickyard_entry::cancel_all_after(item, account).map(Some))
    }
}

impl Desk {
    /// Drafts what is within the limits; a limit goes before whatever else is wrong with an item.
    fn limited<R: InInstrument>(
        &self,
        items: &Bound<'_, PyAny>,
        verb: Verb,
        account: AccountId,
        now_ms: u64,
        make: impl Fn(&Item<'_>) -> Result<R, Rejection>,
    ) -> PyResult<Drafted> {
        let Some((counters, numbers)) = &self.limits else {
            return self.draft(items, |item| make(item).map(Some));
        };
        let (counters, count) = (counters.get().table(), items.len()?);
        self.draft(items, |item| {
            let made = make(item);
            let instrument = match &made {
                Ok(record) => record.instrument(),
                // Where nobody knows of which instrument it is, all such items are counted together.
                Err(_) => item.instrument(&self.listing).map_or(InstrumentId(0), |found| found.id),
            };
            numbers.count(counters, verb, count, (account, instrument), now_ms)?;
            made.map(Some)
        })
    }

    fn draft<R: IntoBytes + Immutable>(
        &self,
        items: &Bound<'_, PyAny>,
        make: impl Fn(&Item<'_>) -> Result<Option<R>, Rejection>,
    ) -> PyResult<Drafted> {
        let mut records = Vec::with_capacity(size_of::<R>() * items.len()?);
        let mut rejected = Vec::new();
        let mut take = |at: usize, item: &Item<'_>| match make(item) {
            Ok(record) => records.extend_from_slice(record.as_ref().map_or(&[], |record| record.as_bytes())),
            Err(rejection) => {
                let (word, parameter) = rejection.word();
                rejected.push((at, word, parameter));
            }
        };
        if let Ok(plain) = items.cast_exact::<Items>() {
            let plain = plain.get();
            let text = plain.text.as_bytes(items.py());
            for at in 0..plain.inner.len() {
                take(at, &plain.inner.item(text, at));
            }
        } else {
            for (at, item) in items.try_iter()?.enumerate() {
                self.decoded(item?.cast::<PyDict>()?, |item| take(at, item))?;
            }
        }
        Ok((PyBytes::new(items.py(), &records).unbind(), rejected))
    }

    /// Hands over an item that was decoded from JSON.
    fn decoded(&self, decoded: &Bound<'_, PyDict>, take: impl FnOnce(&Item<'_>)) -> PyResult<()> {
        let mut kept = Vec::with_capacity(decoded.len());
        for (name, value) in decoded.iter() {
            if let Some(member) = name.cast::<PyString>()?.to_str().ok().and_then(Member::of) {
                kept.push((member, value));
            }
        }
        let mut item = Item::new();
        for (member, value) in &kept {
            if let Some(value) = self.value(value)? {
                item.add(*member, value);
            }
        }
        take(&item);
        Ok(())
    }

    /// Nothing for None, which means absent.
    fn value<'a>(&self, value: &'a Bound<'_, PyAny>) -> PyResult<Option<Value<'a>>> {
        if let Ok(text) = value.cast_exact::<PyString>() {
            return Ok(Some(text.to_str().map_or(Value::Other, |text| Value::Text(text.into()))));
        }
        if value.is_none() {
            return Ok(None);
        }
        if let Ok(flag) = value.cast_exact::<PyBool>() {
            return Ok(Some(Value::Flag(flag.is_true())));
        }
        if let Ok(list) = value.cast::<PyList>() {
            return Ok(Some(Value::List { is_empty: list.is_empty() }));
        }
        let Ok(plain) = self.plain.call1(value.py(), (value,)) else { return Ok(Some(Value::Other)) };
        let figures: String = plain.extract(value.py())?;
        Ok(Some(if value.is_exact_instance_of::<PyInt>() { Value::Whole(figures) } else { Value::Fraction(figures) }))
    }
}
