"""Measure everything that is promised, print it, and write `build/bench.json`. Run: make bench."""

import json
import sys
from collections.abc import Iterator

from benchmarks import core, gateway
from benchmarks.row import Row, Yardstick, machine

_GATEWAY_SECONDS = 4


def gateway_rows(seconds: int = _GATEWAY_SECONDS) -> Iterator[Row]:
    """One gateway worker against a bare server of the same stack."""
    for number in range(len(gateway.loads())):
        bare = gateway.measure(gateway.loads()[number], seconds, is_bare=True)
        load = gateway.loads()[number]
        ours = gateway.measure(load, seconds, is_bare=False)
        yield Row(
            name=f"gateway_{load.name}",
            value=ours.per_second,
            unit="orders/s",
            conditions=(
                f"one worker on one core, {ours.us_per_order:.2f} us of CPU an order (bare "
                f"{bare.us_per_order:.2f}), {load.connections} connections, {seconds} s; {machine()}"
            ),
            yardstick=Yardstick("bare_server", bare.per_second, "orders/s"),
        )


def main() -> int:
    """Print a line for each figure as it comes; return 1 when a promise is broken."""
    build = core.ROOT / "build"
    build.mkdir(exist_ok=True)
    print(machine())
    rows = []
    for measured in (core.rows(), gateway_rows()):
        for row in measured:
            rows.append(row)
            ratio = "" if row.ratio is None else f"{row.ratio} x {row.yardstick.name}"  # type: ignore[union-attr]  # a ratio has a yardstick
            print(f"{row.name:24} {row.value:>14,} {row.unit:<11} {ratio}", flush=True)
            print(f"{'':24} {row.conditions}", flush=True)
    (build / "bench.json").write_text(json.dumps([row.wire() for row in rows], indent=1) + "\n")
    broken = [row.name for row in rows if not row.met]
    if broken:
        print(f"not met: {', '.join(broken)}")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
