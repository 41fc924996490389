"""Passwords that are asked for again: a stolen session is not enough to guess them."""

from __future__ import annotations

import pytest

from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.audit import AuditResult
from bangui.domain.logins import LoginRefused, RefusalReason
from packages.bangui.tests.access import PASSWORD, ROOT, VISITOR, WRONG, Console

REFUSED = LoginRefused(RefusalReason.WRONG)


async def test_the_right_password_is_enough_as_often_as_it_is_asked_for(console: Console) -> None:
    await console.add()
    principal = await console.principal()
    for _ in range(20):
        assert await console.confirmations.refusal(principal, PASSWORD, VISITOR) is None


async def test_wrong_ones_wait_longer_and_longer_and_are_told(
    console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    await console.add()
    principal = await console.principal()
    for _ in range(5):
        assert await console.confirmations.refusal(principal, WRONG, VISITOR) == REFUSED
    for password in (WRONG, PASSWORD):
        refused = await console.confirmations.refusal(principal, password, VISITOR)
        assert refused == LoginRefused(RefusalReason.WAIT, 1)
    assert [record.getMessage() for record in caplog.records] == ["login_failed"] * 5
    entries = console.entries("confirm")
    assert [(entry.actor, entry.result) for entry in entries] == [("ada", AuditResult.REFUSED)] * 5


async def test_whoever_logs_in_does_not_wait_for_that(console: Console) -> None:
    await console.add()
    principal = await console.principal()
    for _ in range(6):
        await console.confirmations.refusal(principal, WRONG, VISITOR)
    await console.let_in()


async def test_an_account_that_is_gone_has_no_password(console: Console) -> None:
    await console.add("root")
    await console.add()
    principal = await console.principal()
    await console.accounts.remove("ada", ROOT)
    assert await console.confirmations.refusal(principal, PASSWORD, VISITOR) == REFUSED


async def test_without_the_database_nothing_is_confirmed(console: Console, lost_console: Console) -> None:
    await console.add()
    principal = await console.principal()
    with pytest.raises(AccessUnavailable):
        await lost_console.confirmations.refusal(principal, PASSWORD, VISITOR)
