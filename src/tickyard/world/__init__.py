"""Simulated participants, in a process of their own: they speak the public API, like anybody.

Nothing of the core, the gateway or a slice is imported here; what the participants know of the exchange
stands in its answers. `quoter.run` is the whole of it; `docs/explanation/market.md` says who trades and why.

- `settings`: who takes part, and where. `profiles`, `data/`: how each pair and asset behaves.
- `rng`, `season`, `fair`: chance from a seed, the time of day, and the prices that they make.
- `past`: the same prices, backwards, for charts that begin before the first start.
- `venues`: other venues, which an index listens to.
- `client`, `rest`: a small OKX client. `purse`: what an account holds.
- `pair`, `ladder`, `stance`, `maker`: makers. The first three are pure.
- `flow`, `retail`: the crowd. `tickers`, `speculator`, `arbitrage`: those who look at prices. `orders`: what they send.
- `quoter`: the process that they live in.
"""
