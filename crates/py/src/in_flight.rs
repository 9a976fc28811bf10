//! Commands on their way.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use zerocopy::IntoBytes;

/// Commands that were sent and are not answered yet. Who waits may be anything; it is given back.
#[pyclass(module = "tickyard._core")]
pub struct InFlight {
    inner: tickyard_entry::InFlight<Py<PyAny>>,
}

/// Who was waiting, and the replies that came, end to end.
type Answered = (Py<PyAny>, Py<PyBytes>);

#[pymethods]
impl InFlight {
    #[new]
    fn new(boot: u64) -> PyResult<Self> {
        if boot == 0 {
            return Err(PyValueError::new_err("a run has a number"));
        }
        Ok(Self { inner: tickyard_entry::InFlight::new(boot) })
    }

    /// How many commands wait for an answer.
    fn __len__(&self) -> usize {
        self.inner.len()
    }

    /// Takes commands that lie end to end; returns what must be sent.
    fn add(&mut self, py: Python<'_>, records: &[u8], deadline_ms: u64, waiter: Py<PyAny>) -> PyResult<Py<PyBytes>> {
        let sent = self.inner.add(records, deadline_ms, waiter).map_err(value_error)?;
        Ok(PyBytes::new(py, sent).unbind())
    }

    /// Takes replies that lie end to end; returns who is answered, and what must be sent once more.
    fn settle(&mut self, py: Python<'_>, replies: &[u8]) -> PyResult<(Vec<Answered>, Vec<u64>)> {
        let settled = self.inner.settle(replies).map_err(value_error)?;
        let answered = settled.answered.into_iter();
        let answered = answered.map(|(waiter, replies)| (waiter, PyBytes::new(py, replies.as_bytes()).unbind()));
        Ok((answered.collect(), settled.once_more))
    }

    /// The bytes of a command that waits, or nothing when it was settled meanwhile.
    fn record(&mut self, py: Python<'_>, counter: u64) -> Py<PyBytes> {
        PyBytes::new(py, self.inner.record(counter)).unbind()
    }

    /// Everything unanswered, in the order of the first sending.
    fn again(&mut self, py: Python<'_>) -> Py<PyBytes> {
        PyBytes::new(py, &self.inner.again()).unbind()
    }

    /// When the oldest call expires.
    #[getter]
    fn next_deadline_ms(&self) -> Option<u64> {
        self.inner.next_deadline_ms()
    }

    /// Gives up the calls that have waited until now; returns who waited.
    fn expire(&mut self, now_ms: u64) -> Vec<Py<PyAny>> {
        self.inner.expire(now_ms)
    }
}

fn value_error(error: tickyard_entry::NotCommands) -> PyErr {
    PyValueError::new_err(error.to_string())
}
