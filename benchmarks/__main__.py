"""Measure everything that is promised, print it, and write `build/bench.json`. Run: make bench."""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from subprocess import SubprocessError

from benchmarks import (
    ack,
    book,
    core,
    durable,
    fanout,
    gateway,
    history,
    living,
    overload,
    restart,
    steps,
)
from benchmarks.row import Row, machine
from benchmarks.scope import BUILD, Measurement, Scope

_MEASUREMENTS: Sequence[Measurement] = (
    *book.MEASUREMENTS,
    *core.MEASUREMENTS,
    *restart.MEASUREMENTS,
    *durable.MEASUREMENTS,
    *gateway.MEASUREMENTS,
    *steps.MEASUREMENTS,
    *ack.MEASUREMENTS,
    *fanout.MEASUREMENTS,
    *living.MEASUREMENTS,
    *history.MEASUREMENTS,
    *overload.MEASUREMENTS,
)


def main(argv: Sequence[str]) -> int:
    """Print the rows as they come; return 1 when a promise is broken or a row could not be measured."""
    given = _parser().parse_args(argv)
    # Told to end, it ends what it has started and removes what it has made.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    wanted = set(given.names)
    unknown = wanted - {name for measurement in _MEASUREMENTS for name in measurement.names}
    if unknown:
        sys.stderr.write(f"no such row: {', '.join(sorted(unknown))}\n")
        return 2
    scope = Scope(is_quick=given.quick)
    print(machine())
    rows: list[Row] = []
    failed: list[str] = []
    chosen = [one for one in _MEASUREMENTS if not wanted or wanted & set(one.names)]
    for number, measurement in enumerate(chosen, 1):
        sys.stderr.write(f"[{number}/{len(chosen)}] {', '.join(measurement.names)}\n")
        try:
            for row in measurement.run(scope):
                rows.append(row)
                _show(row)
        except (OSError, RuntimeError, ValueError, SubprocessError) as error:
            # One row that cannot be measured here keeps nobody from the others.
            failed.append(", ".join(measurement.names))
            sys.stderr.write(f"  not measured: {error}\n")
    BUILD.mkdir(exist_ok=True)
    text = json.dumps([row.wire() for row in rows], indent=1)
    (BUILD / "bench.json").write_text(text + "\n")
    broken = [row.name for row in rows if not row.met]
    for words, names in (("not met", broken), ("not measured", failed)):
        if names:
            print(f"{words}: {', '.join(names)}")
    # A target that is not met is a result; a row that could not be measured is a failure.
    return int(bool(failed))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="rows to measure; all by default")
    parser.add_argument(
        "--quick", action="store_true", help="short windows and small worlds; promises nothing"
    )
    return parser


def _show(row: Row) -> None:
    ratio = "" if row.yardstick is None else f"{row.ratio} x {row.yardstick.name}"
    promise = " and ".join(f"{what} {op} {number:,}" for what, (op, number) in row.target.items())
    verdict = f"{promise}: {'met' if row.met else 'NOT MET'}" if promise else ""
    print(f"{row.name:24} {row.value:>14,} {row.unit:<11} {ratio:28} {verdict}")
    if row.latency:
        print(f"{'':24} {row.latency}")
    print(f"{'':24} {row.conditions}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
