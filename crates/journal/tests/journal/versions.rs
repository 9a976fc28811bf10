//! A home of another version is refused, naming both versions and the home.

use crate::machine::{Machine, bodies};
use tickyard_journal::LogError;
use tickyard_types::{CORE_VERSION, RECORD_VERSION};

/// Rewrites the versions in the header of a frame, and its checksum.
fn rewrite(machine: &Machine, offset: usize, record: u16, core: u16) {
    machine.storage.edit(&machine.segment(1), |bytes| {
        let header = &mut bytes[offset..offset + 64];
        header[22..24].copy_from_slice(&record.to_le_bytes());
        header[24..26].copy_from_slice(&core.to_le_bytes());
        let crc = crc32fast::hash(&header[..60]);
        header[60..].copy_from_slice(&crc.to_le_bytes());
    });
}

#[test]
fn a_home_of_another_version_is_refused_naming_both() {
    for (record, core) in [(RECORD_VERSION + 1, CORE_VERSION), (RECORD_VERSION, CORE_VERSION + 6)] {
        let machine = Machine::with(&bodies(&[100, 200, 300]));
        rewrite(&machine, 4096, record, core);
        for error in [machine.open().err(), machine.verify().err()] {
            let error = error.expect("refused");
            assert!(matches!(error, LogError::OtherVersion { .. }), "{error}");
            let text = error.to_string();
            assert!(text.contains("/home/journal/00000000000000000001.log"), "{text}");
            assert!(text.contains(&format!("record version {record} and core version {core};")), "{text}");
            assert!(text.contains(&format!("core version {CORE_VERSION}")), "{text}");
        }
    }
}
