//! The running host.

use crate::error::of_start;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::time::Duration;
use tickyard_host::Settings;
use tickyard_journal::Floor;
use tickyard_types::Seq;

/// Segments are whole blocks, and hold at least the longest frame.
const fn whole_blocks(bytes: u64) -> u64 {
    let least = tickyard_journal::MAX_BODY as u64 * 2;
    let bytes = if bytes < least { least } else { bytes };
    bytes.next_multiple_of(tickyard_journal::FRAME_ALIGN as u64)
}

/// The host of a home: journal, core, events and the socket of the workers, in threads of this process.
#[pyclass(module = "tickyard._core", frozen)]
pub struct Host {
    host: tickyard_host::Host,
}

#[pymethods]
impl Host {
    /// Opens the home, replays what is needed and listens.
    #[staticmethod]
    #[allow(clippy::too_many_arguments)] // keyword arguments in Python
    #[pyo3(signature = (home, socket, *, commit_gap_us = None, batch_commands = None, queue_commands = None, journal_segment_bytes = None, event_segment_bytes = None, floors = None))]
    fn start(
        py: Python<'_>,
        home: PathBuf,
        socket: PathBuf,
        commit_gap_us: Option<u64>,
        batch_commands: Option<usize>,
        queue_commands: Option<usize>,
        journal_segment_bytes: Option<u64>,
        event_segment_bytes: Option<u64>,
        floors: Option<Vec<(String, u64)>>,
    ) -> PyResult<Self> {
        let mut settings = Settings::new(home, socket);
        settings.commit_gaps.busy = commit_gap_us.map_or(settings.commit_gaps.busy, Duration::from_micros);
        settings.batch_commands = batch_commands.unwrap_or(settings.batch_commands).max(1);
        settings.queue_commands = queue_commands.unwrap_or(settings.queue_commands).max(1);
        settings.journal_segment_bytes = journal_segment_bytes.map_or(settings.journal_segment_bytes, whole_blocks);
        settings.event_segment_bytes = event_segment_bytes.unwrap_or(settings.event_segment_bytes).max(1);
        let floors = floors.unwrap_or_default().into_iter();
        settings.floors = floors.map(|(what, seq)| Floor { what, seq: Seq(seq) }).collect();
        let host = py.detach(|| tickyard_host::Host::start(&settings)).map_err(|error| of_start(&error))?;
        Ok(Self { host })
    }

    /// The newest command when the host began to listen.
    #[getter]
    fn started_at(&self) -> u64 {
        self.host.started_at().0
    }

    /// Stops: takes no more commands, carries out and answers those it has. Returns at once.
    fn stop(&self) {
        self.host.stop();
    }

    /// Waits until the host has stopped; raises when it stopped because its disk failed.
    fn wait(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.host.wait()).map_err(|failure| PyOSError::new_err(failure.to_string()))
    }
}
