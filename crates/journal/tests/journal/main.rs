//! The journal under faults. Each file is one promise.

mod append;
mod beside_writer;
mod compressing;
mod contract;
mod corruption;
mod crash;
mod events;
mod failing_disk;

mod lock;
mod machine;
mod model;
mod snapshots;
mod torn_tail;
mod versions;
