from __future__ import annotations

import pytest

from bangui.domain.access_errors import (
    AccessUnavailable,
    AccountRefused,
    LastAdministrator,
    NameTaken,
    SetupRefused,
    TooBusy,
    TooMany,
    UnknownUser,
)
from bangui.domain.errors import BanGUIError


@pytest.mark.parametrize(
    "error",
    [
        AccessUnavailable(),
        TooBusy(),
        LastAdministrator(),
        NameTaken("ada"),
        SetupRefused(),
        TooMany("there are 50", "remove one"),
        UnknownUser("ada\x1b[2J"),
    ],
)
def test_every_error_says_what_to_do_and_shows_nothing_that_acts(error: BanGUIError) -> None:
    assert error.message.isprintable()
    assert error.hint


def test_what_was_refused_is_told_apart_from_what_does_not_work() -> None:
    assert isinstance(LastAdministrator(), AccountRefused)
    assert not isinstance(AccessUnavailable(), AccountRefused)
