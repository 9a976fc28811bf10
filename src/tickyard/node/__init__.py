"""The composition root: builds every process, supervises them, and is the command line.

`cli` is what people type. `supervise` owns the listening sockets and keeps the processes alive.
`build` is the only file that knows every slice. `seed` writes the demo's markets and money into the
journal, once. `home` says where everything lies.
"""
