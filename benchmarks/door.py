"""Speaks to a running core over its socket, one command at a time."""

import socket
import time
from pathlib import Path

from tickyard.engine.protocol import FrameKind, FrameReader, frame
from tickyard.engine.replies import decode_replies
from tickyard.engine.row_codec import decode_counts
from tickyard.engine.rows import CoreCounts


class Door:
    """A connection of a worker."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._frames = FrameReader()
        self._boot = time.monotonic_ns()
        self._counter = 0

    def carry_out(self, record: bytes) -> None:
        """Send one command and wait for its reply.

        Raises:
            RuntimeError: it was refused.
        """
        self._counter += 1
        stamped = bytearray(record)
        stamped[8:24] = self._boot.to_bytes(8, "little") + self._counter.to_bytes(8, "little")
        (reply,) = decode_replies(self._ask(FrameKind.SUBMIT, bytes(stamped)))
        if reply.refusal is not None:
            raise RuntimeError(f"refused: {reply}")

    def counts(self) -> CoreCounts:
        """Read what became of commands since the core started."""
        return decode_counts(self._ask(FrameKind.COUNTS, b""))

    def _ask(self, kind: FrameKind, sent: bytes) -> bytes:
        self._socket.sendall(frame(kind, 0, sent))
        while True:
            for _, _, payload in self._frames.feed(self._socket.recv(1 << 16)):
                return payload

    def close(self) -> None:
        """Give the connection up."""
        self._socket.close()
