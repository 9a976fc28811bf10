//! A thread that panics takes the process with it: nobody may go on beside a core in an unknown state.

use std::thread::{Builder, JoinHandle};

use crate::say::say;

/// Starts a named thread. When it panics, the process aborts after the message of the panic.
pub fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    let plan = tickyard_buggify::Plan::inherited();
    Builder::new().name(name.to_owned()).spawn(move || {
        plan.install();
        let _guard = Guard;
        run();
    })
}

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let name = std::thread::current().name().unwrap_or("?").to_owned();
            say(format_args!("thread {name} panicked; the process stops so that its journal decides"));
            std::process::abort();
        }
    }
}
