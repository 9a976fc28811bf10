//! A file in memory: what processes see, and what the disk holds.

/// What a write or a cut does to the bytes of a file.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate { size: usize },
}

/// Disks write whole sectors of this size.
const SECTOR_BYTES: usize = 512;

#[derive(Clone, Debug, Default)]
pub(crate) struct Inode {
    /// What every process sees.
    pub(crate) seen: Vec<u8>,
    /// What is left after a power failure, at least.
    durable: Vec<u8>,
    /// What a power failure may lose, in whole or in part.
    pending: Vec<Change>,
}

impl Inode {
    pub(crate) fn change(&mut self, change: Change) {
        apply(&mut self.seen, &change);
        self.pending.push(change);
    }

    /// Edits the file behind everybody's back.
    pub(crate) fn edit(&mut self, edit: impl FnOnce(&mut Vec<u8>)) {
        edit(&mut self.seen);
        self.durable.clone_from(&self.seen);
        self.pending.clear();
    }

    pub(crate) fn sync(&mut self) {
        for change in self.pending.drain(..) {
            apply(&mut self.durable, &change);
        }
    }

    /// A sync that fails, as Linux does it: the pages count as clean afterwards, so the next sync succeeds without
    /// writing them.
    pub(crate) fn fail_sync(&mut self) {
        self.pending.clear();
    }

    /// Keeps of what was not synced the sectors that `is_kept` says.
    pub(crate) fn lose_power(&mut self, mut is_kept: impl FnMut() -> bool) {
        for change in self.pending.drain(..) {
            match change {
                Change::Write { offset, bytes } => {
                    let mut at = offset;
                    while at < offset + bytes.len() {
                        let to = (at + 1).next_multiple_of(SECTOR_BYTES).min(offset + bytes.len());
                        if is_kept() {
                            let bytes = bytes[at - offset..to - offset].to_vec();
                            apply(&mut self.durable, &Change::Write { offset: at, bytes });
                        }
                        at = to;
                    }
                }
                cut @ Change::Truncate { .. } => {
                    if is_kept() {
                        apply(&mut self.durable, &cut);
                    }
                }
            }
        }
        self.seen.clone_from(&self.durable);
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write { offset, bytes: written } => {
            let end = offset + written.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*offset..end].copy_from_slice(written);
        }
        Change::Truncate { size } => bytes.resize(*size, 0),
    }
}
