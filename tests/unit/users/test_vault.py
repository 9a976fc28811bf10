from pathlib import Path

import pytest

from tickyard.users.vault import Vault, WrongKey


def test_what_was_sealed_opens_for_whom_it_was_sealed_and_nobody_else() -> None:
    vault = Vault(bytes(32))
    sealed = vault.seal(b"secret", "ada")
    assert vault.unseal(sealed, "ada") == b"secret"
    for other, whose in ((vault, "eve"), (Vault(b"\x01" * 32), "ada")):
        with pytest.raises(WrongKey):
            other.unseal(sealed, whose)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    with pytest.raises(WrongKey):
        vault.unseal(changed, "ada")


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    vault = Vault(bytes(32))
    assert vault.seal(b"secret", "ada") != vault.seal(b"secret", "ada")


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "records.key"
    sealed = Vault.open(path).seal(b"secret", "ada")
    assert Vault.open(path).unseal(sealed, "ada") == b"secret"
    assert path.stat().st_mode & 0o777 == 0o400
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_another_key_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mounted"
    path.write_bytes(b"k" * 32)
    monkeypatch.setenv("TICKYARD_RECORDS_KEY_FILE", str(path))
    sealed = Vault.open(tmp_path / "unused").seal(b"secret", "ada")
    assert Vault(b"k" * 32).unseal(sealed, "ada") == b"secret"
    assert not (tmp_path / "unused").exists()
    path.write_bytes(b"short")
    with pytest.raises(WrongKey, match="5 bytes"):
        Vault.open(tmp_path / "unused")
