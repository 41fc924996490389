"""Events as the history keeps them."""

from __future__ import annotations

import pytest

from bangui.domain.history import PERMANENT, Event, EventKind, Origin, Source


@pytest.mark.parametrize(("duration", "ends"), [(600, 1_600_000), (0, 1_000_000), (PERMANENT, None), (None, None)])
def test_a_ban_ends_when_its_duration_is_over(duration: int | None, ends: int | None) -> None:
    event = Event(
        number=1,
        host="here",
        jail="sshd",
        id="192.0.2.1",
        kind=EventKind.BAN,
        time=1_000_000,
        logged=None,
        ordinal=0,
        origin=Origin.FILTER,
        sources=Source.DATABASE,
        duration=duration,
        count=1,
        failures=5,
        country=None,
        network=None,
    )
    assert event.ends == ends
