//! Items that were read without a decoder.

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyInt, PyList, PyString};
use tickyard_entry::{Frame, Value};

/// The items of a request, as a sequence of objects that are made when somebody looks at them.
#[pyclass(module = "tickyard._core", frozen, sequence)]
pub struct Items {
    pub(crate) text: Py<PyBytes>,
    pub(crate) inner: tickyard_entry::Items,
}

#[pymethods]
impl Items {
    fn __len__(&self) -> usize {
        self.inner.len()
    }

    fn __getitem__(&self, py: Python<'_>, index: usize) -> PyResult<Py<PyDict>> {
        if index >= self.inner.len() {
            return Err(PyIndexError::new_err("no such item"));
        }
        self.decoded(py, index)
    }

    fn __iter__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let items = (0..self.inner.len()).map(|at| self.decoded(py, at)).collect::<PyResult<Vec<_>>>()?;
        Ok(PyList::new(py, items)?.try_iter()?.into_any().unbind())
    }
}

impl Items {
    fn decoded(&self, py: Python<'_>, at: usize) -> PyResult<Py<PyDict>> {
        let item = PyDict::new(py);
        for (name, value) in self.inner.members(self.text.as_bytes(py), at) {
            match value {
                Value::Whole(figures) => item.set_item(name, py.get_type::<PyInt>().call1((figures,))?)?,
                Value::Text(text) => item.set_item(name, text)?,
                _ => debug_assert!(false, "Invariant: plain JSON holds text and whole numbers"),
            }
        }
        Ok(item.unbind())
    }
}

/// Reads a text that is one plain object, as the only item. None for every other text: decode it.
#[pyfunction]
pub fn read_object(text: &Bound<'_, PyBytes>) -> Option<Items> {
    let inner = tickyard_entry::Items::read_object(text.as_bytes())?;
    Some(Items { text: text.clone().unbind(), inner })
}

/// Reads a text that is an array of plain objects, at least one. None for every other text: decode it.
#[pyfunction]
pub fn read_array(text: &Bound<'_, PyBytes>) -> Option<Items> {
    let inner = tickyard_entry::Items::read_array(text.as_bytes())?;
    Some(Items { text: text.clone().unbind(), inner })
}

/// Reads a plain frame that asks for an operation: its name, the sender's name for it, its arguments.
///
/// None for every other text: decode it.
#[pyfunction]
pub fn read_frame(text: &Bound<'_, PyBytes>) -> Option<(Py<PyString>, Py<PyString>, Items)> {
    let (py, bytes) = (text.py(), text.as_bytes());
    let frame = Frame::read(bytes)?;
    let string = |span| std::str::from_utf8(&bytes[span]).ok().map(|part| PyString::new(py, part).unbind());
    let items = Items { text: text.clone().unbind(), inner: frame.items };
    Some((string(frame.op)?, string(frame.id)?, items))
}
