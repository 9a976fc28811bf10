import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from tickyard.gateway.frames import text_frame


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 4095, 4096, 65_535, 65_536, 100_000])
def test_every_size_has_the_shortest_header(size: int) -> None:
    payload = b"x" * size
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


@given(st.text())
def test_frames_are_as_another_library_writes_them(text: str) -> None:
    payload = text.encode()
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)
