"""Builds a wheel and looks into it: `python -m tests.wheel`. It holds the page, which is built and under no version control."""

import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZipFile

PACKAGE = Path("src/tickyard")
BUILT_PAGE = PACKAGE / "site" / "page"


def main() -> int:
    """Print what is missing; exit 1 when anything is."""
    listed = subprocess.run(
        ("git", "ls-files", PACKAGE), capture_output=True, check=True, text=True
    )
    files = [*map(Path, listed.stdout.split()), *_files(BUILT_PAGE), PACKAGE / "_core.abi3.so"]
    needed = {str(file.relative_to("src")) for file in files}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            (sys.executable, "-m", "maturin", "build", "--locked", "--quiet", "--out", folder),
            check=True,
        )
        (wheel,) = Path(folder).glob("*.whl")
        inside = set(ZipFile(wheel).namelist())
        size_mb = wheel.stat().st_size / 1e6
    missing = sorted(needed - inside)
    sys.stdout.write(
        f"wheel: {len(inside)} files, {size_mb:.1f} MB; missing: {missing or 'nothing'}\n"
    )
    return bool(missing)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


if __name__ == "__main__":
    sys.exit(main())
