//! An engine without journal, sockets or clock: for tests, and for asking "what if".

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tickyard_engine::{Engine, EventBuffer};
use tickyard_types::{Reply, Seq, command_size};
use zerocopy::IntoBytes;

/// An engine.
#[pyclass(module = "tickyard._core")]
pub struct Core {
    engine: Engine,
    events: EventBuffer,
}

#[pymethods]
impl Core {
    /// An exchange before its first command, or as of a snapshot.
    #[new]
    #[pyo3(signature = (snapshot = None))]
    fn new(snapshot: Option<&[u8]>) -> PyResult<Self> {
        let engine = match snapshot {
            Some(bytes) => Engine::restore(bytes).map_err(|error| PyValueError::new_err(error.to_string()))?,
            None => Engine::new(),
        };
        Ok(Self { engine, events: EventBuffer::new() })
    }

    /// Applies commands that lie end to end, all at one exchange time; returns replies and events, end to end.
    fn apply(&mut self, py: Python<'_>, records: &[u8], time_ns: u64) -> PyResult<(Py<PyBytes>, Py<PyBytes>)> {
        let replies = py.detach(|| self.apply_all(records, time_ns))?;
        Ok((PyBytes::new(py, replies.as_bytes()).unbind(), PyBytes::new(py, self.events.as_bytes()).unbind()))
    }

    /// The newest command.
    #[getter]
    fn seq(&self) -> u64 {
        self.engine.seq().0
    }

    /// Exchange time of the newest command, in ns.
    #[getter]
    fn time_ns(&self) -> u64 {
        self.engine.time_ns()
    }

    /// When the earliest timer fires, exchange time in ns.
    #[getter]
    fn next_deadline_ns(&self) -> Option<u64> {
        self.engine.next_deadline_ns()
    }

    /// Hash of the state.
    fn state_hash(&self, py: Python<'_>) -> Py<PyBytes> {
        let hash = py.detach(|| self.engine.state_hash());
        PyBytes::new(py, &hash).unbind()
    }

    /// The whole state.
    fn snapshot(&self, py: Python<'_>) -> Py<PyBytes> {
        let bytes = py.detach(|| self.engine.snapshot());
        PyBytes::new(py, &bytes).unbind()
    }

    /// Checks sums and invariants.
    fn check(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.engine.check_invariants()).map_err(PyValueError::new_err)
    }
}

impl Core {
    fn apply_all(&mut self, mut records: &[u8], time_ns: u64) -> PyResult<Vec<Reply>> {
        self.events.clear();
        let mut replies = Vec::new();
        while let Some(&kind) = records.first() {
            let size = command_size(kind).filter(|size| *size <= records.len());
            let (record, rest) = records.split_at(size.ok_or_else(|| PyValueError::new_err("these are no commands"))?);
            records = rest;
            let seq = Seq(self.engine.seq().0 + 1);
            replies.push(self.engine.apply_bytes(seq, time_ns, record, &mut self.events));
        }
        Ok(replies)
    }
}
