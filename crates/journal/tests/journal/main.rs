//! The journal under faults. Each file is one promise.

mod append;
mod corruption;
mod fencing;
mod lock;
mod machine;
mod torn_tail;
mod versions;
