"""House rules that no linter knows. Run: python tools/tidy.py (exit 1 when a rule is broken).

Three things fail: a float in a package that handles money, a file named after nothing, and a README
that has grown past what a newcomer reads. Length of code never fails; the longest files and functions
are printed so that somebody looks at them.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

SRC = Path("src/tickyard")
VAGUE = {"utils", "util", "helpers", "common", "misc", "manager", "managers", "base_classes"}
MONEY = {"base", "engine", "instruments", "trading", "account", "marketdata"}
LONG_FILE, LONG_FUNCTION = 400, 40
README_LINES_MAX = 120


def broken(path: Path, tree: ast.Module) -> Iterator[str]:
    """Yield one line for each rule that the file breaks."""
    if path.stem in VAGUE:
        yield f"{path}: name it after the thing it holds"
    if path.relative_to(SRC).parts[0] not in MONEY:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "float":
            yield f"{path}:{node.lineno}: float; use Decimal or a scaled integer"
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{path}:{node.lineno}: float literal; use Decimal('...')"


def long(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield what is worth a look for its length: (lines, where)."""
    if (lines := len(path.read_text().splitlines())) > LONG_FILE:
        yield lines, str(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno
            if lines > LONG_FUNCTION:
                yield lines, f"{path}:{node.lineno} {node.name}"


def main() -> int:
    """Print what is broken, then what is long; return the exit status."""
    trees = {path: ast.parse(path.read_text()) for path in sorted(SRC.rglob("*.py"))}
    found = [line for path, tree in trees.items() for line in broken(path, tree)]
    if (lines := len(Path("README.md").read_text().splitlines())) > README_LINES_MAX:
        found.append(f"README.md: {lines} lines; a newcomer reads {README_LINES_MAX}")
    print(*found, sep="\n")
    for lines, where in sorted((x for p, t in trees.items() for x in long(p, t)), reverse=True)[
        :10
    ]:
        print(f"look: {lines} lines: {where}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
