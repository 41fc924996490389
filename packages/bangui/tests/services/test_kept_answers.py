"""Changes that are made once."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.kept_answers import SqlKeptAnswers
from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.kept_answers import KEPT_MILLISECONDS, KeptAnswer, KeyState, Standing
from bangui.services.kept_answers import KeptAnswers, keyed_request
from packages.bangui.tests.access import SetClock


def test_a_request_is_known_by_its_owner_its_key_and_its_content() -> None:
    one = keyed_request("ada", "key", b"content")
    assert one == keyed_request("ada", "key", b"content")
    assert keyed_request("ada", "key", b"other").key == one.key
    assert keyed_request("grace", "key", b"content").key != one.key
    assert keyed_request("ada", "other", b"content").content != one.content


async def test_an_answer_is_kept_for_a_day(account_engine: Engine) -> None:
    clock = SetClock()
    answers = KeptAnswers(SqlKeptAnswers(lambda: account_engine), now=clock)
    request = keyed_request("ada", "key", b"content")
    assert (await answers.begin(request)).standing is Standing.NEW
    await answers.keep(request, KeptAnswer(201, "{}"))
    assert await answers.begin(request) == KeyState(Standing.ANSWERED, KeptAnswer(201, "{}"))
    clock.move(KEPT_MILLISECONDS / 1000)
    assert (await answers.begin(request)).standing is Standing.NEW
    await answers.forget(request)
    assert (await answers.begin(request)).standing is Standing.NEW


async def test_a_store_that_is_away_begins_nothing(tmp_path: object) -> None:
    engine = open_engine(f"postgresql://me:hush@/bans?host={tmp_path}")
    answers = KeptAnswers(SqlKeptAnswers(lambda: engine))
    request = keyed_request("ada", "key", b"content")
    with pytest.raises(AccessUnavailable):
        await answers.begin(request)
    await answers.keep(request, KeptAnswer(200, "{}"))
    engine.dispose()
