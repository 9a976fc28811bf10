"""Simulated participants, in a process of their own: they speak the public API, like anybody.

Nothing of the core, the gateway or a slice is imported here; what the participants know of the exchange
stands in its answers. `quoter.run` is the whole of it for now: two makers keep every book two-sided, a taker
trades against them, and all follow the same fair prices.

- `settings`, `data/`: who takes part, where, and how each pair behaves.
- `rng`, `fair`: chance from a seed, and the prices that it makes.
- `pair`, `ladder`: what may be quoted, and where quotes should stand. Pure.
- `client`, `rest`: a small OKX client.
- `maker`, `taker`, `quoter`: the participants, and the process that they live in.
"""
