from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.f2b_database.ban_data import BanData
from bangui.adapters.f2b_database.rows import Row, to_observation
from bangui.domain.history import PERMANENT, EventKind, Observation, Origin, Source

YEAR_9999 = 253_402_300_799


def row(
    time: object = 1_700_000_000,
    duration: object = 600,
    count: object = 1,
    id: object = "192.0.2.1",
    jail: object = "sshd",
) -> Row:
    return Row(1, jail, id, time, duration, count, 30)


def observed(row: Row, data: BanData | None = None) -> Observation:
    observation = to_observation("here", row, data)
    assert observation is not None
    return observation


def test_a_row_tells_of_a_ban() -> None:
    assert observed(row(count=3), BanData(("line",), 5)) == Observation(
        "here",
        "sshd",
        "192.0.2.1",
        EventKind.BAN,
        1_700_000_000_000,
        Source.DATABASE,
        duration=600,
        count=3,
        failures=5,
        lines=("line",),
    )


@pytest.mark.parametrize(
    ("data", "origin"),
    [
        (BanData((), 0), Origin.HAND),
        (BanData((), 1), Origin.FILTER),
        (BanData(("line",), 0), Origin.FILTER),
        (BanData((), None), Origin.FILTER),
        (None, Origin.FILTER),
    ],
)
def test_a_ban_without_failures_and_lines_was_made_by_hand(data: BanData | None, origin: Origin) -> None:
    assert observed(row(), data).origin is origin


@pytest.mark.parametrize(
    ("written", "duration"),
    [
        (0, 0),
        (-1, PERMANENT),
        (-2, None),
        (-600, None),
        (None, None),
        ("600", None),
        (600.7, 600),
        (float("inf"), None),
        (10**15, PERMANENT),
    ],
)
def test_durations_are_whole_seconds_or_permanent_or_unknown(written: object, duration: int | None) -> None:
    assert observed(row(duration=written)).duration == duration


@pytest.mark.parametrize(
    ("written", "count"), [(2, 2), (0, None), (-3, None), (None, None), (2**31, None), ("2", None)]
)
def test_counts_that_cannot_be_are_unknown(written: object, count: int | None) -> None:
    assert observed(row(count=written)).count == count


@pytest.mark.parametrize("time", [-1, YEAR_9999 + 1, 2**62, None, "1700000000", b"1", float("nan"), float("-inf")])
def test_a_row_without_a_time_that_can_be_is_no_ban(time: object) -> None:
    assert to_observation("here", row(time), None) is None


@pytest.mark.parametrize(("jail", "id"), [("", "192.0.2.1"), ("sshd", ""), ("sshd", None), (None, "x"), ("sshd", b"x")])
def test_a_row_without_a_jail_or_an_id_is_no_ban(jail: object, id: object) -> None:
    assert to_observation("here", row(jail=jail, id=id), None) is None


def test_the_mark_changes_with_every_column_but_the_number() -> None:
    first = row()
    others = [row(time=1), row(duration=1), row(count=2), row(id="x"), row(jail="x"), first._replace(size=31)]
    assert len({other.mark() for other in (first, *others)}) == 7
    assert first._replace(number=9).mark() == first.mark()


values = st.none() | st.integers() | st.floats() | st.text() | st.binary()


@given(time=values, duration=values, count=values, id=values, jail=values)
def test_no_row_raises_an_error_or_leads_beyond_the_year_9999(
    time: object, duration: object, count: object, id: object, jail: object
) -> None:
    given_row = row(time, duration, count, id, jail)
    assert len(given_row.mark()) == 16
    observation = to_observation("here", given_row, None)
    if observation is not None:
        assert 0 <= observation.time <= YEAR_9999 * 1000
        assert observation.duration is None or -1 <= observation.duration <= YEAR_9999
