//! Errors as exceptions.

use pyo3::exceptions::{PyException, PyOSError, PyValueError};
use pyo3::{PyErr, create_exception};
use tickyard_host::{SnapshotError, StartError};
use tickyard_journal::LogError;

create_exception!(_core, StartRefused, PyException, "The home cannot be opened, however often it is tried.");

/// The disk failed: `OSError`. What stands on it is wrong: `ValueError`.
pub fn of_log(error: &LogError) -> PyErr {
    match error {
        LogError::Failed { .. } => PyOSError::new_err(error.to_string()),
        _ => PyValueError::new_err(error.to_string()),
    }
}

/// Trying again cannot help: `StartRefused`. Else `OSError`.
pub fn of_start(error: &StartError) -> PyErr {
    if error.is_refusal() { StartRefused::new_err(error.to_string()) } else { PyOSError::new_err(error.to_string()) }
}

/// As the errors of the parts.
pub fn of_snapshot(error: &SnapshotError) -> PyErr {
    match error {
        SnapshotError::Log(error) => of_log(error),
        SnapshotError::Start(error) => of_start(error),
        SnapshotError::Diverged { .. } => PyValueError::new_err(error.to_string()),
    }
}
