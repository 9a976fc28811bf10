//! What the senders of orders are told.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Writes the acknowledgements of one kind of command.
#[pyclass(module = "tickyard._core", frozen)]
pub struct Acknowledgement {
    inner: tickyard_entry::Acknowledgement,
}

#[pymethods]
impl Acknowledgement {
    #[new]
    fn new(text: &str) -> PyResult<Self> {
        let inner = tickyard_entry::Acknowledgement::new(text);
        inner.map(|inner| Self { inner }).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// A JSON array with an item for each command; None when one of them was refused.
    fn write(&self, py: Python<'_>, commands: &[u8], replies: &[u8]) -> Option<Py<PyBytes>> {
        self.inner.write(commands, replies).map(|json| PyBytes::new(py, &json).unbind())
    }
}
