"""Writes docs/reference/compatibility.md from the tables that the tests walk through. Run: python -m tools.compatibility."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tests.support.clients import ccxt_pro, ccxt_spot, ccxt_triggers, python_okx
from tests.support.clients.python_okx import Call

PAGE: Final = Path("docs/reference/compatibility.md")
_WORKS, _NONE, _NOT_SPOT, _OTHER = "works", "nothing to list", "not of spot", "tests of its own"


def page() -> str:
    """Compose the page."""
    return "\n".join((*_head(), *_ccxt(), *_pro(), *_python_okx(), ""))


def _head() -> Iterator[str]:
    yield "# Compatibility"
    yield ""
    yield "Written by `python -m tools.compatibility`; a test compares. Clients are as they come from PyPI, only their"
    yield "address is another. Each row is a call that `make test` makes on a running exchange, with its effect looked at:"
    yield ""
    yield f"- **{_WORKS}**: it does what it says;"
    yield f"- **{_NONE}**: it lists what a spot account in demo trading has none of, so the list is empty;"
    yield "- **a code**: it is refused as OKX refuses it in spot mode (51010), in demo trading (50038), to a key without the"
    yield "  permission to withdraw (50120), or for an instrument that there is not (51001, 51015);"
    yield f"- **{_NOT_SPOT}**: it needs a product that there is not, so there is nothing to call it with;"
    yield f"- **{_OTHER}**: index prices."


def _ccxt() -> Iterator[str]:
    yield from _table(f"ccxt {version('ccxt')}", "unified method")
    rows = {
        **dict.fromkeys(ccxt_spot.WORKS, _WORKS),
        **dict.fromkeys(ccxt_triggers.METHODS, _WORKS),
        **dict.fromkeys(ccxt_triggers.WITH, _WORKS),
        **dict.fromkeys(ccxt_spot.EMPTY, _NONE),
        **{name: act.code for name, act in ccxt_spot.REFUSED.items()},
        **dict.fromkeys(ccxt_spot.NOT_SPOT, _NOT_SPOT),
        **dict.fromkeys(ccxt_spot.ELSEWHERE, _OTHER),
    }
    yield from _rows(rows)


def _pro() -> Iterator[str]:
    yield from _table(f"ccxt.pro {version('ccxt')}", "unified method")
    rows = {name: _WORKS for names in (*ccxt_pro.WORKS, *ccxt_pro.WITH) for name in names}
    yield from _rows({**rows, **dict.fromkeys(ccxt_pro.NOT_SPOT, _NOT_SPOT)})


def _python_okx() -> Iterator[str]:
    for module, calls in python_okx.MODULES.items():
        yield from _table(f"python-okx {version('python-okx')}, {module.__name__}", "method")
        others = python_okx.ELSEWHERE.get(module, frozenset())
        told = {name: _told(call) for name, call in calls.items()}
        yield from _rows({**told, **dict.fromkeys(others, _OTHER)})


def _told(call: Call) -> str:
    if call.code != "0":
        return call.code
    return _NONE if call.is_empty else _WORKS


def _table(title: str, what: str) -> Iterator[str]:
    yield from ("", f"## {title}", "", f"| {what} | |", "|---|---|")


def _rows(rows: dict[str, str]) -> Iterator[str]:
    return (f"| `{name}` | {told} |" for name, told in sorted(rows.items()))


if __name__ == "__main__":
    PAGE.write_text(page())
