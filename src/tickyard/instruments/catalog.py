"""Everything that can be traded, by each of its names, and in which state it is."""

from collections.abc import Iterable, Sequence

from tickyard.base.ids import AssetId, InstrumentId
from tickyard.engine.events import IndexPriceSet, InstrumentDefined
from tickyard.engine.records import InstrumentState
from tickyard.instruments.model import Asset, FeeLevel, Instrument


class Catalog:
    """Assets, instruments and fee levels as listed, with the states that the core reports.

    The listing is fixed while a process runs; states change with `follow`.
    """

    def __init__(
        self,
        assets: Iterable[Asset],
        instruments: Iterable[Instrument],
        fee_levels: Iterable[FeeLevel],
    ) -> None:
        self._assets = {asset.asset: asset for asset in assets}
        self._assets_by_symbol = {asset.symbol: asset for asset in self._assets.values()}
        self._instruments = {instrument.instrument: instrument for instrument in instruments}
        self._by_symbol = {pair.symbol: pair for pair in self._instruments.values()}
        self._fee_levels = {level.level: level for level in fee_levels}
        self._states = dict.fromkeys(self._instruments, InstrumentState.PREOPEN)
        self._bounds = {
            pair.instrument: (pair.min_price, pair.max_price) for pair in self._instruments.values()
        }

    @property
    def assets(self) -> Sequence[Asset]:
        """All assets, oldest first."""
        return tuple(self._assets.values())

    @property
    def instruments(self) -> Sequence[Instrument]:
        """All instruments, oldest first."""
        return tuple(self._instruments.values())

    @property
    def fee_levels(self) -> Sequence[FeeLevel]:
        """The fee table, lowest level first."""
        return tuple(self._fee_levels.values())

    def asset(self, asset: AssetId) -> Asset:
        """The asset of an id that the core uses."""
        return self._assets[asset]

    def asset_by_symbol(self, symbol: str) -> Asset | None:
        """The asset of a name, e.g. "BTC"."""
        return self._assets_by_symbol.get(symbol)

    def instrument(self, instrument: InstrumentId) -> Instrument:
        """The instrument of an id that the core uses."""
        return self._instruments[instrument]

    def by_symbol(self, symbol: str) -> Instrument | None:
        """The instrument of a name, e.g. "BTC-USDT"."""
        return self._by_symbol.get(symbol)

    def fee_level(self, level: int) -> FeeLevel:
        """The row of the fee table that an account is on."""
        return self._fee_levels[level]

    def state(self, instrument: InstrumentId) -> InstrumentState:
        """What the instrument lets its users do now; preopen until the core has said otherwise."""
        return self._states[instrument]

    def bounds(self, instrument: InstrumentId) -> tuple[int, int]:
        """The lowest price of a sell order and the highest of a buy order, in ticks."""
        return self._bounds[instrument]

    def follow_index(self, event: IndexPriceSet) -> Instrument | None:
        """Take over the bounds that an index sets; where it says nothing, those of the listing count.

        Returns:
            The instrument when its bounds have changed, else None.
        """
        pair = self._instruments.get(event.instrument)
        if pair is None:
            return None
        bounds = (event.lowest_sell or pair.min_price, event.highest_buy or pair.max_price)
        if self._bounds[pair.instrument] == bounds:
            return None
        self._bounds[pair.instrument] = bounds
        return pair

    def follow(self, event: InstrumentDefined) -> Instrument | None:
        """Take over the state that the core reports.

        Returns:
            The instrument when its state has changed, else None; None also for one that is not in the listing.
        """
        state = self._states.get(event.instrument)
        if state is None or state == event.state:
            return None
        self._states[event.instrument] = event.state
        return self._instruments[event.instrument]
