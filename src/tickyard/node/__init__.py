"""The composition root: builds every process, supervises them, and is the command line.

`cli` is what people type. `supervise` owns the listening sockets and keeps the processes alive.
`build` and `tables` are the only files that know every slice. `seed` writes the demo's markets and money into the
journal, once. `home` says where everything lies.
"""
