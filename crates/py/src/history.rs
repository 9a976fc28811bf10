//! Work on a whole home: snapshots, replay, verification.

use crate::error::{of_log, of_snapshot};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::path::PathBuf;
use tickyard_host::Defect;
use tickyard_journal::Floor;
use tickyard_types::Seq;

/// Progress is told whenever so many more commands are done.
const PROGRESS_EVERY: u64 = 100_000;

/// Places and what is wrong there.
type Defects = Vec<(String, String)>;

/// First and last command, state hash, snapshots met, end of the events, defects, what is unfinished.
type Report = (u64, u64, Py<PyBytes>, usize, u64, Defects, Defects);

/// Makes the next snapshot when enough commands have come; returns its sequence.
#[pyfunction]
pub fn make_snapshot(py: Python<'_>, home: PathBuf, keep: usize, at_least: u64) -> PyResult<Option<u64>> {
    let made = py.detach(|| tickyard_host::make_snapshot(&home, keep.max(1), at_least));
    made.map(|seq| seq.map(|seq| seq.0)).map_err(|error| of_snapshot(&error))
}

/// Replays the journal; returns the newest sequence and the state's hash.
#[pyfunction]
#[pyo3(signature = (home, progress = None))]
pub fn replay(py: Python<'_>, home: PathBuf, progress: Option<Py<PyAny>>) -> PyResult<(u64, Py<PyBytes>)> {
    let mut told = Told::new(progress);
    let replayed = py.detach(|| tickyard_host::replay(&home, |seq| told.tell(seq)));
    told.check()?;
    let replayed = replayed.map_err(|error| of_log(&error))?;
    Ok((replayed.seq.0, PyBytes::new(py, &replayed.state_hash).unbind()))
}

/// Verifies a home; `floors` are what has seen its journal, and which command.
#[pyfunction]
#[pyo3(signature = (home, progress = None, floors = None))]
pub fn verify(
    py: Python<'_>,
    home: PathBuf,
    progress: Option<Py<PyAny>>,
    floors: Option<Vec<(String, u64)>>,
) -> PyResult<Report> {
    let mut told = Told::new(progress);
    let floors = floors.unwrap_or_default().into_iter();
    let floors: Vec<_> = floors.map(|(what, seq)| Floor { what, seq: Seq(seq) }).collect();
    let report = py.detach(|| tickyard_host::verify(&home, &floors, |seq| told.tell(seq)));
    told.check()?;
    let report = report.map_err(|error| of_log(&error))?;
    Ok((
        report.first_seq.0,
        report.last_seq.0,
        PyBytes::new(py, &report.state_hash).unbind(),
        report.snapshots,
        report.events_until.0,
        pairs(report.defects),
        pairs(report.unfinished),
    ))
}

fn pairs(defects: Vec<Defect>) -> Defects {
    defects.into_iter().map(|defect| (defect.place, defect.what)).collect()
}

/// Tells a Python function how far the work is.
struct Told {
    progress: Option<Py<PyAny>>,
    next: u64,
    raised: Option<PyErr>,
}

impl Told {
    const fn new(progress: Option<Py<PyAny>>) -> Self {
        Self { progress, next: PROGRESS_EVERY, raised: None }
    }

    fn tell(&mut self, seq: Seq) {
        if seq.0 < self.next {
            return;
        }
        self.next = seq.0 + PROGRESS_EVERY;
        if let Some(progress) = &self.progress
            && let Err(error) = Python::attach(|py| progress.call1(py, (seq.0,)))
        {
            self.progress = None;
            self.raised = Some(error);
        }
    }

    /// What the function raised is raised when the work is done.
    fn check(self) -> PyResult<()> {
        self.raised.map_or(Ok(()), Err)
    }
}
