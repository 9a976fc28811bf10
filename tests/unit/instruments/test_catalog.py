from tickyard.base.ids import AssetId, InstrumentId, Seq
from tickyard.engine.events import InstrumentDefined
from tickyard.engine.records import InstrumentState
from tickyard.instruments import listing


def defined(instrument: int, state: InstrumentState) -> InstrumentDefined:
    return InstrumentDefined(
        Seq(1), 0, 0, InstrumentId(instrument), AssetId(3), 1, 1, AssetId(1), state, 1, 1, 1, 1, 1, 1, b"BTC-USDT",
    )  # fmt: skip


def test_an_instrument_is_found_by_name_and_by_id() -> None:
    catalog = listing.load()
    pair = catalog.by_symbol("ETH-BTC")
    assert pair is not None
    assert catalog.instrument(pair.instrument) is pair
    assert catalog.by_symbol("BTC-USD-SWAP") is None


def test_nothing_trades_before_the_core_has_said_so() -> None:
    catalog = listing.load()
    first = catalog.instruments[0]
    assert catalog.state(first.instrument) is InstrumentState.PREOPEN
    assert catalog.follow(defined(first.instrument, InstrumentState.LIVE)) is first
    assert catalog.state(first.instrument) is InstrumentState.LIVE


def test_only_a_change_of_state_is_news() -> None:
    catalog = listing.load()
    first = catalog.instruments[0]
    catalog.follow(defined(first.instrument, InstrumentState.LIVE))
    assert catalog.follow(defined(first.instrument, InstrumentState.LIVE)) is None
    assert catalog.follow(defined(9999, InstrumentState.LIVE)) is None
