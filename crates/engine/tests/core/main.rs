//! The tests of the engine: rules by name, and a naive twin that judges random streams.

mod golden;
mod hostile;
mod mill;
mod phases;
mod rules;
mod support;
mod twin;
