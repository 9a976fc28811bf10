"""The local authority vouches for this machine alone, under the strictest rules a client may apply."""

import datetime as dt
import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest
from cryptography import x509

from tickyard.node import certificates

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def _names(pem: Path) -> tuple[list[str], list[str]]:
    certificate = x509.load_pem_x509_certificate(pem.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    return names.get_values_for_type(x509.DNSName), addresses


def test_the_certificate_names_this_machine_only(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, NOW)
    assert _names(tmp_path / "server.pem") == (["localhost"], ["127.0.0.1", "::1"])
    authority = x509.load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert [str(name.value) for name in constraints.value.permitted_subtrees or ()] == [
        "localhost",
        "127.0.0.0/8",
        "::1/128",
    ]


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_a_strict_client_accepts_it(tmp_path: Path, name: str) -> None:
    certificates.ensure(tmp_path, dt.datetime.now(dt.UTC))
    client = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    server = certificates.server_context(tmp_path)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with server.wrap_socket(theirs, server_side=True) as wrapped:
            wrapped.sendall(b"hello")

    thread = threading.Thread(target=serve)
    thread.start()
    with client.wrap_socket(ours, server_hostname=name) as wrapped:
        assert wrapped.recv(5) == b"hello"
    thread.join()


def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, NOW)
    for name in ("ca.key", "server.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_second_start_keeps_what_clients_trust(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, NOW)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    certificates.ensure(tmp_path, NOW + dt.timedelta(days=300))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_server_certificate_is_renewed_under_the_same_authority(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, NOW)
    authority, server = ((tmp_path / name).read_bytes() for name in ("ca.pem", "server.pem"))
    certificates.ensure(tmp_path, NOW + dt.timedelta(days=certificates.SERVER_DAYS - 5))
    assert (tmp_path / "ca.pem").read_bytes() == authority
    assert (tmp_path / "server.pem").read_bytes() != server
