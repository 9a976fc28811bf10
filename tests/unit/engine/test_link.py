"""The connection to the core's host comes back by itself, whatever was being sent when it broke."""

import asyncio
from contextlib import closing
from pathlib import Path

import uvloop

from tickyard.engine import protocol
from tickyard.engine.link import Link
from tickyard.engine.protocol import FrameKind, FrameReader

FRAME = protocol.frame(FrameKind.BOOK, 1, b"")


class Host:
    """A host that breaks its first connections, and counts the frames that reach it."""

    def __init__(self, breaks: int) -> None:
        self.connections = 0
        self.heard = asyncio.Event()
        self._breaks = breaks

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        frames = FrameReader()
        with closing(writer):
            while data := await reader.read(1 << 16):
                if self.connections <= self._breaks:
                    writer.transport.abort()
                    return
                if list(frames.feed(data)):
                    self.heard.set()


def test_what_is_sent_while_a_connection_breaks_does_not_silence_the_next(
    tmp_path: Path,
) -> None:
    async def run() -> int:
        host = Host(breaks=3)
        async with await asyncio.start_unix_server(host.serve, tmp_path / "core.sock"):
            link = Link(tmp_path / "core.sock", on_open=lambda: None, on_frame=lambda *_frame: None)
            await link.opened()
            # In every turn of the loop: so in the one in which the end of a connection is told, too.
            async with asyncio.timeout(20):
                while not host.heard.is_set():
                    link.send(FRAME)
                    await asyncio.sleep(0)
            await link.close()
        return host.connections

    # The workers' loop: its transports refuse what is written after their end.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(run()) > 3
