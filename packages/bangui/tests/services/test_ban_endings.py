from __future__ import annotations

import pytest

from bangui.domain.history import PERMANENT, Event, EventKind, Origin, Source
from bangui.domain.moments import milliseconds_of
from bangui.domain.story import ToldBan
from bangui.services.ban_endings import Ending, EndOfBan, end_of
from packages.bangui.tests.filled_history import NOW, ago


def told(minutes: int, duration: int | None, unbanned: int | None = None) -> ToldBan:
    source = Source.DATABASE
    event = Event(
        1,
        "web",
        "sshd",
        "192.0.2.1",
        EventKind.BAN,
        ago(minutes),
        None,
        0,
        Origin.FILTER,
        source,
        duration,
        1,
        5,
        *_NOWHERE,
    )
    return ToldBan(event, unbanned=unbanned)


_NOWHERE = (None, None)


@pytest.mark.parametrize(
    ("ban", "end"),
    [
        (told(10, 3_600), EndOfBan(Ending.RUNS, ago(-50))),
        (told(61, 3_600), EndOfBan(Ending.OVER, ago(1))),
        (told(60, 3_600), EndOfBan(Ending.OVER, milliseconds_of(NOW))),
        (told(61, 3_600, ago(1)), EndOfBan(Ending.OVER, ago(1))),
        (told(61, 3_600, ago(1) - 1_500), EndOfBan(Ending.OVER, ago(1) - 1_500)),
        (told(61, 3_600, ago(31)), EndOfBan(Ending.LIFTED, ago(31))),
        (told(61, PERMANENT, ago(31)), EndOfBan(Ending.LIFTED, ago(31))),
        (told(61, PERMANENT), EndOfBan(Ending.UNKNOWN)),
        (told(61, None), EndOfBan(Ending.UNKNOWN)),
    ],
)
def test_a_ban_runs_is_over_or_was_lifted(ban: ToldBan, end: EndOfBan) -> None:
    assert end_of(ban, NOW) == end
