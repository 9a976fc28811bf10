"""Where trigger orders are found, and how they are followed, over the real core.

Source: OKX v5, "Algo Trading", as of 2026-06-27.
"""

from tests.support.algo_orders import BTC, PAIR, PLAIN, STOP, TRAIL, assert_all_documented
from tests.support.trading_house import ALICE, BOB, House

from tickyard.trading.wire.algo_streams import AlgoStream


async def test_lists_are_paged_by_id_newest_first_and_filtered(house: House) -> None:
    algos = [await house.algo(ALICE, **kind) for kind in (STOP, PAIR, STOP, PLAIN)]
    simple = [algos[2], algos[1], algos[0]]

    async def ids(path: str, **params: str) -> list[str]:
        rows = await house.get(ALICE, path, **{"ordType": "conditional,oco", **params})
        return [row["algoId"] for row in rows if row["algoId"] in algos]

    pending = "orders-algo-pending"
    assert await ids(pending) == simple
    assert await ids(pending, limit="1") == simple[:1]
    assert await ids(pending, after=algos[2]) == simple[1:]
    assert await ids(pending, before=algos[1]) == simple[:1]
    assert await ids(pending, algoId=algos[1]) == [algos[1]]
    assert await ids(pending, instId="ETH-USDT") == []
    assert await ids(pending, instType="SWAP") == []
    assert await ids(pending, ordType="trigger") == [algos[3]]
    assert await ids(pending, ordType="oco") == [algos[1]]
    await house.post(ALICE, "cancel-algos", [{**BTC, "algoId": algo} for algo in algos])
    history = "orders-algo-history"
    assert await ids(pending) == []
    assert await ids(history, state="canceled") == simple
    assert await ids(history, state="canceled", limit="1") == simple[:1]
    assert await ids(history, state="canceled", after=algos[2], limit="2") == simple[1:]
    assert await ids(history, state="canceled", before=algos[1]) == simple[:1]
    assert await ids(history, algoId=algos[1]) == [algos[1]]
    assert await ids(history, state="effective") == []
    assert await ids(history, state="canceled", instId="ETH-USDT") == []


async def test_kinds_that_do_not_exist_here_have_no_rows(house: House) -> None:
    for kind in ("chase", "iceberg", "twap", "smart_iceberg"):
        assert await house.get(ALICE, "orders-algo-pending", ordType=kind) == []
        assert await house.get(ALICE, "orders-algo-history", ordType=kind, state="canceled") == []


async def test_each_change_is_pushed_on_its_channel(house: House) -> None:
    simple, advanced = [await house.listen(ALICE, name) for name in ("orders-algo", "algo-advance")]
    algo = await house.algo(ALICE, **STOP)
    trail = await house.algo(ALICE, **TRAIL)
    await house.ack(ALICE, "amend-algos", **BTC, algoId=algo, newSz="0.02", reqId="r1")
    await house.post(ALICE, "cancel-algos", [{**BTC, "algoId": name} for name in (algo, trail)])
    rows = await simple.hear(3)
    assert [row["state"] for row in rows] == ["live", "live", "canceled"]
    assert [row["amendResult"] for row in rows] == ["", "0", ""]
    assert [row["reqId"] for row in rows] == ["", "r1", ""]
    assert rows[0]["notionalUsd"].startswith("6")
    for row in rows:
        assert_all_documented(row, "WS orders-algo")
    for row in await advanced.hear(2):
        assert (row["algoId"], row["ordType"]) == (trail, "move_order_stop")
        assert row["pTime"].isdigit()
        assert_all_documented(row, "WS algo-advance")


async def test_the_advanced_channel_begins_with_the_trailing_stops_that_live(house: House) -> None:
    trail = await house.algo(ALICE, **TRAIL)
    await house.algo(ALICE, **STOP)
    assert [row.algo_id for row in await house.triggers.live(AlgoStream(ALICE))] == [trail]
    assert await house.triggers.live(AlgoStream(BOB)) == []
