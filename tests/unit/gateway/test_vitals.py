"""A worker tells its numbers to whoever asks on its socket."""

from pathlib import Path

import pytest

from tickyard.gateway.vitals import Counts, Vitals, ask, offer


async def test_whoever_asks_gets_the_numbers_of_the_moment(tmp_path: Path) -> None:
    vitals = Vitals()
    path = tmp_path / ("deep" * 40) / "gateway-1.vitals.sock"
    path.parent.mkdir()

    def tell() -> Counts:
        return Counts(1, 2, 3, vitals.answers, vitals.late_us, vitals.late_max_us)

    async with await offer(path, tell):
        vitals.answered(200)
        vitals.answered(429)
        vitals.beat(0.002)
        vitals.beat(0.001)
        told = await ask(path)
    assert told.answers == {"2xx": 1, "4xx": 1, "5xx": 0}
    assert (told.late_us, told.late_max_us) == (1_000, 2_000)
    assert (told.connections, told.sessions, told.sessions_total) == (1, 2, 3)
    with pytest.raises(ConnectionRefusedError):
        await ask(path)
