//! The counters of rate limits in memory that all processes of an exchange share.

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use rustix::mm::{MapFlags, ProtFlags, mmap};
use std::os::fd::BorrowedFd;
use std::sync::atomic::AtomicU64;
use tickyard_entry::{Key, Limit, WORDS};

/// Counts what is done, by whom, in windows of time.
#[pyclass(module = "tickyard._core", frozen)]
pub struct Counters {
    words: Words,
}

enum Words {
    Own(Vec<AtomicU64>),
    Shared(&'static [AtomicU64]),
}

#[pymethods]
impl Counters {
    /// `descriptor` is of shared memory of `COUNTERS_BYTES`; without one the counters are this process's own.
    #[new]
    #[pyo3(signature = (descriptor=None))]
    fn new(descriptor: Option<i32>) -> PyResult<Self> {
        let words = match descriptor {
            None => Words::Own((0..WORDS).map(|_| AtomicU64::new(0)).collect()),
            Some(descriptor) => Words::Shared(shared(descriptor)?),
        };
        Ok(Self { words })
    }

    /// Counts `wanted` more of what `limit`, a number from `LIMITS_FROM` on, counts; returns how many fitted.
    #[pyo3(signature = (limit, subject, detail, count, per_ms, now_ms, wanted=1))]
    #[allow(clippy::too_many_arguments, reason = "an object for them would cost more than the call")]
    fn take(&self, limit: u16, subject: u32, detail: u32, count: u32, per_ms: u32, now_ms: u64, wanted: u32) -> u32 {
        self.table().take(Key::new(limit, subject, detail), Limit { count, per_ms }, wanted, now_ms)
    }
}

impl Counters {
    pub(crate) fn table(&self) -> tickyard_entry::Counters<'_> {
        tickyard_entry::Counters::new(match &self.words {
            Words::Own(words) => words,
            Words::Shared(words) => words,
        })
    }
}

/// Maps the memory for as long as the process lives.
#[allow(
    unsafe_code,
    reason = "memory that processes share cannot be had otherwise, and a lock by system calls costs more than an order may"
)]
fn shared(descriptor: i32) -> PyResult<&'static [AtomicU64]> {
    let bytes = WORDS * size_of::<AtomicU64>();
    if descriptor < 0 {
        return Err(PyValueError::new_err("no descriptor"));
    }
    // SAFETY: the descriptor is the caller's and open during the call.
    let descriptor = unsafe { BorrowedFd::borrow_raw(descriptor) };
    let size = rustix::fs::fstat(descriptor).map_err(|error| PyOSError::new_err(error.to_string()))?.st_size;
    if u64::try_from(size).ok() != u64::try_from(bytes).ok() {
        return Err(PyValueError::new_err("shared memory of another size"));
    }
    // SAFETY: the system chooses a free place, and nothing unmaps it again, so it is good for as long as the process.
    let place = unsafe {
        mmap(std::ptr::null_mut(), bytes, ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED, descriptor, 0)
    };
    let place = place.map_err(|error| PyOSError::new_err(error.to_string()))?;
    // SAFETY: pages are aligned, any bits are a word, and no process touches the words but as atomics.
    Ok(unsafe { std::slice::from_raw_parts(place.cast::<AtomicU64>().cast_const(), WORDS) })
}
