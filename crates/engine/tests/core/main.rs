//! The tests of the engine: rules by name, and random streams judged by a twin.

mod golden;
mod hostile;
mod mill;
mod phases;
mod rules;
mod support;
mod twin;
