"""The corpus, and mutations of it. `TICKYARD_MUTATIONS` says how many of each target."""

import os

import pytest
from tests.fuzz.__main__ import IN_PYTHON, IN_RUST
from tests.fuzz.mutation import CORPUS, corpus, mutations
from tests.fuzz.targets import TARGETS

MUTATIONS = int(os.environ.get("TICKYARD_MUTATIONS", "4000"))
SLOW = {"session": 4, "items": 2}
"""Targets of which each input costs so many times as much."""


@pytest.mark.parametrize("target", TARGETS)
def test_no_promise_is_broken(target: str) -> None:
    run, seeds = TARGETS[target], corpus(target)
    count = MUTATIONS // SLOW.get(target, 1)
    for data in (b"", *seeds, *mutations(seeds, count)):
        try:
            run(data)
        except Exception as error:
            error.add_note(f"{target}: {data!r}")
            raise


def test_every_target_has_a_corpus_and_every_corpus_a_target() -> None:
    assert set(TARGETS) == set(IN_PYTHON)
    assert {path.name for path in CORPUS.iterdir()} == {*IN_PYTHON, *IN_RUST}
