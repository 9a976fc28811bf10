"""Speaks to a running core over its socket, one command at a time."""

import socket
import time
from pathlib import Path

from tickyard.engine.protocol import FrameKind, FrameReader, frame
from tickyard.engine.replies import decode_replies


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
        self._socket.sendall(frame(FrameKind.SUBMIT, 0, stamped))
        while True:
            for _, _, payload in self._frames.feed(self._socket.recv(1 << 16)):
                (reply,) = decode_replies(payload)
                if reply.refusal is not None:
                    raise RuntimeError(f"refused: {reply}")
                return

    def close(self) -> None:
        """Give the connection up."""
        self._socket.close()
