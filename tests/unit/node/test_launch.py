"""`up` takes the home and the ports, or changes nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tickyard.node import doctor, launch, status
from tickyard.node.home import Home


def _prepare(home: Home) -> launch.Launch:
    return launch.prepare(home, http_port=0, tls_port=0, seed=1, profile="empty")


def _sleeper(title: str = "sleeper") -> subprocess.Popen[bytes]:
    """Return a process that shows this title and sleeps."""
    code = (
        "import sys, time, setproctitle; setproctitle.setproctitle(sys.argv[1]);"
        " print(flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, title]
    sleeper = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert sleeper.stdout is not None
    # Until it runs, nobody can see what it was started with.
    with sleeper.stdout:
        sleeper.stdout.readline()
    return sleeper


def _give_up(held: launch.Launch) -> None:
    os.close(held.lock)
    held.http.close()
    held.tls.close()


def test_a_home_is_taken_once(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    held = _prepare(home)
    try:
        with pytest.raises(launch.CannotStart, match="running already"):
            _prepare(home)
    finally:
        _give_up(held)
    _give_up(_prepare(home))


def test_the_lock_alone_decides_whether_it_runs(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    held = _prepare(home)
    status.write(home, status.Status(state=status.READY, pids={"supervisor": os.getpid()}))
    assert status.read(home).state == status.READY
    _give_up(held)
    assert status.read(home) == status.Status(state=status.STOPPED)


def test_a_supervisor_that_has_said_nothing_yet_is_starting(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    held = _prepare(home)
    gone = _sleeper()
    gone.kill()
    gone.wait()
    status.write(home, status.Status(state=status.READY, pids={"supervisor": gone.pid}))
    assert status.read(home) == status.Status(state=status.STARTING)
    _give_up(held)


def test_the_processes_of_a_home_that_runs_are_no_orphans(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    held = _prepare(home)
    child = _sleeper(f"tickyard serve core --home {home.root}")
    status.write(home, status.Status(state=status.READY, pids={"core": child.pid}))
    try:
        with pytest.raises(launch.CannotStart, match="running already"):
            _prepare(home)
        assert child.poll() is None
    finally:
        child.kill()
        child.wait()
        _give_up(held)


def test_a_home_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for home in (Home(tmp_path / "file"), Home(tmp_path / "file" / "home")):
        with pytest.raises(
            launch.CannotStart, match=r"cannot be used: Not a directory|File exists"
        ):
            _prepare(home)


def test_orphans_that_do_not_stop_are_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "_ORPHANS_STOP_S", 0.1)
    home = Home(tmp_path / "home")
    home.create()
    home.supervisor_lock.touch()
    orphan = _sleeper(f"tickyard serve core --home {home.root}")
    stranger = _sleeper(f"tickyard serve world --home {tmp_path}/another")
    try:
        status.write(
            home,
            status.Status(state=status.READY, pids={"core": orphan.pid, "world": stranger.pid}),
        )
        _give_up(_prepare(home))
        assert orphan.wait(5) != 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_home_is_chosen_by_option_then_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKYARD_HOME", "/somewhere")
    assert Home.resolve("/given").root == Path("/given")
    assert Home.resolve(None).root == Path("/somewhere")
    monkeypatch.delenv("TICKYARD_HOME")
    assert Home.resolve(None).root == Path("~/.tickyard").expanduser()


def test_a_damaged_certificate_is_named(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    _give_up(_prepare(home))
    (home.tls / "ca.pem").write_text("not a certificate")
    with pytest.raises(launch.CannotStart, match=f"in {home.tls} is damaged"):
        _prepare(home)
    assert any("is damaged" in finding.says for finding in doctor.examine(home))
