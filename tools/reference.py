"""Writes the reference from the code: `python -m tools.reference`. A test fails when a page is not what this would write.

Endpoints, operations and channels are those of a gateway that is put together as every worker's is, beside a core in a
temporary home. Error codes are read from the source, commands from the command line itself.
"""

import ast
import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
from tests.support.whole_gateway import put_together

from tickyard.gateway.app import Gateway
from tickyard.gateway.errors import status_of
from tickyard.gateway.openapi import document
from tickyard.gateway.openapi.document import allowance
from tickyard.node import build, measures, settings
from tickyard.node.cli import main as command_line
from tickyard.node.home import Home
from tickyard.node.migration import migrate

FOLDER: Final = Path("docs/reference")
SOURCE: Final = Path("src/tickyard")
_WRITTEN: Final = "<!-- Written by `python -m tools.reference`; change the code instead. -->\n"
_CODE: Final = re.compile(r"[5-6]\d{4}")


def pages() -> Mapping[str, str]:
    """Return every page by its name in `FOLDER`."""
    gateway = _gateway()
    described = document(gateway.routes, build.shapes(), version="unreleased")
    return {
        "endpoints.md": _endpoints(described),
        "websocket.md": _websocket(gateway),
        "errors.md": _errors(),
        "commands.md": _commands(),
        "settings.md": _settings(),
        "metrics.md": _metrics(),
    }


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
        print(FOLDER / name)


def _endpoints(described: Mapping[str, Any]) -> str:
    lines = [_WRITTEN + "# Endpoints", ""]
    lines += [
        "Bodies are JSON; answers are `{code, msg, data}`. The running exchange describes the same as `/openapi.json`",
        "(OpenAPI 3.1), with the members of each answer. **Bold** parameters must be there. What these products are",
        "is OKX's: see its documentation of API v5.",
    ]
    group = ""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if operation["tags"][0] != group:
                group = operation["tags"][0]
                lines += ["", f"## {group}", ""]
                lines += ["| endpoint | | parameters | who, how often |", "|---|---|---|---|"]
            parameters = ", ".join(_parameters(operation))
            lines.append(
                f"| `{method.upper()} {path}` | {operation['summary']} | {parameters} | {operation['description']} |"
            )
    return "\n".join(lines) + "\n"


def _parameters(operation: Mapping[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", ()):
        yield _bold(parameter["name"], is_needed=parameter.get("required", False))
    body = operation.get("requestBody")
    if body is None:
        return
    schema = body["content"]["application/json"]["schema"]
    is_many = schema["type"] == "array"
    schema = schema["items"] if is_many else schema
    if is_many:
        yield "a list of"
    for name in schema["properties"]:
        yield _bold(name, is_needed=name in schema.get("required", ()))


def _bold(name: str, *, is_needed: bool) -> str:
    return f"**{name}**" if is_needed else name


def _websocket(gateway: Gateway) -> str:
    lines = [_WRITTEN + "# WebSocket", "", "## Operations", ""]
    lines += ["| op | | needs | how often |", "|---|---|---|---|"]
    for operation in gateway.operations.all:
        limit = "" if operation.limit is None else allowance(operation.limit)
        lines.append(f"| `{operation.op}` | {operation.summary} | {operation.access} | {limit} |")
    lines += ["", "## Channels", "", "| channel | who | |", "|---|---|---|"]
    for name, channel in sorted(gateway.switchboard.channels.items()):
        who = "logged in" if channel.is_private else "anybody"
        about = (type(channel).__doc__ or "").strip().partition("\n")[0]
        lines.append(f"| `{name}` | {who} | {about} |")
    return "\n".join(lines) + "\n"


def _errors() -> str:
    found: dict[str, set[str]] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        for code, text in _refusals(ast.parse(file.read_text())):
            found.setdefault(code, set()).add(text)
    lines = [_WRITTEN + "# Error codes", ""]
    lines += [
        "Codes are OKX's, words are ours. In batches and acknowledgements of orders the code stands in `sCode`, and the",
        "HTTP status is 200.",
        "",
        "| code | HTTP | message |",
        "|---|---|---|",
    ]
    for code, texts in sorted(found.items()):
        lines.append(f"| {code} | {status_of(code)} | {' / '.join(sorted(texts))} |")
    return "\n".join(lines) + "\n"


def _refusals(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        pairs: Iterable[tuple[ast.expr | None, ast.expr]] = ()
        if isinstance(node, ast.Call) and len(node.args) > 1:
            pairs = ((node.args[0], node.args[1]),)
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
        for code, text in pairs:
            said = _words(text)
            if isinstance(code, ast.Constant) and _CODE.fullmatch(str(code.value)) and said:
                yield str(code.value), said


def _words(text: ast.expr) -> str:
    """Return the text of an expression; what is filled in stands in italics."""
    if isinstance(text, ast.Constant):
        return text.value if isinstance(text.value, str) else ""
    if isinstance(text, ast.JoinedStr):
        return "".join(
            f"*{ast.unparse(part.value)}*" if isinstance(part, ast.FormattedValue) else _words(part)
            for part in text.values
        )
    return ""


def _commands() -> str:
    lines = [_WRITTEN + "# Commands", ""]
    for path, command in _tree(("tickyard",), command_line):
        context = click.Context(command, info_name=" ".join(path))
        usage = " ".join(command.collect_usage_pieces(context))
        lines += [f"## `{' '.join(path)}`", "", f"`{' '.join(path)} {usage}`", ""]
        lines += [command.help or "", ""]
        options = [found for found in command.params if isinstance(found, click.Option)]
        shown = [record for found in options if (record := found.get_help_record(context))]
        if shown:
            lines += ["| option | |", "|---|---|"]
            lines += [
                f"| `{names.replace('|', chr(92) + '|')}` | {about} |" for names, about in shown
            ]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _tree(
    path: tuple[str, ...], command: click.Command
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            if not inner.hidden:
                yield from _tree((*path, name), inner)
    else:
        yield path, command


def _settings() -> str:
    lines = [_WRITTEN + "# Settings", ""]
    lines += ["`settings.toml` in the home, as `tickyard up` writes it where there is none:", ""]
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        settings.write_defaults(home)
        text = home.settings.read_text()
    return "\n".join([*lines, "```toml", text.rstrip(), "```"]) + "\n"


def _metrics() -> str:
    lines = [_WRITTEN + "# Metrics", ""]
    lines += [
        "What `tickyard metrics` tells: [how to watch an exchange](../howto/watch-with-prometheus.md).",
        "",
    ]
    lines += ["| metric | kind | labels | |", "|---|---|---|---|"]
    lines += [
        f"| `{measure.full_name}` | {measure.kind} | {', '.join(measure.labels)} | {measure.about} |"
        for measure in measures.ALL
    ]
    return "\n".join(lines) + "\n"


def _gateway() -> Gateway:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        home.create()
        migrate(home)
        with _core(home):
            return asyncio.run(put_together(home))


@contextmanager
def _core(home: Home) -> Iterator[None]:
    reading, writing = os.pipe()
    command = (sys.executable, "-m", "tickyard.node", "serve", "--home", str(home.root))
    with subprocess.Popen(  # noqa: S603  # our own core
        (*command, "--ready-fd", str(writing), "core"),
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(writing)
        try:
            assert os.read(reading, 16), "the core did not start"
            yield
        finally:
            os.close(reading)
            process.terminate()


if __name__ == "__main__":
    main()
