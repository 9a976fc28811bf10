"""The OKX v5 wire, and no product.

A worker process accepts HTTP and WebSocket on sockets that somebody else opened, checks who is
speaking, decodes, calls the handler that a slice contributed, and encodes the answer.

- `route`, `channels`: what a slice contributes: routes, operations, channels. Read these first.
- `app`: the gateway of a worker, made of all contributions; `server` serves it on sockets.
- `http`, `http_reader`, `exchange`: one HTTP connection; `rest`: from a request to its handler.
- `handover`: connections that one process accepts and another serves; `tls_relay`: where TLS ends.
- `websocket`: the hand-over of a connection to picows; `session`: one conversation on it, with its
  `subscriptions`, `operations` and `outbox`.
- `signature`, `keys`, `permissions`, `deadline`: who may ask for what, and until when.
- `body`, `query`, `envelope`, `frames`: bytes in, bytes out; `errors`: the codes of the wire itself.
- `runner`: how handlers run; `heartbeat`: coarse time; `pages`: the few paths outside the API.

Source: OKX v5, "Overview", "REST authentication", "WebSocket".
"""
