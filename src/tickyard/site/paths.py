"""What belongs to the site. Everything else is no page, and is answered as the API answers an unknown path."""

from typing import Final

CALLS: Final = "/site/v1/"
"""Where all calls of pages are."""
STATIC: Final = "static"
"""Files whose names change with what is in them."""
PAGES: Final = frozenset({"markets", "trade", "assets", "account", "sign-up", "log-in"})
"""First parts of the paths that `web/src/app/router.tsx` knows."""
FILES: Final = frozenset({"mark.svg"})

_READING: Final = frozenset({b"GET", b"HEAD"})


def serves(method: bytes, path: bytes) -> bool:
    """Tell whether a request is for the site.

    Args:
        method: in upper case.
        path: of the request line, without the query.
    """
    if path.startswith(CALLS.encode()):
        return True
    if method not in _READING:
        return False
    before, *parts = path.decode("latin-1").split("/")
    if before or not parts:
        return False
    if parts[0] in FILES or not parts[0]:
        return len(parts) == 1
    return parts[0] in PAGES or parts[0] == STATIC
