//! `tickyard._core`: the door between Python and the core. Conversions and exceptions only.
//!
//! Bytes go in and out whole batches at a time, and the interpreter is free while Rust works.

mod acknowledgement;
mod core;
mod counters;
mod desk;
mod error;
mod events;
mod history;
mod host;
mod in_flight;
mod items;
mod request;
mod view;

use pyo3::prelude::*;

/// The Rust core, as Python sees it.
#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("RECORD_VERSION", tickyard_types::RECORD_VERSION)?;
    module.add("CORE_VERSION", tickyard_types::CORE_VERSION)?;
    module.add("REJECTIONS", tickyard_entry::Rejection::WORDS)?;
    module.add("COUNTERS_BYTES", tickyard_entry::WORDS * size_of::<u64>())?;
    module.add("LIMITS_FROM", tickyard_entry::NUMBERS)?;
    module.add("StartRefused", module.py().get_type::<error::StartRefused>())?;
    module.add_class::<acknowledgement::Acknowledgement>()?;
    module.add_class::<core::Core>()?;
    module.add_class::<counters::Counters>()?;
    module.add_class::<desk::Desk>()?;
    module.add_class::<events::EventReader>()?;
    module.add_class::<host::Host>()?;
    module.add_class::<in_flight::InFlight>()?;
    module.add_class::<items::Items>()?;
    module.add_function(wrap_pyfunction!(items::read_array, module)?)?;
    module.add_function(wrap_pyfunction!(items::read_frame, module)?)?;
    module.add_function(wrap_pyfunction!(items::read_object, module)?)?;
    module.add_function(wrap_pyfunction!(request::read_request, module)?)?;
    module.add_class::<view::MarketView>()?;
    module.add_class::<view::BookView>()?;
    module.add_class::<view::BookWindow>()?;
    module.add_function(wrap_pyfunction!(history::make_snapshot, module)?)?;
    module.add_function(wrap_pyfunction!(history::oldest_events, module)?)?;
    module.add_function(wrap_pyfunction!(history::replay, module)?)?;
    module.add_function(wrap_pyfunction!(history::tidy, module)?)?;
    module.add_function(wrap_pyfunction!(history::verify, module)?)?;
    Ok(())
}
