"""Orders that take: what everybody but makers sends."""

from typing import Final

from tickyard.base.log import logger
from tickyard.world.client import Exchange, Row
from tickyard.world.ladder import Side
from tickyard.world.pair import Pair

log = logger("world")

_OK: Final = "0"


def at_market(pair: Pair, side: Side, lots: int) -> Row:
    """Make an order at whatever the book offers; sizes are in base on both sides."""
    return {
        "instId": pair.inst_id,
        "tdMode": "cash",
        "side": side,
        "ordType": "market",
        "tgtCcy": "base_ccy",
        "sz": pair.size_text(lots),
    }


def within(pair: Pair, side: Side, lots: int, price: float) -> Row:
    """Make an order that takes what there is up to a price, and leaves nothing behind."""
    ticks = pair.below(price) if side is Side.BUY else pair.above(price)
    return {
        "instId": pair.inst_id,
        "tdMode": "cash",
        "side": side,
        "ordType": "ioc",
        "px": pair.price_text(ticks),
        "sz": pair.size_text(lots),
    }


async def send(exchange: Exchange, order: Row) -> bool:
    """Send an order; tell whether it was taken.

    Raises:
        Lost: no answer.
        Refused: the whole operation was refused.
    """
    (row,) = await exchange.operate("order", [order])
    code: str = row["sCode"]
    if code != _OK:
        log.info("order.refused", pair=order["instId"], code=code)
    return code == _OK
