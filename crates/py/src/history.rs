//! Work on a whole home: snapshots, replay, verification.

use crate::error::{of_log, of_snapshot};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::path::PathBuf;
use tickyard_host::{Defect, Tidied};
use tickyard_journal::{Disk, Floor, Home, Kept};
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

/// Compresses what is sealed and covered by a snapshot, and removes the oldest segments when all take more than `keep`
/// bytes, but nothing that the oldest snapshot or one of `floors` needs. Returns how many segments were compressed, their
/// sizes before and after, and how many were removed.
#[pyfunction]
#[pyo3(signature = (home, keep, floors))]
pub fn tidy(
    py: Python<'_>,
    home: PathBuf,
    keep: Option<u64>,
    floors: Vec<(String, u64)>,
) -> PyResult<(u64, u64, u64, usize)> {
    let floors = named(floors);
    let tidied = py.detach(|| tickyard_host::tidy(&home, keep, &floors)).map_err(|error| of_log(&error))?;
    let Tidied { compressed, removed } = tidied;
    Ok((compressed.segments, compressed.from_bytes, compressed.to_bytes, removed))
}

/// The oldest command whose events are kept; 1 when none were removed.
#[pyfunction]
pub fn oldest_events(home: PathBuf) -> PyResult<u64> {
    let kept = Kept::events(&Disk, &Home::new(home)).map_err(|error| of_log(&error))?;
    Ok(kept.segments.first().map_or(kept.from, |first| kept.from.max(*first)).0)
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
    let floors = named(floors.unwrap_or_default());
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

fn named(floors: Vec<(String, u64)>) -> Vec<Floor> {
    floors.into_iter().map(|(what, seq)| Floor { what, seq: Seq(seq) }).collect()
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
