//! What can be traded, as far as orders are concerned.

use crate::grid::Grid;
use tickyard_types::InstrumentId;

/// A spot pair.
#[derive(Clone, Debug)]
pub struct Instrument {
    /// Also its number on the wire.
    pub id: InstrumentId,
    /// Its name on the wire.
    pub symbol: String,
    /// The name of what is paid.
    pub quote: String,
    /// Prices.
    pub prices: Grid,
    /// Sizes.
    pub sizes: Grid,
    /// Quote money: a price times a size.
    pub notionals: Grid,
    /// Smallest order, in lots.
    pub min_size: u64,
    /// Largest market order by quote, in notional units.
    pub max_market_amount: u64,
}

/// All pairs.
#[derive(Clone, Debug)]
pub struct Listing {
    by_symbol: Vec<Instrument>,
}

impl Listing {
    /// The listing of some pairs.
    #[must_use]
    pub fn new(mut pairs: Vec<Instrument>) -> Self {
        pairs.sort_by(|one, other| one.symbol.cmp(&other.symbol));
        Self { by_symbol: pairs }
    }

    pub(crate) fn by_symbol(&self, symbol: &str) -> Option<&Instrument> {
        let at = self.by_symbol.binary_search_by(|pair| pair.symbol.as_str().cmp(symbol)).ok()?;
        self.by_symbol.get(at)
    }

    pub(crate) fn by_code(&self, code: u64) -> Option<&Instrument> {
        self.by_symbol.iter().find(|pair| u64::from(pair.id.0) == code)
    }
}
