"""Market data in OKX's spelling.

Source: OKX v5, "Market Data", response parameters of each endpoint and push parameters of each channel.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from tickyard.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tickyard.instruments.model import Instrument
from tickyard.marketdata.bars import UTC8_SHIFT_MS, BarSize
from tickyard.marketdata.candles import Candle
from tickyard.marketdata.index import Index, Sample
from tickyard.marketdata.market import Market
from tickyard.marketdata.tape import Print, Trade

BAR_DEFAULT: Final = "1m"

NO_PREVIOUS: Final = -1
"""`prevSeqId` of a snapshot."""

Lists = tuple[bytes, bytes]
"""The levels of asks and bids, written by the book itself: `crates/view/src/level.rs`."""

_JSON: Final = msgspec.json.Encoder()
_MONTHS: Final = (("1M", 1), ("3M", 3), ("1Y", 12))
_HOURS: Final = (("6H", 6), ("12H", 12), ("1D", 24), ("2D", 48), ("3D", 72), ("5D", 120))

BARS: Final[dict[str, BarSize]] = {
    "1s": BarSize(SECOND_MS),
    **{f"{count}m": BarSize(count * MINUTE_MS) for count in (1, 3, 5, 15, 30)},
    **{f"{count}H": BarSize(count * HOUR_MS) for count in (1, 2, 4)},
    # From six hours on a candle opens by the clock of UTC+8, unless its name says utc.
    **{name: BarSize(hours * HOUR_MS, shift_ms=UTC8_SHIFT_MS) for name, hours in _HOURS},
    "1W": BarSize.weeks(1, UTC8_SHIFT_MS),
    **{name: BarSize(months=months, shift_ms=UTC8_SHIFT_MS) for name, months in _MONTHS},
    **{f"{name}utc": BarSize(hours * HOUR_MS) for name, hours in _HOURS},
    "1Wutc": BarSize.weeks(1),
    **{f"{name}utc": BarSize(months=months) for name, months in _MONTHS},
}
"""Every candle size by its name, which is case-sensitive: 1m is a minute, 1M a month."""


class TickerRow(msgspec.Struct, frozen=True, rename="camel"):
    """A row of GET /api/v5/market/tickers and of the tickers channel."""

    inst_type: str
    inst_id: str
    last: str
    last_sz: str
    ask_px: str
    ask_sz: str
    bid_px: str
    bid_sz: str
    open24h: str
    high24h: str
    low24h: str
    vol_ccy24h: str = msgspec.field(name="volCcy24h")  # "camel" would capitalise the h
    vol24h: str
    sod_utc0: str
    sod_utc8: str
    ts: str


class TradeRow(msgspec.Struct, frozen=True, rename="camel"):
    """A row of GET /api/v5/market/history-trades and of the trades-all channel."""

    inst_id: str
    trade_id: str
    px: str
    sz: str
    side: str
    source: str
    ts: str


class CountedTradeRow(TradeRow, frozen=True, rename="camel"):
    """A row of GET /api/v5/market/trades."""

    count: str


class PrintRow(msgspec.Struct, frozen=True, rename="camel"):
    """A row of the trades channel."""

    inst_id: str
    trade_id: str
    px: str
    sz: str
    side: str
    ts: str
    count: str
    source: str
    seq_id: int


class IndexTickerRow(msgspec.Struct, frozen=True, rename="camel"):
    """A row of GET /api/v5/market/index-tickers and of the index-tickers channel."""

    inst_id: str
    idx_px: str
    high24h: str
    low24h: str
    open24h: str
    sod_utc0: str
    sod_utc8: str
    ts: str


class VolumeRow(msgspec.Struct, frozen=True, rename="camel"):
    """The row of GET /api/v5/market/platform-24-volume."""

    vol_usd: str
    vol_cny: str
    ts: str


def encode(rows: Sequence[object]) -> bytes:
    """Encode rows as the array of a data frame."""
    return _JSON.encode(rows)


def ticker_row(market: Market, now_ms: int) -> TickerRow:
    """Write a ticker; before the first trade, prices are empty and volumes zero."""
    pair = market.instrument
    last, day = market.tape.last, market.chart.day(now_ms)
    bid, ask = market.book.best_bid, market.book.best_ask
    price, lots = pair.ticks_to_text, pair.lots_to_text
    return TickerRow(
        inst_type="SPOT",
        inst_id=pair.symbol,
        last="" if last is None else price(last.price),
        last_sz="0" if last is None else lots(last.size),
        ask_px="" if ask is None else price(ask[0]),
        ask_sz="0" if ask is None else lots(ask[1]),
        bid_px="" if bid is None else price(bid[0]),
        bid_sz="0" if bid is None else lots(bid[1]),
        open24h="" if day is None else price(day.open),
        high24h="" if day is None else price(day.high),
        low24h="" if day is None else price(day.low),
        vol_ccy24h="0" if day is None else pair.notional_to_text(day.notional),
        vol24h="0" if day is None else lots(day.volume),
        sod_utc0="" if day is None else price(day.open_utc),
        sod_utc8="" if day is None else price(day.open_utc8),
        ts=str(market.time_ms or now_ms),
    )


def trade_row(pair: Instrument, trade: Trade) -> TradeRow:
    """Write one match."""
    return TradeRow(
        inst_id=pair.symbol,
        trade_id=str(trade.trade_id),
        px=pair.ticks_to_text(trade.price),
        sz=pair.lots_to_text(trade.size),
        side=_side(trade),
        source="0",
        ts=str(trade.time_ms),
    )


def counted_trade_row(pair: Instrument, trade: Trade) -> CountedTradeRow:
    """Write one match, which counts as one."""
    return CountedTradeRow(**msgspec.structs.asdict(trade_row(pair, trade)), count="1")


def print_row(pair: Instrument, joined: Print) -> PrintRow:
    """Write what one taker traded at one price."""
    last = joined.last
    return PrintRow(
        inst_id=pair.symbol,
        trade_id=str(last.trade_id),
        px=pair.ticks_to_text(last.price),
        sz=pair.lots_to_text(joined.size),
        side=_side(last),
        ts=str(last.time_ms),
        count=str(joined.count),
        source="0",
        seq_id=last.seq,
    )


def candle_row(pair: Instrument, candle: Candle) -> tuple[str, ...]:
    """Write a candle: ts, o, h, l, c, vol, volCcy, volCcyQuote, confirm."""
    amount = pair.notional_to_text(candle.notional)
    return (
        str(candle.open_ms),
        pair.ticks_to_text(candle.open),
        pair.ticks_to_text(candle.high),
        pair.ticks_to_text(candle.low),
        pair.ticks_to_text(candle.close),
        pair.lots_to_text(candle.volume),
        amount,
        amount,
        "1" if candle.is_final else "0",
    )


def index_ticker_row(index: Index, last: Sample, now_ms: int) -> IndexTickerRow:
    """Write the ticker of an index that has a price."""
    price, day = index.instrument.ticks_to_text, index.chart.day(now_ms)
    assert day is not None, "Invariant: an index with a price has a day"
    return IndexTickerRow(
        inst_id=index.instrument.symbol,
        idx_px=price(last.price),
        high24h=price(day.high),
        low24h=price(day.low),
        open24h=price(day.open),
        sod_utc0=price(day.open_utc),
        sod_utc8=price(day.open_utc8),
        ts=str(last.time_ms),
    )


def index_candle_row(pair: Instrument, candle: Candle) -> tuple[str, ...]:
    """Write a candle of an index: ts, o, h, l, c, confirm."""
    row = candle_row(pair, candle)
    return (*row[:5], row[-1])


def book_json(levels: Lists, time_ms: int, seq: int) -> bytes:
    """Write the row of GET /api/v5/market/books."""
    return b'{"asks":[%b],"bids":[%b],"ts":"%d","seqId":%d}' % (*levels, time_ms, seq)


def full_book_json(levels: Lists, time_ms: int) -> bytes:
    """Write the row of GET /api/v5/market/books-full."""
    return b'{"asks":[%b],"bids":[%b],"ts":"%d"}' % (*levels, time_ms)


def named_book_json(pair: Instrument, levels: Lists, time_ms: int, seq: int) -> bytes:
    """Write the row of the books5 and bbo-tbt channels, which names its instrument."""
    return b'{"asks":[%b],"bids":[%b],"instId":"%b","ts":"%d","seqId":%d}' % (
        *levels,
        pair.symbol.encode(),
        time_ms,
        seq,
    )


def chained_book_json(
    levels: Lists, time_ms: int, *, checksum: int, previous: int, seq: int
) -> bytes:
    """Write the row of the incremental book channels."""
    return b'{"asks":[%b],"bids":[%b],"ts":"%d","checksum":%d,"prevSeqId":%d,"seqId":%d}' % (
        *levels,
        time_ms,
        checksum,
        previous,
        seq,
    )


def _side(trade: Trade) -> str:
    return trade.taker_side.name.lower()
