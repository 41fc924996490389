"""Answers as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bangui.domain.accounts import Role
from bangui.domain.history import EventKind
from bangui.domain.secret import Secret
from bangui.web.api.writing import json_text, moment_text, value_of
from packages.bangui.tests.web.scripted import HOSTILE_IDS


@dataclass(frozen=True, slots=True)
class Inner:
    role: Role


@dataclass(frozen=True, slots=True)
class Outer:
    items: tuple[Inner, ...]
    kind: EventKind
    at: datetime
    secret: Secret
    counts: Mapping[str, int]
    nothing: str | None = None


def test_a_dataclass_is_written_as_its_shape_says() -> None:
    moment = datetime(2026, 11, 25, 17, 30, tzinfo=timezone(timedelta(hours=1)))
    value = Outer((Inner(Role.VIEWER),), EventKind.ALREADY_BANNED, moment, Secret("shown once"), {"ban": 1})
    assert value_of(value) == {
        "items": [{"role": "viewer"}],
        "kind": "already-banned",
        "at": "2026-11-25T16:30:00Z",
        "secret": "shown once",
        "counts": {"ban": 1},
        "nothing": None,
    }


def test_moments_have_milliseconds_where_they_have_any() -> None:
    assert moment_text(datetime(2026, 1, 2, 3, 4, 5, 250_000, UTC)) == "2026-01-02T03:04:05.250Z"


@pytest.mark.parametrize("text", HOSTILE_IDS)
def test_any_text_arrives_as_it_is_and_does_nothing_on_the_way(text: str) -> None:
    written = json_text({"id": text})
    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written) == {"id": text}


def test_what_is_no_number_is_never_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text(float("nan"))
