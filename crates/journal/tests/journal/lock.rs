//! One process owns a home.

use tickyard_journal::{Disk, Home, HomeLock, LockError};

#[test]
fn a_second_instance_is_refused_and_told_who_holds_the_home() {
    let dir = tempfile::tempdir().expect("a directory");
    let home = Home::new(dir.path());
    home.create(&Disk).expect("folders");
    let lock = HomeLock::acquire(&home).expect("free");
    match HomeLock::acquire(&home).expect_err("held") {
        LockError::Held { home: held, pid } => {
            assert_eq!(held, dir.path());
            assert_eq!(pid, Some(std::process::id()));
        }
        other => panic!("{other}"),
    }
    drop(lock);
    HomeLock::acquire(&home).expect("free again");
}

#[test]
fn the_number_in_the_file_decides_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let home = Home::new(dir.path());
    home.create(&Disk).expect("folders");
    std::fs::write(home.lock(), "1\n").expect("written");
    let _lock = HomeLock::acquire(&home).expect("free, whoever is named there");
    std::fs::write(home.lock(), "not a number").expect("written");
    let refused = HomeLock::acquire(&home).expect_err("held").to_string();
    assert_eq!(refused, format!("{} is in use", dir.path().display()));
}

#[test]
fn the_folders_of_a_home_are_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a directory");
    let home = Home::new(dir.path().join("home"));
    home.create(&Disk).expect("folders");
    home.create(&Disk).expect("folders that are there");
    for folder in [home.root().to_owned(), home.journal(), home.events(), home.snapshots()] {
        let mode = std::fs::metadata(folder).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
