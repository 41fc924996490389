"""Filters of events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind
from bangui.domain.history_queries import Filter
from bangui.web.api.event_filters import EventsWanted, check_period, parse_words
from bangui.web.api.mistakes import WrongRequest

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_nothing_asks_for_everything() -> None:
    assert EventsWanted().filter == Filter()
    assert EventsWanted(id="", prefix="").filter == Filter()


def test_everything_that_is_given_must_hold() -> None:
    network = parse_address("203.0.113.0/24")
    wanted = EventsWanted(NOON, NOON + timedelta(seconds=1), (EventKind.BAN,), ("sshd",), network, network=(1,))
    assert wanted.filter == Filter(
        1_795_608_000_000, 1_795_608_001_000, (), ("sshd",), (EventKind.BAN,), within=network, networks=(1,)
    )


def test_a_time_that_ends_before_it_begins_is_a_mistake() -> None:
    check_period(NOON, None)
    check_period(NOON, NOON + timedelta(microseconds=1))
    with pytest.raises(WrongRequest, match="until"):
        check_period(NOON, NOON)


def test_words_have_letters() -> None:
    assert parse_words("invalid user") == "invalid user"
    with pytest.raises(InvalidInput):
        parse_words("*_*")
