"""The query of a request target."""

from urllib.parse import unquote_plus


def parse_query(query: bytes) -> dict[str, str]:
    """Decode a query; parameters without a value are dropped, for they mean absent.

    Args:
        query: what follows the question mark, as it was received.

    Returns:
        Names and values, percent-decoded; of a parameter that is given twice, the last.
    """
    params: dict[str, str] = {}
    if not query:
        return params
    text = query.decode("utf-8", "replace")
    is_plain = "%" not in text and "+" not in text
    for pair in text.split("&"):
        name, _, value = pair.partition("=")
        if not value:
            continue
        if not is_plain:
            name, value = unquote_plus(name), unquote_plus(value)
        params[name] = value
    return params
