from pathlib import Path

import pytest

from tickyard.base.settings import Section, SettingsInvalid, load_settings


class Gateway(Section):
    idle_s: int = 30


class Settings(Section):
    gateway: Gateway = Gateway()


def write(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text)
    return path


def test_a_missing_file_means_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.toml", Settings).gateway.idle_s == 30


def test_a_key_overrides_its_default(tmp_path: Path) -> None:
    path = write(tmp_path, "[gateway]\nidle_s = 5\n")
    assert load_settings(path, Settings).gateway.idle_s == 5


@pytest.mark.parametrize(
    "text",
    ["[gateway]\nidel_s = 5\n", "[gatway]\n", "[gateway]\nidle_s = '5'\n", "[gateway"],
    ids=["unknown key", "unknown section", "wrong type", "no TOML"],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SettingsInvalid, match=r"settings\.toml"):
        load_settings(path, Settings)
