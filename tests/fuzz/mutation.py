"""Mutations of a corpus with a fixed seed: the same on every machine, and without a fuzzer."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

CORPUS = Path(__file__).parent.parent.parent / "fuzz" / "corpus"
LONGEST = 4_096
_TOKENS = (
    b'""', b"null", b"[", b"]", b"{", b"}", b":", b",", b"1e400", b"-1", b"\xff", b"\0", b"\\u0000", b"\\ud800",
    b"\r\n", b"\r\n\r\n", b"Content-Length: 1\r\n", b"Transfer-Encoding: chunked\r\n", b"9" * 40, b"&", b"=", b"%00",
    b"true", b"0", b"\n", b'"', b"\xd9\xa1", b"1_0",
)  # fmt: skip


def corpus(target: str) -> Sequence[bytes]:
    """Read what is known of a target, in a fixed order."""
    return [path.read_bytes() for path in sorted((CORPUS / target).iterdir())]


def mutations(seeds: Sequence[bytes], count: int, *, seed: int = 1) -> Iterator[bytes]:
    """Change, cut, repeat and join, as fuzzers do."""
    random = Random(seed)
    for _ in range(count):
        data = bytearray(random.choice(seeds))
        for _ in range(random.randint(1, 6)):
            _edit(data, seeds, random)
        yield bytes(data[:LONGEST])


def _edit(data: bytearray, seeds: Sequence[bytes], random: Random) -> None:
    at = random.randrange(len(data) + 1)
    end = min(len(data), at + random.randrange(64))
    match random.randrange(7):
        case 0 if at < len(data):
            data[at] ^= 1 << random.randrange(8)
        case 1 if at < len(data):
            data[at] = random.randrange(256)
        case 2:
            data[at:end] = random.choice(_TOKENS)
        case 3:
            del data[at:end]
        case 4:
            data[at:at] = data[at:end]
        case 5:
            other = random.choice(seeds)
            data[at:] = other[random.randrange(len(other) + 1) :]
        case _:
            data[at:at] = random.choice(_TOKENS)
