"""Parts that may be missing, and times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bangui.domain.errors import InvalidInput
from bangui.web.api.parts import access_of, gateway_of, history_of, milliseconds, moment, parse_country
from bangui.web.api.problems import ApiError
from bangui.web.site import Site
from packages.bangui.tests.web.api.sites import a_site


@pytest.mark.parametrize(
    ("part", "code"), [(gateway_of, "daemon-away"), (history_of, "history-away"), (access_of, "unavailable")]
)
def test_what_is_missing_is_a_problem(part: Callable[[Site], object], code: str) -> None:
    with pytest.raises(ApiError) as caught:
        part(a_site())
    assert caught.value.code == code


def test_times_go_to_and_fro() -> None:
    instant = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)
    assert moment(milliseconds(instant)) == instant
    assert (moment(None), milliseconds(None)) == (None, None)
    assert moment(10**18) is None


def test_a_country_is_one_country() -> None:
    assert parse_country("de") == "DE"
    with pytest.raises(InvalidInput):
        parse_country("DE,CN")
