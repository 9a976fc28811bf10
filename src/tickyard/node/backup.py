"""A copy of a home from which the exchange can go on: taken while it runs, checked when it is taken and when it is used.

Nothing stops meanwhile. What is derived is copied before what it is derived from: tables, then snapshots and events, then
the journal; so the journal of the copy reaches at least as far as everything else. The records of people come last: the
journal then knows no account whose owner the records have not heard of, and an account that is only in the records is
opened at the next start.

Tables on a PostgreSQL server are no part of it: they are built again, from what the copy keeps of the events.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from tickyard.base.clock import WallClock
from tickyard.engine.sqlite import SqliteDatabase
from tickyard.node.audit import Findings, Say, verify_home, versions
from tickyard.node.held import Held
from tickyard.node.home import Home

MANIFEST: Final = "backup.json"
_PAGES_AT_ONCE: Final = 4096


class Manifest(msgspec.Struct, frozen=True, rename="camel"):
    """What a backup says of itself."""

    taken_ms: int
    """Wall time at which it was complete."""
    seq: int
    """The newest command in it."""
    state_hash: str
    """Of the state after that command, hexadecimal."""
    versions: Mapping[str, object]
    """Of the program that took it."""
    files: Mapping[str, str]
    """SHA-256 of each file by its path, hexadecimal."""


class CannotBackUp(Exception):
    """The backup could not be taken; the message says why."""


class CannotRestore(Exception):
    """The backup cannot be used; the message says why. The home is untouched."""


def take(home: Home, target: Path, say: Say) -> Manifest:
    """Copy a home into a new folder, and verify the copy.

    Args:
        home: may run meanwhile.
        target: must not exist; is complete once it does.
        say: told what is being done.

    Raises:
        CannotBackUp: there is something at `target`, or the copy is not whole.
        OSError: the disk failed.
    """
    if target.exists():
        raise CannotBackUp(f"{target} exists already; a backup is a new folder")
    draft = _draft(target)
    try:
        say("copying …")
        _copy_home(home, Home(draft))
        found = verify_home(Home(draft), SqliteDatabase(draft), say)
        _refuse_defects(found, CannotBackUp, "the copy is not whole")
        manifest = Manifest(
            taken_ms=WallClock().now_ms(),
            seq=found.report.last_seq,
            state_hash=found.report.state_hash,
            versions=versions(),
            files=_digests(draft),
        )
        _write(draft / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        _sync_folders(draft)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest


def restore(source: Path, home: Home, say: Say) -> Manifest:
    """Make a home of a backup, and verify it.

    Args:
        source: what `take` made.
        home: must not exist, or be an empty folder.
        say: told what is being done.

    Raises:
        CannotRestore: this is no whole backup, or something is in the home.
        OSError: the disk failed.
    """
    if home.root.exists() and any(home.root.iterdir()):
        raise CannotRestore(
            f"{home.root} is not empty. Choose another --home, or move it away: restoring never overwrites"
        )
    manifest = _manifest(source)
    draft = _draft(home.root)
    try:
        say("copying …")
        for name, digest in manifest.files.items():
            _restore_file(source / name, draft / name, digest)
        found = verify_home(Home(draft), SqliteDatabase(draft), say)
        _refuse_defects(found, CannotRestore, f"{source} is damaged")
        _refuse_another_state(found, manifest, source)
        _sync_folders(draft)
        draft.rename(home.root)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest


def _copy_home(home: Home, copy: Home) -> None:
    copy.create()
    with Held(home.snapshots) as snapshots, Held(home.events) as events, Held(home.journal) as log:
        for database in sorted(home.read.glob("*.sqlite")):
            _copy_database(database, copy.read / database.name)
        snapshots.copy_to(copy.snapshots)
        events.copy_to(copy.events)
        # What was begun since is behind the events, or they behind it.
        log.hold()
        log.copy_to(copy.journal)
    for database in sorted(home.records.glob("*.sqlite")):
        _copy_database(database, copy.records / database.name)
    files = [home.settings, *sorted(home.keys.iterdir()), *sorted(home.tls.iterdir())]
    for path in files:
        if path.is_file():
            target = copy.root / path.relative_to(home.root)
            shutil.copy(path, target)
            _sync(target)


def _copy_database(source: Path, target: Path) -> None:
    """Copy a database as of one transaction, also while it is written."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing, pages=_PAGES_AT_ONCE)
    target.chmod(0o600)
    _sync(target)


def _manifest(source: Path) -> Manifest:
    try:
        return msgspec.json.decode((source / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        raise CannotRestore(f"{source} is no backup: it holds no {MANIFEST}") from None
    except msgspec.DecodeError as error:
        raise CannotRestore(f"{source / MANIFEST} is damaged: {error}") from error


def _restore_file(source: Path, target: Path, digest: str) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        shutil.copy(source, target)
    except FileNotFoundError:
        raise CannotRestore(f"{source} is missing") from None
    # Of the copy, for it is what will be used.
    if _digest(target) != digest:
        raise CannotRestore(f"{source} is damaged: its SHA-256 differs from that in {MANIFEST}")
    _sync(target)


def _refuse_defects(
    found: Findings, refusal: type[CannotBackUp] | type[CannotRestore], what: str
) -> None:
    if found.defects:
        first = found.defects[0]
        raise refusal(f"{what}: {first.where}: {first.what}")


def _refuse_another_state(found: Findings, manifest: Manifest, source: Path) -> None:
    report = found.report
    if (report.last_seq, report.state_hash) != (manifest.seq, manifest.state_hash):
        raise CannotRestore(
            f"{source} holds command {report.last_seq} with state {report.state_hash}, but says"
            f" {manifest.seq} with {manifest.state_hash}"
        )


def _draft(target: Path) -> Path:
    """Make the folder that becomes `target` once it is whole."""
    draft = target.with_name(f".{target.name}.unfinished-{os.getpid()}")
    draft.mkdir(mode=0o700, parents=True)
    return draft


def _digests(folder: Path) -> Mapping[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): _digest(path) for path in paths}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: bytes) -> None:
    path.write_bytes(text)
    _sync(path)


def _sync_folders(root: Path) -> None:
    for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
        _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
