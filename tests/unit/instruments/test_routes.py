from typing import Any

import pytest
from tests.support.fields import assert_fields, documented

from tickyard.base.clock import ManualClock
from tickyard.base.ids import AssetId, Seq
from tickyard.engine.events import EventBatch, InstrumentDefined
from tickyard.engine.records import InstrumentState
from tickyard.gateway.channels import Topics
from tickyard.gateway.route import Access, ApiError, Request, Route
from tickyard.instruments import listing
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.channels import InstrumentsChannel
from tickyard.instruments.routes import routes

NOW_NS = 1_700_000_000_123_456_789


@pytest.fixture
def catalog() -> Catalog:
    return listing.load()


def table(catalog: Catalog) -> dict[str, Route]:
    return {route.path: route for route in routes(catalog, ManualClock(NOW_NS))}


async def get(catalog: Catalog, path: str, **params: str) -> list[Any]:
    request = Request(caller=None, params=params, body=None, received_us=0)
    data = (await table(catalog)[f"/api/v5/{path}"].handler(request)).data
    assert isinstance(data, list)
    return data


async def refusal(catalog: Catalog, path: str, **params: str) -> tuple[str, int | None]:
    with pytest.raises(ApiError) as refused:
        await get(catalog, path, **params)
    return refused.value.code, refused.value.status


def opened(catalog: Catalog, state: InstrumentState = InstrumentState.LIVE) -> EventBatch:
    events = [
        InstrumentDefined(
            Seq(1), 0, 0, pair.instrument, AssetId(1), 1, 1, AssetId(2), state, 1, 1, 1, 1, 1, 1, b"",
        )
        for pair in catalog.instruments
    ]  # fmt: skip
    return EventBatch(Seq(1), Seq(1), 0, [*events])


async def test_spot_rows_have_every_field_that_okx_documents(catalog: Catalog) -> None:
    rows = await get(catalog, "public/instruments", instType="SPOT")
    assert [row["instId"] for row in rows] == [pair.symbol for pair in catalog.instruments]
    for row in rows:
        assert_fields(row, documented("account_fields.json", "GET /api/v5/public/instruments"))
        assert type(row["instIdCode"]) is int
        assert type(row["futureSettlement"]) is bool
        others = {k: v for k, v in row.items() if k not in {"instIdCode", "futureSettlement"}}
        assert all(isinstance(value, str | list) for value in others.values())


async def test_account_rows_have_every_field_that_okx_documents(catalog: Catalog) -> None:
    for row in await get(catalog, "account/instruments", instType="SPOT"):
        assert_fields(row, documented("account_fields.json", "GET /api/v5/account/instruments"))


async def test_numbers_of_a_pair_are_plain_decimals(catalog: Catalog) -> None:
    (row,) = await get(catalog, "public/instruments", instType="SPOT", instId="BTC-USDT")
    assert (row["tickSz"], row["lotSz"], row["minSz"]) == ("0.1", "0.00000001", "0.00001")
    assert (row["maxLmtSz"], row["maxMktSz"], row["maxLmtAmt"]) == (
        "15000", "1000000", "1000000000",
    )  # fmt: skip
    assert (row["baseCcy"], row["quoteCcy"], row["instIdCode"]) == ("BTC", "USDT", 1)


@pytest.mark.parametrize("kind", ["FUTURES", "SWAP", "OPTION", "MARGIN", "EVENTS"])
async def test_products_that_do_not_exist_list_nothing(catalog: Catalog, kind: str) -> None:
    assert await get(catalog, "public/instruments", instType=kind) == []
    assert await get(catalog, "public/instruments", instType=kind, uly="BTC-USD") == []
    assert await get(catalog, "account/instruments", instType=kind) == []


async def test_a_type_is_needed_and_known(catalog: Catalog) -> None:
    assert (await refusal(catalog, "public/instruments"))[0] == "50014"
    assert (await refusal(catalog, "public/instruments", instType="spot"))[0] == "51000"


async def test_an_unknown_instrument_is_refused(catalog: Catalog) -> None:
    unknown = {"instType": "SPOT", "instId": "XYZ-USDT"}
    assert (await refusal(catalog, "public/instruments", **unknown))[0] == "51001"
    assert (await refusal(catalog, "public/price-limit", instId="XYZ-USDT"))[0] == "51001"


async def test_state_is_what_the_core_says(catalog: Catalog) -> None:
    channel = InstrumentsChannel(catalog, Topics())
    (row,) = await get(catalog, "public/instruments", instType="SPOT", instId="BTC-USDT")
    assert row["state"] == "preopen"
    channel.follow(opened(catalog))
    (row,) = await get(catalog, "public/instruments", instType="SPOT", instId="BTC-USDT")
    assert row["state"] == "live"
    channel.follow(opened(catalog, InstrumentState.SUSPENDED))
    (row,) = await get(catalog, "public/instruments", instType="SPOT", instId="BTC-USDT")
    assert row["state"] == "suspend"


async def test_price_limits_are_the_bounds_of_the_listing(catalog: Catalog) -> None:
    (row,) = await get(catalog, "public/price-limit", instId="BTC-USDT")
    assert_fields(row, documented("account_fields.json", "GET /api/v5/public/price-limit"))
    assert (row["buyLmt"], row["sellLmt"], row["enabled"]) == ("1000000", "100", True)


async def test_time_is_exchange_time_in_milliseconds(catalog: Catalog) -> None:
    assert await get(catalog, "public/time") == [{"ts": "1700000000123"}]


async def test_no_maintenance_is_planned(catalog: Catalog) -> None:
    assert await get(catalog, "system/status") == []
    assert await get(catalog, "system/status", state="ongoing") == []
    assert (await refusal(catalog, "system/status", state="never"))[0] == "51000"


def test_every_route_has_a_limit_and_only_the_account_needs_a_key(catalog: Catalog) -> None:
    found = table(catalog)
    assert all(route.limit and route.summary for route in found.values())
    private = {path for path, route in found.items() if route.access is not Access.PUBLIC}
    assert private == {"/api/v5/account/instruments"}
    assert len(found) == len(routes(catalog, ManualClock(0)))
