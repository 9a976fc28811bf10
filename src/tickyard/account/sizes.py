"""How much an account could trade now."""

from decimal import Decimal

from tickyard.account.balances import Portfolio
from tickyard.instruments.model import Instrument


def free_quote(portfolio: Portfolio, pair: Instrument) -> int:
    """Quote money that no order holds, in ledger units."""
    held = portfolio.of(pair.quote)
    return 0 if held is None else held.free


def free_base(portfolio: Portfolio, pair: Instrument) -> int:
    """Base coins that no order holds, in ledger units."""
    held = portfolio.of(pair.base)
    return 0 if held is None else held.free


def lots_to_buy(portfolio: Portfolio, pair: Instrument, price: Decimal | str) -> int:
    """Count the lots that the free quote money pays for at a price, rounding down.

    Args:
        portfolio: what there is.
        pair: what is bought.
        price: in quote, more than zero; a price between two ticks counts as the lower one.
    """
    ticks = max(pair.price_grid.floor(price), 1)
    per_lot = ticks * pair.notional_grid.units(pair.quote.unit_digits)
    return free_quote(portfolio, pair) // per_lot


def lots_to_sell(portfolio: Portfolio, pair: Instrument) -> int:
    """Count the whole lots among the free base coins."""
    return free_base(portfolio, pair) // pair.size_grid.units(pair.base.unit_digits)
