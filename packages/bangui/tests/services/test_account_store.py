"""A store that cannot be asked: nobody gets in, and the reason is told to the log alone."""

from __future__ import annotations

import pytest

from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.services.account_store import ask, mention


def fail() -> None:
    raise StoreError("the disk of /srv/secret is full", "make room", trouble=StoreTrouble.FULL)


async def test_an_answer_is_passed_on() -> None:
    assert await ask(lambda: 5) == 5


async def test_a_store_that_cannot_be_asked_is_told_to_strangers_in_general_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(AccessUnavailable) as caught:
        await ask(fail)
    assert "/srv" not in caught.value.message + caught.value.hint
    (record,) = caplog.records
    assert vars(record)["problem"] == "the disk of /srv/secret is full"


async def test_what_may_get_lost_keeps_nobody_from_anything(caplog: pytest.LogCaptureFixture) -> None:
    await mention(fail)
    assert [record.getMessage() for record in caplog.records] == ["accounts_unavailable"]


async def test_a_mistake_of_ours_stays_one() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        await ask(lambda: int("x"))
