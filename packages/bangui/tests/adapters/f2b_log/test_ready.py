from __future__ import annotations

import json

import pytest

from bangui.adapters.f2b_log.ready import dump_observation, load_observation
from bangui.domain.history import EventKind, Observation, Source


def test_an_observation_is_what_it_was_after_a_dump() -> None:
    for one in (
        Observation("h", "sshd", "\udcff\0", EventKind.REPEAL, 5, Source.LOG, ordinal=3),
        Observation("h", "sshd", "x", EventKind.BAN, 5, Source.LOG, 7, duration=-1, count=2),
    ):
        assert load_observation("h", json.loads(json.dumps(dump_observation(one)))) == one


@pytest.mark.parametrize("values", [None, [], ["ban"], ["no kind", "j", "x", 1, 0, None, None, None], ["ban"] * 8])
def test_what_is_no_observation_is_refused(values: object) -> None:
    with pytest.raises(ValueError, match=r"none|kind"):
        load_observation("h", values)
