//! What the host tells its operator, on standard error.

use std::fmt;
use std::io::{self, Write};

/// Writes a line. The log may be on the disk that is full, and nobody stops for its sake as `eprintln!` would.
pub fn say(what: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "tickyard-host: {what}");
}
