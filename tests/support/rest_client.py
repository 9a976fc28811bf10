"""Signed REST as plain as can be: what is answered is looked at as it came, without a library between."""

import json
from typing import Any
from urllib.parse import urlencode

import requests
from tests.hostile.venue import Key

PREFIX = "/api/v5/"


class RestClient:
    """Somebody with a demo key."""

    def __init__(self, http: str, name: str) -> None:
        self._http = http
        self._key = Key(name)
        self._session = requests.Session()

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """Ask, signed; return the whole envelope."""
        query = urlencode(params)
        target = PREFIX + path + (f"?{query}" if query else "")
        headers = self._key.headers("GET", target)
        answer = self._session.get(self._http + target, headers=headers, timeout=30)
        found: dict[str, Any] = answer.json()
        return found

    def post(self, path: str, body: Any) -> dict[str, Any]:
        """Send, signed; return the whole envelope."""
        target, raw = PREFIX + path, json.dumps(body).encode()
        headers = {
            **self._key.headers("POST", target, raw),
            "Content-Type": "application/json",
        }
        answer = self._session.post(self._http + target, data=raw, headers=headers, timeout=30)
        found: dict[str, Any] = answer.json()
        return found

    def rows(self, path: str, **params: Any) -> list[Any]:
        """Ask for what must be there; return the rows."""
        answer = self.get(path, **params)
        assert (answer["code"], answer["msg"]) == ("0", ""), (path, params, answer)
        data: list[Any] = answer["data"]
        return data

    def done(self, path: str, body: Any) -> dict[str, Any]:
        """Send what must be carried out; return the first row."""
        answer = self.post(path, body)
        assert answer["code"] == "0", (path, body, answer)
        row: dict[str, Any] = answer["data"][0]
        return row

    def close(self) -> None:
        self._session.close()
