"""The command line as programs rely on it."""

import json
import socket
import stat
from pathlib import Path

from tests.support.exchange import Exchange, pids_of, tickyard


def test_status_says_where_everything_is(exchange: Exchange) -> None:
    status = exchange.status()
    assert status["state"] == "ready"
    assert status["http"].startswith("http://127.0.0.1:")
    assert status["ws"].endswith("/ws/v5")
    assert status["wss"].startswith("wss://localhost:")
    assert Path(status["ca"]).is_absolute()
    assert Path(status["ca"]).read_text().startswith("-----BEGIN CERTIFICATE-----")
    assert isinstance(status["seq"], int)
    assert len(status["stateHash"]) == 64
    assert isinstance(status["pids"]["core"], int)
    assert isinstance(status["pids"]["gateway"], list)
    assert len(pids_of(status)) == len(set(pids_of(status)))


def test_the_home_is_closed_to_others(exchange: Exchange) -> None:
    assert stat.S_IMODE(exchange.home.stat().st_mode) == 0o700


def test_keys_are_printed_as_okx_names_them() -> None:
    key = json.loads(tickyard("keys", "show", "alice", "-o", "json").stdout)
    assert key.keys() == {"apiKey", "secretKey", "passphrase", "permissions"}
    assert set(key["permissions"].split(",")) >= {"read_only", "trade"}
    reader = json.loads(tickyard("keys", "show", "alice-readonly", "-o", "json").stdout)
    assert reader["permissions"] == "read_only"
    assert tickyard("keys", "show", "nobody", check=False).returncode == 1


def test_up_on_a_running_home_changes_nothing(exchange: Exchange) -> None:
    before = exchange.status()
    again = tickyard(
        "up", "--home", str(exchange.home), "--http-port", "0", "--tls-port", "0", check=False
    )
    assert again.returncode == 1
    assert "running already" in again.stderr
    assert exchange.status() == before


def test_up_on_a_taken_port_changes_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        home = tmp_path / "home"
        done = tickyard(
            "up", "--home", str(home), "--http-port", port, "--tls-port", "0", check=False
        )
    assert done.returncode == 1
    assert port in done.stderr
    assert not home.exists()


def test_up_on_a_home_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    home = tmp_path / "file" / "home"
    ports = ("--http-port", "0", "--tls-port", "0")
    done = tickyard("up", "--home", str(home), *ports, check=False)
    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_home_fails_and_says_where(fresh_exchange: Exchange) -> None:
    fresh_exchange.ccxt("alice").create_order("BTC/USDT", "limit", "buy", 0.1, 50000)
    fresh_exchange.stop()
    (segment, *_) = sorted((fresh_exchange.home / "journal").iterdir())
    _flip(segment, 100)
    home = str(fresh_exchange.home)
    ports = ("--http-port", "0", "--tls-port", "0")
    for detached in (("--detach",), ()):
        done = tickyard("up", "--home", home, *ports, "--profile", "empty", *detached, check=False)
        assert done.returncode == 1
        assert segment.name in done.stderr
        status = fresh_exchange.status()
        assert (status["state"], status["pids"]) == ("failed", {})
        assert segment.name in status["reason"]


def test_a_home_that_never_ran_is_stopped(tmp_path: Path) -> None:
    done = tickyard("status", "--home", str(tmp_path / "none"), "-o", "json", check=False)
    assert (done.returncode, json.loads(done.stdout)["state"]) == (1, "stopped")
    assert tickyard("verify", "--home", str(tmp_path / "none"), check=False).returncode == 1


def test_replay_gives_the_running_state(exchange: Exchange) -> None:
    replayed = json.loads(tickyard("replay", "--home", str(exchange.home), "-o", "json").stdout)
    status = exchange.status()
    assert replayed == {"seq": status["seq"], "stateHash": status["stateHash"]}


def test_verify_passes_beside_a_running_exchange(exchange: Exchange) -> None:
    done = tickyard("verify", "--home", str(exchange.home), "-o", "json", check=False)
    assert done.returncode == 0, done.stdout


def test_verify_names_the_place_of_damage(fresh_exchange: Exchange) -> None:
    client = fresh_exchange.ccxt("alice")
    client.create_order("BTC/USDT", "limit", "buy", 0.1, 50000)
    client.cancel_all_orders_after(60_000)
    fresh_exchange.stop()
    (segment, *_) = sorted((fresh_exchange.home / "journal").iterdir())
    _flip(segment, 100)
    done = tickyard("verify", "--home", str(fresh_exchange.home), check=False)
    assert done.returncode == 1
    assert segment.name in done.stdout + done.stderr


def test_a_second_start_changes_nothing(fresh_exchange: Exchange) -> None:
    before = fresh_exchange.status()
    fresh_exchange.stop()
    fresh_exchange.start()
    after = fresh_exchange.status()
    assert (after["seq"], after["stateHash"]) == (before["seq"], before["stateHash"])


def test_doctor_and_version_speak_json(exchange: Exchange) -> None:
    findings = json.loads(
        tickyard("doctor", "--home", str(exchange.home), "-o", "json", check=False).stdout
    )
    assert {"python", "disk", "home", "exchange"} <= {finding["subject"] for finding in findings}
    assert "tickyard" in json.loads(tickyard("version", "-o", "json").stdout)


def _flip(path: Path, offset: int) -> None:
    """Flip one bit of a file."""
    with path.open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)
        file.seek(offset)
        file.write(bytes([byte[0] ^ 1]))
