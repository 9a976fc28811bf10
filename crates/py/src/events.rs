//! The events of a home.

use crate::error::of_log;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::path::PathBuf;
use tickyard_journal::Disk;
use tickyard_types::Seq;

/// Reads event segments in order, also while a host writes them.
#[pyclass(module = "tickyard._core")]
pub struct EventReader {
    reader: tickyard_journal::EventReader,
}

/// First command, last command, exchange time in ns, events.
type Batch = (u64, u64, u64, Py<PyBytes>);

#[pymethods]
impl EventReader {
    #[new]
    fn new(folder: PathBuf, seq: u64) -> Self {
        Self { reader: tickyard_journal::EventReader::from_seq(Disk::shared(), &folder, Seq(seq)) }
    }

    /// The next batch; None when it is not written yet.
    fn next(&mut self, py: Python<'_>) -> PyResult<Option<Batch>> {
        let batch = py.detach(|| self.reader.next_batch()).map_err(|error| of_log(&error))?;
        Ok(batch
            .map(|batch| (batch.first_seq.0, batch.last_seq.0, batch.time_ns, PyBytes::new(py, batch.events).unbind())))
    }
}
