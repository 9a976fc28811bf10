"""What everybody may see: books, trades, tickers, candles.

Each worker holds the whole of it in memory, one `Market` per instrument, and lets it follow the events of the
core (`live`). A book is read from the core at start; trades and candles come from the read database, and what
the database does not have yet from the event segments, so nothing is missing after a restart.

Books are held in Rust (crate `view`, here `engine.MarketView` and `BookView`), because nearly all events are changes
of their levels. The feed applies these without anybody here seeing them, and says whose books have changed; levels
come out of a book as finished text.

- `tape`, `bars`, `recent`, `day`, `chart`, `candles`: the other nouns, and the rules they follow.
- `market`: all of them together, for one instrument; `index`: what it is worth outside, as `indices` tells the core.
  `prices`: what other slices ask of both.
- `imported`: candles from before the first start, which nobody traded.
- `trade_pages`: old trades, page by page.
- `store`, `index_store`: trades and candles in the read database, written by a projection; `reader` reads them.
- `routes`, `channels`: how it is shown; `wire` knows how that is spelled.
"""
