"""The OKX v5 wire, and no product.

A worker process accepts HTTP and WebSocket on sockets that somebody else opened, checks who is
speaking, decodes, calls the handler that a slice contributed, and encodes the answer.

- `route`, `channels`: what a slice contributes: routes, operations, channels. Read these first.
- `app`: the table of all contributions, and the boundary at which every exception ends.
- `server`, `http`, `websocket`: bytes on a socket, both protocols on one port.
- `signature`, `keys`: who signed a request.
- `body`, `envelope`, `errors`: JSON in, JSON out, the codes of the wire itself.
- `session`: one WebSocket conversation. `frames`: what its bytes look like.

Source: OKX v5, "Overview", "REST authentication", "WebSocket"; see docs/reference.
"""
